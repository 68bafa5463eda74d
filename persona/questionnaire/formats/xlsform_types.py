"""The types of XLSForm rows, in the spellings of all years, and what becomes of each."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SELECT = re.compile(
    r"(?:add\s+)?(select[_ ]one[_ ]external|select[_ ]one|select1|select[_ ]multiple"
    r"|select\s+all\s+that\s+apply|rank|select)"
    r"(?:[_ ]prompt)?(?:[_ ](?P<file>from[_ ]file)|\s+from|\s+using)?\s+(?P<list>\S+)"
    r"(?P<other>\s+or[_ ](?:other|specify[_ ]other))?\s*",
    re.IGNORECASE,
)
_MEDIA = "it asks for a file, which no table of answers holds"
_AS_TEXT = "it is brought in as text"
_METADATA = "the tool records it by itself"


@dataclass(frozen=True)
class Kind:
    """What a row is and becomes.

    ``role`` is ``ask``, ``left`` (a question that is not brought in), ``told`` (no question),
    ``begin`` or ``end``.
    """

    name: str
    role: str
    type: str = ""
    list_name: str | None = None
    other: bool = False
    decimals: int | None = None
    remark: str = ""


_TEXTS = ("text", "string", "note_text")
_WHOLE = ("integer", "int", "add integer prompt")
_ASKED = {
    "decimal": Kind("decimal", "ask", "number"),
    "date": Kind("date", "ask", "date"),
    "range": Kind("range", "ask", "number"),
    "datetime": Kind("datetime", "ask", "date", remark="its time of day is not kept"),
    "time": Kind("time", "ask", "text", remark=_AS_TEXT),
    "barcode": Kind("barcode", "ask", "text", remark=_AS_TEXT),
    "geopoint": Kind("geopoint", "ask", "text", remark=_AS_TEXT),
    "geotrace": Kind("geotrace", "ask", "text", remark=_AS_TEXT),
    "geoshape": Kind("geoshape", "ask", "text", remark=_AS_TEXT),
    "acknowledge": Kind("acknowledge", "ask", "single"),
    "trigger": Kind("trigger", "ask", "single"),
}
_LEFT = ("image", "photo", "audio", "video", "file", "background-audio", "select_one_from_file")
_TOLD = {
    "note": "it shows a text and asks nothing",
    "calculate": "it is computed, not asked",
    "calculation": "it is computed, not asked",
    "hidden": "it is hidden from respondents",
    "xml-external": "it names a file outside the form",
    "csv-external": "it names a file outside the form",
}
_RECORDED = ("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber",
             "username", "email", "imei", "audit", "start-geopoint", "devicephonenum")  # fmt: skip
_GROUPS = {"group": "group", "repeat": "repeat", "kobomatrix": "matrix", "score": "score",
           "rank": "rank", "loop": "repeat", "lgroup": "group"}  # fmt: skip


def kind_of(declared: str) -> Kind:
    """What the ``type`` of a row says.

    Examples
    --------
    >>> kind_of("select one from sexes or specify other").list_name
    'sexes'
    >>> kind_of("begin_repeat").name
    'repeat'
    """
    text = " ".join(declared.split())
    lowered = text.casefold()
    if match := re.fullmatch(r"(begin|end)[_ ](\w+)(?: .*)?", lowered):
        if match[2] in _GROUPS:
            return Kind(_GROUPS[match[2]], match[1])
    if lowered in _TEXTS or lowered == "add text prompt":
        return Kind("text", "ask", "text")
    if lowered in _WHOLE:
        return Kind("integer", "ask", "number", decimals=0)
    if lowered in _ASKED:
        return _ASKED[lowered]
    if lowered.startswith(("select_one_from_file", "select_multiple_from_file")):
        return Kind(
            "select",
            "ask",
            "text",
            remark="its choices are in a file outside the form, so it is brought in as text",
        )
    if lowered in _TOLD:
        return Kind(lowered, "told", remark=_TOLD[lowered])
    if lowered in _RECORDED or lowered.startswith("uri:"):
        return Kind(lowered, "told", remark=_METADATA)
    if lowered.startswith(_LEFT):
        return Kind(lowered, "left", remark=_MEDIA)
    if match := _SELECT.fullmatch(text):
        return _select(match)
    return Kind(lowered, "ask", "text", remark=f"its type {declared!r} is not known; {_AS_TEXT}")


def _select(match: re.Match[str]) -> Kind:
    word = match[1].casefold().replace(" ", "_")
    kinds = {"rank": "ranking", "select_multiple": "multiple", "select": "multiple"}
    type_name = "multiple" if word.startswith("select_all") else kinds.get(word, "single")
    other = bool(match["other"]) and type_name != "ranking"
    return Kind("select", "ask", type_name, list_name=match["list"], other=other)

"""LimeSurvey: headings as codes, as full texts, or both; dates of submission tell who finished."""

from persona.responses.importers.base import Importer, View, register
from persona.responses.importers.profile import (
    NOT_SUBMITTED,
    Profile,
    names,
    read_profile,
    recognised,
)

_SUBMITTED = (
    "Date submitted",
    "submitdate",
    "Datum Abgeschickt",
    "Data wysłania",
    "Datum ingestuurd",
    "Дата отправки",
)
_SYSTEM = (
    *_SUBMITTED,
    "id",
    "Response ID",
    "Answer ID",
    "Antwort ID",
    "ID odpowiedzi",
    "Antwoord ID",
    "ID ответа",
    "Last page",
    "lastpage",
    "Letzte Seite",
    "Ostatnia strona",
    "Laatste pagina",
    "Последняя страница",
    "Start language",
    "startlanguage",
    "Start-Sprache",
    "Język początkowy",
    "Starttaal",
    "Начальный язык",
    "Seed",
    "seed",
    "Token",
    "Date started",
    "startdate",
    "Date last action",
    "datestamp",
    "IP address",
    "ipaddr",
    "Referrer URL",
    "refurl",
    "Total time",
    "interviewtime",
)

LIMESURVEY = Profile(
    name="limesurvey",
    title="LimeSurvey",
    marks=(
        names("Response ID", "Date submitted", "Last page"),
        names("id", "submitdate", "lastpage", "startlanguage"),
        names("Antwort ID", "Datum Abgeschickt", "Letzte Seite"),
        names("ID odpowiedzi", "Data wysłania", "Ostatnia strona"),
    ),
    first=names("Answer ID", "Antwort ID", "ID odpowiedzi", "Antwoord ID"),
    headers=(
        r"(?P<code>\w+)\[(?P<item>[^\[\]]+)\](?:\[[^\[\]]*\])?\.\s*"
        r"(?P<text>.*?)\s*(?:\[(?P<option>[^\[\]]+)\])?(?:\[[^\[\]]*\])?\s*",
        r"(?P<code>[A-Za-z]\w*)\.\s+(?P<text>.+)",
        r"(?P<code>[A-Za-z]\w*)\[(?P<item>[^\[\]]+)\](?:\[[^\[\]]*\])?",
        r"(?P<text>.+?)\s*\[(?P<option>[^\[\]]+)\](?:\[[^\[\]]*\])?\s*",
    ),
    system=names(*_SYSTEM),
    system_patterns=r"(Group time|Question time|Gruppenzeit|Fragenzeit): .*|"
    r"(groupTime|questionTime)\d+|.*Time$",
    states={header: NOT_SUBMITTED for header in names(*_SUBMITTED)},
    missing={"N/A": "not_asked"},
    other=names("Other", "Sonstiges", "other", "Inne", "Inny", "Anders", "Другое"),
)


def _headings_with_codes(view: View) -> bool:
    """Most headers are ``code[SQ001]``, or ``code. Text`` and ``code[SQ001]. Text``."""
    import re

    headers = [text for text in view.row(0) if text]
    coded = [h for h in headers if re.match(r"[A-Za-z]\w*(\[[^\[\]]+\])?\.\s+\S", h)]
    items = [h for h in headers if re.match(r"[A-Za-z]\w*\[\w+\](\[\w+\])?(\.\s|$)", h)]
    return len(items) >= 2 and len({*coded, *items}) > 0.6 * len(headers)


register(
    Importer(
        LIMESURVEY.name,
        LIMESURVEY.title,
        lambda view: recognised(LIMESURVEY, view) or _headings_with_codes(view),
        lambda view: read_profile(LIMESURVEY, view),
    )
)

"""The golden questions as an XLSForm that types people while they answer (ODK, KoboToolbox).

Sums, the best and the second are ``calculate`` rows of their own, so that no expression nests
deeper than there are segments, and each stands in the data to be checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from persona.questionnaire.formats.languages import LANGUAGE_NAMES
from persona.questionnaire.formats.workbooks import write_tables
from persona.questionnaire.texts import Texts, text_in
from persona.typing_tool.model import SCALE, TypingAnswer, TypingBand, TypingModel, TypingQuestion
from persona.typing_tool.tool import TypingTool

WORDS: Mapping[str, Texts] = {
    "segment": {"en": "Segment"},
    "uncertain": {"en": "Uncertain: another segment is nearly as likely."},
    "not_placed": {"en": "Not placed: too many questions are unanswered."},
}
"""What the form itself says, by language."""
_LEAST = -(2**53)
_SAFE = re.compile(r"[\w.-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Row = dict[str, str]


@dataclass(frozen=True)
class _Asked:
    """One question in the form: its name, its list, the names of its choices."""

    question: TypingQuestion
    name: str
    list_name: str
    choices: tuple[str, ...]
    aside: tuple[str, ...]
    missing: str

    @property
    def here(self) -> str:
        """The answer, in an expression."""
        return f"${{{self.name}}}"


def write_typing_xlsform(tool: TypingTool, path: Path, words: Mapping[str, Texts] = WORDS) -> None:
    """Write the workbook.

    Parameters
    ----------
    tool : TypingTool
    path : Path
        Ends in ``.xlsx``.
    words : mapping
        The texts of ``WORDS`` in the languages of the study.
    """
    languages = tool.languages or ("en",)
    texts = [f"label::{_language(code)}" for code in languages]
    asked = _asked(tool.golden)
    segments = _free("typing_segments", {one.list_name for one in asked})
    survey = [row for one in asked for row in _question(one, languages)]
    survey += _calculations(tool.golden, asked)
    survey += _told(words, languages, tool.golden.max_missing, segments)
    choices = [row for one in asked for row in _choices(one, languages)]
    for part in tool.golden.segments:
        choices.append({"list_name": segments, "name": str(part.number),
                        **_labels(part.name, languages, str(part.number))})  # fmt: skip
    title = _plain(text_in(tool.title, languages[0])) or tool.study
    settings = {
        "form_title": title,
        "form_id": re.sub(r"\W+", "_", f"{tool.study}_typing"),
        "default_language": _language(languages[0]),
    }
    columns = ("type", "name", *texts, "calculation", "constraint", "relevant", "read_only")
    write_tables(
        path,
        {
            "survey": (columns, survey),
            "choices": (("list_name", "name", *texts, "persona"), choices),
            "settings": (tuple(settings), [settings]),
        },
    )


def _asked(model: TypingModel) -> tuple[_Asked, ...]:
    """Names that XML allows and that do not meet those of the calculations."""
    taken = {f"typing_points_{part.number}" for part in model.segments}
    taken |= {f"typing_missing_{place}" for place in range(1, len(model.questions) + 1)}
    taken |= {f"typing_{word}" for word in
              ("missing", "best", "first", "next", "number", "second", "uncertain",
               "probability", "segment", "name", "note", "alone")}  # fmt: skip
    found = []
    for place, question in enumerate(model.questions, 1):
        plain = re.sub(r"[^\w.-]+", "_", question.variable)
        name = _free(plain if re.match(r"[^\W\d]", plain) else f"q_{plain}", taken)
        taken.add(name.casefold())
        codes = [*(a.code for a in question.answers), *(code for code, _ in question.no_answer)]
        names: list[str] = []
        for row, code in enumerate(codes, 1):
            safe = _SAFE.fullmatch(str(code)) is not None
            names.append(_free(str(code) if safe else f"answer_{row}", set(names)))
        cut = len(question.answers)
        found.append(_Asked(question, name, f"list_{place}", tuple(names[:cut]),
                            tuple(names[cut:]), f"typing_missing_{place}"))  # fmt: skip
    return tuple(found)


def _free(name: str, taken: set[str]) -> str:
    found, number = name, 2
    while found.casefold() in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def _question(asked: _Asked, languages: tuple[str, ...]) -> Iterable[Row]:
    question = asked.question
    labels = {
        code: " – ".join(
            dict.fromkeys(
                text
                for text in (text_in(question.question_text, code), text_in(question.text, code))
                if text
            )
        )
        for code in languages
    }
    row = {"name": asked.name, **_labels(labels, languages, question.variable)}
    if question.answers:
        yield {"type": f"select_one {asked.list_name}", **row}
        return
    allowed = " and ".join(_bounds(question, "."))
    aside = [f". = {code}" for code, _ in question.no_answer if not isinstance(code, str)]
    if allowed:
        row["constraint"] = " or ".join([f"({allowed})", *aside]) if aside else allowed
    yield {"type": "decimal", **row}


def _choices(asked: _Asked, languages: tuple[str, ...]) -> Iterable[Row]:
    if not asked.question.answers:
        return
    codes = [(answer.code, answer.text) for answer in asked.question.answers]
    names = (*asked.choices, *asked.aside)
    for name, (code, text) in zip(names, [*codes, *asked.question.no_answer], strict=True):
        row = {"list_name": asked.list_name, "name": name, **_labels(text, languages, str(code))}
        if name != str(code):
            row["persona"] = json.dumps({"code": code}, ensure_ascii=False)
        yield row


def _calculations(model: TypingModel, asked: tuple[_Asked, ...]) -> Iterable[Row]:
    numbers = [part.number for part in model.segments]
    points = [f"${{typing_points_{number}}}" for number in numbers]
    many = f"${{typing_missing}} > {model.max_missing}"
    for one in asked:
        yield _calculate(one.missing, _is_missing(one))
    yield _calculate("typing_missing", " + ".join(f"${{{one.missing}}}" for one in asked))
    for place, number in enumerate(numbers):
        yield _calculate(f"typing_points_{number}", _sum(model, asked, place))
    if len(numbers) == 1:
        yield _calculate("typing_number", f"if({many}, '', 1)")
        yield _calculate("typing_uncertain", f"if({many}, 1, 0)")
        return
    yield _calculate("typing_best", f"max({', '.join(points)})")
    yield _calculate(
        "typing_first",
        _chosen([f"{sums} = ${{typing_best}}" for sums in points], numbers),
    )
    others = (
        f"if(${{typing_first}} = {number}, {_LEAST}, {sums})"
        for number, sums in zip(numbers, points, strict=True)
    )
    yield _calculate("typing_next", f"max({', '.join(others)})")
    yield _calculate("typing_number", f"if({many}, '', ${{typing_first}})")
    second = [
        f"${{typing_first}} != {number} and {sums} = ${{typing_next}}"
        for number, sums in zip(numbers, points, strict=True)
    ]
    yield _calculate("typing_second", f"if({many}, '', {_chosen(second, numbers)})")
    close = f"${{typing_best}} - ${{typing_next}} < {model.uncertain_below}"
    yield _calculate("typing_uncertain", f"if({many} or {close}, 1, 0)")
    odds = " + ".join(f"exp(({sums} - ${{typing_best}}) div {SCALE})" for sums in points)
    yield _calculate("typing_probability", f"if({many}, '', round(1 div ({odds}), 4))")


def _chosen(conditions: list[str], numbers: list[int]) -> str:
    """The number of the first condition that holds."""
    text = str(numbers[-1])
    for condition, number in reversed(list(zip(conditions[:-1], numbers[:-1], strict=True))):
        text = f"if({condition}, {number}, {text})"
    return text


def _is_missing(asked: _Asked) -> str:
    """1 without a usable answer, 0 with one."""
    question, here = asked.question, asked.here
    if question.answers:
        known = " or ".join(f"{here} = '{name}'" for name in asked.choices)
        return f"if({known}, 0, 1)"
    known = " and ".join(
        [
            f"{here} != ''",
            *_bounds(question, here),
            *(f"{here} != {code}" for code, _ in question.no_answer if not isinstance(code, str)),
        ]
    )
    return f"if({known}, 0, 1)"


def _bounds(question: TypingQuestion, here: str) -> list[str]:
    found = []
    if question.minimum is not None:
        found.append(f"{here} >= {_number(question.minimum)}")
    if question.maximum is not None:
        found.append(f"{here} <= {_number(question.maximum)}")
    return found


def _sum(model: TypingModel, asked: tuple[_Asked, ...], place: int) -> str:
    """The constant and the points of every answer for one segment, side by side."""
    terms = [str(model.constant[place])]
    for one in asked:
        question = one.question
        terms.append(_term(f"${{{one.missing}}} = 1", question.missing[place]))
        options: tuple[TypingAnswer | TypingBand, ...] = question.answers or question.bands
        for row, option in enumerate(options):
            if isinstance(option, TypingAnswer):
                condition = f"{one.here} = '{one.choices[row]}'"
            else:
                condition = _inside(one, option)
            terms.append(_term(condition, option.points[place]))
    return " + ".join(term for term in terms if term)


def _inside(asked: _Asked, band: TypingBand) -> str:
    parts = [f"${{{asked.missing}}} = 0"]
    if band.lower is not None:
        parts.append(f"{asked.here} >= {_number(band.lower)}")
    if band.upper is not None:
        parts.append(f"{asked.here} < {_number(band.upper)}")
    return " and ".join(parts)


def _term(condition: str, points: int) -> str:
    return f"if({condition}, {points}, 0)" if points else ""


def _number(value: float) -> str:
    """A number as XPath 1.0 writes it, without an exponent."""
    return format(Decimal(repr(float(value))), "f")


def _told(
    words: Mapping[str, Texts], languages: tuple[str, ...], most: int, segments: str
) -> Iterable[Row]:
    """What the interviewer sees: the segment by name, and a word when it is uncertain."""
    yield {
        "type": f"select_one {segments}",
        "name": "typing_segment",
        **_labels(words["segment"], languages, "Segment"),
        "calculation": "${typing_number}",
        "read_only": "yes",
    }
    yield _calculate("typing_name", "jr:choice-name(${typing_segment}, '${typing_segment}')")
    placed = f"${{typing_missing}} <= {most}"
    yield {
        "type": "note",
        "name": "typing_note",
        **_labels(words["uncertain"], languages, "Uncertain"),
        "relevant": f"${{typing_uncertain}} = 1 and {placed}",
    }
    yield {
        "type": "note",
        "name": "typing_alone",
        **_labels(words["not_placed"], languages, "Not placed"),
        "relevant": f"${{typing_missing}} > {most}",
    }


def _calculate(name: str, expression: str) -> Row:
    return {"type": "calculate", "name": name, "calculation": expression}


def _labels(texts: Texts, languages: tuple[str, ...], otherwise: str) -> Row:
    return {
        f"label::{_language(code)}": _plain(text_in(texts, code)) or _plain(otherwise)
        for code in languages
    }


def _plain(text: str) -> str:
    """A text that pyxform takes as it stands: no references, no control characters."""
    return _CONTROL.sub("", text).replace("${", "$ {").strip()[:32_000]


def _language(code: str) -> str:
    return f"{LANGUAGE_NAMES.get(code, code)} ({code})"

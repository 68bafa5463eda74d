"""LimeSurvey's structure as a tab-separated file, out.

LimeSurvey takes codes of letters and digits alone, so ids are shortened; what it has no word for
stands as JSON in a column called ``persona``, which :mod:`lstsv` reads again.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from persona.errors import OutputError, error
from persona.questionnaire.conditions import parse_condition
from persona.questionnaire.declaration import Declaration
from persona.questionnaire.formats.expressions import figure, to_limesurvey
from persona.questionnaire.parts import Option
from persona.questionnaire.texts import Texts, text_in
from persona.questionnaire.types import Question
from persona.questionnaire.types.grid import Grid
from persona.questionnaire.types.multiple import Multiple
from persona.questionnaire.variables import Variable
from persona.questionnaire.writing import to_data

Row: TypeAlias = dict[str, str]

COLUMNS = ("id", "related_id", "class", "type/scale", "name", "relevance", "text", "help",
           "language", "validation", "mandatory", "other", "default", "same_default",
           "exclude_all_others", "min_answers", "max_answers", "min_num_value_n",
           "max_num_value_n", "num_value_int_only", "equals_num_value", "random_order",
           "persona")  # fmt: skip
LETTERS = {"single": "L", "multiple": "M", "grid": "F", "ranking": "R", "number": "N", "money": "N",
           "text": "T", "date": "D", "rating": "L", "nps": "L"}  # fmt: skip
LONGEST_CODE, LONGEST_ANSWER = 20, 5
SAID = {"text", "help", "required", "shown_if", "original"}
"""Keys of a question that LimeSurvey has words for."""


@dataclass
class _Survey:
    declaration: Declaration
    codes: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    ticks: dict[str, dict[str, str]] = field(default_factory=dict)
    number: int = 0


def write_limesurvey(declaration: Declaration, path: Path) -> None:
    """Write a structure file that LimeSurvey imports.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(limesurvey_rows(declaration))
    try:
        path.write_bytes(stream.getvalue().encode("utf-8-sig"))
    except OSError as trouble:
        raise OutputError(
            error("output.file", "The file cannot be written: {why}.", file=str(path),
                  values={"why": trouble.strerror})
        ) from None  # fmt: skip


def limesurvey_rows(declaration: Declaration) -> Iterator[Row]:
    """The rows of the structure: settings, then groups and questions once a language."""
    first, *others = declaration.languages
    yield _row("S", "language", first)
    yield _row("S", "persona", _json({"id": declaration.id}))
    if others:
        yield _row("S", "additional_languages", " ".join(others))
    for language in declaration.languages:
        title = text_in(declaration.title, language, first)
        yield {**_row("SL", "surveyls_title", title), "language": language}
    survey = _Survey(declaration)
    plain = to_data(declaration)["sections"]
    _name_all(survey)
    for language in declaration.languages:
        for section, keys in zip(declaration.sections, plain, strict=True):
            name = text_in(section.title, language, first) or section.id
            group = {**_row("G", name, ""), "language": language}
            group["relevance"] = _relevance(section.shown_if, survey)
            group["persona"] = _json({"block": section.block, "id": section.id})
            yield group
            for question, question_keys in zip(section.questions, keys["questions"], strict=True):
                yield from _question(question, question_keys, language, survey)


def _row(kind: str, name: str, text: str) -> Row:
    return {"class": kind, "name": name, "text": text}


def _name_all(survey: _Survey) -> None:
    for question in survey.declaration.questions:
        columns = [v for v in survey.declaration.variables_of(question.id) if not v.derived]
        survey.codes[question.id] = _code(question.id, survey.taken, LONGEST_CODE)
        if isinstance(question, Multiple):
            own: set[str] = set()
            survey.ticks[question.id] = {
                str(
                    o.code
                ): f"{survey.codes[question.id]}_{_code(str(o.code), own, LONGEST_ANSWER)}"
                for o in question.options
            }
        elif isinstance(question, Grid):
            inside: set[str] = set()
            for item in question.items:
                code = _code(item.id, inside, LONGEST_CODE)
                survey.codes[item.id] = f"{survey.codes[question.id]}_{code}"
        elif question.type not in LETTERS:
            for variable in columns:
                survey.codes[variable.id] = _code(variable.id, survey.taken, LONGEST_CODE)


def _code(name: str, taken: set[str], longest: int) -> str:
    """Letters and digits of a name, cut and numbered so that it is taken once."""
    plain = re.sub(r"[^A-Za-z0-9]", "", name) or "q"
    if longest > LONGEST_ANSWER and not plain[0].isalpha():
        plain = f"q{plain}"
    found, number = plain[:longest], 2
    while found.casefold() in taken:
        found = f"{plain[: longest - len(str(number))]}{number}"
        number += 1
    taken.add(found.casefold())
    return found


def _question(
    question: Question, plain: Mapping[str, Any], language: str, survey: _Survey
) -> Iterator[Row]:
    default = survey.declaration.language
    text = text_in(question.text, language, default) or question.id
    if question.type not in LETTERS:
        yield from _parts(question, plain, language, survey)
        return
    row = _row("Q", survey.codes[question.id], text)
    row |= {"type/scale": LETTERS[question.type], "language": language}
    row["help"] = text_in(question.help, language, default)
    row["mandatory"] = "Y" if question.required else "N"
    row["relevance"] = _relevance(question.shown_if, survey)
    own = {key: value for key, value in plain.items() if key not in SAID}
    if isinstance(question, Grid):
        own["answers"] = to_data(survey.declaration)["scales"][question.scale]
    row["persona"] = _json(own)
    row |= _bounds(question)
    inner = list(_answers(question, language, survey))
    options: Sequence[Option] = getattr(question, "options", ())
    row["other"] = "N"
    if isinstance(question, Multiple):
        excluding = [o for o in options if o.exclusive or o.missing]
        codes = [survey.ticks[question.id][str(o.code)].rpartition("_")[2] for o in excluding]
        row["exclude_all_others"] = ";".join(codes)
    yield row
    yield from inner


def _answers(question: Question, language: str, survey: _Survey) -> Iterator[Row]:
    default = survey.declaration.language
    if isinstance(question, Multiple):
        for option in question.options:
            code = survey.ticks[question.id][str(option.code)].rpartition("_")[2]
            yield _part("SQ", code, text_in(option.text, language, default), language)
        return
    (first, *_) = survey.declaration.variables_of(question.id)
    if isinstance(question, Grid):
        for item in question.items:
            code = survey.codes[item.id].rpartition("_")[2]
            yield _part("SQ", code, text_in(item.text, language, default), language)
    taken: set[str] = set()
    answers: list[tuple[object, Texts]] = [(p.code, p.text) for p in first.categories]
    if question.type == "ranking":
        answers = [(o.code, o.text) for o in getattr(question, "options", ())]
    answers += [(p.code, p.text) for p in first.missing] if first.categories else []
    for value, texts in answers:
        code = _code(str(value), taken, LONGEST_ANSWER)
        yield _part("A", code, text_in(texts, language, default) or str(value), language)


def _part(kind: str, code: str, text: str, language: str) -> Row:
    return {**_row(kind, code, text), "type/scale": "0", "language": language}


def _parts(
    question: Question, plain: Mapping[str, Any], language: str, survey: _Survey
) -> Iterator[Row]:
    """A type that LimeSurvey does not have: one question a column, the first with it all."""
    default = survey.declaration.language
    columns = [v for v in survey.declaration.variables_of(question.id) if not v.derived]
    if not columns:
        row = _row("Q", survey.codes[question.id], text_in(question.text, language, default))
        yield {**row, "type/scale": "*", "language": language, "relevance": "1",
               "persona": _json({"question": plain})}  # fmt: skip
    for number, variable in enumerate(columns):
        text = text_in(variable.text or question.text, language, default) or variable.id
        row = _row("Q", survey.codes[variable.id], text)
        row |= {"type/scale": "L" if variable.categories else "N", "language": language}
        row["mandatory"] = "Y" if question.required else "N"
        row["relevance"] = _relevance(question.shown_if, survey)
        own = {"question": plain} if number == 0 else {"part_of": question.id}
        row["persona"] = _json(own)
        if variable.minimum is not None and not variable.categories:
            row["min_num_value_n"] = figure(variable.minimum)
        yield row
        yield from _categories(variable, language, default)


def _categories(variable: Variable, language: str, default: str) -> Iterator[Row]:
    taken: set[str] = set()
    for part in variable.categories:
        code = _code(str(part.code), taken, LONGEST_ANSWER)
        yield _part("A", code, text_in(part.text, language, default) or str(part.code), language)


def _bounds(question: Question) -> Row:
    found: Row = {}
    pairs = (("minimum", "min_num_value_n"), ("maximum", "max_num_value_n"),
             ("fewest", "min_answers"), ("most", "max_answers"))  # fmt: skip
    for key, column in pairs:
        value = getattr(question, key, None)
        if value is not None:
            found[column] = figure(value)
    if getattr(question, "decimals", None) == 0:
        found["num_value_int_only"] = "1"
    if getattr(question, "randomise", False):
        found["random_order"] = "1"
    return found


def _relevance(text: str | None, survey: _Survey) -> str:
    if text is None:
        return "1"
    return to_limesurvey(parse_condition(text), survey.ticks, survey.codes)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)

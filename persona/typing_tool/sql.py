"""The typing tool as SQL: one statement that places every row of a table.

It is written once, in DuckDB's words, and translated by sqlglot. Points are whole numbers, so
every database gives the segment that :func:`persona.typing_tool.type_people` gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from persona.questionnaire.texts import text_in
from persona.typing_tool.model import SCALE, TypingAnswer, TypingBand, TypingModel, TypingQuestion
from persona.typing_tool.tool import TypingTool

DIALECTS = ("duckdb", "postgres", "spark", "bigquery")
"""Databases whose words are written, as sqlglot calls them."""
_LARGEST = 1.7976931348623157e308
_LEAST = -(2**53)
_SIGNS = str.maketrans({"'": "’", '"': "”", ";": ",", ":": ","})
_UNSAFE = re.compile(r"[^\w\s.,?!()/=+–—’”-]")
_DASHES = re.compile(r"-{2,}|/+")


class Say(Protocol):
    """Words an English sentence of the comments in a language, its ``{names}`` filled."""

    def __call__(self, sentence: str, /, **values: object) -> str: ...  # pragma: no cover


def _english(sentence: str, /, **values: object) -> str:
    return sentence.format(**values)


def typing_sql(
    tool: TypingTool,
    dialect: str = "duckdb",
    *,
    table: str = "answers",
    person: str = "id",
    say: Say = _english,
) -> str:
    """The golden questions as one SELECT.

    Parameters
    ----------
    tool : TypingTool
    dialect : str
        One of ``DIALECTS``.
    table, person : str
        The table of the answers, a column for each variable, and its column that says who it is.
    say : callable
        Words the comments; English unless given.

    Returns
    -------
    str
        A row for each row of the table: the id, ``RESULTS``, and the points of each segment.

    Examples
    --------
    >>> print(typing_sql(tool, "postgres", table="crm.answers"))  # doctest: +SKIP
    """
    from sqlglot import exp, parse_one

    model = tool.golden
    language = tool.languages[0] if tool.languages else "en"
    statement = _statement(model, language, table.split("."), person)
    tree = parse_one(statement, read="duckdb")
    if dialect == "postgres":
        # PostgreSQL would put each part into the next again and again, and compute for hours
        for part in tree.find_all(exp.CTE):
            part.set("materialized", True)
    body = tree.sql(dialect=dialect, pretty=True, max_text_width=96)
    named = say(
        "SQL for {dialect}. Change the names {table} and {person} in the first part if need be.",
        dialect=dialect,
        table=table,
        person=person,
    )
    return "\n".join([*_head(tool, language, named, say), body, ""])


def _head(tool: TypingTool, language: str, named: str, say: Say) -> list[str]:
    """What the statement is, and how its columns are to be, as comments."""
    model = tool.golden
    lines = [
        say(
            "Typing tool of the study {title}, run {run}",
            title=text_in(tool.title, language),
            run=tool.fingerprint[:12],
        ),
        named,
        say("Codes of answers as in the questionnaire; NULL where somebody did not answer."),
        say(
            "Nobody is placed with more than {most} of {questions} missing.",
            most=model.max_missing,
            questions=len(model.questions),
        ),
        "",
    ]
    for question in model.questions:
        lines.append(f"{question.variable} - {_asked(question, language)}")
        lines += [f"    {line}" for line in _allowed(question, language, say)]
    return [f"-- {_comment(line)}".rstrip() for line in lines]


def _asked(question: TypingQuestion, language: str) -> str:
    texts = [text_in(text, language) for text in (question.question_text, question.text)]
    return " / ".join(dict.fromkeys(text for text in texts if text))


def _allowed(question: TypingQuestion, language: str, say: Say) -> Iterable[str]:
    for answer in question.answers:
        yield f"{answer.code} = {text_in(answer.text, language)}"
    if question.bands:
        low = say("any") if question.minimum is None else f"{question.minimum:g}"
        high = say("any") if question.maximum is None else f"{question.maximum:g}"
        bounds = say("a number from {low} to {high}", low=low, high=high)
        yield f"{bounds} {question.unit}"
    for code, text in question.no_answer:
        yield f"{code} = {text_in(text, language)} {say('(no answer)')}"


def _comment(text: str) -> str:
    """A text that cannot end its comment nor be taken for a parameter."""
    indent = text[: len(text) - len(text.lstrip())]
    safe = text.translate(_SIGNS)
    safe = " ".join(_DASHES.sub(" - ", _UNSAFE.sub(" ", safe)).split())
    return indent + (safe if len(safe) <= 100 else safe[:99] + "…")


def _statement(model: TypingModel, language: str, table: Sequence[str], person: str) -> str:
    """The statement in DuckDB's words: answers, their rows, sums, best, second."""
    numbers = range(1, model.k + 1)
    places = range(1, len(model.questions) + 1)
    points = [f"points_{number}" for number in numbers]
    names = _cases(
        "segment",
        ((number, _text(text_in(part.name, language)))
         for number, part in zip(numbers, model.segments, strict=True)),
        "NULL",
    )  # fmt: skip
    first = " ".join(f"WHEN points_{n} = best_sum THEN {n}" for n in numbers)
    second = " ".join(f"WHEN leader <> {n} AND points_{n} = next_sum THEN {n}" for n in numbers)
    others = [f"CASE WHEN leader = {n} THEN {_LEAST} ELSE points_{n} END" for n in numbers]
    odds = " + ".join(f"EXP(({one} - best_sum) / {SCALE}.0e0)" for one in points)
    placed = f"missing <= {model.max_missing}"
    close = f"best_sum - next_sum < {model.uncertain_below}" if model.k > 1 else "FALSE"
    follower = f"CASE {second} END" if model.k > 1 else "CAST(NULL AS INTEGER)"
    return f"""
WITH people AS (
  SELECT {_name(person)} AS person, {", ".join(_columns(model.questions))}
  FROM {".".join(_name(part) for part in table)}
), answered AS (
  SELECT person, {", ".join(_row(q, n) for n, q in enumerate(model.questions, 1))} FROM people
), sums AS (
  SELECT person, {", ".join(f"row_{place}" for place in places)},
    {" + ".join(f"CASE WHEN row_{place} <= 0 THEN 1 ELSE 0 END" for place in places)} AS missing,
    {", ".join(_sum(model, number) for number in numbers)}
  FROM answered
), bests AS (
  SELECT *, {_greatest(points)} AS best_sum FROM sums
), leaders AS (
  SELECT *, CASE {first} END AS leader FROM bests
), seconds AS (
  SELECT *, {_greatest(others)} AS next_sum FROM leaders
), results AS (
  SELECT *, CASE WHEN {placed} THEN leader END AS segment,
    CASE WHEN {placed} THEN {follower} END AS second,
    CASE WHEN {placed} THEN 1 / ({odds}) END AS probability,
    {close} OR NOT {placed} AS uncertain
  FROM seconds
)
SELECT person AS {_name(person)}, segment, {names} AS segment_name, second, probability, uncertain,
  missing, {_listed(model, "= 0")} AS unanswered, {_listed(model, "< 0")} AS not_allowed,
  {", ".join(points)}
FROM results
"""


def _columns(questions: Sequence[TypingQuestion]) -> Iterable[str]:
    """Each answer as it stands, as a number where codes are numbers, as a text where not."""
    for place, question in enumerate(questions, 1):
        column = _name(question.variable)
        yield f"CASE WHEN {column} IS NULL THEN 1 ELSE 0 END AS empty_{place}"
        codes = _codes(question)
        if question.bands or any(not isinstance(code, str) for code in codes):
            yield f"TRY_CAST({column} AS DOUBLE) AS number_{place}"
        if any(isinstance(code, str) for code in codes):
            yield f"CAST({column} AS VARCHAR) AS text_{place}"


def _codes(question: TypingQuestion) -> list[int | str]:
    return [*(a.code for a in question.answers), *(code for code, _ in question.no_answer)]


def _row(question: TypingQuestion, place: int) -> str:
    """1, 2, ... for the answer or band; 0 without an answer; -1 for what is not allowed."""
    whens = [f"WHEN empty_{place} = 1 THEN 0"]
    whens += [f"WHEN {_is(code, place)} THEN 0" for code, _ in question.no_answer]
    if question.bands:
        number = f"number_{place}"
        low = -_LARGEST if question.minimum is None else question.minimum
        high = _LARGEST if question.maximum is None else question.maximum
        outside = f"{number} >= {_number(low)} AND {number} <= {_number(high)}"
        whens.append(f"WHEN {number} IS NULL OR NOT ({outside}) THEN -1")
        whens += [
            f"WHEN {number} < {_number(cut)} THEN {row}" for row, cut in enumerate(question.cuts, 1)
        ]
        return f"CASE {' '.join(whens)} ELSE {len(question.bands)} END AS row_{place}"
    whens += [
        f"WHEN {_is(answer.code, place)} THEN {row}"
        for row, answer in enumerate(question.answers, 1)
    ]
    return f"CASE {' '.join(whens)} ELSE -1 END AS row_{place}"


def _is(code: int | str, place: int) -> str:
    if isinstance(code, str):
        return f"text_{place} = {_text(code)}"
    return f"number_{place} = {code}"


def _sum(model: TypingModel, number: int) -> str:
    """The constant of a segment and the points of every answer."""
    parts = [str(model.constant[number - 1])]
    for place, question in enumerate(model.questions, 1):
        options: Sequence[TypingAnswer | TypingBand] = question.answers or question.bands
        cases = ((row, str(option.points[number - 1])) for row, option in enumerate(options, 1))
        parts.append(_cases(f"row_{place}", cases, str(question.missing[number - 1])))
    return f"{' + '.join(parts)} AS points_{number}"


def _cases(value: str, cases: Iterable[tuple[int, str]], otherwise: str) -> str:
    whens = " ".join(f"WHEN {row} THEN {result}" for row, result in cases)
    return f"CASE {value} {whens} ELSE {otherwise} END"


def _greatest(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"GREATEST({', '.join(values)})"


def _listed(model: TypingModel, state: str) -> str:
    """The variables in a state, joined by commas."""
    told = (
        f"CASE WHEN row_{place} {state} THEN {_text(', ' + question.variable)} ELSE '' END"
        for place, question in enumerate(model.questions, 1)
    )
    return f"SUBSTR({' || '.join(told)}, 3)"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("\x00", "").replace("'", "''") + "'"


def _number(value: float) -> str:
    """A number that databases read as the same double."""
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"

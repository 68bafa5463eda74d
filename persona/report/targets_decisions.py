"""Read strategy and criteria from an edited workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from persona.errors import Problem, error
from persona.report.model import CriterionDecision, SegmentDecision
from persona.report.targets_workbook import CRITERIA

Rows = Sequence[Mapping[str, str]]
Texts = Callable[[Mapping[str, str], str], dict[str, str]]
"""The texts of one kind in a row, by language."""


def with_sheets(
    segments: tuple[SegmentDecision, ...], rows: Rows, texts: Texts
) -> tuple[SegmentDecision, ...]:
    """Decisions with the strategy texts of their segments; fields left empty are left out."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        said = texts(row, "text")
        if said:
            found.setdefault(row["segment"], {})[row["field"]] = said
    return tuple(replace(one, sheet=found.get(str(one.segment), {})) for one in segments)


def with_scores(
    segments: tuple[SegmentDecision, ...], scores: Mapping[int, Mapping[str, float]]
) -> tuple[SegmentDecision, ...]:
    """Decisions with the scores of criteria that count."""
    return tuple(replace(one, scores=scores.get(one.segment, {})) for one in segments)


def read_criteria(
    rows: Rows, card: Sequence[Sequence[object]], texts: Texts, path: Path
) -> tuple[tuple[CriterionDecision, ...], dict[int, dict[str, float]], list[Problem]]:
    """Criteria with a weight, scores by segment and criterion, and what cannot be read.

    Parameters
    ----------
    card : sequence of (id, axis, measured, whether it had a weight)
        As the workbook was written.
    """
    known = {str(line[0]): line for line in card}
    criteria: list[CriterionDecision] = []
    scores: dict[int, dict[str, float]] = {}
    problems: list[Problem] = []
    for row in rows:
        identifier = row["criterion"]
        if identifier not in known:
            problems.append(_unknown(row, path, list(known)))
            continue
        _, axis, measured, weighed = known[identifier]
        weight = _number(row, "weight", None, path, problems)
        if weight is None and not weighed:
            continue
        name = texts(row, "text")
        if weight and not name and not measured:
            problems.append(_nameless(row, path))
        criteria.append(
            CriterionDecision(identifier, str(axis), str(measured), weight or 0.0, name)
        )
        if measured:
            continue
        for key in (key for key in row if key.startswith("score:")):
            score = _number(row, key, 10.0, path, problems)
            if score is not None:
                scores.setdefault(int(key.partition(":")[2]), {})[identifier] = score
    return tuple(criteria), scores, problems


def _number(
    row: Mapping[str, str], key: str, highest: float | None, path: Path, problems: list[Problem]
) -> float | None:
    """A number of at least 0; None when the cell is empty, or faulty and complained of."""
    text = row.get(key, "")
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if 0 <= value <= (highest if highest is not None else float("1e12")):
        return value
    problems.append(
        error(
            "decisions.number",
            "The cell {column!r} of the criterion {criterion!r} cannot be read.",
            file=str(path),
            sheet=CRITERIA,
            row=int(row["row"]),
            column=key,
            found=text,
            allowed="a number from 0" if highest is None else "a number from 0 to 10",
            values={"column": key, "criterion": row["criterion"]},
        )
    )
    return None


def _nameless(row: Mapping[str, str], path: Path) -> Problem:
    return error(
        "decisions.criterion_name",
        "A criterion has a weight and no name.",
        file=str(path),
        sheet=CRITERIA,
        row=int(row["row"]),
        column="text",
        remedy="Write what it is called, or clear its weight.",
    )


def _unknown(row: Mapping[str, str], path: Path, known: list[str]) -> Problem:
    return error(
        "decisions.criterion",
        "The criterion {criterion!r} does not stand in the workbook that was written.",
        file=str(path),
        sheet=CRITERIA,
        row=int(row["row"]),
        column="criterion",
        allowed=", ".join(known),
        remedy="Use one of the empty rows for a criterion of your own.",
        values={"criterion": row["criterion"]},
    )

"""Read the decisions that a user made in ``workbook.xlsx``."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from persona.errors import Problem, StudyError, error
from persona.report.decisions_workbook import FACTORS, FORMAT, HIDDEN, SEGMENTS
from persona.report.editing_sheets import FIRST_ROW
from persona.report.model import CriterionDecision, Decisions, FactorDecision, SegmentDecision
from persona.report.targets_decisions import read_criteria, with_scores, with_sheets
from persona.report.targets_workbook import CRITERIA, STRATEGY

_LARGEST = 50_000_000
"""Bytes that the parts of a decisions workbook may unpack to."""
_YES = frozenset({"yes", "y", "x", "1", "1.0", "true", "tak", "да", "ja"})
_NO = frozenset({"", "no", "n", "0", "0.0", "false", "nie", "нет", "nee"})
_AGAIN = "Take the workbook.xlsx that the last run wrote, and edit that one."

_Rows = list[dict[str, str]]


def read_decisions(
    path: Path, *, study: str | None = None, fingerprint: str | None = None
) -> Decisions:
    """The segment names, texts, merges and exclusions of an edited workbook.

    Parameters
    ----------
    path : Path
        The workbook, as ``persona run`` wrote it and a user edited it.
    study, fingerprint : str, optional
        The study and the run the decisions are for; a workbook of another one is refused and
        the difference said.

    Raises
    ------
    StudyError
        All problems at once: not a decisions workbook, of another study or run, a sheet, column
        or row removed, a segment named twice, merged with itself or in a circle, all excluded.
    """
    path = Path(path)
    sheets = _load(path)
    card = _card(sheets, path)
    problems = _other(card, study, fingerprint, path)
    if problems:
        raise StudyError(problems)
    expected = [str(number) for number in card["segments"]]
    rows = _rows(sheets, SEGMENTS, ("segment",), ("name", "merge_into", "exclude"), path, problems)
    _complete(rows, "segment", expected, path, problems)
    segments = tuple(_segment(row, expected, path, problems) for row in rows)
    factors: tuple[FactorDecision, ...] = ()
    if card["factors"]:
        named = _rows(sheets, FACTORS, ("battery", "factor"), ("name",), path, problems)
        factors = tuple(
            FactorDecision(row["battery"], row["factor"], _texts(row, "name"))
            for row in named
            if _texts(row, "name")
        )
    criteria: tuple[CriterionDecision, ...] = ()
    if card.get("strategy"):
        lines = _rows(sheets, STRATEGY, ("segment", "field"), ("text",), path, problems)
        segments = with_sheets(segments, lines, _texts)
    if card.get("criteria"):
        lines = _rows(sheets, CRITERIA, ("criterion",), ("text", "weight"), path, problems)
        criteria, scores, faults = read_criteria(lines, card["criteria"], _texts, path)
        problems += faults
        segments = with_scores(segments, scores)
    problems += _contradictions(segments, path)
    if problems:
        raise StudyError(problems)
    return Decisions(card["study"], card["fingerprint"], segments, factors, criteria)


def _load(path: Path) -> dict[str, list[list[str]]]:
    """Every sheet as rows of texts."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if not path.is_file():
        raise StudyError(
            error(
                "decisions.missing",
                "There is no decisions workbook.",
                file=str(path),
                remedy="Run the study first: it writes out/workbook.xlsx.",
            )
        )
    unreadable = error(
        "decisions.unreadable",
        "The file is not a workbook that can be read.",
        file=str(path),
        remedy="Save it in Excel as .xlsx, without a password.",
    )
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise StudyError(unreadable)
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            return {
                sheet.title: [[_text(cell) for cell in row] for row in sheet.values]
                for sheet in book.worksheets
            }
        finally:
            book.close()
    except (
        zipfile.BadZipFile, InvalidFileException, OSError, KeyError, ValueError, TypeError, EOFError
    ) as trouble:  # fmt: skip
        raise StudyError(unreadable) from trouble


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _card(sheets: Mapping[str, list[list[str]]], path: Path) -> dict[str, Any]:
    rows = sheets.get(HIDDEN) or [[""]]
    try:
        card = json.loads(rows[0][0]) if rows[0] else None
    except ValueError:
        card = None
    if not isinstance(card, dict) or not {"study", "fingerprint", "segments", "factors"} <= set(
        card
    ):
        raise StudyError(
            error(
                "decisions.foreign",
                "The workbook does not say which study and run it belongs to.",
                file=str(path),
                found=", ".join(sheets),
                remedy=_AGAIN,
            )
        )
    if card.get("format") != FORMAT:
        raise StudyError(
            error(
                "decisions.version",
                "The workbook was written by another version of persona.",
                file=str(path),
                found=str(card.get("format")),
                allowed=str(FORMAT),
                remedy=_AGAIN,
            )
        )
    return card


def _other(
    card: Mapping[str, Any], study: str | None, fingerprint: str | None, path: Path
) -> list[Problem]:
    problems = []
    if study is not None and card["study"] != study:
        problems.append(
            error(
                "decisions.other_study",
                "The workbook belongs to the study {found!r}, not to {expected!r}.",
                file=str(path),
                found=str(card["study"]),
                allowed=study,
                remedy=_AGAIN,
                values={"found": card["study"], "expected": study},
            )
        )
    elif fingerprint is not None and card["fingerprint"] != fingerprint:
        problems.append(
            error(
                "decisions.other_run",
                "The workbook belongs to another run of this study: its answers, questionnaire, "
                "options or seed differ.",
                file=str(path),
                found=f"run {str(card['fingerprint'])[:12]}",
                allowed=f"run {fingerprint[:12]}",
                remedy=_AGAIN,
            )
        )
    return problems


def _rows(
    sheets: Mapping[str, list[list[str]]],
    name: str,
    keys: Sequence[str],
    needed: Sequence[str],
    path: Path,
    problems: list[Problem],
) -> _Rows:
    """The rows of a sheet by the keys in its hidden first row."""
    table = sheets.get(name)
    if not table:
        problems.append(
            error(
                "decisions.sheet",
                "The sheet {sheet!r} was removed.",
                file=str(path),
                sheet=name,
                found=", ".join(sheets),
                remedy=_AGAIN,
                values={"sheet": name},
            )
        )
        return []
    head = table[0]
    for column in (*keys, *needed):
        if not any(one == column or one.startswith(f"{column}:") for one in head):
            problems.append(
                error(
                    "decisions.column",
                    "The column {column!r} was removed.",
                    file=str(path),
                    sheet=name,
                    column=column,
                    remedy=_AGAIN,
                    values={"column": column},
                )
            )
    rows = []
    for number, line in enumerate(table[FIRST_ROW:], FIRST_ROW + 1):
        row = dict(zip(head, line, strict=False)) | {"row": str(number)}
        if all(row.get(key) for key in keys):
            rows.append(row)
    return rows


def _complete(
    rows: _Rows, key: str, expected: Sequence[str], path: Path, problems: list[Problem]
) -> None:
    found = [row[key] for row in rows]
    for number in sorted(set(expected) - set(found), key=int):
        problems.append(
            error(
                "decisions.row",
                "The row of segment {segment} was removed.",
                file=str(path),
                sheet=SEGMENTS,
                remedy=_AGAIN,
                values={"segment": number},
            )
        )
    for number in sorted({one for one in found if found.count(one) > 1 or one not in expected}):
        problems.append(
            error(
                "decisions.segment",
                "Segment {segment} stands in the workbook twice or does not exist in this run.",
                file=str(path),
                sheet=SEGMENTS,
                found=number,
                allowed=", ".join(expected),
                values={"segment": number},
            )
        )


def _texts(row: Mapping[str, str], kind: str) -> dict[str, str]:
    """The texts of one kind by language; cells left empty are left out."""
    return {
        key.partition(":")[2]: text
        for key, text in row.items()
        if key.startswith(f"{kind}:") and text
    }


def _segment(
    row: Mapping[str, str], expected: Sequence[str], path: Path, problems: list[Problem]
) -> SegmentDecision:
    place = {"file": str(path), "sheet": SEGMENTS, "row": int(row["row"])}
    number = int(row["segment"]) if row["segment"].isdigit() else 0
    merge = row.get("merge_into", "")
    if merge and merge not in expected:
        problems.append(
            error(
                "decisions.merge_unknown",
                "Segment {segment} is to be merged into {target}, which is no segment.",
                column="merge_into",
                found=merge,
                allowed=", ".join(expected),
                values={"segment": number, "target": merge},
                **place,
            )
        )
        merge = ""
    exclude = row.get("exclude", "").casefold()
    if exclude not in _YES | _NO:
        problems.append(
            error(
                "decisions.exclude",
                "Whether segment {segment} is excluded cannot be read.",
                column="exclude",
                found=row.get("exclude"),
                allowed="yes, no",
                values={"segment": number},
                **place,
            )
        )
    target = row.get("target", "").casefold()
    if target not in _YES | _NO:
        problems.append(
            error(
                "decisions.target",
                "Whether segment {segment} is a target cannot be read.",
                column="target",
                found=row.get("target"),
                allowed="yes, no",
                values={"segment": number},
                **place,
            )
        )
    return SegmentDecision(
        segment=number,
        names=_texts(row, "name"),
        summaries=_texts(row, "summary"),
        strategies=_texts(row, "strategy"),
        merge_into=int(merge) if merge else None,
        exclude=exclude in _YES,
        note=row.get("note", ""),
        target=target in _YES,
    )


def _contradictions(segments: Sequence[SegmentDecision], path: Path) -> list[Problem]:
    """What does not go together over all segments."""
    where = {"file": str(path), "sheet": SEGMENTS}
    problems = []
    seen: dict[tuple[str, str], int] = {}
    for one in segments:
        if one.merge_into is not None:
            continue
        for language, name in one.names.items():
            first = seen.setdefault((language, name.casefold()), one.segment)
            if first != one.segment:
                problems.append(
                    error(
                        "decisions.name_twice",
                        "The segments {first} and {second} have the same name {name!r}.",
                        found=name,
                        remedy="Give each segment its own name, or merge them.",
                        values={"first": first, "second": one.segment, "name": name},
                        **where,
                    )
                )
    targets = {one.segment: one.merge_into for one in segments}
    for one in segments:
        path_of, at = [one.segment], one.merge_into
        while at is not None and at not in path_of:
            path_of.append(at)
            at = targets.get(at)
        if at == one.segment:
            problems.append(
                error(
                    "decisions.merge_circle",
                    "Segment {segment} is merged with itself.",
                    found=" into ".join(str(step) for step in [*path_of, at]),
                    remedy="Clear “merge into” for one of them.",
                    values={"segment": one.segment},
                    **where,
                )
            )
    left = [one for one in segments if one.merge_into is None]
    if segments and all(one.exclude for one in left):
        problems.append(
            error(
                "decisions.none_left",
                "Every segment is excluded.",
                remedy="Keep at least one segment.",
                **where,
            )
        )
    elif len(left) < 2 <= len(segments):
        problems.append(
            error(
                "decisions.one_left",
                "Merging leaves a single segment, which is everybody.",
                remedy="Keep at least two segments apart.",
                **where,
            )
        )
    return problems

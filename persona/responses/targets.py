"""Targets of weights from a YAML, Excel or CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from persona.errors import DataError, Problem, error
from persona.questionnaire.cells import normal, number
from persona.responses.cells import is_blank, shown
from persona.responses.margins import Targets
from persona.responses.sniff import WORKBOOKS, kind_of, read_source
from persona.responses.table import load

_MARGIN = frozenset({"margin", "variable", "question", "pytanie", "zmienna", "vraag", "вопрос"})
_LEVEL = frozenset({"level", "category", "code", "answer", "kategoria", "kod", "ответ", "antwoord"})


def read_targets(path: str | Path) -> Targets:
    """Targets as :func:`persona.rake` takes them.

    YAML holds ``question: {code: figure}``. A sheet or CSV holds either the columns margin, level
    and a figure, or one column a question and a figure last, which is a joint target.

    Raises
    ------
    DataError
        The file cannot be read, or a figure is no number.
    """
    path = Path(path)
    if path.suffix.lower() in (".yaml", ".yml"):
        return _from_yaml(path)
    source = read_source(path)
    kind = kind_of(source)
    loaded = load(source, kind)
    targets: dict[Any, dict[Any, float]] = {}
    for sheet in loaded.sheets if kind in WORKBOOKS else loaded.sheets[:1]:
        rows = [sheet.cells.row(n) for n in range(sheet.cells.shape[0])]
        _add(targets, rows, path, sheet.name or None)
    return targets


def _from_yaml(path: Path) -> Targets:
    source = read_source(path)
    try:
        data = YAML(typ="safe", pure=True).load(source.content.decode("utf-8"))
    except (MarkedYAMLError, UnicodeDecodeError) as trouble:
        mark = trouble.problem_mark if isinstance(trouble, MarkedYAMLError) else None
        raise DataError(
            error(
                "target.syntax",
                "The targets are not valid YAML.",
                file=str(path),
                line=mark.line + 1 if mark else None,
                remedy="Write question: {code: figure}.",
            )
        ) from None
    if not isinstance(data, dict) or not all(isinstance(part, dict) for part in data.values()):
        raise DataError(
            error(
                "target.shape",
                "The targets are not written as expected.",
                file=str(path),
                allowed="question: {code: figure}",
            )
        )
    return {
        str(margin): {level: _figure(figure, path, None, None) for level, figure in part.items()}
        for margin, part in data.items()
    }


def _add(
    targets: dict[Any, dict[Any, float]],
    rows: Sequence[Sequence[Any]],
    path: Path,
    sheet: str | None,
) -> None:
    filled = [row for row in rows if any(not is_blank(cell) for cell in row)]
    if not filled:
        return
    header = [shown(cell).strip() for cell in filled[0]]
    width = max(n + 1 for n, name in enumerate(header) if name)
    names = [normal(name) for name in header[:width]]
    long = width >= 3 and names[0] in _MARGIN and names[1] in _LEVEL
    for at, row in enumerate(filled[1:], start=2):
        if long:
            margin: Any = shown(row[0]).strip()
            level: Any = shown(row[1]).strip()
        else:
            margin = tuple(header[: width - 1]) if width > 2 else header[0]
            parts = tuple(shown(cell).strip() for cell in row[: width - 1])
            level = parts if width > 2 else parts[0]
        figure = row[2] if long else row[width - 1]
        targets.setdefault(margin, {})[level] = _figure(figure, path, sheet, at)


def _figure(cell: Any, path: Path, sheet: str | None, row: int | None) -> float:
    figure = number(cell)
    if figure is None:
        raise DataError(_no_figure(cell, path, sheet, row))
    return figure


def _no_figure(cell: Any, path: Path, sheet: str | None, row: int | None) -> Problem:
    return error(
        "target.no_number",
        "The target {found!r} is not a number.",
        file=str(path),
        sheet=sheet,
        row=row,
        found=shown(cell),
        remedy="Write a share, a percentage or a count.",
        values={"found": shown(cell)},
    )

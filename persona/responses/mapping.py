"""Mappings of columns to questions: written as YAML for the user to correct, and read back."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from persona.errors import DataError, Problem, error
from persona.registry import nearest

_KEYS = ("columns", "sheet", "encoding", "delimiter", "header_rows")


@dataclass(frozen=True)
class Mapped:
    """How a file is to be read.

    Parameters
    ----------
    columns : mapping of column to variable
        By header, name or letter; None leaves the column out.
    sheet, encoding, delimiter : str or None
    header_rows : tuple of int or None
        1-based.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_rows: tuple[int, ...] | None = None


def read_mapping(mapping: Mapping[str, str | None] | str | Path | None) -> Mapped:
    """A mapping given as such, or the YAML file with it.

    Raises
    ------
    DataError
        The file cannot be read, or holds keys that no mapping has.
    """
    if mapping is None:
        return Mapped()
    if isinstance(mapping, Mapping):
        return Mapped(columns=dict(mapping))
    path = Path(mapping)
    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except OSError as trouble:
        raise DataError(_unreadable(path, trouble.strerror or str(trouble))) from None
    except UnicodeDecodeError:
        raise DataError(_unreadable(path, "it is not UTF-8 text")) from None
    except MarkedYAMLError as trouble:
        raise DataError(_syntax(path, trouble)) from None
    return _checked(path, data)


def _unreadable(path: Path, reason: str) -> Problem:
    return error(
        "mapping.unreadable",
        "The mapping cannot be read: {reason}.",
        file=str(path),
        remedy="Write it anew with persona import.",
        values={"reason": reason},
    )


def _syntax(path: Path, trouble: MarkedYAMLError) -> Problem:
    mark = trouble.problem_mark
    return error(
        "mapping.syntax",
        "The mapping is not valid YAML: {reason}.",
        file=str(path),
        line=mark.line + 1 if mark else None,
        position=mark.column + 1 if mark else None,
        remedy="Mend that line; headers with a colon need quotation marks.",
        values={"reason": trouble.problem or "it cannot be parsed"},
    )


def _checked(path: Path, data: Any) -> Mapped:
    if not isinstance(data, dict):
        raise DataError(_wrong_shape(path, "the file", "columns: with one line a column"))
    problems = []
    for key in data:
        if key not in _KEYS:
            near = nearest(str(key), _KEYS)
            problems.append(
                error(
                    "mapping.key",
                    "A mapping has no {key!r}.",
                    file=str(path),
                    allowed=", ".join(_KEYS),
                    remedy=f"Did you mean {near!r}?" if near else None,
                    values={"key": str(key)},
                )
            )
    columns = data.get("columns") or {}
    rows = data.get("header_rows")
    if not isinstance(columns, dict) or not all(
        isinstance(name, (str, int)) and (target is None or isinstance(target, str))
        for name, target in columns.items()
    ):
        problems.append(_wrong_shape(path, "columns", "header: id of a variable, or header: null"))
    if rows is not None and not (
        isinstance(rows, Sequence) and rows and all(isinstance(row, int) for row in rows)
    ):
        problems.append(_wrong_shape(path, "header_rows", "a list of row numbers such as [1, 2]"))
    if problems:
        raise DataError(problems)
    return Mapped(
        columns={str(name): target for name, target in columns.items()},
        sheet=data.get("sheet"),
        encoding=data.get("encoding"),
        delimiter=data.get("delimiter"),
        header_rows=tuple(rows) if rows else None,
    )


def _wrong_shape(path: Path, what: str, allowed: str) -> Problem:
    return error(
        "mapping.shape",
        "{what} of the mapping is not written as expected.",
        file=str(path),
        allowed=allowed,
        values={"what": what},
    )


def dump_mapping(data: Mapping[str, Any]) -> str:
    """A mapping as YAML text."""
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 4096
    stream = io.StringIO()
    yaml.dump(dict(data), stream)
    return stream.getvalue()

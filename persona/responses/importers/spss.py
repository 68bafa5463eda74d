"""SPSS files: labels, user-missing values and multiple-response sets."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from persona.errors import DataError, Problem, error, note
from persona.responses.export import SurveyExport
from persona.responses.importers.memory import table_of
from persona.responses.sniff import Kind, Source, broken
from persona.responses.survey import SurveyColumn, complete

#: Options of the reader, plainer after each failure.
_ATTEMPTS: tuple[dict[str, Any], ...] = (
    {},
    {"disable_datetime_conversion": True},
    {"encoding": "windows-1252"},
)
_LONGEST_PROBE = 600  # seconds
_LABELLED_MISSING = {
    "dont_know": ("don't know", "dont know", "do not know", "nie wiem", "weiß nicht", "не знаю"),
    "refused": ("refused", "no answer", "odmowa", "keine angabe", "отказ"),
    "not_applicable": ("not applicable", "n/a", "nie dotyczy", "trifft nicht zu"),
    "not_asked": ("not asked", "skipped", "nie pytano"),
}


def read_spss(source: Source, kind: Kind) -> SurveyExport:
    """The answers of a ``.sav``, ``.zsav`` or ``.por`` file.

    Raises
    ------
    DataError
        The file is damaged, or holds nobody.
    """
    frame, meta = _read(source, kind)
    names = [str(name) for name in frame.columns]
    labels = [meta.column_names_to_labels.get(name) or "" for name in names]
    rows = zip(*(frame[name].tolist() for name in frame.columns), strict=True)
    table = table_of(source, [names, labels], rows)
    sets = _sets(meta)
    columns = tuple(_column(meta, number, name, sets) for number, name in enumerate(names))
    return SurveyExport(
        "spss", table, columns, complete(table.n), problems=tuple(_remarks(source, meta))
    )


def _read(source: Source, kind: Kind) -> tuple[Any, Any]:
    try:
        import pyreadstat
    except ImportError:
        raise DataError(
            error(
                "spss.missing_package",
                "Reading SPSS files needs the package pyreadstat.",
                file=str(source.path),
                remedy="Install it with: pip install pyreadstat",
            )
        ) from None
    troubles = (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OverflowError, ValueError)
    # pyreadstat reads paths alone, and not every path with letters beyond ASCII
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"answers.{kind.value}"
        copy.write_bytes(source.content)
        if not _survives(source.sha256, str(copy), kind is Kind.POR):
            raise DataError(broken(source))
        for options in _ATTEMPTS:
            try:
                if kind is Kind.POR:
                    return pyreadstat.read_por(copy)
                return pyreadstat.read_sav(copy, user_missing=True, **options)
            except troubles:  # a date out of bounds or a wrong encoding: read it more plainly
                continue
    raise DataError(broken(source))


@lru_cache(maxsize=64)
def _survives(sha256: str, path: str, portable: bool) -> bool:
    """Whether another process can read the file: some damaged ones end the process that reads.

    Asked once for each content, by its SHA-256.
    """
    call = "read_por" if portable else "read_sav"
    probe = f"import sys, pyreadstat; pyreadstat.{call}(sys.argv[1], output_format='dict')"
    ended = subprocess.run(
        [sys.executable, "-I", "-c", probe, path],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_LONGEST_PROBE,
        check=False,
    )
    # a mere error is left to the reading itself, which tries several ways
    return ended.returncode in (0, 1)


def _sets(meta: Any) -> dict[str, tuple[str, str, str]]:
    """Column to (set, form, label of the set).

    A set of categories whose items all carry the same value labels is a battery: market research
    programs declare their grids so.
    """
    found: dict[str, tuple[str, str, str]] = {}
    for name, declared in (getattr(meta, "mr_sets", None) or {}).items():
        members = list(declared.get("variable_list", ()))
        labels = [str(sorted(_labels(meta, member).items(), key=str)) for member in members]
        same = len(set(labels)) == 1 and len(_labels(meta, members[0])) > 2 if members else False
        dichotomies = declared.get("type") == "D" or declared.get("is_dichotomy")
        form = "multiple" if dichotomies or not same else "grid"
        for member in members:
            found.setdefault(member, (name.lstrip("$"), form, declared.get("label") or ""))
    return found


def _labels(meta: Any, name: str) -> Mapping[Any, str]:
    labels: Mapping[Any, str] = meta.variable_value_labels.get(name, {})
    return labels


def _column(
    meta: Any, number: int, name: str, sets: Mapping[str, tuple[str, str, str]]
) -> SurveyColumn:
    text = meta.column_names_to_labels.get(name) or ""
    parent, form, question = sets.get(name, (None, None, ""))
    labels = {_code(code): str(label) for code, label in _labels(meta, name).items()}
    missing = _missing(meta, name, labels)
    option = ""
    if parent is not None and question:
        option = text.removeprefix(question).lstrip(" -:") or text
    return SurveyColumn(
        name,
        number,
        text=question or text,
        option=option,
        parent=parent,
        form=form,
        labels=labels,
        missing=missing,
        names=(text,) if text else (),
    )


def _code(code: Any) -> Any:
    return int(code) if isinstance(code, float) and code.is_integer() else code


def _missing(meta: Any, name: str, labels: Mapping[Any, str]) -> dict[Any, str]:
    """Single user-missing values, and labelled codes within user-missing ranges."""
    found: dict[Any, str] = {}
    values = meta.missing_user_values.get(name, []) if meta.missing_user_values else []
    ranges = meta.missing_ranges.get(name, []) if meta.missing_ranges else []
    for value in values:
        found[_code(value)] = _meaning(labels.get(_code(value), ""))
    for bounds in ranges:
        low, high = bounds["lo"], bounds["hi"]
        if low == high:
            found[_code(low)] = _meaning(labels.get(_code(low), ""))
            continue
        for code, label in labels.items():
            if isinstance(code, (int, float)) and _between(low, code, high):
                found[code] = _meaning(label)
    return found


def _between(low: Any, code: float, high: Any) -> bool:
    try:
        return float(low) <= code <= float(high)
    except (TypeError, ValueError):
        return False


def _meaning(label: str) -> str:
    folded = label.casefold()
    for meaning, words in _LABELLED_MISSING.items():
        if any(word in folded for word in words):
            return meaning
    return "refused"


def _remarks(source: Source, meta: Any) -> list[Problem]:
    if not getattr(meta, "mr_sets", None):
        return []
    return [
        note(
            "spss.sets",
            "The file declares {count} multiple-response sets.",
            file=str(source.path),
            values={"count": len(meta.mr_sets)},
        )
    ]

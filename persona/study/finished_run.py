"""What a run of a study left in its output folder, read again."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persona.errors import DataError, Problem, error
from persona.questionnaire.texts import Texts
from persona.report.data import safe

AGAIN = "Run the study again: persona run"
_NOBODY: tuple[None, None] = (None, None)


@dataclass(frozen=True, eq=False)
class FinishedRun:
    """The segments of a run as its files tell them.

    Parameters
    ----------
    folder : Path
    fingerprint : str
        Of inputs, options, seed and merges.
    run : str
        Fingerprint of inputs, options and seed, without the decisions.
    groups : tuple of tuples
        Segments of the run that each segment reported joins.
    names : mapping of segment to {language: name}
    members : mapping of respondent to (segment, probability)
        As ``segments.csv`` writes the ids; without those in no segment.
    excluded : set of int
        Segments that the user left out.
    results, manifest : mapping
        The figures of the report; inputs, outputs and options of the run.
    """

    folder: Path
    fingerprint: str
    run: str
    groups: tuple[tuple[int, ...], ...]
    names: Mapping[int, Texts]
    members: Mapping[str, tuple[int, float]]
    excluded: frozenset[int]
    results: Mapping[str, Any]
    manifest: Mapping[str, Any]

    def member(self, respondent: str) -> tuple[int, float] | tuple[None, None]:
        """Segment and probability of a respondent, None for both without a segment."""
        return self.members.get(safe(respondent), _NOBODY)

    def names_in(self, language: str) -> dict[int, str]:
        """The names in one language, or in the first there is."""
        return {
            segment: name.get(language) or next(iter(name.values()), "")
            for segment, name in self.names.items()
        }


def read_run(folder: Path) -> FinishedRun:
    """The run whose output stands in a folder.

    Raises
    ------
    DataError
        When a file of it is missing or damaged.
    """
    results, manifest = (_json(folder / name) for name in ("results.json", "manifest.json"))
    try:
        found = manifest["segments"]
        names = {int(one["segment"]): dict(one["name"]) for one in results["personas"]}
        return FinishedRun(
            folder,
            str(manifest["run"]),
            str(found["run"]),
            tuple(tuple(int(one) for one in group) for group in found["groups"]),
            dict(sorted(names.items())),
            _members(folder / "segments.csv"),
            frozenset(int(one) for one in found.get("excluded", ())),
            results,
            manifest,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as failure:
        raise DataError(damaged(folder, f"{type(failure).__name__}: {failure}")) from failure


def damaged(path: Path, found: str) -> Problem:
    """What is said of a file of a run that cannot be read."""
    return error(
        "track.damaged",
        "The run cannot be read: it is damaged, or of another version of persona.",
        file=str(path),
        found=found,
        remedy=f"{AGAIN}.",
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(
            error(
                "track.no_run",
                "The run of the study is not complete here: a file is missing.",
                file=str(path),
                remedy=f"{AGAIN}, or name its output folder with --run.",
            )
        ) from None
    except (OSError, ValueError, RecursionError) as failure:
        raise DataError(damaged(path, str(failure))) from failure
    if not isinstance(found, dict):
        raise DataError(damaged(path, "no mapping"))
    return found


def _members(path: Path) -> dict[str, tuple[int, float]]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as failure:
        raise DataError(damaged(path, str(failure))) from failure
    return {
        row["respondent"]: (int(row["segment"]), float(row["probability"]))
        for row in rows
        if row["segment"]
    }

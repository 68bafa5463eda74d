"""What became of the segments since the run that stands in the output folder."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from persona.study.result import StudyResult

FEWEST_SHARED = 10
"""Respondents in both runs below which nothing is said."""


def since(result: StudyResult, out: Path) -> tuple[str, ...]:
    """How the segments of the earlier run stand in this one, in sentences for the terminal.

    The files of a run depend on its inputs alone, so that this is said and not written. Nothing
    is said of the same run, of one without ids, and where a file is no longer whole.
    """
    import pandas as pd

    from persona.report.data import safe
    from persona.segmentation.alignment import align

    earlier = _earlier(result, out)
    by_row = any(problem.code == "respondent.by_row" for problem in result.responses.problems)
    if not earlier or by_row:
        return ()
    labels = result.segmentation.labels.rename(index=lambda name: safe(str(name)))
    found = align(pd.Series(earlier), labels)
    if found.shared < FEWEST_SHARED:
        return ()
    events = found.events[found.events["kind"].isin(["split", "merge", "gone", "new"])]
    lines = [
        _said(kind, earlier, later)
        for kind, earlier, later in events[["kind", "earlier", "later"]].itertuples(index=False)
    ]
    apart = {number for one in (*events["earlier"],) for number in one}
    moved = [
        f"{old} is now {new}"
        for old, new in sorted(found.numbers.items())
        if old != new and old not in apart
    ]
    if moved:
        lines.append(f"segment {', '.join(moved)}")
    begin = f"Since the run that stood in {out.name}, by the {found.shared} respondents in both: "
    return (begin + ("; ".join(lines) if lines else "the same segments") + ".",)


def _said(kind: str, earlier: tuple[int, ...], later: tuple[int, ...]) -> str:
    old, new = " and ".join(map(str, earlier)), " and ".join(map(str, later))
    return {
        "split": f"segment {old} split into {new}",
        "merge": f"segments {old} are one, {new}",
        "gone": f"segment {old} is gone",
        "new": f"segment {new} is new",
    }[kind]


def _earlier(result: StudyResult, out: Path) -> dict[str, int]:
    """Respondent to segment in the run that stands there; empty where it tells nothing."""
    try:
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        same = manifest["fingerprint"] == result.run_fingerprint
        if same or manifest["study"] != result.study.file.id or not manifest["segments"]["people"]:
            return {}
        with (out / "segments.csv").open(encoding="utf-8", newline="") as stream:
            return {
                row["respondent"]: int(row["segment"])
                for row in csv.DictReader(stream)
                if row["segment"]
            }
    except (OSError, ValueError, KeyError, TypeError):
        return {}

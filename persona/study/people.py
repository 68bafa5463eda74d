"""Who was in which segment when decisions were made: kept beside them, ids hashed."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from persona.errors import Problem, warning

FILE = "decisions_people.csv"
Group = tuple[int, ...]


def hashed(respondent: str, study: str) -> str:
    """An id as it is kept: nobody reads it off, and the same in every run of the study.

    Examples
    --------
    >>> hashed("007", "coffee") == hashed("007", "coffee") != hashed("008", "coffee")
    True
    """
    key = hashlib.sha256(study.encode()).digest()
    return hashlib.blake2b(respondent.encode(), digest_size=8, key=key).hexdigest()


def write_people(
    folder: Path, study: str, fingerprint: str, segments: Path, groups: Sequence[Group]
) -> Path:
    """Keep the segments of a run's ``segments.csv``, in its numbers before merges.

    Parameters
    ----------
    segments : Path
        The file that the run wrote.
    groups : sequence of tuples
        Segments of the run that each segment reported joins.
    """
    path = folder / FILE
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["run", fingerprint])
    writer.writerow(["respondent", "segments"])
    lines = sorted(
        (hashed(respondent, study), "+".join(map(str, groups[number - 1])))
        for respondent, number in _members(segments)
        if 0 < number <= len(groups)
    )
    writer.writerows(lines)
    beside = path.with_suffix(".csv.new")
    beside.write_text(target.getvalue(), encoding="utf-8")
    beside.replace(path)
    return path


def _members(segments: Path) -> Iterator[tuple[str, int]]:
    with segments.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if str(row.get("segment") or "").isdigit():
                yield str(row["respondent"]), int(row["segment"])


def read_people(folder: Path, fingerprint: str) -> tuple[Mapping[str, Group], tuple[Problem, ...]]:
    """Hashed id to the segments it was in; empty where they were not kept for this run."""
    path = folder / FILE
    if not path.is_file():
        return {}, ()
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        if rows[0][1] != fingerprint:
            return {}, ()
        return {name: tuple(map(int, segments.split("+"))) for name, segments in rows[2:]}, ()
    except (ValueError, IndexError):
        return {}, (
            warning(
                "decisions.people_unreadable",
                "The record of who was in which segment cannot be read; the segments are "
                "recognised by their centres.",
                file=str(path),
                remedy="Bring the workbook back once more, or remove the file.",
            ),
        )

"""The files of a list: one, or one a segment, in parts; and who is kept back."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

from persona.audiences.cells import FORMULA, Filled
from persona.audiences.people import People
from persona.audiences.profile import Profile
from persona.audiences.selecting import HOLDOUT, WRITTEN, Selection
from persona.audiences.writing import write_list


@dataclass(frozen=True)
class AudienceFile:
    """One file of a list: its name, content, the segments in it and how many people."""

    name: str
    content: bytes
    segments: tuple[int, ...]
    people: int

    @property
    def sha256(self) -> str:
        """Of the content."""
        return hashlib.sha256(self.content).hexdigest()


def list_files(
    people: People,
    profile: Profile,
    filled: Sequence[Filled],
    selection: Selection,
    encoding: str,
) -> tuple[AudienceFile, ...]:
    """The files for the destination: one list, or one a segment, in as many parts as needed."""
    assert profile.file is not None
    on_list = selection.where(WRITTEN)
    lists: dict[str, list[int]] = {}
    for person in on_list:
        name = f"segment-{people.segments[person]}" if profile.split == "segment" else "audience"
        lists.setdefault(name, []).append(person)
    made = []
    for name in sorted(lists, key=lambda one: (len(one), one)):
        parts = write_list(profile, filled, lists[name], encoding)
        segments = {people.segments[person] for person in lists[name]}
        for number, (content, n) in enumerate(parts, 1):
            behind = f"-part-{number}-of-{len(parts)}" if len(parts) > 1 else ""
            known = tuple(sorted(segment for segment in segments if segment is not None))
            made.append(AudienceFile(f"{name}{behind}{profile.file.ending}", content, known, n))
    return tuple(made)


def holdout_file(people: People, selection: Selection) -> AudienceFile | None:
    """Who is kept back, by what they are known by; for the user, not for the destination."""
    held = selection.where(HOLDOUT)
    if not held:
        return None
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["person", "segment", "segment_name"])
    for person in held:
        segment = people.segments[person] or 0
        texts = (selection.keys[person], str(segment), people.names.get(segment, ""))
        writer.writerow([f"'{text}" if text.startswith(FORMULA) else text for text in texts])
    segments = {people.segments[person] or 0 for person in held}
    content = target.getvalue().encode("utf-8")
    return AudienceFile("holdout.csv", content, tuple(sorted(segments)), len(held))

"""What stands beside a list: its counts as JSON, and a short README for whoever uploads it."""

from __future__ import annotations

import json
from typing import Any

from persona.audiences.audience import Audience
from persona.audiences.selecting import FATES_IN_WORDS, HOLDOUT, WRITTEN
from persona.errors import Problem, Severity

FORM = 1


def counts_json(audience: Audience, about: dict[str, Any], names: dict[str, str]) -> bytes:
    """The counts, options and files of a list; no person stands in it.

    Parameters
    ----------
    audience : Audience
    about : dict
        The study, its run and the people's file.
    names : dict
        Name of each file when it is written, by its own name.
    """
    files = [*audience.files, *([audience.holdout] if audience.holdout else [])]
    made = {
        "persona": FORM,
        "profile": audience.profile.id,
        "title": audience.profile.title,
        **about,
        "options": dict(audience.options),
        "columns": dict(audience.columns),
        "counts": {"people": sum(audience.counts.values()), **audience.counts},
        "segments": [
            {"segment": segment, "name": audience.names[segment], **counts}
            for segment, counts in audience.by_segment.items()
        ],
        "files": [
            {
                "file": names[file.name],
                "sha256": file.sha256,
                "people": file.people,
                "segments": list(file.segments),
                "for": "comparison" if file is audience.holdout else audience.profile.title,
            }
            for file in files
        ],
        "problems": [
            {"severity": str(problem.severity), "message": problem.message}
            for problem in audience.problems
        ],
    }
    return (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def count_lines(audience: Audience) -> tuple[str, ...]:
    """The counts in words, those of nobody left out."""
    counts = audience.counts
    lines = [f"{sum(counts.values())} people"]
    lines += [
        f"  {counts[fate]} {words}"
        for fate, words in FATES_IN_WORDS.items()
        if counts[fate] and fate != WRITTEN
    ]
    lines.append(f"  {counts[WRITTEN]} {FATES_IN_WORDS[WRITTEN]}")
    for segment, met in audience.by_segment.items():
        if met.get(WRITTEN, 0) or met.get(HOLDOUT, 0):
            kept = f", {met[HOLDOUT]} kept back" if met.get(HOLDOUT) else ""
            lines.append(
                f"    {segment}. {audience.names[segment]}: {met.get(WRITTEN, 0)} written{kept}"
            )
    return tuple(lines)


def readme(audience: Audience, names: dict[str, str]) -> bytes:
    """What the files are, what to do with them, and the counts."""
    profile = audience.profile
    lines = [f"A list of people for {profile.title}", ""]
    lines += [f"Upload: {', '.join(names[file.name] for file in audience.files)}", ""]
    if profile.about:
        lines += [*_wrapped(profile.about), ""]
    if audience.holdout is not None:
        lines += [
            f"Keep: {names[audience.holdout.name]} ({audience.holdout.people} people kept back).",
            *_wrapped(
                "Do not upload it. These people are not written to; what they buy later, beside "
                "what the others buy, says what the campaign did. The same seed keeps the same "
                "people back in every later list."
            ),
            "",
        ]
    lines += [*count_lines(audience), ""]
    said = [problem for problem in audience.problems if problem.severity is Severity.WARNING]
    lines += [line for problem in said for line in _wrapped(_sentence(problem))]
    lines += _wrapped(
        f"Consent was read from the column {audience.columns['consent']!r}. The list holds "
        "personal data unless the destination forbids them: keep it as safe as the file it was "
        "made from, and remove it when it has been uploaded."
    )
    return ("\n".join(lines) + "\n").encode("utf-8")


def _sentence(problem: Problem) -> str:
    return f"{problem.place}: {problem.message}" if problem.place else problem.message


def _wrapped(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, 88)

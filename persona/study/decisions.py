"""Decisions a user made about segments, kept beside the study in ``decisions.yaml``.

A decision names the segments it is about by their numbers before any merge (``members``) and by
their centres, so that a name stays with the people it was given to when the answers change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from persona.errors import Problem, StudyError, error
from persona.questionnaire.complaints import Origin, translated
from persona.questionnaire.parts import Part

FILE = "decisions.yaml"
_MEND = f"Correct it, or remove {FILE} and bring the workbook back again."
_HEADING = "Written by `persona apply` from workbook.xlsx; texts may be edited here as well."


@dataclass(frozen=True)
class Applied:
    """What a workbook changed: ``changes`` in words, ``path`` of the decisions file."""

    path: Path
    changes: tuple[str, ...]


class KeptSegment(Part):
    """What was decided about one segment, or about several merged into one.

    ``target`` is None where the study file decides; ``sheet`` is the strategy by field and
    language; ``scores`` are those of criteria (0 to 10).
    """

    members: tuple[int, ...]
    name: Mapping[str, str] = Field(default_factory=dict)
    summary: Mapping[str, str] = Field(default_factory=dict)
    strategy: Mapping[str, str] = Field(default_factory=dict)
    exclude: bool = False
    note: str = ""
    target: bool | None = None
    sheet: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    scores: Mapping[str, float] = Field(default_factory=dict)


class KeptCriterion(Part):
    """A criterion of attractiveness; a weight of 0 leaves it out."""

    id: str
    axis: Literal["segment", "us"]
    measured: Literal["", "size", "revenue", "margin", "potential", "best_customers"] = ""
    weight: Annotated[float, Field(ge=0)]
    text: Mapping[str, str] = Field(default_factory=dict)


class KeptFactor(Part):
    """The names given to one factor of one battery."""

    battery: str
    factor: str
    name: Mapping[str, str]


class KeptDecisions(Part):
    """Everything decided about one study.

    Parameters
    ----------
    study, fingerprint : str
        The study, and the run (before merges) that the numbers belong to.
    centres : mapping
        Segment number to its centre on each basis column, to know the segment again.
    """

    persona: int = 1
    study: str
    fingerprint: str
    segments: tuple[KeptSegment, ...] = ()
    factors: tuple[KeptFactor, ...] = ()
    criteria: tuple[KeptCriterion, ...] = ()
    centres: Mapping[int, Mapping[str, float | str | None]] = Field(default_factory=dict)

    @property
    def merges(self) -> tuple[tuple[int, ...], ...]:
        """The groups of segments that are joined."""
        return tuple(kept.members for kept in self.segments if len(kept.members) > 1)


def read_kept(folder: Path) -> KeptDecisions | None:
    """The decisions beside a study; None when nothing was decided.

    Raises
    ------
    StudyError
        When the file was edited into something that cannot be read.
    """
    from persona.questionnaire.building import read_document

    path = folder / FILE
    if not path.is_file():
        return None
    document = read_document(path)
    try:
        return KeptDecisions.model_validate(document.data)
    except ValidationError as trouble:
        problems = translated(trouble, KeptDecisions, document.data, Origin(document), None)
        raise StudyError([replace(problem, remedy=_MEND) for problem in problems]) from None


def write_kept(decisions: KeptDecisions, folder: Path) -> Path:
    """Write the decisions beside the study: a new file first, then moved into place."""
    from ruamel.yaml import YAML

    path = folder / FILE
    beside = path.with_suffix(".yaml.new")
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.allow_unicode = True
    yaml.width = 100
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(f"# {_HEADING}\n")
        yaml.dump(plain(decisions), stream)
    beside.replace(path)
    return path


def plain(decisions: KeptDecisions) -> dict[str, Any]:
    """The decisions as plain values, empty ones left out."""
    segments = [
        {"members": list(kept.members)}
        | kept.model_dump(mode="json", exclude={"members"}, exclude_defaults=True)
        for kept in decisions.segments
    ]
    factors = [kept.model_dump(mode="json") for kept in decisions.factors]
    return {
        "persona": decisions.persona,
        "study": decisions.study,
        "fingerprint": decisions.fingerprint,
        "segments": segments,
        "factors": factors,
        "criteria": [
            kept.model_dump(mode="json", exclude_defaults=True) for kept in decisions.criteria
        ],
        "centres": {
            number: {
                column: round(value, 6) if isinstance(value, float) else value
                for column, value in centre.items()
            }
            for number, centre in decisions.centres.items()
        },
    }


def renumbered(
    decisions: KeptDecisions, now: Mapping[tuple[int, ...], tuple[int, ...]]
) -> KeptDecisions:
    """The decisions in the numbers of another run; those about segments that are gone go too.

    Parameters
    ----------
    now : mapping
        Segments then, as decisions name them, to their numbers now.
    """
    segments = [
        kept.model_copy(update={"members": now[kept.members]})
        for kept in decisions.segments
        if kept.members in now
    ]
    return decisions.model_copy(update={"segments": tuple(segments)})


def groups_of(
    decisions: KeptDecisions | None, numbers: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    """Every segment of a run with those it is merged with, each segment in one group.

    Raises
    ------
    StudyError
        When a decision is about a segment that there is not, or two are about the same.
    """
    merges = decisions.merges if decisions else ()
    named = [
        member for part in (decisions.segments if decisions else ()) for member in part.members
    ]
    wrong = sorted({n for n in named if n not in numbers or named.count(n) > 1})
    if wrong:
        raise StudyError(_no_segment(wrong, numbers))
    merged = {member for group in merges for member in group}
    return (*merges, *((number,) for number in numbers if number not in merged))


def _no_segment(wrong: Sequence[int], numbers: Sequence[int]) -> Problem:
    return error(
        "decisions.no_segment",
        "The decisions name segments that this run does not have, or name them twice: {segments}.",
        file=FILE,
        found=", ".join(map(str, wrong)),
        allowed=", ".join(map(str, numbers)),
        remedy=_MEND,
        values={"segments": ", ".join(map(str, wrong))},
    )


def of_another_study(kept: KeptDecisions, study: str, folder: Path) -> Problem:
    """The decisions beside the study were made for another one."""
    return error(
        "decisions.other_study",
        "The decisions belong to the study {other}, not to {study}.",
        file=str(folder / FILE),
        found=kept.study,
        allowed=study,
        remedy=f"Remove {FILE}, or put back the one that belongs here.",
        values={"other": kept.study, "study": study},
    )

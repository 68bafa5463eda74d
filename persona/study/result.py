"""Everything a run of a study found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persona.errors import Problem
from persona.study.decisions import KeptDecisions
from persona.study.progress import Progress, Silent

if TYPE_CHECKING:
    from persona.analysis.batteries import Battery
    from persona.analysis.correspondence import CorrespondenceMap
    from persona.analysis.factors import FactorSolution
    from persona.analysis.maps import CategoryMap
    from persona.analysis.matrix import Matrix
    from persona.analysis.multiple_correspondence import MultipleCorrespondence
    from persona.profiling import Persona, Profile
    from persona.profiling.segment_map import SegmentMap
    from persona.report.targets import Targeting
    from persona.report.write import Written
    from persona.responses import Responses
    from persona.segmentation import Segmentation
    from persona.study.intake import Intake
    from persona.study.study import Study
    from persona.typing_tool import TypingTool


@dataclass(frozen=True)
class StudyResult:
    """Everything a run found.

    Parameters
    ----------
    responses : Responses
    intake : Intake
        What was done to the answers before: quality, exclusions, records, weights.
    batteries : tuple of Battery
        Factors of each battery with adequacy and reliability.
    matrix : Matrix
        What the segments were made from.
    segmentation : Segmentation
        After the merges the user decided; ``groups`` says which segments of the run each one
        joins.
    profile : Profile
    personas : tuple of Persona
    targeting : Targeting
        Value, tests, strategy, further segmentations and banners.
    decisions : KeptDecisions or None
        In the numbers of this run.
    fingerprint : str
        Of inputs, options and seed, without the decisions.
    identity : tuple of Problem
        Splits, merges and new numbers since the run that the decisions were made about.
    typing : TypingTool or None
        What places new people in the segments; None when there is nothing to tell apart.
    """

    study: Study
    responses: Responses
    intake: Intake
    batteries: tuple[Battery, ...]
    category_map: CategoryMap | None
    segment_map: SegmentMap | None
    matrix: Matrix
    found: Segmentation
    segmentation: Segmentation
    groups: tuple[tuple[int, ...], ...]
    profile: Profile
    personas: tuple[Persona, ...]
    targeting: Targeting
    decisions: KeptDecisions | None
    fingerprint: str
    problems: tuple[Problem, ...] = ()
    identity: tuple[Problem, ...] = ()
    typing: TypingTool | None = None

    @cached_property
    def factors(self) -> Mapping[str, FactorSolution]:
        """The factor solution of each battery, by question id."""
        return {battery.question: battery.solution for battery in self.batteries}

    @cached_property
    def maps(self) -> Mapping[str, CorrespondenceMap | MultipleCorrespondence]:
        """The correspondence maps: ``categories`` and ``segments``."""
        found: dict[str, CorrespondenceMap | MultipleCorrespondence] = {}
        if self.category_map is not None:
            found["categories"] = self.category_map.map
        if self.segment_map is not None:
            found["segments"] = self.segment_map.map
        return found

    @property
    def run_fingerprint(self) -> str:
        """Of this run with its merges: what a decisions workbook is matched by."""
        return fingerprint({"run": self.fingerprint, "groups": self.groups})

    def write(self, out: str | Path, progress: Progress | None = None) -> Written:
        """Write every file of the run into a folder; what stood there stays whole on failure.

        Returns
        -------
        Written
            ``files``, ``index.html`` first, and ``problems``: what there is to say about them.

        Raises
        ------
        OutputError
            When a file is locked, the disk is full or ``out`` is a file.
        """
        from persona.report import write_all
        from persona.study.reporting import study_report

        with (progress or Silent()).stage("Writing report, personas, tables, workbook"):
            return write_all(study_report(self), Path(out))

    def figure_names(self) -> tuple[str, ...]:
        """The names of the figures of this run, for :meth:`save_figure`."""
        from persona.report import figure_names
        from persona.study.reporting import study_report

        return figure_names(study_report(self))

    def save_figure(self, name: str, path: str | Path, *, language: str | None = None) -> Path:
        """Save one figure as ``.svg`` or ``.png``, in the study's first language or another.

        Raises
        ------
        OutputError
            When there is no such figure or language, or the ending is another.
        """
        from persona.report import save_figure
        from persona.study.reporting import study_report

        return save_figure(study_report(self), name, Path(path), language=language)

    def since(self, out: str | Path) -> tuple[str, ...]:
        """What became of the segments since the run that stands in a folder; often nothing."""
        from persona.study.since import since

        return since(self, Path(out))

    def findings(self) -> tuple[str, ...]:
        """What was found, in a few sentences."""
        from persona.study.reporting import findings

        return findings(self)


def fingerprint(values: Any) -> str:
    """A short hash of plain values, the same for the same values.

    Examples
    --------
    >>> fingerprint({"b": 1, "a": 2}) == fingerprint({"a": 2, "b": 1})
    True
    """
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]

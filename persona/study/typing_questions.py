"""Learn the typing tool of a run, and say how well it recognises the segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from persona.questionnaire.texts import Texts
from persona.report.targets import Recognition
from persona.study.basis import basis_questions
from persona.typing_tool.learning import Learned, Placed, learn_tool
from persona.typing_tool.pools import TypingOptions

if TYPE_CHECKING:
    from persona.profiling import Persona
    from persona.responses import Responses
    from persona.segmentation import Segmentation
    from persona.study.study import Study
    from persona.study.typing_options import TypingDeclared
    from persona.typing_tool import TypingTool


def learn_typing(
    study: Study, responses: Responses, segmentation: Segmentation, personas: Sequence[Persona]
) -> Learned:
    """The typing tool of the segments after merges, called as their personas are."""
    names: Mapping[int, Texts] = {persona.segment: persona.name for persona in personas}
    return learn_tool(
        responses,
        Placed(
            labels=segmentation.labels,
            names=names,
            study=study.file.id,
            title=study.file.title or study.questionnaire.title,
            languages=study.languages,
        ),
        basis_questions(study.file, study.questionnaire),
        options=_options(study.file.typing),
        records=[variable for part in study.file.records for variable in part.columns],
        seed=study.file.seed,
    )


def _options(declared: TypingDeclared) -> TypingOptions:
    return TypingOptions(
        questions=None if declared.questions == "auto" else declared.questions,
        pool=declared.pool,
        include=declared.include,
        exclude=declared.exclude,
        uncertain_odds=declared.uncertain_odds,
        max_missing=declared.max_missing,
    )


def signed(tool: TypingTool | None, fingerprint: str) -> TypingTool | None:
    """The tool with the fingerprint of the run, with its merges."""
    return None if tool is None else replace(tool, fingerprint=fingerprint)


def recognition_of(tool: TypingTool | None) -> Recognition | None:
    """How well the typing questions find the members of each segment again."""
    if tool is None:
        return None
    evidence = tool.evidence
    return Recognition(
        found={part.segment: part.recall for part in evidence.segments},
        overall=evidence.accuracy,
        chance=evidence.chance,
        questions=len(tool.golden.questions),
        folds=evidence.folds,
        base=evidence.base,
    )

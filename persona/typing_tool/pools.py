"""Which questions a typing tool may ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.errors import Problem, note, warning
from persona.questionnaire.variables import Measure, Variable

if TYPE_CHECKING:
    from persona.typing_tool.coding import CodedQuestion

NOT_ASKED = frozenset({Measure.TEXT, Measure.DATE, Measure.IDENTIFIER, Measure.WEIGHT})
LEAST_ANSWERED = 0.5
"""Share of respondents who answered; a question that most were not asked types nobody."""


@dataclass(frozen=True)
class TypingOptions:
    """How the typing questions are chosen.

    Parameters
    ----------
    questions : int, optional
        How many; by default the fewest that are as good as any, 5 to 12.
    pool : "basis", "all", "records" or ids
        Where they are chosen from.
    include, exclude : ids of questions or variables
        Forced in and out.
    uncertain_odds : float
        Of the best segment to the second, below which a placing is uncertain.
    max_missing : int, optional
        Questions that may be unanswered; by default a quarter, rounded down.
    """

    questions: int | None = None
    pool: str | tuple[str, ...] = "basis"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    uncertain_odds: float = 2.0
    max_missing: int | None = None


def askable(variable: Variable) -> bool:
    """Whether a column can be asked to place a person: closed, and asked as it is."""
    return variable.measure not in NOT_ASKED and not variable.derived and not variable.raw


def named(variables: Iterable[Variable], ids: Iterable[str]) -> tuple[Variable, ...]:
    """The variables that ids of questions or of variables name."""
    wanted = set(ids)
    return tuple(one for one in variables if one.id in wanted or one.question in wanted)


@dataclass(frozen=True)
class Pool:
    """Questions to choose from; those at ``forced`` positions are always asked."""

    questions: tuple[CodedQuestion, ...]
    forced: tuple[int, ...] = ()


def usable(coded: Sequence[CodedQuestion], kept: Iterable[str] = ()) -> tuple[CodedQuestion, ...]:
    """Those that vary and that most answered; ``kept`` are not judged by who answered."""
    always = set(kept)
    return tuple(
        one
        for one in coded
        if not one.constant and (one.answered >= LEAST_ANSWERED or one.id in always)
    )


def said_of(coded: Sequence[CodedQuestion], options: TypingOptions) -> list[Problem]:
    """Why questions of the pool are not considered."""
    problems = []
    unanswered = [one.id for one in coded if one.answered < LEAST_ANSWERED]
    if unanswered:
        problems.append(
            note(
                "typing.unanswered",
                "Fewer than half of the respondents answered {names}; the typing tool does not "
                "choose such questions.",
                remedy="Name them under typing: include: to ask them all the same.",
                values={"names": ", ".join(unanswered)},
            )
        )
    constant = [one.id for one in coded if one.constant and one.answered >= LEAST_ANSWERED]
    if constant:
        problems.append(
            note(
                "typing.constant",
                "Everybody gave the same answer to {names}; the typing tool cannot tell segments "
                "by that.",
                values={"names": ", ".join(constant)},
            )
        )
    return problems


def sensitive_left_out(variables: Sequence[Variable]) -> Problem:
    """Sensitive questions are asked of new people only when the study names them."""
    return note(
        "typing.sensitive",
        "Sensitive questions are not chosen for the typing tool: {names}.",
        remedy="Name one under typing: include: to ask it all the same.",
        values={"names": ", ".join(one.id for one in variables)},
    )


def nothing_left() -> Problem:
    """There is nothing to choose from."""
    return warning(
        "typing.no_questions",
        "No question is left to place new people by, so there is no typing tool.",
        remedy="Choose another pool under typing:, or exclude fewer questions.",
    )

"""Which questions a typing tool may ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from persona.errors import Problem, note, warning
from persona.questionnaire.variables import Measure, Variable
from persona.typing_tool.coding import CodedQuestion, Pool

NOT_ASKED = frozenset({Measure.TEXT, Measure.DATE, Measure.IDENTIFIER, Measure.WEIGHT})
LEAST_ANSWERED = 0.5
"""Share of respondents who answered; a question that most were not asked types nobody."""
Coder = Callable[[Variable], CodedQuestion]


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

    def may_miss(self, count: int) -> int:
        """How many of so many questions may be left unanswered."""
        wished = count // 4 if self.max_missing is None else self.max_missing
        return min(wished, count - 1)

    @property
    def pool_name(self) -> str:
        """``basis``, ``all``, ``records`` or ``named``."""
        return self.pool if isinstance(self.pool, str) else "named"

    @property
    def forces(self) -> bool:
        """Whether questions are forced in or out."""
        return bool(self.include or self.exclude)


@dataclass(frozen=True)
class Pools:
    """The questions of each choice.

    ``golden`` is what the study asks for, its ``name`` and ``kind`` as :class:`TypingEvidence` and
    :class:`PoolCost` have them, ``others`` by the kinds they are compared as, and ``complete``
    every question of the basis. ``problems`` say what was left out of ``golden``.
    """

    name: str
    kind: str
    golden: Pool
    others: Mapping[str, Pool]
    complete: Pool
    problems: tuple[Problem, ...]


def askable(variable: Variable) -> bool:
    """Whether a column can be asked to place a person: closed, and asked as it is."""
    return variable.measure not in NOT_ASKED and not variable.derived and not variable.raw


def named(variables: Iterable[Variable], ids: Iterable[str]) -> set[str]:
    """The variables that ids of questions or of variables name."""
    wanted = set(ids)
    return {one.id for one in variables if one.id in wanted or one.question in wanted}


def make_pools(
    variables: Sequence[Variable],
    code: Coder,
    basis: set[str],
    records: set[str],
    options: TypingOptions,
) -> Pools:
    """Sort the questions into what is chosen from and what it is compared with.

    Where none of the basis can be asked, because its columns are computed from others, questions
    are chosen from all.

    Parameters
    ----------
    variables : sequence of Variable
        That can be asked.
    code : function
        From a variable to its answers.
    basis, records : ids of questions, ids of variables
    options : TypingOptions
    """
    coded = {one.id: code(one) for one in variables}
    forced = named(variables, options.include)
    sensitive = {one.id for one in variables if one.sensitive}
    ids = {
        "basis": {one.id for one in variables if one.question in basis},
        "all": set(coded),
        "records": records & set(coded),
    }
    name, problems = options.pool_name, []
    if name == "basis" and not ids["basis"]:
        name, problems = "all", [_chosen_from_all()]
    base = ids[name] if name != "named" else named(variables, options.pool)
    spoken = forced | base if name == "named" else forced
    wanted = (base - named(variables, options.exclude)) | forced
    hidden = [one.id for one in variables if one.id in (wanted & sensitive) - spoken]
    golden = [coded[one] for one in coded if one in wanted and one not in hidden]
    others = {
        "free": _pool(coded, ids["basis"] - sensitive),
        "records": _pool(coded, ids["records"] - sensitive),
        "all": _pool(coded, ids["all"] - sensitive),
    }
    if len(others["all"].questions) == len(others["free"].questions):
        del others["all"]
    complete = tuple(one for one in coded.values() if one.id in ids["basis"] and not one.constant)
    return Pools(
        name,
        "forced" if options.forces else "free" if name == "basis" else name,
        _pool(coded, {one.id for one in golden}, forced),
        others,
        Pool(complete),
        (*problems, *_sensitive(hidden), *_left_out(golden, forced)),
    )


def _pool(
    coded: Mapping[str, CodedQuestion],
    wanted: set[str],
    forced: Set[str] = frozenset(),
) -> Pool:
    kept = tuple(
        one
        for name, one in coded.items()
        if name in wanted
        and not one.constant
        and (one.answered >= LEAST_ANSWERED or name in forced)
    )
    return Pool(kept, tuple(place for place, one in enumerate(kept) if one.id in forced))


def _sensitive(hidden: Sequence[str]) -> list[Problem]:
    """Sensitive questions are asked of new people only when the study names them."""
    if not hidden:
        return []
    return [
        note(
            "typing.sensitive",
            "Sensitive questions are not chosen for the typing tool: {names}.",
            remedy="Name one under typing: include: to ask it all the same.",
            values={"names": ", ".join(hidden)},
        )
    ]


def _left_out(golden: Sequence[CodedQuestion], forced: set[str]) -> list[Problem]:
    """Why questions of the pool are not considered."""
    problems = []
    unanswered = [
        one.id for one in golden if one.answered < LEAST_ANSWERED and one.id not in forced
    ]
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
    constant = [one.id for one in golden if one.constant and one.id not in unanswered]
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


def _chosen_from_all() -> Problem:
    return note(
        "typing.from_all",
        "What made the segments is computed and cannot be asked; the typing questions are chosen "
        "from all closed questions.",
        remedy="Name others under typing: pool: to choose from them.",
    )


def nothing_left() -> Problem:
    """There is nothing to choose from."""
    return warning(
        "typing.no_questions",
        "No question is left to place new people by, so there is no typing tool.",
        remedy="Choose another pool under typing:, or exclude fewer questions.",
    )

"""Factor every battery of a questionnaire, with its adequacy and reliability."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from persona.analysis.naming import factor_items
from persona.errors import AnalysisError, Problem, note, warning
from persona.questionnaire.texts import Texts, text_in
from persona.questionnaire.variables import Measure, Variable

if TYPE_CHECKING:
    from persona.analysis.factors import FactorSolution
    from persona.responses import Responses

FEWEST_ITEMS = 4
"""Fewer items than this leave no degrees of freedom for even one factor."""


@dataclass(frozen=True)
class Battery:
    """The factors of one battery of items.

    Parameters
    ----------
    question : str
    text : Texts
    items : mapping
        Item id, in the order asked, to its text.
    short : mapping
        Item id to its short text, where the questionnaire gives one.
    reversed_items : tuple of str
        Items whose answers were turned before the analysis.
    solution : FactorSolution
    kmo, bartlett_p : float
    alpha_of : mapping
        Factor to the alpha of the items that load on it.
    threshold : tuple of float
        Eigenvalues that random data reach (parallel analysis).
    """

    question: str
    text: Texts
    items: Mapping[str, Texts]
    reversed_items: tuple[str, ...]
    solution: FactorSolution
    kmo: float
    bartlett_p: float
    alpha_of: Mapping[str, float] = field(default_factory=dict)
    threshold: tuple[float, ...] = ()
    short: Mapping[str, Texts] = field(default_factory=dict)

    def proposed_names(self, languages: Sequence[str]) -> dict[str, dict[str, str]]:
        """A name for each factor, made of its strongest items, in each language."""
        names: dict[str, dict[str, str]] = {}
        # The names are of the items as worded: a turned item that loads positively is denied.
        loadings = self.solution.loadings.copy()
        loadings.loc[[item for item in self.reversed_items if item in loadings.index]] *= -1
        for language in languages:
            labels: dict[Hashable, str] = {
                item: text_in(self.short.get(item) or text, language)
                for item, text in self.items.items()
            }
            for made in factor_items(loadings, labels):
                names.setdefault(str(made.factor), {})[language] = made.proposal
        return names


def factor_batteries(
    responses: Responses,
    options: Mapping[str, Any],
    seed: int = 0,
    advance: Callable[[float], None] = lambda share: None,
) -> tuple[tuple[Battery, ...], tuple[Problem, ...]]:
    """The factors of each battery of at least four items, and why a battery has none.

    Parameters
    ----------
    responses : Responses
    options : mapping
        ``n_factors``, ``method``, ``rotation``, ``correlation`` of
        :func:`persona.factor_analysis`.
    seed : int
    advance : callable
        Told the share of batteries done.
    """
    found: list[Battery] = []
    problems: list[Problem] = []
    batteries = _batteries(responses)
    for number, (question, variables) in enumerate(batteries.items()):
        if len(variables) < FEWEST_ITEMS:
            problems.append(
                note(
                    "factors.too_few_items",
                    "The battery {question} has {count} items; factors need at least {least}.",
                    question=question,
                    values={"question": question, "count": len(variables), "least": FEWEST_ITEMS},
                )
            )
            continue
        try:
            found.append(_battery(responses, question, variables, options, seed))
        except AnalysisError as failure:
            problems.extend(_without_factors(question, problem) for problem in failure.problems)
        advance((number + 1) / len(batteries))
    problems.extend(
        replace(problem, question=battery.question)
        for battery in found
        for problem in battery.solution.warnings
    )
    return tuple(found), tuple(problems)


def _batteries(responses: Responses) -> dict[str, list[Variable]]:
    """Interval items by question, for the questions that make more than one column."""
    by_question: dict[str, list[Variable]] = {}
    for variable in responses.questionnaire.variables:
        inside = variable.item is not None and variable.id in responses.frame.columns
        if inside and variable.measure is Measure.INTERVAL:
            by_question.setdefault(variable.question, []).append(variable)
    return by_question


def _without_factors(question: str, problem: Problem) -> Problem:
    return warning(
        "factors.none",
        "The battery {question} has no factor solution: {reason}",
        question=question,
        remedy=problem.remedy_text,
        values={"question": question, "reason": problem},
    )


def _battery(
    responses: Responses,
    question: str,
    variables: list[Variable],
    options: Mapping[str, Any],
    seed: int,
) -> Battery:
    from persona.analysis import factor_analysis

    language = responses.questionnaire.language
    solution = factor_analysis(
        responses.frame[[variable.id for variable in variables]].astype(float),
        weights=responses.weights if responses.weighted else None,
        seed=seed,
        unusable="drop",
        labels={variable.id: text_in(variable.text, language) for variable in variables},
        **options,
    )
    kept = set(solution.loadings.index)
    return Battery(
        question=question,
        text=variables[0].question_text,
        items={variable.id: variable.text for variable in variables if variable.id in kept},
        reversed_items=tuple(variable.id for variable in variables if variable.reverse),
        solution=solution,
        kmo=float(solution.adequacy.kmo.overall),
        bartlett_p=float(solution.adequacy.bartlett.p_value),
        alpha_of={str(factor): part.raw for factor, part in solution.reliability.items()},
        threshold=tuple(float(value) for value in solution.parallel.threshold),
        short={v.id: v.short for v in variables if v.id in kept and v.short},
    )

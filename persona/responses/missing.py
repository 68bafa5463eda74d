"""Pictures of what is missing, and the policy by which an analysis deals with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import Problem, note, warning
from persona.questionnaire.variables import Measure
from persona.responses.model import Responses

#: Share of missing answers from which a variable is hardly worth analysing.
MUCH = 0.60
_PATTERNS = 20


class MissingPolicy(StrEnum):
    """What an analysis does with respondents who lack an answer it needs."""

    PAIRWISE = "pairwise"
    LISTWISE = "listwise"
    MODEL = "model"


@dataclass(frozen=True)
class Kept:
    """The respondents an analysis uses under a policy.

    Parameters
    ----------
    frame : DataFrame
    dropped : int
        Respondents left out.
    policy : MissingPolicy
    warnings : tuple of Problem
        What was dropped is always said.
    """

    frame: pd.DataFrame
    dropped: int
    policy: MissingPolicy
    warnings: tuple[Problem, ...]


def apply_policy(
    frame: pd.DataFrame, policy: MissingPolicy | str, analysis: str = "the analysis"
) -> Kept:
    """The rows that an analysis uses.

    Listwise keeps complete rows; pairwise and model-based keep every row with any answer, because
    pairs of columns, or the likelihood of what was answered, deal with the rest.

    Examples
    --------
    >>> kept = apply_policy(pd.DataFrame({"a": [1, None], "b": [1, 2]}), "listwise")
    >>> len(kept.frame), kept.dropped
    (1, 1)
    """
    policy = MissingPolicy(policy)
    answered = frame.notna()
    keep = answered.all(axis=1) if policy is MissingPolicy.LISTWISE else answered.any(axis=1)
    dropped = int((~keep).sum())
    said: list[Problem] = []
    if dropped:
        what = "an answer missing" if policy is MissingPolicy.LISTWISE else "no answer at all"
        said.append(
            note(
                "missing.dropped",
                "{count} of {n} respondents are left out of {analysis}: they have {what}.",
                values={"count": dropped, "n": len(frame), "analysis": analysis, "what": what},
            )
        )
    return Kept(frame[keep], dropped, policy, tuple(said))


@dataclass(frozen=True)
class MissingPicture:
    """What is missing, by variable, by respondent and in combination.

    Parameters
    ----------
    variables : DataFrame
        Per variable: counts by reason, n shown, share missing of those shown.
    respondents : DataFrame
        Per respondent: questions shown, answered, share missing.
    histogram : DataFrame
        low, high, count: respondents by share missing, in tenths.
    patterns : DataFrame
        The commonest combinations of questions left out: questions, count, share.
    warnings : tuple of Problem
    """

    variables: pd.DataFrame
    respondents: pd.DataFrame
    histogram: pd.DataFrame
    patterns: pd.DataFrame
    warnings: tuple[Problem, ...]


def missing_picture(responses: Responses) -> MissingPicture:
    """Count what is missing of the questions that were to be answered."""
    names = [
        v.id
        for v in responses.questionnaire.variables
        if v.measure not in (Measure.IDENTIFIER, Measure.WEIGHT) and not v.optional
    ]
    counts = responses.missing.loc[names]
    shown = counts.sum(axis=1) - counts["not_asked"]
    lost = shown - counts["answered"]
    share = (lost / shown.where(shown > 0)).fillna(0.0)
    variables = counts.assign(shown=shown, share_missing=share)
    states = responses.states[names].to_numpy()
    shown_each = (states != "not_asked").sum(axis=1)
    answered_each = (states == "answered").sum(axis=1)
    share_each = 1 - answered_each / np.maximum(shown_each, 1)
    respondents = pd.DataFrame(
        {"shown": shown_each, "answered": answered_each, "share_missing": share_each},
        index=responses.frame.index,
    )
    return MissingPicture(
        variables,
        respondents,
        _histogram(share_each),
        _patterns(responses, names, states),
        _warnings(variables),
    )


def _histogram(share: NDArray[np.float64]) -> pd.DataFrame:
    counts, edges = np.histogram(share, bins=10, range=(0.0, 1.0))
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "count": counts})


def _patterns(
    responses: Responses,
    names: Sequence[str],
    states: np.ndarray[tuple[int, int], np.dtype[np.object_]],
) -> pd.DataFrame:
    """Which questions are left out together; a question counts when all its columns are."""
    questions = [responses.questionnaire.variable(name).question for name in names]
    order = list(dict.fromkeys(questions))
    lost = ~np.isin(states.astype(str), ["answered", "not_asked"])
    left = np.stack(
        [
            lost[:, [n for n, q in enumerate(questions) if q == question]].all(axis=1)
            for question in order
        ],
        axis=1,
    )
    found, counts = np.unique(left, axis=0, return_counts=True)
    rows = [
        (", ".join(q for q, gone in zip(order, pattern, strict=True) if gone), int(count))
        for pattern, count in zip(found, counts, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["questions", "count"])
    frame["share"] = frame["count"] / len(states)
    return (
        frame.sort_values("count", ascending=False, kind="stable")
        .head(_PATTERNS)
        .reset_index(drop=True)
    )


def _warnings(variables: pd.DataFrame) -> tuple[Problem, ...]:
    said: list[Problem] = []
    much = variables.index[variables["share_missing"] > MUCH]
    if len(much):
        said.append(
            warning(
                "missing.much",
                "More than {share:.0%} of the answers to {variables} are missing.",
                question=str(much[0]),
                remedy="Leave them out of the basis of segments, or ask why nobody answers.",
                values={"share": MUCH, "variables": ", ".join(map(str, much[:10]))},
            )
        )
    unsure = variables.index[
        (variables["dont_know"] > 0.5 * variables["shown"]) & (variables["shown"] > 0)
    ]
    if len(unsure):
        said.append(
            warning(
                "missing.dont_know",
                "Most respondents say they don't know: {variables}.",
                question=str(unsure[0]),
                remedy="Read it as a finding of its own; what is left is a minority.",
                values={"variables": ", ".join(map(str, unsure[:10]))},
            )
        )
    return tuple(said)

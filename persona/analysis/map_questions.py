"""Which questions and categories may shape a map of answers, and what is said about the others."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from persona.analysis.burt import CategorySpace
from persona.analysis.encoding import Encoded, encode, restricted
from persona.errors import AnalysisError, Problem, error, note, warning
from persona.numeric.moments import Array

RARE = 0.05


def check_columns(frame: pd.DataFrame, extra: list[Hashable]) -> None:
    """Raise an AnalysisError for each supplementary question that is not among the columns."""
    unknown = [name for name in extra if name not in frame.columns]
    if unknown:
        raise AnalysisError(
            error(
                "mca.supplementary",
                "The supplementary question {name!r} is not among the columns.",
                values={"name": str(name)},
            )
            for name in unknown
        )


def about_weights(weight: Array, placed: Collection[Hashable] = ()) -> Iterator[Problem]:
    """What is said of respondents with the weight zero, but for those only placed on the map."""
    zero = int((weight == 0).sum()) - len(placed)
    if zero > 0:
        yield warning(
            "items.zero_weight",
            "{count} respondents have the weight 0 and take no part.",
            values={"count": zero},
        )


def answers(
    questions: pd.DataFrame, taking_part: npt.NDArray[np.bool_], found: list[Problem]
) -> Encoded:
    """Encoded answers of everybody, by the categories of those taking part.

    Questions of which they chose fewer than two categories are left out and named in ``found``.

    Parameters
    ----------
    questions : DataFrame (n, K)
    taking_part : array (n,) of bool
    found : list
        Takes what is to be said.

    Raises
    ------
    AnalysisError
        Fewer than two questions or three respondents are left.
    """
    encoded = encode(questions)
    width = len(encoded.categories)
    chosen = encoded.columns if taking_part.all() else encoded.columns[taking_part]
    used = np.bincount(chosen.ravel() + 1, minlength=width + 1)[1:] > 0
    varied = np.bincount(encoded.question[used], minlength=len(encoded.questions)) >= 2
    found += [
        warning(
            "mca.one_category",
            "The question {name} has fewer than two categories and was left out.",
            column=str(name),
            values={"name": str(name)},
        )
        for name, keep in zip(encoded.questions, varied, strict=True)
        if not keep
    ]
    if varied.sum() < 2 or len(chosen) < 3:
        raise AnalysisError(
            error(
                "mca.few",
                "{questions} questions with two categories or more and {n} respondents are too "
                "few for a map.",
                allowed="two questions and three respondents or more",
                values={"questions": int(varied.sum()), "n": len(chosen)},
            )
        )
    if not (used.all() and varied.all()):
        encoded = restricted(encoded, used & varied[encoded.question], varied)
        chosen = encoded.columns[taking_part]
    holes = int((chosen < 0).sum())
    if holes:
        found.append(
            note(
                "mca.missing",
                "{count} missing answers shape no axis (passive).",
                values={"count": holes},
            )
        )
    return encoded


def active_categories(
    space: CategorySpace, passive: list[Any], rare: str, found: list[Problem]
) -> npt.NDArray[np.bool_]:
    """Which categories shape the axes; those that do not are named.

    Parameters
    ----------
    space : CategorySpace
    passive : list
        Pairs (question, category), or categories of any question.
    rare : {"keep", "passive"}
    found : list
        Takes what is to be said.

    Raises
    ------
    AnalysisError
        Nobody chose a category that shall be passive.
    """
    categories = list(space.encoded.categories)
    pairs = {entry for entry in passive if isinstance(entry, tuple)}
    anywhere = {entry for entry in passive if not isinstance(entry, tuple)}
    unknown = [pair for pair in pairs if pair not in categories]
    unknown += [name for name in anywhere if name not in {category for _, category in categories}]
    if unknown:
        raise AnalysisError(
            error(
                "mca.passive",
                "The passive category {name} was chosen by nobody.",
                values={"name": _label(name) if isinstance(name, tuple) else str(name)},
            )
            for name in unknown
        )
    active = np.array([pair not in pairs and pair[1] not in anywhere for pair in categories])
    few = active & (space.shares < RARE)
    if few.any():
        named = ", ".join(_label(categories[place]) for place in np.flatnonzero(few))
        values = {"count": int(few.sum()), "categories": named}
        if rare == "passive":
            active &= ~few
            found.append(
                warning(
                    "mca.rare_passive",
                    "{count} categories chosen by under 5 % were made passive: {categories}.",
                    values=values,
                )
            )
        else:
            found.append(
                warning(
                    "mca.rare",
                    "{count} categories chosen by under 5 % may rule an axis: {categories}.",
                    remedy="Join them with others, or ask for rare='passive'.",
                    values=values,
                )
            )
    return active


def _label(pair: tuple[Any, Any]) -> str:
    return f"{pair[0]} = {pair[1]}"

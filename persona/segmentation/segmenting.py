"""From a table of bases to segments with their evidence."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from persona.errors import note
from persona.numeric.threads import one_thread
from persona.segmentation import choosing, stability, verdict
from persona.segmentation.assembling import Found, assemble
from persona.segmentation.basis import Basis, read, without
from persona.segmentation.fit import Data, Fit, Method, prepare
from persona.segmentation.guards import check
from persona.segmentation.methods import METHODS
from persona.segmentation.parallel import threads as on_threads
from persona.segmentation.planning import (
    MEASURED,
    Plan,
    Progress,
    canonical,
    centred,
    plan,
    silent,
)
from persona.segmentation.result import Segmentation
from persona.segmentation.searching import search


@one_thread
def segment(
    frame: pd.DataFrame,
    k: int | str = "auto",
    method: str = "auto",
    weights: Sequence[float] | pd.Series | str | None = None,
    seed: int = 0,
    *,
    kinds: Mapping[Any, str] | None = None,
    k_range: Sequence[int] = range(2, 9),
    pairs: int = 100,
    null_draws: int = 19,
    max_missing: float = 0.5,
    standardise: bool | None = None,
    centre: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Segmentation:
    """Divide respondents into segments and say how far the division can be trusted.

    Parameters
    ----------
    frame : DataFrame (respondents, bases)
        Numbers, 0/1, ordered answers, and lists (pandas categories or text); holes allowed.
    k : int or "auto"
        How many segments; ``auto`` weighs the numbers in ``k_range`` and may find one, which
        means none.
    method : str
        One of :data:`persona.segmentation.methods.METHODS`, or ``auto``.
    weights : array, Series or column name, optional
    seed : int
        The same seed gives the same segments, in whatever order rows and columns stand.
    kinds : mapping, optional
        Column to ``numeric``, ``ordinal``, ``binary`` or ``nominal``, where the type does not say.
    pairs : int
        Pairs of bootstrap samples for stability; 0 leaves it out.
    null_draws : int
        Surveys without segments to compare with.
    max_missing : float
        Who left a larger share of the bases unanswered is unassignable.
    standardise : bool, optional
        Measurements to equal spread; by default always but for yes/no answers alone.
    centre : bool
        Take each respondent's own mean out of the ordered answers first (response style).
    threads : int, optional
        By default two where there are two; the result is the same.
    progress : callable (stage, share of the whole), optional
    **options
        Of the method: ``starts``, ``covariance`` (mixture), ``covariates`` and ``prior`` (latent
        class), ``consolidate`` (ward), ``rules``, ``column``, ``edges``, ``bands``, ``shares``,
        ``recency`` ``frequency`` ``money`` (a-priori).

    Returns
    -------
    Segmentation

    Raises
    ------
    AnalysisError
        With every reason why the bases, weights or numbers cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"price": [1, 2, 1, 2] * 30 + [6, 7, 7, 6] * 30,
    ...                         "style": [7, 6, 7, 6] * 30 + [2, 1, 1, 2] * 30})
    >>> segment(answers, k=2, method="kmeans", pairs=10).sizes["n"].tolist()
    [120, 120]
    """
    fixed = method in METHODS and METHODS[method].fixed_k
    basis = read(frame, weights, kinds, 1.0 if fixed else max_missing, by_rule=fixed)
    made = plan(basis, k, method, k_range, pairs, null_draws, seed, options, progress or silent)
    with on_threads(min(2, os.cpu_count() or 1) if threads is None else threads):
        if fixed:
            basis, data, found = _given(basis, made, standardise)
        else:
            data = prepare(canonical(centred(basis) if centre else basis), standardise)
            found = _guarded(data, made, search(data, made))
    asked = {
        "k": k,
        "method": method,
        "k_range": tuple(int(x) for x in k_range),
        "pairs": pairs,
        "null_draws": null_draws,
        "max_missing": max_missing,
        "standardise": standardise,
        "centre": centre,
        **{name: value for name, value in options.items() if name != "covariates"},
    }
    return assemble(basis, data, found, asked, seed)


def _given(basis: Basis, made: Plan, standardise: bool | None) -> tuple[Basis, Data, Found]:
    """Segments that a rule makes: nothing is searched for, nothing is judged.

    Whom the rule cannot place is taken out of the basis, and the rule read again without them.
    """
    way = made.methods[0]
    data = prepare(canonical(basis), standardise)
    fit = way.fit(data, 0, made.generator(1), made.options)
    unplaced = fit.details["unplaced"]
    if (unplaced != "").any():
        out = np.flatnonzero(unplaced != "")
        basis = without(basis, data.basis.kept[out], unplaced[out])
        data = prepare(canonical(basis), standardise)
        fit = way.fit(data, 0, made.generator(1), made.options)
    return basis, data, _as_found(way, fit, data)


def _as_found(way: Method, fit: Fit, data: Data) -> Found:
    """A rule's segments with the little that is to be said of them."""
    choice = choosing.Choice(way.name, fit.k, {(way.name, fit.k): "made by a rule"})
    table = choosing.table({(way.name, fit.k): fit}, data, {}, choice)
    empty = fit.details.get("empty", ())
    problems = [
        note(
            "segments.empty_rule",
            "Nobody with a weight is in the segment {name!r}; it was left out.",
            values={"name": name},
        )
        for name in empty
    ]
    return Found(
        way.name,
        fit,
        table,
        stability.unmeasured(fit.k),
        verdict.given(),
        {},
        fit.details["tables"],
        tuple(problems),
    )


def _guarded(data: Data, made: Plan, found: Found) -> Found:
    """With what commonly makes segments that are not there."""
    made.progress("checks", MEASURED)
    tables, problems = check(data, found.method, found.fit, made)
    made.progress("evidence", (1 + MEASURED) / 2)
    return replace(found, tables=tables, problems=(*found.problems, *problems))

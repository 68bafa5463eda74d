"""From a table of bases to segments with their evidence."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from persona.errors import Problem, note, warning
from persona.numeric.threads import one_thread
from persona.segmentation import choosing, null, stability, verdict
from persona.segmentation.agreement import adjusted_rand
from persona.segmentation.arrays import Labels
from persona.segmentation.assembling import Found, assemble
from persona.segmentation.basis import read
from persona.segmentation.evidence import separation
from persona.segmentation.fit import Data, Fit, prepare
from persona.segmentation.guards import check
from persona.segmentation.methods import METHODS, latent_class
from persona.segmentation.parallel import threads as on_threads
from persona.segmentation.planning import Plan, Progress, canonical, centred, plan, silent
from persona.segmentation.result import Segmentation

AGREEING = 0.75
"""Adjusted Rand index from which latent classes and mixture are said to see the same segments."""

Fits = dict[tuple[str, int], Fit]


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
    progress : callable (stage, share), optional
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
    basis = read(frame, weights, kinds, 0.0 if fixed else max_missing)
    made = plan(basis, k, method, k_range, pairs, null_draws, seed, options, progress or silent)
    data = prepare(canonical(centred(basis) if centre else basis), standardise)
    with on_threads(min(2, os.cpu_count() or 1) if threads is None else threads):
        found = _given(data, made) if fixed else _search(data, made)
        if not fixed:
            found = _guarded(data, made, found)
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


def _given(data: Data, made: Plan) -> Found:
    """Segments that a rule makes: nothing is searched for, nothing is judged."""
    way = made.methods[0]
    fit = way.fit(data, 0, made.generator(1), made.options)
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
        {},
        tuple(problems),
    )


def _search(data: Data, made: Plan) -> Found:
    """Fit every candidate, weigh them, and judge the one chosen."""
    fits = _candidates(data, made)
    compared = null.benchmark(
        data,
        made.generator(2),
        made.null_draws,
        tell=made.stage("comparison with data without segments"),
    )
    name, k = _choose(fits, data, made, compared)
    name = _refined(fits, data, made, name, k)
    pairs, samples = _stability(data, made, k)
    choice = choosing.Choice(name, k, _reasons(fits, made, name, k))
    table = choosing.table(fits, data, pairs, choice)
    fit = fits[name, k]
    own = pairs.get(made.methods[0].name, pd.DataFrame())
    ari = float(own[k].mean()) if k in own else float("nan")
    steady = stability.Stability(
        ari,
        stability.summary(own),
        own,
        stability.segment_stability(fit.labels, samples, k)
        if samples is not None
        else stability.unmeasured(k).segments,
    )
    said = verdict.judge(compared, ari, separation(fit, data), k, made.asked_k is not None)
    way = made.methods[0].name
    divisions = {other: f.labels for (used, other), f in fits.items() if used == way and other > 1}
    if k > 1:
        divisions[k] = fit.labels
    return Found(name, fit, table, steady, said, divisions, {}, tuple(_doubts(fit, said, made)))


def _candidates(data: Data, made: Plan) -> Fits:
    """Every method with every number; one segment as well, to compare with."""
    fits: Fits = {}
    for number, way in enumerate(made.methods):
        for k in (1, *made.ks):
            made.progress(f"{way.title}, {k} segments", k / (max(made.ks, default=1) + 1))
            if k == 1 and not way.likelihood and (number or made.asked_k not in (1, None)):
                continue
            fits[way.name, k] = way.fit(data, k, made.generator(1, number, k), made.options)
    return fits


def _choose(
    fits: Mapping[tuple[str, int], Fit], data: Data, made: Plan, compared: null.NullBenchmark
) -> tuple[str, int]:
    """The method that suits, with the number of segments that a likelihood supports.

    A method without one takes the number from the mixture on the same components.
    """
    way = made.methods[0]
    if made.asked_k is not None:
        return way.name, made.asked_k
    if not made.ks or not verdict.exceeds(compared):
        return way.name, 1
    own = [fit for (name, _), fit in fits.items() if name == way.name]
    if not way.likelihood:
        guide = METHODS["mixture"]
        own = [guide.fit(data, k, made.generator(1, 9, k), {}) for k in (1, *made.ks)]
    return way.name, max(choosing.supported_k(own, data), min(made.ks))


def _refined(fits: Fits, data: Data, made: Plan, name: str, k: int) -> str:
    """Under ``auto``, latent classes begun from the mixture, where both see the same segments.

    The mixture sees the components alone and takes response style for what it is; latent
    classes use every answer. Agreement says that style does not drive them.
    """
    alone = made.asked_method is None and name == "mixture" and k > 1
    if not alone or data.basis.of_kind("numeric"):
        return name
    again = latent_class.refined(data, fits[name, k])
    if adjusted_rand(again.labels, fits[name, k].labels) < AGREEING:
        return name
    fits["latent_class", k] = again
    return "latent_class"


def _stability(
    data: Data, made: Plan, chosen: int
) -> tuple[dict[str, pd.DataFrame], Labels | None]:
    """Agreement of pairs for every candidate, and the samples' divisions for the one chosen."""
    pairs: dict[str, pd.DataFrame] = {}
    samples: Labels | None = None
    if made.pairs < 1 or not made.ks:
        return pairs, None
    for number, way in enumerate(made.methods):
        tell = made.stage(f"stability of {way.title}")
        pairs[way.name], labels = stability.rand_by_k(
            data, way, made.ks, made.pairs, made.generator(3, number), made.options, tell
        )
        if number == 0:
            samples = labels.get(chosen)
    return pairs, samples


def _reasons(
    fits: Mapping[tuple[str, int], Fit], made: Plan, name: str, k: int
) -> dict[tuple[str, int], str]:
    out: dict[tuple[str, int], str] = {}
    for way, other in fits:
        if (way, other) == (name, k):
            asked = made.asked_k is not None
            out[way, other] = "asked for" if asked else "the evidence supports no more and no fewer"
        elif way == made.methods[0].name and other == k:
            out[way, other] = "gave the number; the classes begun from it use every answer"
        elif way not in (name, made.methods[0].name):
            out[way, other] = "shown for comparison"
        elif other < k:
            out[way, other] = "more segments add much"
        else:
            out[way, other] = "adds little to fewer segments"
    return out


def _doubts(fit: Fit, said: verdict.Verdict, made: Plan) -> list[Problem]:
    """What speaks against the result."""
    out = []
    if said.word == "none":
        out.append(
            warning(
                "segments.none",
                "No segments were found: all respondents are one segment.",
                remedy="Use other bases, or set k to make segments that are a choice of yours.",
            )
        )
    if (made.asked_k or 0) > 1 and said.null is not None and not verdict.exceeds(said.null):
        out.append(
            warning(
                "segments.no_evidence",
                "{k} segments were made as asked, but data without any segments divide as well.",
                values={"k": fit.k},
            )
        )
    if not fit.converged:
        out.append(warning("segments.not_converged", "The search stopped before it came to rest."))
    if fit.k > 1 and fit.starts > 1 and fit.replicated * fit.starts < 1.5:
        out.append(
            warning(
                "segments.unreplicated",
                "The best solution was found by only one of {starts} starts.",
                remedy="Ask for more starts.",
                values={"starts": fit.starts},
            )
        )
    return out


def _guarded(data: Data, made: Plan, found: Found) -> Found:
    """With what commonly makes segments that are not there."""
    tables, problems = check(data, found.method, found.fit, made)
    return replace(found, tables=tables, problems=(*found.problems, *problems))

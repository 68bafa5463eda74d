"""The search itself: every candidate fitted, weighed, and the one chosen judged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from persona.errors import Problem, note, warning
from persona.segmentation import choosing, null, stability, verdict
from persona.segmentation.agreement import adjusted_rand
from persona.segmentation.arrays import Array, Labels
from persona.segmentation.assembling import Found
from persona.segmentation.evidence import SILHOUETTE_ROWS, separation
from persona.segmentation.fit import Data, Fit, subset
from persona.segmentation.methods import METHODS, latent_class
from persona.segmentation.planning import COMPARED, FITTED, MEASURED, Plan

AGREEING = 0.75
"""Adjusted Rand index from which latent classes and mixture are said to see the same segments."""

STARTS_ONCE = 20
"""Starts of each sample by which segments are looked for again, as in fpc."""

STABILITY_ROWS = 5000
"""Respondents that bootstrap samples are drawn from; with more, agreement only rises a little."""

Fits = dict[tuple[str, int], Fit]


def search(data: Data, made: Plan) -> Found:
    """Fit every candidate, weigh them, and judge the one chosen."""
    fits = _candidates(data, made)
    compared = null.benchmark(
        data,
        made.generator(2),
        made.null_draws,
        tell=made.stage("comparison with data without segments", FITTED, COMPARED),
    )
    name, k = _choose(fits, data, made, compared)
    name = _refined(fits, data, made, name, k)
    pairs, steady = _steadiness(data, made, fits, name, k)
    choice = choosing.Choice(name, k, _reasons(fits, made, name, k))
    table = choosing.table(fits, data, pairs, choice)
    fit = fits[name, k]
    said = verdict.judge(compared, steady.ari, separation(fit, data), k, made.asked_k is not None)
    way = made.methods[0].name
    divisions = {other: f.labels for (used, other), f in fits.items() if used == way and other > 1}
    if k > 1:
        divisions[k] = fit.labels
    return Found(
        name,
        fit,
        table,
        steady,
        said,
        divisions,
        {},
        (*_doubts(fit, said, made), *_partial(data, made, compared)),
    )


def _candidates(data: Data, made: Plan) -> Fits:
    """Every method with every number; one segment as well, to compare with."""
    fits: Fits = {}
    for number, way in enumerate(made.methods):
        for k in (1, *made.ks):
            done = (number + k / (max(made.ks, default=1) + 1)) / len(made.methods)
            made.progress(f"{way.title}, {k} segments", FITTED * done)
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
    scales = data.basis.of_kind("numeric", "ordinal")
    step = choosing.LEAST_STEP if scales else choosing.LEAST_STEP_LISTS
    # coarse scales feign segments on components; latent classes model the answers themselves
    feigned = (lambda k: 0.0) if way.name == "latent_class" else compared.feigned
    k = max(choosing.supported_k(own, data, step, feigned), min(made.ks))
    # what stands out at another number says nothing for this one
    return way.name, k if compared.excess_at(k) >= verdict.LEAST_EXCESS else 1


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


def _steadiness(
    data: Data, made: Plan, fits: Fits, name: str, k: int
) -> tuple[dict[str, pd.DataFrame], stability.Stability]:
    """Agreement of pairs of samples for every candidate, and the stability of the one chosen.

    Classes begun from the mixture are begun so in every sample again.
    """
    if made.pairs < 1 or not made.ks:
        return {}, stability.unmeasured(k)
    rows = _sampled(data, made.generator(5))
    part = data if len(rows) == data.n else subset(data, rows)
    pairs: dict[str, pd.DataFrame] = {}
    samples: Labels | None = None
    guide = made.methods[0].name
    for number, way in enumerate(made.methods):
        step = (MEASURED - COMPARED) / len(made.methods)
        begin = COMPARED + number * step
        tell = made.stage(f"stability of {way.title}", begin, begin + step)
        pairs[way.name], labels = stability.rand_by_k(
            part, way, made.ks, made.pairs, made.generator(3, number), made.options, tell
        )
        if number == 0:
            samples = labels.get(k)
    own = pairs[guide]
    if samples is not None and name != guide:
        drawn = stability.sample_weights(part, made.pairs, made.generator(3, 0))
        samples = latent_class.resample_refined(part, samples, k, drawn)
        pairs[name] = stability.rand_of_samples(samples, k)
        own = own.copy()
        own[k] = pairs[name][k]
    table = stability.summary(own)
    table["method"] = [name if number == k else guide for number in table.index]
    segments = stability.unmeasured(k).segments
    if samples is not None:
        again = _drawn_once(part, made, name, k)
        own_labels = fits[name, k].labels[rows]
        segments = stability.segment_stability(own_labels, samples, k, again)
    ari = float(own[k].mean()) if k in own else float("nan")
    return pairs, stability.Stability(ari, table, own, segments)


def _drawn_once(data: Data, made: Plan, name: str, k: int) -> tuple[Labels, Array]:
    """Divisions of samples with everybody drawn counted once, and the weights of the samples."""
    way = made.methods[0]
    weights = stability.samples_once(data, made.pairs, made.generator(6))
    options = {**made.options, "resample_starts": STARTS_ONCE}
    labels = way.resample(data, k, weights, made.generator(6, 1), options)
    if name != way.name:
        labels = latent_class.resample_refined(data, labels, k, weights)
    return labels, weights


def _sampled(data: Data, generator: np.random.Generator) -> Labels:
    """All rows, or so many of them that samples are quickly divided."""
    if data.n <= STABILITY_ROWS:
        return np.arange(data.n)
    return np.sort(generator.choice(data.n, STABILITY_ROWS, replace=False))


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


def _partial(data: Data, made: Plan, compared: null.NullBenchmark) -> list[Problem]:
    """What was measured on some of the respondents."""
    if data.n <= STABILITY_ROWS:
        return []
    return [
        note(
            "segments.measured_on_some",
            "With {n} respondents, stability was measured on {rows} of them drawn at random, "
            "silhouettes on {silhouettes}, and the comparison with data without segments on "
            "{null}; the segments themselves rest on all.",
            values={
                "n": data.n,
                "rows": STABILITY_ROWS if made.pairs > 0 else 0,
                "silhouettes": SILHOUETTE_ROWS,
                "null": compared.rows,
            },
        )
    ]

"""From a table of bases to segments with their evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from persona.errors import AnalysisError, Problem, error, warning
from persona.numeric.threads import one_thread
from persona.segmentation import choosing, null, stability, verdict
from persona.segmentation.basis import Basis, Column, read
from persona.segmentation.coordinates import describe
from persona.segmentation.evidence import gather, separation
from persona.segmentation.fit import Data, Fit, Method, prepare
from persona.segmentation.guards import check
from persona.segmentation.methods import METHODS
from persona.segmentation.result import Segmentation, labels_on

Progress = Callable[[str, float], None]


def _silent(stage: str, share: float) -> None:
    """The progress nobody asked for."""


@dataclass(frozen=True)
class Plan:
    """What was asked for, checked."""

    methods: tuple[Method, ...]
    ks: tuple[int, ...]
    asked_k: int | None
    asked_method: str | None
    pairs: int
    seed: int
    options: Mapping[str, Any]
    progress: Progress

    def generator(self, *path: int) -> np.random.Generator:
        """A generator of its own for each task, whatever else was run before."""
        return np.random.default_rng([self.seed, *path])


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
    standardise : bool, optional
        Measurements to equal spread; by default always but for yes/no answers alone.
    centre : bool
        Take each respondent's own mean out of the ordered answers first (response style).
    progress : callable (stage, share), optional

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
    basis = read(frame, weights, kinds, max_missing)
    plan = _plan(basis, k, method, k_range, pairs, seed, options, progress or _silent)
    used = _canonical(centred(basis) if centre else basis)
    data = prepare(used, standardise)
    found = _run(data, plan, null_draws)
    guards = check(
        frame.drop(columns=[weights] if isinstance(weights, str) else []), data, found[0]
    )
    asked = {
        "k": k,
        "method": method,
        "pairs": pairs,
        "null_draws": null_draws,
        "max_missing": max_missing,
        "standardise": standardise,
        "centre": centre,
        **options,
    }
    return _result(basis, data, found, guards, asked, seed)


Found = tuple[
    Fit, pd.DataFrame, stability.Stability, verdict.Verdict, dict[int, Any], list[Problem]
]


def _plan(
    basis: Basis,
    k: int | str,
    method: str,
    k_range: Sequence[int],
    pairs: int,
    seed: int,
    options: Mapping[str, Any],
    progress: Progress,
) -> Plan:
    """Refuse what cannot be, with every reason at once."""
    faults: list[Problem] = []
    whole = isinstance(k, (int, np.integer)) and not isinstance(k, bool)
    if k != "auto" and not (whole and int(k) >= 1):
        faults.append(
            error(
                "segments.k",
                "The number of segments cannot be {k!r}.",
                found=str(k),
                allowed="auto, or a whole number from 1",
                values={"k": str(k)},
            )
        )
    if not isinstance(seed, (int, np.integer)) or seed < 0:
        faults.append(
            error(
                "segments.seed",
                "The seed cannot be {seed!r}.",
                allowed="a whole number from 0",
                values={"seed": str(seed)},
            )
        )
    distinct = basis.distinct()
    if whole and int(k) > distinct:
        faults.append(
            error(
                "segments.k_too_large",
                "{k} segments were asked for, but only {distinct} respondents answer differently.",
                remedy="Ask for fewer segments or use more bases.",
                values={"k": int(k), "distinct": distinct},
            )
        )
    if faults:
        raise AnalysisError(faults)
    methods = (METHODS[method],) if method != "auto" else _for_auto(basis)
    largest = max(1, min(distinct, basis.n // 10 if basis.n >= 20 else distinct))
    ks = (int(k),) if whole else tuple(sorted({int(x) for x in k_range if 1 < x <= largest}))
    neighbours = sorted({*ks, *(x for x in k_range if whole and x <= largest)} - {1})
    return Plan(
        methods,
        tuple(int(x) for x in neighbours),
        int(k) if whole else None,
        None if method == "auto" else method,
        pairs,
        int(seed),
        options,
        progress,
    )


def _for_auto(basis: Basis) -> tuple[Method, ...]:
    """Candidates: first the one that suits the bases best."""
    lists_alone = not basis.of_kind("numeric", "ordinal")
    names = ["latent_class", "mixture"] if lists_alone else ["mixture"]
    return tuple(METHODS[name] for name in [*names, "kmeans"])


def _canonical(basis: Basis) -> Basis:
    """Respondents in an order of their answers, so that the order of the file has no effect."""
    columns = sorted(basis.columns, key=lambda column: str(column.name))
    keys = [basis.weights, *(np.nan_to_num(c.values, nan=-1e300) for c in reversed(columns))]
    order = np.lexsort(keys)
    moved = tuple(Column(c.name, c.kind, c.values[order], c.levels) for c in columns)
    return Basis(
        moved,
        basis.index,
        basis.kept[order],
        basis.weights[order],
        basis.weight_total,
        basis.unassignable,
        basis.problems,
    )


def centred(basis: Basis) -> Basis:
    """Each respondent's mean over the ordered answers taken out of them."""
    style = basis.of_kind("ordinal")
    if len(style) < 3:
        return basis
    with np.errstate(invalid="ignore"):
        answers = np.column_stack([c.measured for c in style])
        seen = ~np.isnan(answers)
        own = np.where(seen, answers, 0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    columns = tuple(
        Column(c.name, "numeric", c.measured - own) if c.kind == "ordinal" else c
        for c in basis.columns
    )
    return Basis(
        columns,
        basis.index,
        basis.kept,
        basis.weights,
        basis.weight_total,
        basis.unassignable,
        basis.problems,
    )


def _run(data: Data, plan: Plan, null_draws: int) -> Found:
    """Fit every candidate, weigh them, and judge the one chosen."""
    fits: dict[tuple[str, int], Fit] = {}
    ones: dict[str, Fit] = {}
    for number, way in enumerate(plan.methods):
        for k in (1, *plan.ks):
            if k == 1 and not way.likelihood and plan.asked_k != 1:
                continue
            plan.progress(f"{way.title}, {k} segments", k / (max(plan.ks, default=1) + 1))
            fit = way.fit(data, k, plan.generator(1, number, k), plan.options)
            fits[way.name, k] = fit
            if k == 1:
                ones[way.name] = fit
    tell = _stage(plan, "comparison with data without segments")
    compared = null.benchmark(data, plan.generator(2), null_draws, tell=tell)
    name, k = _choose(fits, data, plan, compared)
    pairs, samples = _stability(data, plan, k)
    reasons = _reasons(fits, plan, name, k)
    table = choosing.table(fits, data, pairs, choosing.Choice(name, k, reasons))
    fit = fits.get((name, k)) or METHODS[name].fit(data, k, plan.generator(1, 0, k), plan.options)
    own = pairs.get(name, pd.DataFrame())
    ari = float(own[k].mean()) if k in own else float("nan")
    steady = stability.Stability(
        ari,
        stability.summary(own),
        own,
        stability.segment_stability(fit.labels, samples[name, k], k)
        if (name, k) in samples
        else pd.DataFrame(index=pd.RangeIndex(1, k + 1, name="segment")),
    )
    said = verdict.judge(compared, ari, separation(fit, data), k, plan.asked_k is not None)
    divisions = {other: f.labels for (way, other), f in fits.items() if way == name and other > 1}
    return fit, table, steady, said, divisions, _doubts(fit, said, plan)


def _stage(plan: Plan, title: str) -> Callable[[float], None]:
    return lambda share: plan.progress(title, share)


def _choose(
    fits: Mapping[tuple[str, int], Fit], data: Data, plan: Plan, compared: null.NullBenchmark
) -> tuple[str, int]:
    """The first suited method, with the number of segments its likelihood supports."""
    name = plan.methods[0].name
    if plan.asked_k is not None:
        return name, plan.asked_k
    if not plan.ks or not verdict.exceeds(compared):
        return name, 1
    own = [fit for (way, _), fit in fits.items() if way == name]
    if not METHODS[name].likelihood:
        guide = METHODS["mixture"]
        own = [guide.fit(data, k, plan.generator(1, 9, k), {}) for k in (1, *plan.ks)]
    return name, max(choosing.supported_k(own, data), min(plan.ks))


def _stability(
    data: Data, plan: Plan, chosen: int
) -> tuple[dict[str, pd.DataFrame], dict[tuple[str, int], Any]]:
    pairs: dict[str, pd.DataFrame] = {}
    samples: dict[tuple[str, int], Any] = {}
    if plan.pairs < 1 or not plan.ks:
        return pairs, samples
    for number, way in enumerate(plan.methods):
        tell = _stage(plan, f"stability of {way.title}")
        pairs[way.name], labels = stability.rand_by_k(
            data, way, plan.ks, plan.pairs, plan.generator(3, number), plan.options, tell
        )
        if chosen in labels:
            samples[way.name, chosen] = labels[chosen]
    return pairs, samples


def _reasons(
    fits: Mapping[tuple[str, int], Fit], plan: Plan, name: str, k: int
) -> dict[tuple[str, int], str]:
    out: dict[tuple[str, int], str] = {}
    for way, other in fits:
        if (way, other) == (name, k):
            asked = plan.asked_k is not None
            out[way, other] = "asked for" if asked else "the evidence supports no more and no fewer"
        elif way != name:
            out[way, other] = "shown for comparison"
        elif other < k:
            out[way, other] = "more segments add much"
        else:
            out[way, other] = "adds little to fewer segments"
    return out


def _doubts(fit: Fit, said: verdict.Verdict, plan: Plan) -> list[Problem]:
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
    if plan.asked_k is not None and said.null is not None and not verdict.exceeds(said.null):
        out.append(
            warning(
                "segments.no_evidence",
                "{k} segments were made as asked, but data without any segments divide as well.",
                values={"k": fit.k},
            )
        )
    if not fit.converged:
        out.append(warning("segments.not_converged", "The search stopped before it came to rest."))
    if fit.starts > 1 and fit.replicated * fit.starts <= 1:
        out.append(
            warning(
                "segments.unreplicated",
                "The best solution was found by one start in {starts}.",
                remedy="Ask for more starts.",
                values={"starts": fit.starts},
            )
        )
    return out


def _result(
    basis: Basis,
    data: Data,
    found: Found,
    guards: tuple[Mapping[str, pd.DataFrame], list[Problem]],
    asked: Mapping[str, Any],
    seed: int,
) -> Segmentation:
    """Everything renumbered by size and put on the user's index."""
    fit, table, steady, said, divisions, doubts = found
    original = {name: column for name, column in zip(basis.names, basis.columns, strict=True)}
    place = np.empty(len(basis.index), dtype=np.intp)
    place[basis.kept] = np.arange(basis.n)
    rows = place[data.basis.kept]
    plain = tuple(Column(c.name, c.kind, c.values[rows], c.levels) for c in original.values())
    hard = np.eye(fit.k)[fit.labels]
    names, centres = describe(plain, hard, data.weights)
    order = _by_size(hard, data.weights, centres)
    member, kept = fit.memberships[:, order], data.basis.kept
    ranked = Fit(fit.k, member, fit.model, details=fit.details)
    segments = pd.RangeIndex(1, fit.k + 1, name="segment")
    probabilities = pd.DataFrame(np.nan, index=basis.index, columns=segments, dtype=float)
    probabilities.iloc[kept] = member
    labels = labels_on(basis.index, kept, ranked.labels + 1)
    scale = basis.weight_total / data.weights.sum()
    size = np.bincount(ranked.labels, data.weights * scale, fit.k)
    sizes = pd.DataFrame(
        {
            "n": np.bincount(ranked.labels, minlength=fit.k),
            "n_weighted": size,
            "share": size / size.sum(),
        },
        index=segments,
    )
    by_segment = steady.segments
    if len(by_segment.columns):
        by_segment = by_segment.iloc[order].set_axis(segments)
    proof = gather(data, ranked, divisions, basis.index[kept])
    proof_rows = proof.respondents.loc[basis.index[np.sort(kept)]]
    proof = type(proof)(
        proof_rows, proof.markers, proof.lineage, proof.mean_posterior, proof.components
    )
    return Segmentation(
        labels=labels,
        probabilities=probabilities,
        k=fit.k,
        method=str(table.loc[table["chosen"], "method"].iloc[0]),
        candidates=table,
        stability=stability.Stability(steady.ari, steady.by_k, steady.pairs, by_segment),
        verdict=said,
        centres=pd.DataFrame(
            centres[order], index=segments, columns=pd.Index(names, tupleize_cols=False)
        ),
        unassignable=basis.unassignable,
        sizes=sizes,
        evidence=proof,
        tables=guards[0],
        n=basis.n,
        n_weighted=basis.weight_total,
        options=dict(asked),
        seed=seed,
        warnings=(*basis.problems, *doubts, *guards[1], *_small(sizes)),
        columns=data.basis.columns,
        model=fit.model,
        order=tuple(int(i) for i in order),
    )


def _by_size(hard: np.ndarray, weights: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Largest first; equal sizes by their centres."""
    size = np.round(hard.T @ weights, 9)
    keys = [*(np.round(centres[:, j], 9) for j in range(centres.shape[1] - 1, -1, -1)), -size]
    return np.lexsort(keys)


def _small(sizes: pd.DataFrame) -> list[Problem]:
    few = sizes.index[(sizes["n"] < 60) | (sizes["share"] < 0.05)]
    if len(sizes) < 2 or not len(few):
        return []
    return [
        warning(
            "segments.small",
            "Segments {names} are small: under 60 respondents or under 5 percent.",
            remedy="Report them with care, or ask for fewer segments.",
            values={"names": ", ".join(map(str, few))},
        )
    ]

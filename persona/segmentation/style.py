"""Response style: what of the segments is how people use a scale rather than what they think."""

from __future__ import annotations

import numpy as np
import pandas as pd

from persona.errors import Problem, note, warning
from persona.segmentation.agreement import adjusted_rand, cross_table, jaccard_of_table, match
from persona.segmentation.arrays import Array, Labels
from persona.segmentation.coordinates import describe
from persona.segmentation.fit import Data, Fit, prepare
from persona.segmentation.methods import METHODS
from persona.segmentation.planning import Plan, canonical, centred

LEAST_ITEMS = 5
"""Ordered answers from which a respondent's own mean and spread can be told."""

LARGE = 0.5
"""Share of the difference between segments that is called style."""

SAME = 0.65
"""Adjusted Rand index with the centred division under which the warning is given."""


def own_mean_and_spread(data: Data) -> tuple[Array, Array]:
    """Mean and standard deviation of each respondent's ordered answers (n,), (n,)."""
    answers = np.column_stack([c.measured for c in data.basis.of_kind("ordinal")])
    with np.errstate(invalid="ignore"):
        seen = ~np.isnan(answers)
        count = np.maximum(seen.sum(axis=1), 1)
        mean = np.where(seen, answers, 0.0).sum(axis=1) / count
        square = (np.where(seen, answers - mean[:, None], 0.0) ** 2).sum(axis=1) / count
    return mean, np.sqrt(square)


def explained(values: Array, labels: Labels, k: int, weights: Array) -> float:
    """Share of the variance that lies between segments (eta squared)."""
    size = np.maximum(np.bincount(labels, weights, k), 1e-300)
    means = np.bincount(labels, weights * values, k) / size
    grand = float(weights @ values / weights.sum())
    total = float(weights @ (values - grand) ** 2)
    return float(size @ (means - grand) ** 2 / total) if total > 0 else 0.0


def style_shares(data: Data, fit: Fit) -> tuple[float, float]:
    """Share of the difference between segments that lies along the mean, and along the spread.

    Differences of segment means over the ordered items are split into an equal shift of all
    items, a stretch of the profile of the whole sample about its own mean, and the rest.
    """
    items = [i for i, c in enumerate(data.basis.columns) if c.kind == "ordinal"]
    answers = np.column_stack([data.basis.columns[i].measured for i in items])
    seen = ~np.isnan(answers)
    filled = np.where(seen, answers, 0.0)
    member = np.eye(fit.k)[fit.labels] * data.weights[:, None]
    base = np.maximum(member.T @ seen, 1e-300)
    means = member.T @ filled / base
    profile = data.weights @ filled / np.maximum(data.weights @ seen, 1e-300)
    size = member.sum(axis=0)
    gaps = means - profile
    total = float(size @ (gaps**2).sum(axis=1))
    if total <= 0:
        return 0.0, 0.0
    shift = float(size @ gaps.mean(axis=1) ** 2) * len(items) / total
    shape = profile - profile.mean()
    length = float(np.sqrt(shape @ shape))
    stretch = float(size @ (gaps @ shape / length) ** 2) / total if length > 1e-12 else 0.0
    return shift, stretch


def response_style(
    data: Data, method: str, fit: Fit, made: Plan
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """How much style there is in the segments, and the same division of centred answers.

    Returns
    -------
    tables : dict
        ``response_style``: ``measure``, ``value``. ``centred``: for each segment and basis the
        mean as divided and the mean in the segment of the centred division that shares most
        respondents with it.
    """
    items = data.basis.of_kind("ordinal")
    if len(items) < LEAST_ITEMS:
        return {}, []
    mean, spread = own_mean_and_spread(data)
    shift, stretch = style_shares(data, fit)
    other = _refit(data, method, fit, made)
    agreement = adjusted_rand(fit.labels, other)
    rows = [
        ("share of the difference that is the own mean", shift),
        ("share of the difference that is the own spread", stretch),
        ("variance of own means between segments", explained_by(data, fit, mean)),
        ("variance of own spreads between segments", explained_by(data, fit, spread)),
        ("adjusted Rand index with the centred division", agreement),
    ]
    tables = {
        "response_style": pd.DataFrame(rows, columns=["measure", "value"]),
        "centred": _side_by_side(data, fit, other),
    }
    values = {"shift": shift, "stretch": stretch, "agreement": agreement}
    if shift + stretch >= LARGE and agreement < SAME:
        return tables, [
            warning(
                "segments.response_style",
                "{shift:.0%} of the difference between segments is each respondent's own mean "
                "and {stretch:.0%} the own spread; centred answers divide differently "
                "(adjusted Rand index {agreement:.2f}).",
                remedy="Compare both divisions; centre=True divides the centred answers.",
                values=values,
            )
        ]
    return tables, [
        note(
            "segments.response_style_measured",
            "{shift:.0%} of the difference between segments is each respondent's own mean and "
            "{stretch:.0%} the own spread; centred answers agree with the division at "
            "{agreement:.2f} (adjusted Rand index).",
            values=values,
        )
    ]


def explained_by(data: Data, fit: Fit, values: Array) -> float:
    """Eta squared of a value of respondents by the segments of a fit."""
    return explained(values, fit.labels, fit.k, data.weights)


def _refit(data: Data, method: str, fit: Fit, made: Plan) -> Labels:
    """Labels of the same method and number on answers without the own mean, on the same rows."""
    basis = canonical(centred(data.basis))
    again = prepare(basis, data.space.standardised)
    way = METHODS[method]
    # centred answers are measurements, which latent class would take as normal and independent
    way = METHODS["mixture"] if method == "latent_class" else way
    other = way.fit(again, fit.k, made.generator(4), {**made.options, "rounds": 0})
    place = np.argsort(basis.kept, kind="stable")
    back = np.argsort(np.argsort(data.basis.kept, kind="stable"), kind="stable")
    return np.asarray(other.labels[place][back])


def _side_by_side(data: Data, fit: Fit, other: Labels) -> pd.DataFrame:
    """Means of every basis in each segment of both divisions."""
    rows, columns = match(jaccard_of_table(cross_table(fit.labels, other, data.weights, fit.k)))
    partner = np.empty(fit.k, dtype=np.intp)
    partner[rows] = columns
    names, own = describe(data.basis.columns, np.eye(fit.k)[fit.labels], data.weights)
    _, second = describe(data.basis.columns, np.eye(fit.k)[other], data.weights)
    sizes = np.bincount(fit.labels, data.weights, fit.k) / data.weights.sum()
    others = np.bincount(other, data.weights, fit.k) / data.weights.sum()
    out = []
    for segment in range(fit.k):
        near = partner[segment]
        for j, name in enumerate(names):
            out.append(
                (segment, sizes[segment], others[near], name, own[segment, j], second[near, j])
            )
    titles = ["segment", "share", "share_centred", "basis", "value", "value_centred"]
    return pd.DataFrame(out, columns=titles)

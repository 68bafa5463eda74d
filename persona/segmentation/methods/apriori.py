"""Segments made by a rule: conditions, bands, recency-frequency-money, and ABC."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from persona.errors import AnalysisError, error
from persona.segmentation.arrays import Array, Labels
from persona.segmentation.basis import Column
from persona.segmentation.fit import Data, Fit, Method
from persona.segmentation.rules import holds

OTHERS = "others"

RFM_NAMES = ("champions", "loyal", "promising", "at risk", "lapsed")
"""Recent and frequent; frequent; recent; valuable once but long ago; neither."""


@dataclass(frozen=True)
class Rule:
    """A rule that names a segment for each respondent.

    Parameters
    ----------
    names : tuple of str
        Segments that somebody is in.
    decide : callable (columns) -> array of names
    """

    names: tuple[str, ...]
    decide: Callable[[tuple[Column, ...]], np.ndarray]

    def assign(self, columns: tuple[Column, ...]) -> Array:
        """One for the segment the rule names, zero for the others."""
        found = self.decide(columns)
        return np.asarray((found[:, None] == np.array(self.names)[None]).astype(float))


def answers(columns: tuple[Column, ...]) -> dict[str, pd.Series]:
    """Columns as the user knows them: numbers, or the answers themselves."""
    out = {}
    for column in columns:
        if column.levels and not all(isinstance(x, (int, float)) for x in column.levels):
            seen = ~np.isnan(column.values)
            values = np.full(len(column.values), None, dtype=object)
            for row in np.flatnonzero(seen):
                values[row] = column.levels[int(column.values[row])]
            out[str(column.name)] = pd.Series(values, name=column.name)
        else:
            out[str(column.name)] = pd.Series(column.measured, name=column.name)
    return out


def _fit(
    data: Data, decide: Callable[[tuple[Column, ...]], np.ndarray], order: Sequence[str]
) -> Fit:
    found = decide(data.basis.columns)
    counts = {name: float(data.weights[found == name].sum()) for name in order}
    names = tuple(name for name in order if counts[name] > 0)
    if not names:
        raise AnalysisError(
            error("segments.rule_empty", "The rule puts nobody with a weight into any segment.")
        )
    empty = tuple(name for name in order if counts[name] <= 0)
    model = Rule(names, decide)
    member = model.assign(data.basis.columns)
    return Fit(len(names), member, model, details={"names": names, "empty": empty})


def _column(data: Data, options: Mapping[str, Any], key: str, default: str | None = None) -> str:
    """The name of a measured column that an option gives."""
    name = options.get(key, default)
    known = [str(c.name) for c in data.basis.columns if c.kind != "nominal"]
    if name is None and len(known) == 1:
        name = known[0]
    if str(name) not in known:
        raise AnalysisError(
            error(
                "segments.rule_column",
                "{key} names the column {name!r}, which is no number among the bases.",
                found=str(name),
                allowed=", ".join(known),
                remedy="Give {key}= one of these columns.".replace("{key}", key),
                values={"key": key, "name": str(name)},
            )
        )
    return str(name)


def fit_rule(data: Data, k: int, generator: np.random.Generator, options: Mapping[str, Any]) -> Fit:
    """The first condition of ``rules`` (name to condition) that holds; else ``others``."""
    rules = options.get("rules")
    if not isinstance(rules, Mapping) or not rules:
        raise AnalysisError(
            error(
                "segments.rules_missing",
                "The method rule needs rules: a name and a condition for each segment.",
                remedy="For instance rules={'heavy users': 'visits >= 10'}",
            )
        )
    conditions = {str(name): str(text) for name, text in rules.items()}

    def decide(columns: tuple[Column, ...]) -> np.ndarray:
        known = answers(columns)
        out = np.full(len(columns[0].values), OTHERS, dtype=object)
        for name, text in reversed(conditions.items()):
            out[holds(text, known)] = name
        return out

    return _fit(data, decide, [*dict.fromkeys([*conditions, OTHERS])])


def weighted_quantiles(values: Array, weights: Array, at: Sequence[float]) -> Array:
    """The least value with at least this share of the weight at or below it."""
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order]) / weights.sum()
    places = np.minimum(np.searchsorted(share, np.asarray(at) - 1e-12), len(values) - 1)
    return np.asarray(values[order][places])


def fit_bands(
    data: Data, k: int, generator: np.random.Generator, options: Mapping[str, Any]
) -> Fit:
    """Bands of one column: between ``edges``, or ``bands`` of equal weight (default 4).

    A band holds its lower edge and not its upper one.
    """
    name = _column(data, options, "column")
    values = _measured(data, name)
    edges = options.get("edges")
    if edges is None:
        count = int(options.get("bands", 4))
        shares = [(i + 1) / count for i in range(count - 1)]
        edges = np.unique(weighted_quantiles(values, data.weights, shares))
        edges = edges[edges > values.min()]
    cuts = np.asarray(edges, float)
    if cuts.ndim != 1 or (np.diff(cuts) <= 0).any() or not np.isfinite(cuts).all():
        raise AnalysisError(
            error(
                "segments.edges",
                "The edges of bands must rise: {edges}.",
                values={"edges": ", ".join(map(str, np.atleast_1d(cuts)))},
            )
        )
    names = _band_names(name, cuts)

    def decide(columns: tuple[Column, ...]) -> np.ndarray:
        own = next(c for c in columns if str(c.name) == name).measured
        found = np.array(names, dtype=object)[np.searchsorted(cuts, own, side="right")]
        found[np.isnan(own)] = None
        return found

    return _fit(data, decide, names)


def _band_names(name: str, cuts: Array) -> list[str]:
    if not len(cuts):
        return [name]
    inner = [f"{name} {a:g} to under {b:g}" for a, b in pairwise(cuts)]
    return [f"{name} under {cuts[0]:g}", *inner, f"{name} from {cuts[-1]:g}"]


def _measured(data: Data, name: str) -> Array:
    return next(c for c in data.basis.columns if str(c.name) == name).measured


def fit_abc(data: Data, k: int, generator: np.random.Generator, options: Mapping[str, Any]) -> Fit:
    """A, B and C customers: those who bring the first 80 %, the next 15 % and the last 5 %.

    ``shares`` moves the limits (.80, .95); who is at a limit falls into the better class.
    """
    name = _column(data, options, "column")
    values = _measured(data, name)
    shares = tuple(float(x) for x in options.get("shares", (0.8, 0.95)))
    if len(shares) != 2 or not 0 < shares[0] < shares[1] < 1:
        raise AnalysisError(
            error(
                "segments.shares",
                "The limits of A and B must be two rising shares between 0 and 1.",
                found=str(shares),
            )
        )
    gain = np.maximum(values, 0) * data.weights
    if gain.sum() <= 0:
        raise AnalysisError(
            error("segments.abc", "Nobody brings anything in {column!r}.", values={"column": name})
        )
    order = np.argsort(-values, kind="stable")
    before = (np.cumsum(gain[order]) - gain[order]) / gain.sum()
    least_a = values[order][before < shares[0] - 1e-12].min()
    least_b = values[order][before < shares[1] - 1e-12].min()

    def decide(columns: tuple[Column, ...]) -> np.ndarray:
        own = next(c for c in columns if str(c.name) == name).measured
        found = np.where(own >= least_a, "A", np.where(own >= least_b, "B", "C")).astype(object)
        found[np.isnan(own)] = None
        return found

    return _fit(data, decide, ["A", "B", "C"])


def fit_rfm(data: Data, k: int, generator: np.random.Generator, options: Mapping[str, Any]) -> Fit:
    """Recency, frequency, money: each in fifths (Hughes 1994), joined to five segments.

    ``recency`` (days since the last purchase, unless ``recency_high_is_recent``), ``frequency``
    and ``money`` name the columns; high is from the third fifth up.
    """
    parts = ("recency", "frequency", "money")
    names = {part: _column(data, options, part, part) for part in parts}
    edges = {
        part: np.unique(
            weighted_quantiles(_measured(data, name), data.weights, (0.2, 0.4, 0.6, 0.8))
        )
        for part, name in names.items()
    }
    turned = not options.get("recency_high_is_recent", False)

    def decide(columns: tuple[Column, ...]) -> np.ndarray:
        score = {}
        holes = np.zeros(len(columns[0].values), bool)
        for part, name in names.items():
            own = next(c for c in columns if str(c.name) == name).measured
            holes |= np.isnan(own)
            fifth = np.searchsorted(edges[part], own, side="left") + 1
            score[part] = 6 - fifth if part == "recency" and turned else fifth
        found = rfm_segment(score["recency"], score["frequency"], score["money"])
        found[holes] = None
        return found

    return _fit(data, decide, RFM_NAMES)


def rfm_segment(recency: Labels, frequency: Labels, money: Labels) -> np.ndarray:
    """The segment of scores from 1 (low) to 5 (high)."""
    value = (frequency + money) / 2
    conditions = [
        (recency >= 4) & (value >= 4),
        (recency >= 3) & (value >= 3),
        recency >= 4,
        value >= 3,
    ]
    return np.asarray(np.select(conditions, RFM_NAMES[:4], RFM_NAMES[4]), dtype=object)


def resample(
    data: Data, k: int, weights: Array, generator: np.random.Generator, options: Mapping[str, Any]
) -> Labels:
    """A rule does not change with the sample."""
    raise AnalysisError(
        error("segments.rule_stability", "Segments made by a rule have no stability to measure.")
    )


def _method(name: str, title: str, fit: Callable[..., Fit]) -> Method:
    return Method(name, title, fit, resample, fixed_k=True)


APRIORI = (
    _method("rule", "rule", fit_rule),
    _method("bands", "bands", fit_bands),
    _method("rfm", "recency, frequency, money", fit_rfm),
    _method("abc", "ABC analysis", fit_abc),
)

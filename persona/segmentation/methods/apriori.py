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
from persona.segmentation.rules import UNDECIDED, decided

OTHERS = "others"
NO_SUCH = "the rule names a segment that nobody with a weight is in"

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
        None where an answer is missing that would decide.
    """

    names: tuple[str, ...]
    decide: Callable[[tuple[Column, ...]], np.ndarray]

    def assign(self, columns: tuple[Column, ...]) -> Array:
        """One for the segment the rule names, zero for the others; zeros where it names none."""
        found = self.decide(columns)
        return np.asarray((found[:, None] == np.array(self.names)[None]).astype(float))


def answers(columns: tuple[Column, ...]) -> dict[str, pd.Series]:
    """Columns as the user knows them: numbers, or the answers themselves."""
    out = {}
    for column in columns:
        if column.kind != "nominal" and all(isinstance(x, (int, float)) for x in column.levels):
            out[str(column.name)] = pd.Series(column.measured, name=column.name)
            continue
        values = np.full(len(column.values), None, dtype=object)
        for row in np.flatnonzero(~np.isnan(column.values)):
            values[row] = column.levels[int(column.values[row])]
        out[str(column.name)] = pd.Series(values, name=column.name)
    return out


def _fit(
    data: Data,
    decide: Callable[[tuple[Column, ...]], np.ndarray],
    order: Sequence[str],
    limits: pd.DataFrame | None = None,
) -> Fit:
    """The fit of a rule; ``details["unplaced"]`` says why a respondent is in no segment.

    ``limits`` holds one row a name of ``order``, or is no table by segments.
    """
    found = decide(data.basis.columns)
    counts = {name: float(data.weights[found == name].sum()) for name in order}
    names = tuple(name for name in order if counts[name] > 0)
    if not names:
        raise AnalysisError(
            error(
                "segments.rule_empty",
                "The rule puts nobody with a weight into any segment.",
                remedy="Look whether the questions it asks were answered.",
            )
        )
    empty = tuple(name for name in order if counts[name] <= 0)
    model = Rule(names, decide)
    member = model.assign(data.basis.columns)
    reasons = np.where([name is None for name in found], UNDECIDED, NO_SUCH)
    details = {
        "names": names,
        "empty": empty,
        "unplaced": np.where(member.sum(axis=1) > 0, "", reasons),
        "tables": {} if limits is None else {"limits": _of_segments(limits, names)},
    }
    return Fit(len(names), member, model, details=details)


def _of_segments(limits: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Rows of the segments that somebody is in, with their place under ``segment``."""
    if "name" not in limits:
        return limits
    table = limits[limits["name"].isin(names)].reset_index(drop=True)
    return table.assign(segment=range(len(table)))


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
            found = decided(text, known)
            out[~found.no] = None
            out[found.yes] = name
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
    values, weights = _known(data, name)
    edges = options.get("edges")
    if edges is None:
        count = _band_count(options.get("bands", 4))
        shares = [(i + 1) / count for i in range(count - 1)]
        edges = np.unique(weighted_quantiles(values, weights, shares))
        edges = edges[edges > values.min()]
    cuts = _rising(edges)
    names = _band_names(name, cuts)
    limits = pd.DataFrame({"name": names, "low": [np.nan, *cuts], "high": [*cuts, np.nan]})

    def decide(columns: tuple[Column, ...]) -> np.ndarray:
        own = next(c for c in columns if str(c.name) == name).measured
        found = np.array(names, dtype=object)[np.searchsorted(cuts, own, side="right")]
        found[np.isnan(own)] = None
        return found

    return _fit(data, decide, names, limits)


def _band_count(bands: Any) -> int:
    if isinstance(bands, (int, np.integer)) and not isinstance(bands, bool) and bands >= 2:
        return int(bands)
    raise AnalysisError(
        error(
            "segments.bands",
            "A column cannot be cut into {bands} bands.",
            found=str(bands),
            allowed="a whole number from 2",
            values={"bands": str(bands)},
        )
    )


def _rising(edges: Any) -> Array:
    """The edges of bands as numbers, refused unless they rise."""
    try:
        cuts = np.asarray(edges, float)
    except (TypeError, ValueError):
        cuts = np.array([np.nan])
    if cuts.ndim == 1 and np.isfinite(cuts).all() and (np.diff(cuts) > 0).all():
        return cuts
    raise AnalysisError(
        error(
            "segments.edges",
            "The edges of bands must rise: {edges}.",
            found=str(edges),
            allowed="numbers, each above the one before",
            values={"edges": str(edges)},
        )
    )


def _band_names(name: str, cuts: Array) -> list[str]:
    if not len(cuts):
        return [name]
    inner = [f"{name} {a:g} to under {b:g}" for a, b in pairwise(cuts)]
    return [f"{name} under {cuts[0]:g}", *inner, f"{name} from {cuts[-1]:g}"]


def _known(data: Data, name: str) -> tuple[Array, Array]:
    """The answers to a column that somebody with a weight gave, and those weights."""
    values = next(c for c in data.basis.columns if str(c.name) == name).measured
    there = ~np.isnan(values) & (data.weights > 0)
    if there.any():
        return values[there], data.weights[there]
    raise AnalysisError(
        error(
            "segments.rule_unanswered",
            "Nobody with a weight answered {column!r}, which makes the segments.",
            remedy="Choose a column with answers.",
            values={"column": name},
        )
    )


def fit_abc(data: Data, k: int, generator: np.random.Generator, options: Mapping[str, Any]) -> Fit:
    """A, B and C customers: those who bring the first 80 %, the next 15 % and the last 5 %.

    ``shares`` moves the limits (.80, .95); who is at a limit falls into the better class.
    """
    name = _column(data, options, "column")
    values, weights = _known(data, name)
    shares = _two_shares(options.get("shares", (0.8, 0.95)))
    gain = np.maximum(values, 0) * weights
    if gain.sum() <= 0:
        raise AnalysisError(
            error(
                "segments.abc",
                "Nobody brings anything in {column!r}.",
                remedy="Choose a column of what customers bring, such as their revenue.",
                values={"column": name},
            )
        )
    order = np.argsort(-values, kind="stable")
    before = (np.cumsum(gain[order]) - gain[order]) / gain.sum()
    least_a, least_b = (values[order][before < share - 1e-12].min() for share in shares)
    limits = pd.DataFrame(
        {
            "name": ["A", "B", "C"],
            "low": [least_a, least_b, np.nan],
            "high": [np.nan, least_a, least_b],
        }
    )

    def decide(columns: tuple[Column, ...]) -> np.ndarray:
        own = next(c for c in columns if str(c.name) == name).measured
        found = np.where(own >= least_a, "A", np.where(own >= least_b, "B", "C")).astype(object)
        found[np.isnan(own)] = None
        return found

    return _fit(data, decide, ["A", "B", "C"], limits)


def _two_shares(given: Any) -> tuple[float, float]:
    try:
        first, second = (float(share) for share in given)
    except (TypeError, ValueError):
        first, second = 0.0, 0.0
    if 0 < first < second < 1:
        return first, second
    raise AnalysisError(
        error(
            "segments.shares",
            "The limits of A and B must be two rising shares between 0 and 1.",
            found=str(given),
        )
    )


def fifths(values: Array, weights: Array) -> Array:
    """The least value of the second to the fifth fifth; equal values share their middle rank.

    Examples
    --------
    >>> fifths(np.array([1.0, 2, 3, 4, 5]), np.ones(5)).tolist()
    [2.0, 3.0, 4.0, 5.0]
    """
    different, place = np.unique(values, return_inverse=True)
    mass = np.bincount(place, weights)
    middle = (np.cumsum(mass) - mass / 2) / mass.sum()
    fifth = np.minimum(np.floor(5 * middle + 1e-12) + 1, 5)
    reached = np.searchsorted(fifth, [2, 3, 4, 5], side="left")
    return np.append(different, np.inf)[reached]


def fit_rfm(data: Data, k: int, generator: np.random.Generator, options: Mapping[str, Any]) -> Fit:
    """Recency, frequency, money: each in fifths (Hughes 1994), joined to five segments.

    ``recency`` (days since the last purchase, unless ``recency_high_is_recent``), ``frequency``
    and ``money`` name the columns; high is from the third fifth up.
    """
    parts = ("recency", "frequency", "money")
    names = {part: _column(data, options, part, part) for part in parts}
    edges = {part: fifths(*_known(data, name)) for part, name in names.items()}
    turned = not options.get("recency_high_is_recent", False)

    def decide(columns: tuple[Column, ...]) -> np.ndarray:
        score = {}
        holes = np.zeros(len(columns[0].values), bool)
        for part, name in names.items():
            own = next(c for c in columns if str(c.name) == name).measured
            holes |= np.isnan(own)
            fifth = np.searchsorted(edges[part], own, side="right") + 1
            score[part] = 6 - fifth if part == "recency" and turned else fifth
        found = rfm_segment(score["recency"], score["frequency"], score["money"])
        found[holes] = None
        return found

    limits = pd.DataFrame(
        [(names[part], fifth, cut) for part in parts for fifth, cut in enumerate(edges[part], 2)],
        columns=["basis", "fifth", "low"],
    )
    return _fit(data, decide, RFM_NAMES, limits)


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

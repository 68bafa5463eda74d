"""Answers by measure: batteries, scales, options, numbers, days."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri
from scipy.stats import beta

from persona.questionnaire.variables import Measure, Variable
from persona.responses.simulation.people import People
from persona.responses.simulation.plan import FLOAT, factor_groups

Cells = list[object]
_ACTIVITY = {
    "behaviour": 0.3,
    "journey": 0.3,
    "situation": 0.3,
    "promotion": 0.3,
    "value": 0.6,
    "channel": 0.2,
}
_DAYS_SINCE = 75.0
_CONCENTRATION = 3.6
_CALIBRATIONS = 30


def standardised(latent: FLOAT) -> FLOAT:
    """A latent answer with mean 0 and standard deviation 1 over the respondents."""
    spread = float(latent.std())
    return (latent - latent.mean()) / spread if spread > 0 else latent * 0.0


def scale_cells(
    variable: Variable, latent: FLOAT, people: People, rng: np.random.Generator
) -> Cells:
    """Codes of an ordered scale: the latent answers cut where the margin asks.

    A margin that is not laid down is a discretised beta distribution, skewed to either side; of
    a likelihood to recommend, 0 to 10, it is skewed to the top.
    """
    points = len(variable.codes)
    recommending = points == 11 and variable.measure is Measure.INTERVAL
    centre = 0.74 if recommending else rng.uniform(0.38, 0.68)
    a, b = centre * _CONCENTRATION, (1 - centre) * _CONCENTRATION
    margin = people.plan.margin(variable.id)
    below = np.cumsum(margin)[:-1] if margin is not None else beta.cdf(_inner(points), a, b)
    position = np.searchsorted(ndtri(below.clip(1e-6, 1 - 1e-6)), standardised(latent))
    return [variable.codes[i] for i in position]


def _inner(points: int) -> FLOAT:
    return np.arange(1, points) / points


def battery_cells(variables: Sequence[Variable], people: People) -> dict[str, Cells]:
    """A battery: factors, loadings, reversed items, response styles, straight-liners.

    latent = shift + loading * factor + sqrt(1 - loading^2) * own, turned where the item is
    reversed; then agreement is added and the whole stretched by the respondent's style.
    """
    rng = people.rng(variables[0].question)
    factor_of = {
        item: number
        for number, group in enumerate(factor_groups([v.id for v in variables]))
        for item in group
    }
    factors = rng.normal(size=(people.n, max(factor_of.values()) + 1))
    columns: dict[str, Cells] = {}
    for variable in variables:
        loading = rng.uniform(0.55, 0.8)
        own = rng.normal(size=people.n)
        trait = loading * factors[:, factor_of[variable.id]] + np.sqrt(1 - loading**2) * own
        turned = -1.0 if variable.reverse else 1.0
        latent = standardised(turned * (people.shift(variable.id) + trait))
        styled = (latent + people.agreeing) * people.extreme
        columns[variable.id] = scale_cells(variable, styled, people, rng)
    point = rng.integers(0, len(variables[0].codes), people.n)
    for row in np.flatnonzero(people.straight):
        for variable in variables:
            columns[variable.id][row] = variable.codes[point[row]]
    return columns


def ordered_cells(variable: Variable, people: People) -> tuple[Cells, FLOAT]:
    """One ordered answer, with the latent answer behind it."""
    rng = people.rng(variable.id)
    latent = people.shift(variable.id) + rng.normal(size=people.n)
    latent = latent + _ACTIVITY.get(variable.kind, 0.0) * people.activity
    return scale_cells(variable, latent, people, rng), standardised(latent)


def nominal_cells(variable: Variable, people: People) -> Cells:
    """One option: skewed popularity, shifted by segment (Gumbel draws give the choice)."""
    rng = people.rng(variable.id)
    options = len(variable.codes)
    drawn = np.exp(rng.normal(0.0, 0.5, options) - 0.3 * np.arange(options))
    margin = people.plan.margin(variable.id)
    wanted = (drawn / drawn.sum() if margin is None else margin).clip(1e-9)
    shifts = np.column_stack([people.shift(f"{variable.id}_{code}") for code in variable.codes])
    popularity = np.log(wanted)
    for _ in range(_CALIBRATIONS):
        odds = np.exp(popularity + shifts)
        popularity += np.log(wanted / (odds / odds.sum(axis=1, keepdims=True)).mean(axis=0))
    utility = rng.gumbel(size=(people.n, options)) + popularity + shifts
    return [variable.codes[i] for i in utility.argmax(axis=1)]


def number_cells(variable: Variable, people: People, decimals: int) -> tuple[Cells, FLOAT]:
    """Numbers within bounds, with the latent answer behind them.

    Ages and short ranges are spread around a middle; everything else is skewed to the right
    as counts and money are.
    """
    rng = people.rng(variable.id)
    pull = _ACTIVITY.get(variable.kind, 0.0)
    noise = np.sqrt(1 - pull**2) * rng.normal(size=people.n)
    latent = standardised(people.shift(variable.id) + pull * people.activity + noise)
    low = variable.minimum if variable.minimum is not None else 0.0
    high = variable.maximum if variable.maximum is not None else max(1000.0, 20 * abs(low))
    width = high - low
    margin = people.plan.margin(variable.id)
    middle = None if margin is None else float(margin[0])
    if width <= 12 or (low >= 10 and width <= 120):
        share = (0.38 if low >= 10 else 0.5) if middle is None else (middle - low) / width
        centre = np.log(share / (1 - share))
        values = low + width / (1 + np.exp(-(centre + 0.85 * latent)))
    else:
        rise = (0.02 if variable.kind == "value" else 0.1) * width
        rise = rise if middle is None else middle - low
        values = np.minimum(low + rise * np.exp(0.75 * latent), high)
    rounded = np.round(values, decimals)
    return [int(v) if decimals == 0 else float(v) for v in rounded], latent


def weight_cells(people: People) -> Cells:
    """Weights around 1, as raking would give them."""
    drawn = np.exp(people.rng("weight").normal(0.0, 0.3, people.n)).clip(0.35, 3.0)
    return [float(w) for w in np.round(drawn / drawn.mean(), 4)]


def day_cells(
    variable: Variable,
    people: People,
    earliest: datetime.date | None,
    latest: datetime.date,
) -> Cells:
    """Days before ``latest``, the more active the closer."""
    rng = people.rng(variable.id)
    late = people.shift(variable.id) + 0.5 * people.activity
    lag = rng.exponential(_DAYS_SINCE, people.n) * np.exp(-0.6 * late)
    longest = (latest - earliest).days if earliest is not None else 3 * 365
    days = np.minimum(lag.astype(int) + 1, max(longest, 0))
    return [latest - datetime.timedelta(days=int(d)) for d in days]

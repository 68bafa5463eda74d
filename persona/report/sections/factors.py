"""Factors: what lies behind the answers to each battery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from persona.report.charts.canvas import Chart
from persona.report.locale import NOTHING, Language, message
from persona.report.model import FactorSection
from persona.report.sections.base import Context, Section
from persona.report.sections.factor_figures import (
    factor_names,
    heat_maps,
    item_text,
    ordered,
    paths,
    scree,
)
from persona.report.statements import Line

_KMO = (
    (0.8, message("good")),
    (0.6, message("sufficient")),
    (0.0, message("too low for factors")),
)
_RULES = {
    "parallel": message("Parallel analysis"),
    "parallel_polychoric": message("Parallel analysis of polychoric correlations"),
    "map": message("Minimum average partial"),
    "empirical_kaiser": message("Empirical Kaiser criterion"),
    "hull": message("Hull method"),
    "kaiser": message("Kaiser’s rule"),
    "comparison_data": message("Comparison data"),
}


@dataclass(frozen=True)
class Rule:
    """One rule for the number of factors: its name, what it suggests, and whose it is."""

    name: str
    number: str
    source: str
    kept: bool


@dataclass(frozen=True)
class ItemRow:
    """One item: its text, its loadings as printed, how strong each is, and its reliability.

    ``rest`` is its correlation with the rest of its factor's items, ``without`` their alpha
    without it.
    """

    text: str
    loadings: tuple[str, ...]
    strong: tuple[bool, ...]
    communality: str
    rest: str
    without: str


@dataclass(frozen=True)
class Battery:
    """The factors of one battery."""

    id: str
    title: str
    summary: str
    factors: tuple[str, ...]
    rows: tuple[ItemRow, ...]
    variance: tuple[str, ...]
    alpha: tuple[str, ...]
    omega: tuple[str, ...]
    correlations: tuple[tuple[str, ...], ...]
    made_of: tuple[Line, ...]
    rules: tuple[Rule, ...]
    fit: tuple[Line, ...]
    heat_maps: tuple[Chart, ...]
    paths: tuple[Chart, ...]
    scree: Chart | None


@dataclass(frozen=True)
class Factors:
    """Every battery with factors."""

    batteries: tuple[Battery, ...]


def build(context: Context) -> Factors | None:
    """Loadings, scree and reliability of each battery."""
    batteries = tuple(_battery(section, context) for section in context.report.factors)
    return Factors(batteries) if batteries else None


def _battery(section: FactorSection, context: Context) -> Battery:
    language, solution = context.language, section.solution
    loadings = solution.loadings
    names = factor_names(section, context)
    phi = solution.phi.to_numpy(dtype=float) if solution.phi is not None else np.eye(len(names))
    columns = [str(column) for column in loadings.columns]
    omega = {key: one.total for key, one in solution.omega.items()} | dict(section.omega)
    return Battery(
        id=section.battery,
        title=context.text(section.title),
        summary=_summary(section, context),
        factors=names,
        rows=_rows(section, context),
        variance=_variance(section, language),
        alpha=_each(section.alpha, columns, language),
        omega=_each(omega, columns, language),
        correlations=tuple(tuple(language.number(float(v), 2) for v in line) for line in phi),
        made_of=_made_of(section, names, context),
        rules=_rules(section, language),
        fit=_fit(section, language),
        heat_maps=heat_maps(section, context),
        paths=paths(section, context),
        scree=scree(section, context),
    )


def _each(
    figures: Mapping[str, float], columns: Sequence[str], language: Language
) -> tuple[str, ...]:
    return tuple(
        language.number(figures[column], 2) if column in figures else NOTHING for column in columns
    )


def _rows(section: FactorSection, context: Context) -> tuple[ItemRow, ...]:
    language, solution = context.language, section.solution
    values = solution.loadings.to_numpy(dtype=float)
    communalities = solution.communalities.to_numpy(dtype=float)
    # An item stands in the reliability of the one factor it belongs to.
    own = {
        str(item): line
        for one in solution.reliability.values()
        for item, line in one.items.to_dict(orient="index").items()
    }
    found = []
    for place in ordered(section):
        item = solution.loadings.index[place]
        line = own.get(str(item), {})
        found.append(
            ItemRow(
                item_text(section, item, context),
                tuple(language.number(value, 2) for value in values[place]),
                tuple(bool(abs(value) >= 0.4) for value in values[place]),
                language.number(float(communalities[place]), 2),
                language.number(line.get("item_rest"), 2),
                language.number(line.get("alpha_if_dropped"), 2),
            )
        )
    return tuple(found)


def _made_of(section: FactorSection, names: Sequence[str], context: Context) -> tuple[Line, ...]:
    """What each factor is made of: its items, the strongest first, those turned round marked."""
    lines = []
    for name, made in zip(names, section.solution.made_of, strict=False):
        words = [
            context.language.gettext("“{text}”", text=item_text(section, item, context))
            for item in made.items
        ]
        words += [
            context.language.gettext("not “{item}”", item=item_text(section, item, context))
            for item in made.reversed
        ]
        lines.append(Line(name, "; ".join(words) or NOTHING))
    return tuple(lines)


def _rules(section: FactorSection, language: Language) -> tuple[Rule, ...]:
    count = section.solution.loadings.shape[1]
    return tuple(
        Rule(
            language.gettext(_RULES[str(rule)]) if str(rule) in _RULES else str(rule),
            language.number(line["n_factors"]),
            str(line["source"]),
            line["n_factors"] == count,
        )
        for rule, line in section.solution.suggestions.to_dict(orient="index").items()
    )


def _fit(section: FactorSection, language: Language) -> tuple[Line, ...]:
    """The indices of fit that exist for this solution."""
    fit, say = section.solution.fit, language.gettext
    lines = []
    if fit.chi_square is not None:
        figure = say(
            "{value}, df {degrees}, p {p}",
            value=language.number(fit.chi_square, 1),
            degrees=language.number(fit.degrees_of_freedom),
            p=language.p_value(fit.p_value),
        )
        lines.append(Line(say("Chi-square"), figure))
    if fit.rmsea is not None:
        interval = language.interval(fit.rmsea_low, fit.rmsea_high, 3)
        figure = say(
            "{value}, 90% interval {interval}",
            value=language.number(fit.rmsea, 3),
            interval=interval,
        )
        lines.append(Line("RMSEA", figure))
    lines += [
        Line(name, language.number(value, decimals))
        for name, value, decimals in (
            ("TLI", fit.tli, 3),
            ("CFI", fit.cfi, 3),
            ("RMSR", fit.rmsr, 3),
            ("BIC", fit.bic, 1),
        )
        if value is not None
    ]
    return tuple(lines)


def explained(section: FactorSection) -> list[float]:
    """Share (0 to 1) of the items' variance that each factor holds."""
    return [float(part) for part in section.solution.variance["proportion"]]


def _variance(section: FactorSection, language: Language) -> tuple[str, ...]:
    return tuple(language.share(part) for part in explained(section))


def _summary(section: FactorSection, context: Context) -> str:
    language = context.language
    count = section.solution.loadings.shape[1]
    text = language.ngettext(
        "{n} factor holds {share} of the variance of {items} items.",
        "{n} factors hold {share} of the variance of {items} items.",
        count,
        share=language.share(sum(explained(section))),
        items=language.number(section.solution.loadings.shape[0]),
    )
    parts = [text]
    if section.kmo is not None:
        word = next(language.gettext(w) for least, w in _KMO if section.kmo >= least)
        parts.append(
            language.gettext(
                "KMO {value} ({word}).", value=language.number(section.kmo, 2), word=word
            )
        )
    if section.bartlett_p is not None:
        parts.append(
            language.gettext("Bartlett’s test p {p}.", p=language.p_value(section.bartlett_p))
        )
    return " ".join(parts)


SECTION = Section("factors", message("Factors"), build)

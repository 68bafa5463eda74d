"""Factors: what lies behind the answers to each battery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from persona.report.charts.canvas import Chart
from persona.report.charts.factors import SCREE_SIZE, loadings_size, paint_loadings, paint_scree
from persona.report.locale import NOTHING, Language, message
from persona.report.model import FactorSection
from persona.report.sections.base import Context, Section

_KMO = (
    (0.8, message("good")),
    (0.6, message("sufficient")),
    (0.0, message("too low for factors")),
)


@dataclass(frozen=True)
class ItemRow:
    """One item: its text, its loadings as printed, and how strong each is."""

    text: str
    loadings: tuple[str, ...]
    strong: tuple[bool, ...]
    communality: str


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
    correlations: tuple[tuple[str, ...], ...]
    heat_map: Chart
    scree: Chart | None


@dataclass(frozen=True)
class Factors:
    """Every battery with factors."""

    batteries: tuple[Battery, ...]


def build(context: Context) -> Factors | None:
    """Loadings, scree and reliability of each battery."""
    batteries = tuple(_battery(section, context) for section in context.report.factors)
    return Factors(batteries) if batteries else None


def factor_names(section: FactorSection, context: Context) -> tuple[str, ...]:
    """What the factors are called: the user's name, else their number."""
    return tuple(
        context.text(section.names[str(column)])
        if section.names.get(str(column))
        else context.language.gettext("Factor {number}", number=place)
        for place, column in enumerate(section.solution.loadings.columns, 1)
    )


def _order(section: FactorSection) -> list[int]:
    """Items by their strongest factor, the strongest loading first."""
    values = np.abs(section.solution.loadings.to_numpy(dtype=float))
    home = values.argmax(1)
    return sorted(range(len(values)), key=lambda i: (home[i], -values[i, home[i]]))


def _battery(section: FactorSection, context: Context) -> Battery:
    language, solution = context.language, section.solution
    loadings = solution.loadings
    names = factor_names(section, context)
    order = _order(section)
    items = [str(item) for item in loadings.index]
    values = loadings.to_numpy(dtype=float)
    communalities = solution.communalities.to_numpy(dtype=float)
    rows = tuple(
        ItemRow(
            context.text(section.items.get(items[i], {"": items[i]})),
            tuple(language.number(value, 2) for value in values[i]),
            tuple(bool(abs(value) >= 0.4) for value in values[i]),
            language.number(float(communalities[i]), 2),
        )
        for i in order
    )
    phi = solution.phi.to_numpy(dtype=float) if solution.phi is not None else np.eye(len(names))
    columns = [str(column) for column in loadings.columns]
    return Battery(
        id=section.battery,
        title=context.text(section.title),
        summary=_summary(section, context),
        factors=names,
        rows=rows,
        variance=_variance(section, language),
        alpha=tuple(
            language.number(section.alpha[column], 2) if column in section.alpha else NOTHING
            for column in columns
        ),
        correlations=tuple(tuple(language.number(float(v), 2) for v in line) for line in phi),
        heat_map=heat_map(section, context),
        scree=scree(section, context),
    )


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


def heat_map(section: FactorSection, context: Context) -> Chart:
    """The loadings as a heat map, items grouped by factor."""
    language = context.language
    order = _order(section)
    names = factor_names(section, context)
    frame = section.solution.loadings
    values = frame.to_numpy(dtype=float)[order]
    keys = [str(frame.index[i]) for i in order]
    texts = [context.text(section.items.get(key, {"": key})) for key in keys]
    figures = [[language.number(value, 2) for value in line] for line in values]
    tips = [
        [
            language.gettext(
                "“{item}” on {factor}: loading {value}", item=text, factor=name, value=shown
            )
            for name, shown in zip(names, line, strict=True)
        ]
        for text, line in zip(texts, figures, strict=True)
    ]
    alt = language.gettext(
        "Loadings; items: {items}, factors: {factors}. {list}",
        items=language.number(len(texts)),
        factors=language.number(len(names)),
        list="; ".join(
            line[int(np.abs(row).argmax())] for line, row in zip(tips, values, strict=True)
        ),
    )
    return context.draw(
        f"factor-loadings-{section.battery}",
        loadings_size(len(texts), len(names)),
        paint_loadings(values.tolist(), texts, names, figures, tips, context.theme),
        alt,
    )


def scree(section: FactorSection, context: Context) -> Chart | None:
    """The eigenvalues with the threshold that random data reach."""
    language = context.language
    eigenvalues = [float(value) for value in section.solution.eigenvalues]
    if not eigenvalues:
        return None
    count = section.solution.loadings.shape[1]
    tips = [
        _eigenvalue_tip(i, eigenvalues, section.threshold, language)
        for i in range(len(eigenvalues))
    ]
    words = (
        language.gettext("observed"),
        language.gettext("random data, 95th percentile"),
        language.gettext("Component"),
        language.gettext("Eigenvalue"),
    )
    alt = language.gettext(
        "Scree; eigenvalues: {values}; factors kept: {factors}.",
        values="; ".join(language.number(value, 2) for value in eigenvalues),
        factors=language.number(count),
    )
    return context.draw(
        f"factor-scree-{section.battery}",
        SCREE_SIZE,
        paint_scree(
            eigenvalues,
            section.threshold,
            words,
            tips,
            lambda value: language.number(value, 1),
            context.theme,
        ),
        alt,
    )


def _eigenvalue_tip(
    place: int, eigenvalues: Sequence[float], threshold: Sequence[float], language: Language
) -> str:
    if place < len(threshold):
        return language.gettext(
            "Component {number}: eigenvalue {value}, random data {threshold}",
            number=place + 1,
            value=language.number(eigenvalues[place], 2),
            threshold=language.number(threshold[place], 2),
        )
    return language.gettext(
        "Component {number}: eigenvalue {value}",
        number=place + 1,
        value=language.number(eigenvalues[place], 2),
    )


SECTION = Section("factors", message("Factors"), build)

"""The pictures of factors: loadings, scree, and the paths from factors to items."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from persona.report.charts.canvas import Chart
from persona.report.charts.factors import SCREE_SIZE, loadings_size, paint_loadings, paint_scree
from persona.report.charts.paths import Arrow, Bow, paint_path, path_size
from persona.report.locale import Language
from persona.report.model import FactorSection
from persona.report.sections.base import Context

LEAST_PATH = 0.3
"""Loadings and correlations of at least this size are drawn as paths."""
MOST_ITEMS = 30
"""Items of one picture; more are spread over several of equal length."""


def factor_names(section: FactorSection, context: Context) -> tuple[str, ...]:
    """What the factors are called: the user's name, else their number."""
    return tuple(
        context.text(section.names[str(column)])
        if section.names.get(str(column))
        else context.language.gettext("Factor {number}", number=place)
        for place, column in enumerate(section.solution.loadings.columns, 1)
    )


def proposed_name(section: FactorSection, column: object, context: Context) -> str:
    """The name made of the strongest items, "not" in the report's language; empty without one."""
    proposed = context.text(section.proposed.get(str(column), {}))
    return proposed.replace("(not) ", context.language.gettext("(not)") + " ")


def ordered(section: FactorSection) -> list[int]:
    """Items by their strongest factor, the strongest loading first."""
    values = np.abs(section.solution.loadings.to_numpy(dtype=float))
    home = values.argmax(1)
    return sorted(range(len(values)), key=lambda i: (home[i], -values[i, home[i]]))


def pieces(order: Sequence[int]) -> list[list[int]]:
    """The items of each picture: one for up to 30, else several of about equal length."""
    count = -(-len(order) // MOST_ITEMS) or 1
    size = -(-len(order) // count)
    return [list(order[start : start + size]) for start in range(0, len(order), size)]


def _figure_name(kind: str, section: FactorSection, number: int) -> str:
    return f"factor-{kind}-{section.battery}" + (f"-{number}" if number > 1 else "")


def item_text(section: FactorSection, item: object, context: Context) -> str:
    """The text of an item, else its name."""
    return context.text(section.items.get(str(item), {"": str(item)}))


def heat_maps(section: FactorSection, context: Context) -> tuple[Chart, ...]:
    """The loadings as heat maps, items grouped by factor."""
    return tuple(
        _heat_map(section, context, number, items)
        for number, items in enumerate(pieces(ordered(section)), 1)
    )


def _heat_map(section: FactorSection, context: Context, number: int, order: Sequence[int]) -> Chart:
    language = context.language
    names = factor_names(section, context)
    frame = section.solution.loadings
    values = frame.to_numpy(dtype=float)[order]
    keys = [str(frame.index[i]) for i in order]
    texts = [item_text(section, key, context) for key in keys]
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
        _figure_name("loadings", section, number),
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


def paths(section: FactorSection, context: Context) -> tuple[Chart, ...]:
    """The paths from the factors to the items that they show in, and among the factors."""
    return tuple(
        _path(section, context, number, items)
        for number, items in enumerate(pieces(ordered(section)), 1)
    )


def _path(section: FactorSection, context: Context, number: int, order: Sequence[int]) -> Chart:
    frame = section.solution.loadings
    values = frame.to_numpy(dtype=float)[order]
    # Only factors that show in these items: a large battery has several pictures.
    shown = [f for f in range(values.shape[1]) if (np.abs(values[:, f]) >= LEAST_PATH).any()]
    shown = shown or list(range(values.shape[1]))
    names = factor_names(section, context)
    texts = [item_text(section, frame.index[i], context) for i in order]
    arrows = _arrows(values, shown, texts, names, context.language)
    bows = _bows(section, shown, names, context.language)
    alt = context.language.gettext(
        "Path diagram; items: {items}, factors: {factors}. {list}",
        items=context.language.number(len(texts)),
        factors=context.language.number(len(shown)),
        list="; ".join([*(one.tip for one in arrows), *(one.tip for one in bows)]),
    )
    return context.draw(
        _figure_name("paths", section, number),
        path_size(len(texts), len(shown)),
        paint_path(texts, [names[f] for f in shown], arrows, bows, context.theme),
        alt,
    )


def _arrows(
    values: np.ndarray,
    shown: Sequence[int],
    texts: Sequence[str],
    names: Sequence[str],
    language: Language,
) -> list[Arrow]:
    found = []
    for row, text in enumerate(texts):
        for place, factor in enumerate(shown):
            loading = float(values[row, factor])
            if abs(loading) < LEAST_PATH:
                continue
            figure = language.number(loading, 2)
            tip = language.gettext(
                "“{item}” on {factor}: loading {value}",
                item=text,
                factor=names[factor],
                value=figure,
            )
            main = factor == int(np.abs(values[row]).argmax())
            found.append(Arrow(row, place, loading, figure, tip, main))
    return found


def _bows(
    section: FactorSection, shown: Sequence[int], names: Sequence[str], language: Language
) -> list[Bow]:
    phi = section.solution.phi
    if phi is None:
        return []
    values = phi.to_numpy(dtype=float)
    found = []
    for place, one in enumerate(shown):
        for later, other in enumerate(shown[place + 1 :], place + 1):
            correlation = float(values[one, other])
            if abs(correlation) < LEAST_PATH:
                continue
            figure = language.number(correlation, 2)
            tip = language.gettext(
                "{first} and {second}: correlation {value}",
                first=names[one],
                second=names[other],
                value=figure,
            )
            found.append(Bow(place, later, correlation, figure, tip))
    return found

"""What the bases of a segmentation are called in a report: answers, items, factors, axes."""

from __future__ import annotations

import re
from collections.abc import Hashable

from persona.profiling.result import Row
from persona.report.locale import shortened
from persona.report.sections.base import Context
from persona.report.sections.factor_figures import factor_names, proposed_name

LONGEST = 120
"""Letters of a label; the whole text stands in the tables."""
_FACTOR = re.compile(r"(.+): (F\d+)")
_DIMENSION = re.compile(r"dimension (\d+)")


def basis_labels(context: Context) -> dict[str, str]:
    """The label of every basis, by its name in the tables of the segmentation."""
    found = _factors(context)
    for question in context.report.profile.questions:
        for row in question.rows:
            text = context.text(row.text)
            if row.category is None or row.statistic == "mean":
                found.setdefault(row.variable, text)
            else:
                asked = context.text(question.text)
                level = f"{row.variable} = {row.category}"
                found.setdefault(level, f"{text} – {asked}")
    for question in context.report.profile.questions:
        if _is_single(question.rows):
            found.setdefault(question.rows[0].variable, context.text(question.text))
    return found


def _is_single(rows: tuple[Row, ...]) -> bool:
    """Whether all rows are answers to one variable, which is then called by its question."""
    return len({row.variable for row in rows}) == 1


def _factors(context: Context) -> dict[str, str]:
    found = {}
    for section in context.report.factors:
        names = factor_names(section, context)
        for column, name in zip(section.solution.loadings.columns, names, strict=True):
            given, proposed = (
                section.names.get(str(column)),
                proposed_name(section, column, context),
            )
            shown = name if given or not proposed else proposed
            found[f"{section.battery}: {column}"] = shortened(shown)
    return found


def label_of(basis: Hashable, labels: dict[str, str], context: Context) -> str:
    """The label of one basis; its own name when the questionnaire has no words for it."""
    name = str(basis)
    if name in labels:
        return shortened(labels[name], LONGEST)
    if match := _DIMENSION.fullmatch(name):
        return context.language.gettext("Axis {number} of the answers", number=int(match.group(1)))
    if match := _FACTOR.fullmatch(name):
        return match.group(1) + " " + match.group(2)
    return shortened(name, LONGEST)

"""Several bases: segmentations of the same respondents, crossed, and what each explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from persona.report.locale import NOTHING, message
from persona.report.sections.base import Context, Section
from persona.report.sections.grid import Grid, GridRow
from persona.report.sections.segments import method_name
from persona.report.targets import BasisRun, CrossedBases
from persona.segmentation.crossing import LEAST_CELL

if TYPE_CHECKING:
    from persona.profiling.bases import BasesComparison, Crossing

PRESETS = {
    "demographic": message("Demography"),
    "geographic": message("Geography"),
    "firmographic": message("Firmography"),
    "psychographic": message("Psychography"),
    "needs": message("Needs"),
    "benefit": message("Benefit"),
    "behavioural": message("Behaviour"),
    "value": message("Value"),
}
RULES = {
    "answers": message("the answers themselves"),
    "quarters": message("quarters by value"),
}
VERDICTS = {
    "natural": message("natural"),
    "reproducible": message("reproducible"),
    "constructed": message("constructed"),
    "none": message("no segments"),
    "given": message("by a rule"),
}
OWN = "segments"


@dataclass(frozen=True)
class Bases:
    """Every segmentation, what it explains, and how the pairs cross."""

    lead: tuple[str, ...]
    runs: Grid
    explained: Grid | None
    agreement: Grid | None
    crossings: tuple[Grid, ...]
    declared: tuple[Grid, ...]
    notes: tuple[str, ...]


def build(context: Context) -> Bases | None:
    """The bases; nothing when the study declares one alone."""
    targeting = context.report.targeting
    if targeting is None or not targeting.bases:
        return None
    runs = {run.id: run for run in targeting.bases}
    compared = targeting.comparison
    return Bases(
        lead=_lead(compared, runs, context),
        runs=_runs(targeting.bases, context),
        explained=_explained(compared, runs, context) if compared else None,
        agreement=_agreement(compared, runs, context) if compared else None,
        crossings=_crossings(compared, runs, context) if compared else (),
        declared=tuple(_declared(one, runs, context) for one in targeting.crossings),
        notes=_notes(context, bool(targeting.crossings)),
    )


def base_name(run: BasisRun, context: Context) -> str:
    """What a segmentation is called: its title, its preset, or the study's own segments."""
    if run.title:
        return context.text(run.title)
    if run.id == OWN and not run.preset:
        return context.language.gettext("Segments of this study")
    word = PRESETS.get(run.preset)
    return context.language.gettext(word) if word else run.id


def group_name(run: BasisRun, number: int, context: Context) -> str:
    """What one segment of a segmentation is called."""
    found = run.names.get(number)
    return context.text(found) if found else context.language.number(number)


def _lead(
    compared: BasesComparison | None, runs: dict[str, BasisRun], context: Context
) -> tuple[str, ...]:
    language = context.language
    if compared is None:
        return (language.gettext("One segmentation alone has segments; nothing can be compared."),)
    lines = []
    for ranked, sentence in (
        (compared.by_value, message("“{name}” explains value best: {share} of its differences.")),
        (compared.by_needs, message("“{name}” explains needs best: {share} of its differences.")),
    ):
        name, share = ranked[0]
        if share is not None and share > 0:
            lines.append(
                language.gettext(
                    sentence,
                    name=base_name(runs[name], context),
                    share=language.share(share, 1),
                )
            )
    return tuple(lines)


def _runs(bases: tuple[BasisRun, ...], context: Context) -> Grid:
    say, language = context.language.gettext, context.language
    rows = []
    for run in bases:
        rule = RULES.get(run.method)
        method = say(rule) if rule else method_name(run.method, language)
        word = VERDICTS.get(run.verdict)
        segments = "; ".join(
            f"{group_name(run, number, context)} {language.share(share)}"
            for number, share in run.shares.items()
        )
        rows.append(
            GridRow(
                base_name(run, context),
                (
                    language.number(run.k),
                    method,
                    say(word) if word else say("by a rule"),
                    segments if run.k > 1 else say("no segments on this basis"),
                    language.number(run.without),
                ),
            )
        )
    heads = (
        say("Basis"),
        say("Segments"),
        say("Method"),
        say("Verdict"),
        say("Segments and their shares"),
        say("In no segment"),
    )
    return Grid(say("The segmentations"), heads, tuple(rows), (1, 2, 3))


def _explained(compared: BasesComparison, runs: dict[str, BasisRun], context: Context) -> Grid:
    """Each variable of value and needs by each basis; what made a basis is in brackets."""
    say, language = context.language.gettext, context.language
    figures = {(one.variable, one.basis): one for one in compared.explained}
    texts = {one.variable: (one.target, one.text) for one in compared.explained}
    rows = []
    for ranked, target, word in (
        (compared.by_value, "value", say("Value, mean")),
        (compared.by_needs, "need", say("Needs, mean")),
    ):
        if not any(kind == target for kind, _ in texts.values()):
            continue
        means = dict(ranked)
        cells = tuple(language.share(means[name], 1) for name in compared.names)
        rows.append(GridRow(word, cells))
        for variable, (kind, text) in texts.items():
            if kind != target:
                continue
            cells = tuple(
                (
                    f"({language.share(one.share, 1)})"
                    if one.circular
                    else language.share(one.share, 1)
                )
                if (one := figures.get((variable, name)))
                else NOTHING
                for name in compared.names
            )
            rows.append(GridRow(f"– {context.text(text)}", cells))
    heads = (say("Explained"), *(base_name(runs[name], context) for name in compared.names))
    return Grid(say("What each basis explains"), heads, tuple(rows))


def _agreement(compared: BasesComparison, runs: dict[str, BasisRun], context: Context) -> Grid:
    say, language = context.language.gettext, context.language
    rows = [
        GridRow(
            f"{base_name(runs[one.first], context)} × {base_name(runs[one.second], context)}",
            (
                language.number(one.rand, 2),
                language.number(one.cramers_v, 2),
                language.p_value(one.p_value),
            ),
        )
        for one in compared.crossings
    ]
    heads = (say("Pair"), say("Adjusted Rand"), say("Cramér’s V"), "p")
    return Grid(say("How far the segmentations agree"), heads, tuple(rows))


def _crossings(
    compared: BasesComparison, runs: dict[str, BasisRun], context: Context
) -> tuple[Grid, ...]:
    """The segments of the study by those of every other basis, percent of their rows."""
    return tuple(_crossing(one, runs, context) for one in compared.crossings if one.first == OWN)


def _crossing(one: Crossing, runs: dict[str, BasisRun], context: Context) -> Grid:
    say, language = context.language.gettext, context.language
    first, second = runs[one.first], runs[one.second]
    counts = one.counts.to_numpy(dtype=np.float64)
    sums = counts.sum(axis=1)
    rows = [
        GridRow(
            group_name(first, int(number), context),
            (
                *(
                    language.share(count / total if total else None)
                    for count in counts[place].tolist()
                ),
                language.number(first.counts.get(int(number))),
            ),
        )
        for place, (number, total) in enumerate(zip(one.counts.index, sums.tolist(), strict=True))
    ]
    heads = (
        say("Segment"),
        *(group_name(second, int(number), context) for number in one.counts.columns),
        say("Base"),
    )
    title = f"{base_name(first, context)} × {base_name(second, context)}"
    return Grid(title, heads, tuple(rows))


def _declared(one: CrossedBases, runs: dict[str, BasisRun], context: Context) -> Grid:
    """What share of all each combination holds, and how that compares with chance."""
    say, language = context.language.gettext, context.language
    first, second = runs[one.first], runs[one.second]
    columns = sorted(one.cells["second"].unique().tolist())
    rows = []
    for number, part in one.cells.groupby("first"):
        found = part.set_index("second")
        cells = tuple(_combination(found.loc[column], context) for column in columns)
        base = language.number(int(found["n"].sum()))
        rows.append(GridRow(group_name(first, int(str(number)), context), (*cells, base)))
    heads = (
        say("Segment"),
        *(group_name(second, int(column), context) for column in columns),
        say("Base"),
    )
    title = say(
        "{first} × {second}: share of all respondents (index)",
        first=base_name(first, context),
        second=base_name(second, context),
    )
    return Grid(title, heads, tuple(rows))


def _combination(cell: pd.Series, context: Context) -> str:
    """Share and index, with a star where few respondents are."""
    language, n = context.language, int(cell["n"])
    if not n:
        return NOTHING
    index = language.number(float(cell["index"]))
    return f"{language.share(float(cell['share']), 1)} ({index}){'*' if n < LEAST_CELL else ''}"


def _notes(context: Context, declared: bool) -> tuple[str, ...]:
    say = context.language.gettext
    more = say(
        "Index: 100 where the two segmentations have nothing to do with each other; * fewer "
        "than {n} respondents.",
        n=LEAST_CELL,
    )
    return (
        *((more,) if declared else ()),
        say(
            "Explained: eta squared corrected for the number of segments; in brackets where the "
            "question made the segments, which counts for nothing."
        ),
        say("Adjusted Rand index: 1 the same division, about 0 by chance. Rows add up to 100%."),
    )


SECTION = Section("bases", message("Several bases"), build)

"""The evidence on the segments: their number, lineage, stability, members, style and checks."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from persona.report.charts.canvas import Chart
from persona.report.locale import NOTHING, message
from persona.report.sections.base import Context, Section
from persona.report.sections.grid import Grid, segment_row
from persona.report.sections.personas import stability_word
from persona.report.sections.segment_across import (
    agreement_chart,
    agreement_note,
    gain_chart,
    lineage_chart,
    lineage_grid,
    lineage_note,
)
from persona.report.sections.segment_candidates import Candidates, candidates_view
from persona.report.sections.segment_checks import Check, bases_grid, checks, sample_grid
from persona.report.sections.segment_held_out import held_out_grid, held_out_note
from persona.report.sections.segment_members import (
    EDGES,
    certainties,
    certainty_chart,
    certainty_note,
    component_sentences,
    doubtful_grid,
    separation_chart,
    silhouette_chart,
    was_joined,
)
from persona.report.sections.segment_rule import was_searched
from persona.report.sections.segment_style import StyleView, style_view


@dataclass(frozen=True)
class Figure:
    """A chart with the note below it."""

    chart: Chart
    note: str


@dataclass(frozen=True)
class EvidenceView:
    """All evidence, in the order of the questions that a reader asks."""

    agreement: Figure | None
    gain: Figure | None
    candidates: Candidates | None
    lineage: Figure | None
    lineage_table: Grid | None
    again: Grid | None
    certainty: Figure | None
    doubtful: Grid | None
    silhouette: Figure | None
    separation: Figure | None
    style: StyleView | None
    checks: tuple[Check, ...]
    sample: Grid | None
    bases: Grid | None
    held_out: Grid | None
    held_out_note: str


def build(context: Context) -> EvidenceView | None:
    """The evidence; nothing for segments that were made by a rule and not looked for."""
    if not was_searched(context):
        return None
    return EvidenceView(
        agreement=_figure(agreement_chart(context), agreement_note(context)),
        gain=_figure(gain_chart(context), _gain_note(context)),
        candidates=candidates_view(context),
        lineage=_figure(lineage_chart(context), lineage_note(context)),
        lineage_table=lineage_grid(context),
        again=_again(context),
        certainty=_figure(certainty_chart(context), certainty_note(context)),
        doubtful=doubtful_grid(context),
        silhouette=_figure(silhouette_chart(context), _silhouette_note(context)),
        separation=_figure(separation_chart(context), _separation_note(context)),
        style=style_view(context),
        checks=checks(context),
        sample=sample_grid(context),
        bases=bases_grid(context),
        held_out=held_out_grid(context),
        held_out_note=held_out_note(context),
    )


def _figure(chart: Chart | None, note: str) -> Figure | None:
    return None if chart is None else Figure(chart, note)


def _gain_note(context: Context) -> str:
    return context.language.gettext(
        "Each dot is a survey drawn with the same answers and correlations but without segments, "
        "divided in the same way. Only what lies right of all dots is more than chance and "
        "correlation give."
    )


def _silhouette_note(context: Context) -> str:
    return context.language.gettext(
        "The silhouette compares the distance to the own segment with that to the next: 1 far from "
        "others, 0 on the border, below 0 nearer to another. A mean from 0.5 shows clear groups, "
        "below 0.25 hardly any (Kaufman & Rousseeuw 1990)."
    )


def _separation_note(context: Context) -> str:
    say = context.language.gettext
    reading = say(
        "Each sign is a respondent, outlines hold half of a segment. Where signs mix, segments run "
        "into each other, at least in these two of all dimensions."
    )
    return " ".join((*component_sentences(context), reading))


def _again(context: Context) -> Grid | None:
    """Each segment: found again within samples and across numbers, certainty, silhouette."""
    segmentation, language = context.report.segmentation, context.language
    segments = [size.segment for size in context.report.profile.segments]
    if len(segments) < 2:
        return None
    say, steady = language.gettext, segmentation.stability.segments
    across, widths = _across(context), _widths(context)
    sure = certainties(context)
    rows = []
    for one in segments:
        top = sure.loc[sure["segment"] == one, "top"]
        jaccard = _of(steady, "jaccard", one)
        rows.append(
            segment_row(
                context,
                one,
                (
                    language.number(jaccard, 2),
                    stability_word(jaccard, language),
                    language.number(_of(steady, "within", one), 2),
                    language.share(_of(steady, "recovered", one)),
                    language.share(_of(steady, "dissolved", one)),
                    language.number(across.get(one), 2),
                    language.share(float(top.mean()) if len(top) else None),
                    language.number(int((top < EDGES[1]).sum())) if len(top) else NOTHING,
                    language.number(widths.get(one), 2),
                ),
            )
        )
    heads = (
        say("Segment"),
        say("Jaccard"),
        say("Found again"),
        say("Within pairs"),
        say("Samples that recover it"),
        say("Samples that lose it"),
        say("Stability across"),
        say("Mean probability"),
        say("Uncertain"),
        say("Silhouette"),
    )
    return Grid(say("How surely each segment is found again"), heads, tuple(rows), (1,))


def _of(table: pd.DataFrame, column: str, segment: int) -> float | None:
    if column not in table.columns or segment not in table.index:
        return None
    return float(table[column].loc[segment])


def _across(context: Context) -> dict[int, float]:
    """Stability across numbers of segments, of each segment of the result."""
    nodes = context.report.segmentation.evidence.lineage.nodes
    if was_joined(context) or "label" not in nodes.columns:
        return {}
    own = nodes[nodes["label"] > 0]
    return dict(zip(own["label"].tolist(), own["stability"].tolist(), strict=True))


def _widths(context: Context) -> dict[int, float]:
    """Mean silhouette of each segment."""
    members = context.report.segmentation.evidence.respondents
    if was_joined(context) or "silhouette" not in members.columns:
        return {}
    labels = context.report.segmentation.labels.reindex(members.index)
    means = members["silhouette"].groupby(labels.to_numpy()).mean()
    return {int(segment): float(value) for segment, value in zip(means.index, means, strict=True)}


SECTION = Section("evidence", message("Evidence on the segments"), build)

"""How many segments: agreement of samples, gain over nothing, and which split from which."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from persona.report.charts.canvas import Chart
from persona.report.charts.segment_evidence import Box, boxes_picture, gain_picture
from persona.report.charts.segment_lineage import Flow, Node, lineage_picture
from persona.report.charts.shapes import chart
from persona.report.locale import NOTHING, message
from persona.report.sections.base import Context, letter
from persona.report.sections.grid import Grid, GridRow

LEAST_FLOW = 0.005
"""Respondents, as a share of all, below which a ribbon is not drawn."""
LEVELS = (
    (0.65, message("moderate agreement")),
    (0.80, message("good agreement")),
    (0.90, message("excellent agreement")),
)
"""Readings of the adjusted Rand index (Steinley 2004)."""


def chosen_k(context: Context) -> int:
    """The number of segments that was taken; joined segments came from a larger one."""
    table = context.report.segmentation.candidates
    if len(table) and table["chosen"].any():
        return int(table.loc[table["chosen"], "k"].iloc[0])
    return context.report.segmentation.k


def agreement_chart(context: Context) -> Chart | None:
    """The adjusted Rand index of pairs of samples for each number of segments."""
    stability = context.report.segmentation.stability
    pairs: pd.DataFrame | None = getattr(stability, "pairs", None)
    if pairs is None or not len(pairs):
        return None
    name = "segment-agreement"
    if name in context.charts:
        return context.charts[name]
    language = context.language
    taken, boxes = chosen_k(context), []
    for k in pairs.columns:
        values = pairs[k].dropna().to_numpy(dtype=float)
        if not len(values):
            continue
        low, first, middle, third, high = np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95))
        tip = language.ngettext(
            "{n} segment: median {median}, half of the pairs between {low} and {high}",
            "{n} segments: median {median}, half of the pairs between {low} and {high}",
            int(k),
            median=language.number(middle, 2),
            low=language.number(first, 2),
            high=language.number(third, 2),
        )
        quantiles = (float(low), float(first), float(middle), float(third), float(high))
        boxes.append(
            Box(language.number(int(k)), quantiles, float(values.mean()), int(k) == taken, tip)
        )
    if not boxes:
        return None
    picture = boxes_picture(
        boxes,
        [(at, language.gettext(word)) for at, word in LEVELS],
        [(at / 5, language.number(at / 5, 1)) for at in range(-1, 6)],
        language.gettext("Number of segments"),
        context.theme,
    )
    alt = language.gettext(
        "Agreement of pairs of samples (adjusted Rand index). {list}",
        list="; ".join(one.tip for one in boxes),
    )
    context.charts[name] = chart(name, picture, alt)
    return context.charts[name]


def agreement_note(context: Context) -> str:
    """How the boxes are read, and of how many pairs of samples."""
    pairs = context.report.segmentation.stability.pairs
    return context.language.ngettext(
        "Two samples are drawn and divided, and both divisions compared; {n} pair. Boxes hold half "
        "of the pairs, lines nine tenths, the ring is the mean (Dolnicar & Leisch 2010).",
        "Two samples are drawn and divided, and both divisions compared; {n} pairs. Boxes hold "
        "half of the pairs, lines nine tenths, the ring is the mean (Dolnicar & Leisch 2010).",
        len(pairs),
    )


def gain_chart(context: Context) -> Chart | None:
    """What these data gain from segments beside surveys that have none."""
    null = getattr(context.report.segmentation.verdict, "null", None)
    if null is None or not len(null.null):
        return None
    name = "segment-gain"
    if name in context.charts:
        return context.charts[name]
    language = context.language
    draws = [float(value) for value in null.null]
    mean, most = language.number(float(np.mean(draws)), 2), language.number(max(draws), 2)
    gain = language.number(float(null.gain), 2)
    tips = (
        language.ngettext(
            "{n} survey without segments: gain {mean} on average, at most {most}",
            "{n} surveys without segments: gain {mean} on average, at most {most}",
            len(draws),
            mean=mean,
            most=most,
        ),
        language.ngettext(
            "These data: gain {gain} a respondent, divided into {n} segment",
            "These data: gain {gain} a respondent, divided into {n} segments",
            int(null.k),
            gain=gain,
        ),
    )
    words = (language.gettext("Surveys without segments"), language.gettext("These data"))
    figures = (language.gettext("mean {value}", value=mean), gain)
    picture = gain_picture(draws, float(null.gain), words, figures, tips, context.theme)
    alt = language.gettext("Gain from being divided. {list}", list="; ".join(tips))
    context.charts[name] = chart(name, picture, alt)
    return context.charts[name]


def lineage_chart(context: Context) -> Chart | None:
    """Segments across their number: which split from which."""
    tree = getattr(context.report.segmentation.evidence, "lineage", None)
    if tree is None or tree.nodes["k"].nunique() < 2:
        return None
    name = "segment-lineage"
    if name in context.charts:
        return context.charts[name]
    language = context.language
    nodes = _nodes(tree.nodes, tree.flows, context)
    flows = [
        Flow(int(k), int(old), int(new), float(share))
        for k, old, new, share in tree.flows.itertuples(index=False)
        if share >= LEAST_FLOW
    ]
    words = {int(k): language.number(int(k)) for k in tree.nodes["k"].unique()}
    alt = language.gettext(
        "Segments across their number. {list}",
        list="; ".join(node.tip for node in nodes if node.chosen or not flows),
    )
    context.charts[name] = chart(name, lineage_picture(nodes, flows, words, context.theme), alt)
    return context.charts[name]


def _nodes(table: pd.DataFrame, flows: pd.DataFrame, context: Context) -> list[Node]:
    taken, language = chosen_k(context), context.language
    families = context.once(
        "families of segments",
        lambda: _families(table, flows, taken) if _still_own(context) else {},
    )
    found = []
    for k, segment, share, steady, known in _rows(table):
        label = known if k == taken and families else 0
        what = (
            context.name(label)
            if label
            else language.gettext("segment {number} of {all}", number=segment, all=k)
        )
        parts = [
            language.gettext(
                "{name}: {share} of all respondents", name=what, share=language.share(share)
            ),
            _origin(k, segment, context),
        ]
        if steady is not None:
            parts.append(
                language.gettext(
                    "stability across numbers {value}", value=language.number(steady, 2)
                )
            )
        colour = (
            context.colour(families[k, segment]) if families else context.theme.colours["muted"]
        )
        tip = "; ".join(part for part in parts if part)
        shown = letter(label) if label else ""
        found.append(Node(k, segment, share, steady, colour, shown, k == taken, tip))
    return found


def _rows(table: pd.DataFrame) -> list[tuple[int, int, float, float | None, int]]:
    """The nodes as plain values: k, segment, share, stability, label."""
    columns = [table[name].tolist() for name in ("k", "segment", "share", "stability", "label")]
    return [
        (int(k), int(one), float(share), None if steady != steady else float(steady), int(label))
        for k, one, share, steady, label in zip(*columns, strict=True)
    ]


def _still_own(context: Context) -> bool:
    """Whether the segments are those that were found, not joined ones."""
    return context.report.segmentation.k == chosen_k(context)


def _origin(k: int, segment: int, context: Context) -> str:
    """Where most members of a segment came from, in words."""
    origins = context.once("origins of segments", lambda: _origins(context))
    if (k, segment) not in origins:
        return ""
    share, number, before = origins[k, segment]
    return context.language.gettext(
        "{share} of them from segment {number} of {all}",
        share=context.language.share(share),
        number=number,
        all=before,
    )


def _origins(context: Context) -> dict[tuple[int, int], tuple[float, int, int]]:
    """Of each segment the widest flow into it: its share of all, its segment and their number."""
    tree = context.report.segmentation.evidence.lineage
    ks = sorted(int(k) for k in tree.nodes["k"].unique())
    found = {}
    for before, k in itertools.pairwise(ks):
        flows = tree.flows[tree.flows["k"] == before]
        for segment, into in flows.groupby("next_segment"):
            first = into.iloc[int(into["share"].to_numpy().argmax())]
            share = float(first["share"] / into["share"].sum())
            found[k, int(str(segment))] = share, int(first["segment"]), before
    return found


def _families(table: pd.DataFrame, flows: pd.DataFrame, taken: int) -> dict[tuple[int, int], int]:
    """The segment of the result that every node is nearest of kin to, by the widest flows."""
    ks = sorted(int(k) for k in table["k"].unique())
    own = table[table["k"] == taken]
    if not len(own):
        return {}
    numbers = own["label"] if (own["label"] > 0).all() else own["segment"]
    found = {(taken, int(s)): int(n) for s, n in zip(own["segment"], numbers, strict=True)}
    at = ks.index(taken)
    for k, near in [(k, ks[i - 1]) for i, k in enumerate(ks) if i > at]:
        own = flows[flows["k"] == near]
        for segment in table.loc[table["k"] == k, "segment"]:
            kin = _widest(own[own["next_segment"] == segment], "segment")
            found[k, int(segment)] = found.get((near, kin), 1)
    for k, near in [(ks[i], ks[i + 1]) for i in range(at - 1, -1, -1)]:
        own = flows[flows["k"] == k]
        for segment in table.loc[table["k"] == k, "segment"]:
            kin = _widest(own[own["segment"] == segment], "next_segment")
            found[k, int(segment)] = found.get((near, kin), 1)
    return found


def _widest(flows: pd.DataFrame, end: str) -> int:
    """The other end of the widest flow; 0 for a segment that nobody with a weight is in."""
    if not len(flows):
        return 0
    return int(flows[end].to_numpy()[int(flows["share"].to_numpy().argmax())])


def lineage_note(context: Context) -> str:
    """How the picture is read."""
    return context.language.gettext(
        "Columns are divisions into more and more segments, bars as high as segments are large. "
        "Ribbons are respondents who go from one to the next; under {least} of all are not drawn. "
        "The deeper a bar, the more of its members were together before (stability across "
        "solutions, Dolnicar & Leisch 2017).",
        least=context.language.share(LEAST_FLOW, 1),
    )


def lineage_grid(context: Context) -> Grid | None:
    """The same in figures."""
    tree = getattr(context.report.segmentation.evidence, "lineage", None)
    if tree is None or tree.nodes["k"].nunique() < 2:
        return None
    say, language = context.language.gettext, context.language
    rows = [
        GridRow(
            language.number(k),
            (
                language.number(segment),
                language.share(share, 1),
                _origin(k, segment, context) or NOTHING,
                language.number(steady, 2),
            ),
        )
        for k, segment, share, steady, _ in _rows(tree.nodes)
    ]
    heads = (
        say("Number of segments"),
        say("Segment"),
        say("Share"),
        say("Came from"),
        say("Stability across"),
    )
    return Grid(say("The figures behind the picture"), heads, tuple(rows), (2,))

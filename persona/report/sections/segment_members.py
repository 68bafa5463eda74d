"""How clearly respondents belong to their segments: certainty, silhouettes, separation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.report.charts.canvas import Chart
from persona.report.charts.segment_members import (
    Bands,
    Cloud,
    Widths,
    bands_picture,
    separation_picture,
    silhouette_picture,
)
from persona.report.charts.shapes import chart
from persona.report.locale import message
from persona.report.sections.base import Context, letter
from persona.report.sections.grid import Grid, segment_row
from persona.report.sections.segment_labels import basis_labels, label_of

if TYPE_CHECKING:
    from persona.segmentation.result import Segmentation

EDGES = (0.9, 0.7, 0.5)
"""Bounds of the bands of certainty; below .7 a respondent is called uncertain (norm of latent
class: mean posterior of .7)."""
BANDS = (
    message("90% and more"),
    message("70 to 90%"),
    message("50 to 70%"),
    message("under 50%"),
)
MOST_SIGNS = 600
"""Respondents drawn in the picture of separation."""
MOST_STEPS = 90
"""Steps of one outline in the picture of silhouettes."""


def was_joined(context: Context) -> bool:
    """Whether segments were joined after they were found; silhouettes are of those before."""
    return any(one.code == "segments.merged" for one in context.report.segmentation.warnings)


def certainties(context: Context) -> pd.DataFrame:
    """``segment``, highest probability ``top`` and likeliest other segment ``second``."""
    return certainty_table(context.report.segmentation)


def certainty_table(segmentation: Segmentation) -> pd.DataFrame:
    """The same of a segmentation, a row a respondent who has a segment."""
    chances = segmentation.probabilities.dropna(how="all")
    values = chances.to_numpy(dtype=float)
    labels = segmentation.labels.reindex(chances.index)
    order = np.argsort(-values, axis=1, kind="stable")
    second = order[:, 1] + 1 if values.shape[1] > 1 else np.ones(len(values), dtype=int)
    return pd.DataFrame(
        {"segment": labels.to_numpy(dtype=int), "top": values.max(axis=1), "second": second},
        index=chances.index,
    )


def band_shares(top: NDArray[np.float64]) -> tuple[float, ...]:
    """Share of members in each band of certainty, the most certain first."""
    if not len(top):
        return (0.0,) * len(BANDS)
    place = np.searchsorted(-np.array(EDGES), -top, side="left")
    return tuple(float(part) for part in np.bincount(place, minlength=len(BANDS)) / len(top))


def certainty_chart(context: Context) -> Chart | None:
    """Members of each segment by how certain their segment is."""
    table = certainties(context)
    if table["segment"].nunique() < 2:
        return None
    name = "segment-certainty"
    if name in context.charts:
        return context.charts[name]
    say, language = context.language.gettext, context.language
    words = [say(word) for word in BANDS]
    rows, tips = [], []
    for size in context.report.profile.segments:
        top = table.loc[table["segment"] == size.segment, "top"].to_numpy(dtype=float)
        parts = []
        for word, share in zip(words, band_shares(top), strict=True):
            tip = say(
                "{name}: {share} of its members belong to it with a probability of {band}",
                name=context.name(size.segment),
                share=language.share(share),
                band=word,
            )
            parts.append((share, tip))
        tips.append(parts[0][1])
        uncertain = language.number(int((top < EDGES[1]).sum()))
        label = f"{letter(size.segment)}  {context.name(size.segment)}"
        rows.append(Bands(label, context.colour(size.segment), tuple(parts), uncertain))
    picture = bands_picture(rows, words, say("uncertain respondents"), context.theme)
    alt = say("Certainty of the segments. {list}", list="; ".join(tips))
    context.charts[name] = chart(name, picture, alt)
    return context.charts[name]


def certainty_note(context: Context) -> str:
    """How many respondents are uncertain, in words."""
    table, language = certainties(context), context.language
    uncertain = int((table["top"] < EDGES[1]).sum())
    return language.ngettext(
        "{n} respondent of {all} ({share}) is uncertain: the own segment has a probability under "
        "{least}. They are counted where they most likely belong.",
        "{n} respondents of {all} ({share}) are uncertain: the own segment has a probability under "
        "{least}. They are counted where they most likely belong.",
        uncertain,
        all=language.number(len(table)),
        share=language.share(uncertain / max(len(table), 1)),
        least=language.share(EDGES[1]),
    )


def doubtful_grid(context: Context) -> Grid | None:
    """Uncertain members of each segment by the segment that they might as well belong to."""
    table = certainties(context)
    doubt = table[table["top"] < EDGES[1]]
    if table["segment"].nunique() < 2 or not len(doubt):
        return None
    say, language = context.language.gettext, context.language
    segments = [size.segment for size in context.report.profile.segments]
    pairs = Counter(zip(doubt["segment"].tolist(), doubt["second"].tolist(), strict=True))
    rows = [
        segment_row(
            context,
            one,
            [language.number(pairs[one, other]) if one != other else "" for other in segments],
        )
        for one in segments
    ]
    heads = (say("Segment"), *(letter(one) for one in segments))
    return Grid(say("Uncertain members, by the segment they lean to"), heads, tuple(rows))


def silhouette_chart(context: Context) -> Chart | None:
    """The silhouettes of each segment's members."""
    members = context.report.segmentation.evidence.respondents
    if "silhouette" not in members.columns or was_joined(context):
        return None
    own = members["silhouette"].dropna()
    labels = context.report.segmentation.labels.reindex(own.index)
    if labels.nunique() < 2:
        return None
    name = "segment-silhouette"
    if name in context.charts:
        return context.charts[name]
    language, rows = context.language, []
    for size in context.report.profile.segments:
        values = np.sort(own[(labels == size.segment).to_numpy(bool)].to_numpy(dtype=float))[::-1]
        if not len(values):
            continue
        tip = language.gettext(
            "{name}: mean silhouette {value}; {share} of its members lie nearer to another segment",
            name=context.name(size.segment),
            value=language.number(values.mean(), 2),
            share=language.share(float((values < 0).mean())),
        )
        picked = values[_evenly(len(values), MOST_STEPS)]
        label = f"{letter(size.segment)}  {context.name(size.segment)}"
        figure = language.number(values.mean(), 2)
        rows.append(
            Widths(label, context.colour(size.segment), tuple(picked), len(values), figure, tip)
        )
    mean = language.number(float(own.mean()), 2)
    words = (
        language.gettext("mean {value}", value=mean),
        language.gettext("nearer to another"),
    )
    picture = silhouette_picture(rows, float(own.mean()), words, context.theme)
    alt = language.gettext("Silhouettes. {list}", list="; ".join(row.tip for row in rows))
    context.charts[name] = chart(name, picture, alt)
    return context.charts[name]


def _evenly(n: int, most: int) -> NDArray[np.intp]:
    return np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(np.intp))


def separation_chart(context: Context) -> Chart | None:
    """Respondents on the two first components of the bases, by segment."""
    segmentation = context.report.segmentation
    members = segmentation.evidence.respondents
    if not {"component_1", "component_2"} <= set(members.columns):
        return None
    labels = segmentation.labels.reindex(members.index)
    if labels.nunique() < 2:
        return None
    name = "segment-separation"
    if name in context.charts:
        return context.charts[name]
    language = context.language
    clouds = [
        cloud
        for size in context.report.profile.segments
        if (cloud := _cloud(size.segment, members, labels, context)) is not None
    ]
    words = (
        language.gettext("Component {number}", number=1),
        language.gettext("Component {number}", number=2),
    )
    picture = separation_picture(clouds, words, context.theme)
    alt = language.gettext(
        "Respondents on two components of the bases. {list}",
        list="; ".join(cloud.tip for cloud in clouds),
    )
    context.charts[name] = chart(name, picture, alt)
    return context.charts[name]


def _cloud(
    segment: int, members: pd.DataFrame, labels: pd.Series, context: Context
) -> Cloud | None:
    spot = context.once(f"spot of segment {segment}", lambda: _spot(segment, members, labels))
    if spot is None:
        return None
    tip = context.language.gettext(
        "{name}: {share} of its members lie nearer to its centre than to any other in this plane",
        name=context.name(segment),
        share=context.language.share(spot.inside),
    )
    name, colour = context.name(segment), context.colour(segment)
    return Cloud(letter(segment), name, colour, spot.points, spot.centre, spot.half, tip)


@dataclass(frozen=True)
class _Spot:
    """Where a segment's members lie: those drawn, their centre, half axes, share inside."""

    points: tuple[tuple[float, float], ...]
    centre: tuple[float, float]
    half: tuple[tuple[float, float], tuple[float, float]] | None
    inside: float


def _spot(segment: int, members: pd.DataFrame, labels: pd.Series) -> _Spot | None:
    mine = (labels == segment).to_numpy(dtype=bool, na_value=False)
    places = members.loc[mine, ["component_1", "component_2"]].dropna().to_numpy(dtype=float)
    if not len(places):
        return None
    shown = max(round(MOST_SIGNS * len(places) / max(len(members), 1)), 12)
    picked = places[_evenly(len(places), shown)]
    x, y = places.mean(axis=0)
    return _Spot(
        tuple((float(u), float(v)) for u, v in picked),
        (float(x), float(y)),
        _half(places),
        _nearest_own(places, segment, members, labels),
    )


def _nearest_own(
    places: NDArray[np.float64], segment: int, members: pd.DataFrame, labels: pd.Series
) -> float:
    """Share of places that lie nearest to the centre of their own segment."""
    centres = members[["component_1", "component_2"]].groupby(labels.to_numpy()).mean()
    far = ((places[:, None] - centres.to_numpy(dtype=float)[None]) ** 2).sum(axis=2)
    return float((centres.index.to_numpy()[far.argmin(axis=1)] == segment).mean())


def _half(places: NDArray[np.float64]) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Half axes of the ellipse that holds half of a normal cloud."""
    if len(places) < 3:
        return None
    values, vectors = np.linalg.eigh(np.cov(places.T))
    reach = np.sqrt(np.maximum(values, 0.0) * 2 * np.log(2)) * vectors
    return (float(reach[0, 1]), float(reach[1, 1])), (float(reach[0, 0]), float(reach[1, 0]))


def component_sentences(context: Context) -> tuple[str, ...]:
    """What each of the two components sets against each other, by its strongest bases."""
    loadings = getattr(context.report.segmentation.evidence, "components", None)
    if loadings is None or not len(loadings):
        return ()
    language, labels = context.language, basis_labels(context)
    found = []
    for place, column in enumerate(list(loadings.columns)[:2], 1):
        values = loadings[column].astype(float).sort_values(kind="stable")
        high = [name for name, value in values[::-1].items() if value > 0][:2]
        low = [name for name, value in values.items() if value < 0][:2]

        def named(bases: list[object]) -> str:
            texts = (label_of(str(one), labels, context) for one in bases)
            return ", ".join(language.gettext("“{text}”", text=text) for text in texts)

        values_of = {"number": place, "high": named(list(high)), "low": named(list(low))}
        if high and low and abs(values.iloc[0]) >= 0.3 * values.iloc[-1]:
            found.append(language.gettext("Component {number}: {high} against {low}.", **values_of))
        elif high:
            found.append(language.gettext("Component {number}: more of {high}.", **values_of))
    return tuple(found)

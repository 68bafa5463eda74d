"""Opportunities: needs that are important and badly met, for everybody and by segment."""

from __future__ import annotations

from dataclasses import dataclass

from persona.profiling.opportunity import UNDERSERVED, Opportunity, OpportunityCell
from persona.report.charts.canvas import Chart
from persona.report.charts.fields import FIELD_SIZE, paint_opportunities
from persona.report.charts.maps import Point
from persona.report.locale import message
from persona.report.sections.base import Context, Section, letter
from persona.report.sections.grid import Grid, GridRow


@dataclass(frozen=True)
class Opportunities:
    """Scores of every need, and the pictures: everybody first, then each segment."""

    lead: str
    scores: Grid
    detail: Grid
    pictures: tuple[tuple[str, Chart], ...]
    note: str


def build(context: Context) -> Opportunities | None:
    """The opportunity scores; nothing where no need was asked twice."""
    targeting = context.report.targeting
    if targeting is None or not targeting.needs:
        return None
    needs, say = targeting.needs, context.language.gettext
    return Opportunities(
        lead=_lead(needs, context),
        scores=_scores(needs, context),
        detail=_detail(needs, context),
        pictures=_pictures(needs, context),
        note=say(
            "Opportunity = importance + (importance − satisfaction, where it is above 0), after "
            "Ulwick (2005); importance and satisfaction are ten times the share of highest "
            "answers. From {limit} on a need is underserved.",
            limit=context.language.number(UNDERSERVED),
        ),
    )


def _lead(needs: tuple[Opportunity, ...], context: Context) -> str:
    language = context.language
    found = [
        (cell.opportunity, need, place)
        for need in needs
        for place, cell in enumerate(need.cells, 1)
        if cell.opportunity is not None and cell.opportunity >= UNDERSERVED
    ]
    if not found:
        return language.gettext("No need is underserved in any segment.")
    score, need, segment = max(found, key=lambda one: one[0])
    return language.gettext(
        "The largest opportunity: “{need}” for “{segment}” (score {score}).",
        need=context.text(need.text),
        segment=context.name(segment),
        score=language.number(score, 1),
    )


def _scores(needs: tuple[Opportunity, ...], context: Context) -> Grid:
    say, language = context.language.gettext, context.language
    sizes = context.report.profile.segments
    heads = (
        say("Need"),
        say("All"),
        *(f"{letter(size.segment)} {context.name(size.segment)}" for size in sizes),
    )
    rows = [
        GridRow(
            context.text(need.text),
            tuple(_score(cell, context) for cell in (need.total, *need.cells)),
        )
        for need in needs
    ]
    title = say("Opportunity scores with 95% intervals, ▲ from {limit}", limit=language.number(10))
    return Grid(title, heads, tuple(rows))


def _score(cell: OpportunityCell, context: Context) -> str:
    language = context.language
    text = language.number(cell.opportunity, 1)
    if cell.low is not None and cell.high is not None:
        text += f" ({language.interval(cell.low, cell.high, 1)})"
    return f"▲ {text}" if (cell.opportunity or 0.0) >= UNDERSERVED else text


def _detail(needs: tuple[Opportunity, ...], context: Context) -> Grid:
    """Importance and satisfaction of everybody and of each segment: ``8.1 / 4.2``."""
    say, language = context.language.gettext, context.language
    heads = (
        say("Need"),
        say("All"),
        *(letter(size.segment) for size in context.report.profile.segments),
        say("Base"),
    )
    rows = [
        GridRow(
            context.text(need.text),
            (
                *(
                    f"{language.number(cell.importance, 1)} / "
                    f"{language.number(cell.satisfaction, 1)}"
                    for cell in (need.total, *need.cells)
                ),
                language.number(need.total.base),
            ),
        )
        for need in needs
    ]
    return Grid(say("Importance / satisfaction, 0 to 10"), heads, tuple(rows))


def _pictures(needs: tuple[Opportunity, ...], context: Context) -> tuple[tuple[str, Chart], ...]:
    say = context.language.gettext
    pictures = [(say("All"), opportunity_chart(needs, None, context))]
    for size in context.report.profile.segments:
        title = f"{letter(size.segment)}  {context.name(size.segment)}"
        pictures.append((title, opportunity_chart(needs, size.segment, context)))
    return tuple(pictures)


def opportunity_chart(
    needs: tuple[Opportunity, ...], segment: int | None, context: Context
) -> Chart:
    """Importance and satisfaction of the needs of one segment, or of everybody."""
    say, language = context.language.gettext, context.language
    colour = context.theme.colours["accent"] if segment is None else context.colour(segment)
    points = []
    for need in needs:
        cell = need.total if segment is None else need.cells[segment - 1]
        if cell.importance is None or cell.satisfaction is None or cell.opportunity is None:
            continue
        text = context.text(need.text)
        tip = say(
            "{need}: importance {importance}, satisfaction {satisfaction}, opportunity {score}",
            need=text,
            importance=language.number(cell.importance, 1),
            satisfaction=language.number(cell.satisfaction, 1),
            score=language.number(cell.opportunity, 1),
        )
        strong = cell.opportunity >= UNDERSERVED
        points.append(Point(cell.importance, cell.satisfaction, text, colour, tip, strong=strong))
    who = say("All") if segment is None else context.name(segment)
    alt = say("Opportunities, {who}. {list}", who=who, list="; ".join(p.tip for p in points))
    words = (say("Importance"), say("Satisfaction"))
    paint = paint_opportunities(points, words, say("underserved"), UNDERSERVED, context.theme)
    name = "opportunities" if segment is None else f"opportunities-{segment}"
    return context.draw(name, FIELD_SIZE, paint, alt)


SECTION = Section("opportunities", message("Opportunities"), build)

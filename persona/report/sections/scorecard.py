"""Scorecard: whether each segment is worth addressing, and how attractive it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from persona.profiling.scorecard import LARGE_SHARE, Scorecard, SegmentTest
from persona.report.charts.canvas import Chart
from persona.report.charts.fields import FIELD_SIZE, paint_attractiveness
from persona.report.charts.maps import Point
from persona.report.locale import NOTHING, Language, message
from persona.report.sections.base import Context, Section, letter
from persona.report.sections.grid import Grid, GridRow
from persona.report.sections.value import LONGEST
from persona.report.targets import Targeting

if TYPE_CHECKING:
    from persona.profiling.attractiveness import AttractivenessPoint, Criterion

TESTS = {
    "recognisable": message("Recognisable"),
    "measurable": message("Measurable"),
    "large": message("Large enough"),
    "valuable": message("Valuable enough"),
    "reachable": message("Reachable"),
    "stable": message("Stable"),
    "bounded": message("Evenly bounded"),
}
EXPLAINED = {
    "recognisable": message("share of its members that the typing questions find again"),
    "measurable": message("half of the interval of its size, over its size"),
    "large": message("respondents"),
    "valuable": message("mean value of a member less the cost of addressing it; knock-out"),
    "reachable": message("percent that use its best channel"),
    "stable": message("Jaccard in resamples"),
    "bounded": message("mean probability of its members"),
}
OUTCOMES = {
    "pass": message("pass"),
    "fail": message("fail"),
    "not_asked": message("not asked"),
}
AXES = {
    "segment": message("How attractive the segment is to us"),
    "us": message("How attractive we are to the segment"),
}
MEASURED = {
    "size": message("Size"),
    "revenue": message("Revenue of a member"),
    "margin": message("Margin of a member"),
    "potential": message("Potential of a member"),
    "best_customers": message("Share of best customers"),
}


@dataclass(frozen=True)
class Judged:
    """One test of one segment: outcome and its word, the number, what it had to reach."""

    outcome: str
    word: str
    figure: str
    limit: str
    detail: str


@dataclass(frozen=True)
class TestLine:
    """One test over all segments."""

    name: str
    explained: str
    cells: tuple[Judged, ...]


@dataclass(frozen=True)
class Head:
    """One segment with the sum of its tests."""

    letter: str
    name: str
    colour: str
    sum: str
    out: bool
    target: bool


@dataclass(frozen=True)
class ScorecardView:
    """All tests of all segments, and the attractiveness plot where there are criteria."""

    title: str
    heads: tuple[Head, ...]
    lines: tuple[TestLine, ...]
    notes: tuple[str, ...]
    plot: Chart | None
    criteria: Grid | None
    criteria_note: str


def build(context: Context) -> ScorecardView | None:
    """The scorecards; nothing when the report has none."""
    targeting = context.report.targeting
    if targeting is None or not targeting.scorecards:
        return None
    cards, say = targeting.scorecards, context.language.gettext
    names = [test.test for test in cards[0].tests]
    lines = tuple(
        TestLine(
            say(TESTS[name]),
            say(EXPLAINED[name]),
            tuple(judged(card.tests[place], context) for card in cards),
        )
        for place, name in enumerate(names)
    )
    return ScorecardView(
        title=say("Tests of each segment"),
        heads=tuple(_head(card, targeting, context) for card in cards),
        lines=lines,
        notes=_notes(targeting, context),
        plot=attractiveness_chart(targeting, context),
        criteria=_criteria(targeting, context),
        criteria_note=_criteria_note(targeting, context),
    )


def _head(card: Scorecard, targeting: Targeting, context: Context) -> Head:
    say, language = context.language.gettext, context.language
    total = say(
        "{passed} of {all} passed",
        passed=language.number(card.passed),
        all=language.number(card.passed + card.failed),
    )
    return Head(
        letter(card.segment),
        context.name(card.segment),
        context.colour(card.segment),
        total,
        card.out,
        card.segment in targeting.targets,
    )


def judged(test: SegmentTest, context: Context) -> Judged:
    """A test as it is printed: the number, the limit, and what else belongs to it."""
    language = context.language
    figure, limit = _figures(test, language)
    return Judged(
        test.outcome,
        language.gettext(OUTCOMES[test.outcome]),
        figure,
        limit,
        _detail(test, context),
    )


def _figures(test: SegmentTest, language: Language) -> tuple[str, str]:
    if test.value is None:
        return NOTHING, ""
    if test.test in ("recognisable", "bounded"):
        return language.share(test.value), f"≥ {language.share(test.limit)}"
    if test.test == "measurable":
        return language.share(test.value), f"≤ {language.share(test.limit)}"
    if test.test == "reachable":
        return language.percent(test.value), f"≥ {language.percent(test.limit)}"
    if test.test == "stable":
        return language.number(test.value, 2), f"≥ {language.number(test.limit, 2)}"
    if test.test == "large":
        share = language.share(LARGE_SHARE)
        return language.number(test.value), f"≥ {language.number(test.limit)}, {share}"
    return language.number(test.value), f"> {language.number(test.limit)}"


def _detail(test: SegmentTest, context: Context) -> str:
    language, parts = context.language, []
    if test.test == "large" and test.beside is not None:
        parts.append(language.gettext("{share} of all", share=language.share(test.beside, 1)))
    elif test.test == "recognisable" and test.beside is not None:
        parts.append(language.gettext("by chance {share}", share=language.share(test.beside)))
    if test.text is not None:
        text = context.text(test.text)
        parts.append(text if len(text) <= LONGEST else f"{text[:LONGEST]} …")
    if test.low is not None and test.high is not None:
        parts.append(language.interval(test.low, test.high))
    return ", ".join(parts)


def _notes(targeting: Targeting, context: Context) -> tuple[str, ...]:
    language, notes = context.language, []
    found = targeting.recognition
    if found is not None:
        notes.append(
            language.gettext(
                "Recognisable: by the typing questions ({answers}), tested in {folds} parts on "
                "respondents that neither the choice of questions nor their points were learned "
                "from; {share} of all are put right, {chance} by chance.",
                answers=language.number(found.questions),
                folds=language.number(found.folds),
                share=language.share(found.overall),
                chance=language.share(found.chance),
            )
        )
    if any(card.out for card in targeting.scorecards):
        notes.append(
            language.gettext(
                "A segment that fails a knock-out is out, whatever else it passes: it brings "
                "less than it costs."
            )
        )
    if not targeting.costs:
        notes.append(
            language.gettext(
                "No cost of addressing was given (key value: cost in the study file), so it "
                "counts as nothing."
            )
        )
    return tuple(notes)


def criterion_name(criterion: Criterion, context: Context) -> str:
    """What a criterion is called."""
    if criterion.text:
        return context.text(criterion.text)
    word = MEASURED.get(criterion.measured)
    return context.language.gettext(word) if word else criterion.id


def _placed(targeting: Targeting) -> list[tuple[AttractivenessPoint, float, float]]:
    return [
        (point, point.to_us, point.of_us)
        for point in targeting.points
        if point.to_us is not None and point.of_us is not None
    ]


def attractiveness_chart(targeting: Targeting, context: Context) -> Chart | None:
    """The segments on both axes; the area of a bubble is its share of value, else of people."""
    say, language = context.language.gettext, context.language
    points = []
    for point, to_us, of_us in _placed(targeting):
        name = context.name(point.segment)
        tip = say(
            "{name}: attractive to us {x}, we to it {y}",
            name=name,
            x=language.number(to_us, 1),
            y=language.number(of_us, 1),
        )
        size = point.value if point.value is not None else point.size
        label = f"{letter(point.segment)}  {name}"
        colour = context.colour(point.segment)
        area = 80 + 1600 * max(size, 0.0)
        points.append(Point(to_us, of_us, label, colour, tip, area=area, strong=True))
    if not points:
        return None
    alt = say("Attractiveness. {list}", list="; ".join(point.tip for point in points))
    words = (say(AXES["segment"]), say(AXES["us"]))
    paint = paint_attractiveness(points, words, context.theme)
    return context.draw("attractiveness", FIELD_SIZE, paint, alt)


def _criteria(targeting: Targeting, context: Context) -> Grid | None:
    """Every criterion with its part of its axis and the score of each segment."""
    say, language = context.language.gettext, context.language
    if not targeting.criteria:
        return None
    sums: dict[str, float] = {}
    for one in targeting.criteria:
        sums[one.axis] = sums.get(one.axis, 0.0) + one.weight
    rows = [
        GridRow(
            criterion_name(one, context),
            (
                say(AXES[one.axis]),
                language.share(one.weight / sums[one.axis]),
                *(language.number(point.scores.get(one.id), 1) for point in targeting.points),
            ),
        )
        for one in targeting.criteria
    ]
    for axis, word in AXES.items():
        if axis in sums:
            totals = (p.to_us if axis == "segment" else p.of_us for p in targeting.points)
            figures = (language.number(total, 1) for total in totals)
            rows.append(GridRow(say("Weighted mean"), (say(word), language.share(1.0), *figures)))
    letters = (letter(point.segment) for point in targeting.points)
    heads = (say("Criterion"), say("Axis"), say("Weight"), *letters)
    return Grid(say("Criteria, weights and scores from 0 to 10"), heads, tuple(rows), (0,))


def _criteria_note(targeting: Targeting, context: Context) -> str:
    say = context.language.gettext
    if not targeting.criteria:
        return say(
            "No criteria were given. Write weights and scores on the sheet “Criteria” of "
            "workbook.xlsx, or under criteria in the study file."
        )
    missing = {axis for axis in AXES if axis not in {one.axis for one in targeting.criteria}}
    unscored = any(point.missing for point in targeting.points)
    if missing or unscored:
        return say(
            "A segment is on the plot when every criterion of both axes has a score for it. Scores "
            "are written on the sheet “Criteria” of workbook.xlsx."
        )
    return say("The size of a disc is the segment’s share of value, or of people without value.")


SECTION = Section("scorecard", message("Worth addressing?"), build)

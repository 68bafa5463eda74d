"""What commonly makes segments that are not there: each check, what it found, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from persona.errors import Problem
from persona.report.locale import Language, message
from persona.report.sections.base import Context, letter
from persona.report.sections.grid import Grid, GridRow
from persona.report.sections.segment_labels import basis_labels, label_of
from persona.segmentation.assembling import SMALL, SMALL_SHARE
from persona.segmentation.guards import DOMINANT, TWINS

RULES = {
    "60 per basis (Dolnicar et al. 2014)": message("60 per basis (Dolnicar et al. 2014)"),
    "100 per basis (Dolnicar et al. 2016)": message("100 per basis (Dolnicar et al. 2016)"),
    "10 per basis and segment (Qiu & Joe 2015)": message(
        "10 per basis and segment (Qiu & Joe 2015)"
    ),
    "2 to the number of bases (Formann 1984)": message("2 to the number of bases (Formann 1984)"),
}
REPLICATED = 0.1
"""Share of starts below which the best solution is called hard to find."""


@dataclass(frozen=True)
class Check:
    """One check: whether all is in order, what was found, why it matters and what to do."""

    name: str
    fine: bool
    word: str
    found: str
    why: str
    remedy: str


def checks(context: Context) -> tuple[Check, ...]:
    """Every check that was made on the segments."""
    made = [
        _respondents(context),
        _twins(context),
        _dominance(context),
        _said(
            context,
            "segments.junk",
            message("Segments of non-answers"),
            message("No segment is marked by answers such as “don’t know”."),
            message("Such a segment shares a way out of the question, not a view."),
        ),
        _said(
            context,
            "segments.outliers",
            message("Outliers as a segment"),
            message("No few respondents far from all others form a segment."),
            message("Faulty or odd answers can make a segment of their own."),
        ),
        _smallest(context),
        _starts(context),
        _assigned(context),
    ]
    return tuple(one for one in made if one is not None)


def _check(
    context: Context, name: str, fine: bool, found: str, why: str, remedy: str = ""
) -> Check:
    say = context.language.gettext
    word = say("in order") if fine else say("look at it")
    return Check(say(name), fine, word, found, say(why), remedy)


def _problems(context: Context, code: str) -> list[Problem]:
    return [one for one in context.report.segmentation.warnings if one.code == code]


def _remedy(problems: Iterable[Problem], language: Language) -> str:
    texts = [language.remedy(one) for one in problems if one.remedy]
    return " ".join(dict.fromkeys(texts))


def _said(context: Context, code: str, name: str, fine: str, why: str) -> Check | None:
    """A check whose finding is a warning, or none."""
    if "bases" not in context.report.segmentation.tables:
        return None
    problems, language = _problems(context, code), context.language
    found = " ".join(language.problem(one) for one in problems) or language.gettext(fine)
    return _check(context, name, not problems, found, why, _remedy(problems, language))


def _respondents(context: Context) -> Check | None:
    table = context.report.segmentation.tables.get("sample")
    if table is None or not len(table):
        return None
    language = context.language
    problems = _problems(context, "segments.few_respondents")
    first = table.iloc[0]
    found = language.gettext(
        "{have} respondents; 60 for each basis make {needed}.",
        have=language.number(int(first["have"])),
        needed=language.number(int(first["needed"])),
    )
    return _check(
        context,
        message("Respondents for so many bases"),
        bool(first["met"]),
        found,
        message("With too few, chance decides where the borders run."),
        _remedy(problems, language),
    )


def _twins(context: Context) -> Check | None:
    table = context.report.segmentation.tables.get("twins")
    if table is None:
        return None
    language, labels = context.language, basis_labels(context)
    pairs = [
        language.gettext(
            "“{first}” and “{second}” ({value})",
            first=label_of(first, labels, context),
            second=label_of(second, labels, context),
            value=language.number(float(value), 2),
        )
        for first, second, value in zip(
            table["first"], table["second"], table["correlation"], strict=True
        )
    ]
    found = "; ".join(pairs) or language.gettext(
        "No two bases correlate at {limit:.2f} or more.", limit=TWINS
    )
    return _check(
        context,
        message("Twins among the bases"),
        not pairs,
        found,
        message("What is asked twice counts twice."),
        _remedy(_problems(context, "segments.twins"), language),
    )


def _dominance(context: Context) -> Check | None:
    table = context.report.segmentation.tables.get("bases")
    if table is None or not len(table):
        return None
    language, labels = context.language, basis_labels(context)
    first = table.iloc[int(table["share"].to_numpy().argmax())]
    found = language.gettext(
        "The strongest, “{basis}”, makes {share:.0%} of the difference; {limit:.0%} would be too "
        "much.",
        basis=label_of(first["basis"], labels, context),
        share=float(first["share"]),
        limit=DOMINANT,
    )
    problems = _problems(context, "segments.dominant")
    return _check(
        context,
        message("One basis that decides alone"),
        not problems,
        found,
        message("Then the segments are the answers to one question."),
        _remedy(problems, language),
    )


def _smallest(context: Context) -> Check | None:
    sizes = context.report.profile.segments
    if len(sizes) < 2:
        return None
    language = context.language
    least = min(sizes, key=lambda size: size.n)
    fine = least.n >= SMALL and least.share >= SMALL_SHARE
    found = language.gettext(
        "{letter}: {n}, {share} of all; at least {least} and {part:.0%} are wanted.",
        letter=letter(least.segment),
        n=language.number(least.n),
        share=language.share(least.share, 1),
        least=language.number(SMALL),
        part=SMALL_SHARE,
    )
    remedy = _remedy(_problems(context, "segments.small"), language)
    return _check(
        context,
        message("The smallest segment"),
        fine,
        found,
        message("Figures of few respondents are uncertain."),
        "" if fine else remedy,
    )


def _starts(context: Context) -> Check | None:
    table = context.report.segmentation.candidates
    if not len(table) or "replicated" not in table.columns:
        return None
    row = table[table["chosen"].astype(bool)]
    if not len(row) or pd.isna(row["replicated"].iloc[0]) or int(row["k"].iloc[0]) < 2:
        return None
    share, language = float(row["replicated"].iloc[0]), context.language
    problems = _problems(context, "segments.unreplicated")
    fine = not problems and share >= REPLICATED
    found = language.gettext(
        "{share} of the starts led to the best solution.", share=language.share(share)
    )
    remedy = _remedy(problems, language) or language.gettext("Ask for more starts.")
    return _check(
        context,
        message("The same solution from other starts"),
        fine,
        found,
        message("Where many solutions are nearly as good, no single one is the truth."),
        "" if fine else remedy,
    )


def _assigned(context: Context) -> Check | None:
    segmentation, language = context.report.segmentation, context.language
    without = len(segmentation.unassignable)
    total = len(segmentation.labels)
    found = language.ngettext(
        "{n} of {all} respondents has no segment.",
        "{n} of {all} respondents have no segment.",
        without,
        all=language.number(total),
    )
    problems = _problems(context, "segments.unassignable")
    return _check(
        context,
        message("Everybody in one segment"),
        without <= 0.05 * max(total, 1),
        found,
        message("Who answered too little of the bases cannot be placed."),
        _remedy(problems, language) if without else "",
    )


def sample_grid(context: Context) -> Grid | None:
    """Respondents that the literature asks for."""
    table = context.report.segmentation.tables.get("sample")
    if table is None or not len(table):
        return None
    say, language = context.language.gettext, context.language
    rows = [
        GridRow(
            say(RULES[str(rule)]) if str(rule) in RULES else str(rule),
            (
                language.number(int(needed)),
                language.number(int(have)),
                say("yes") if met else say("no"),
            ),
        )
        for rule, needed, have, met in table.itertuples(index=False)
    ]
    heads = (say("Rule"), say("Asks for"), say("There are"), say("Met"))
    return Grid(say("Respondents that rules ask for"), heads, tuple(rows), (2,))


def bases_grid(context: Context) -> Grid | None:
    """How much each basis makes of the segments, the strongest first."""
    table = context.report.segmentation.tables.get("bases")
    if table is None or not len(table):
        return None
    say, language, labels = context.language.gettext, context.language, basis_labels(context)
    rows = [
        GridRow(
            label_of(basis, labels, context),
            (language.share(float(share), 1), language.share(float(eta), 1)),
        )
        for basis, share, eta in table.sort_values(
            "share", ascending=False, kind="stable"
        ).itertuples(index=False)
    ]
    heads = (say("Basis"), say("Share of the difference"), say("Its variance between segments"))
    return Grid(say("What each basis adds to the segments"), heads, tuple(rows))

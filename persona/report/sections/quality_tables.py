"""Tables of the data-quality page: care, leaving out, personal data, records, targets, gaps."""

from __future__ import annotations

from persona.report.charts.canvas import Chart
from persona.report.charts.missing import (
    HISTOGRAM_SIZE,
    Stack,
    paint_histogram,
    paint_stacks,
    stacks_size,
)
from persona.report.locale import NOTHING, message
from persona.report.model import MissingCount, MissingPattern, QualityFlag, TargetRow
from persona.report.sections.base import Context
from persona.report.sections.grid import Grid, GridRow

FLAGS = {
    "speeder": message("Answered in under {limit} of the median time"),
    "straight_liner": message("Gave one answer to all items of a battery"),
    "long_run": message("Gave the same answer to many items in a row"),
    "low_variability": message("Hardly varied the answers over all items"),
    "antonyms": message("Answered items that exclude each other alike"),
    "attention": message("Failed an attention check"),
    "duplicate": message("Gave exactly the answers of an earlier respondent"),
    "near_duplicate": message("Gave nearly all the answers of an earlier respondent"),
    "inconsistent": message("Answered what was not to be shown, or an exclusive option and others"),
    "gibberish": message("Typed words at random"),
    "copied_text": message("Gave a long text that another respondent gave word for word"),
    "outlier": message("Gave an unlikely combination of answers"),
    "nonresponse": message("Left many questions empty"),
}
CHECKS = {
    "speeder": message("Speed"),
    "straight_liner": message("Straight-lining"),
    "long_run": message("Longest run"),
    "low_variability": message("Variability"),
    "antonyms": message("Opposite items"),
    "attention": message("Attention checks"),
    "duplicate": message("Exact copies"),
    "near_duplicate": message("Near copies"),
    "inconsistent": message("Contradictions"),
    "gibberish": message("Random words"),
    "copied_text": message("Copied texts"),
    "outlier": message("Unlikely combinations"),
    "nonresponse": message("Empty questions"),
}
REASONS = (
    message("careless answers"),
    message("left out by the study"),
    message("the file does not tell how long respondents took"),
    message("there is no battery of five items"),
    message("fewer than five pairs of items exclude each other"),
    message("there are too few respondents for so many items"),
    message("the questionnaire declares no attention check"),
    message("there are fewer than ten questions"),
    message("there are no verbatims"),
)
"""Why a check is not made, or respondents are left out, as the results say it."""

SORTS = (
    message("e-mail addresses"),
    message("telephone numbers"),
    message("IP addresses"),
    message("card numbers"),
    message("names"),
)
NO_ANSWER = message("(no answer)")
MOST_PATTERNS = 8
MOST_STACKS = 15


def flags(context: Context) -> Grid | None:
    """Every check that was made, and how many respondents it flags."""
    quality, language = context.report.quality, context.language
    if not quality.flags:
        return None
    rows = tuple(
        GridRow(
            language.gettext(CHECKS[flag.check]) if flag.check in CHECKS else flag.check,
            (_flag_text(flag, context), language.number(flag.count)),
        )
        for flag in quality.flags
    )
    say = language.gettext
    heads = (say("Check"), say("What it found"), say("Respondents"))
    return Grid(say("Care of the answers"), heads, rows, (0,))


def _flag_text(flag: QualityFlag, context: Context) -> str:
    sentence = FLAGS.get(flag.check)
    if sentence is None or (flag.check == "speeder" and flag.limit is None):
        return flag.text
    return context.language.gettext(sentence, limit=context.language.share(flag.limit))


def not_checked(context: Context) -> Grid | None:
    """Checks that could not be made, with the reason."""
    quality, say = context.report.quality, context.language.gettext
    if not quality.not_checked:
        return None
    rows = tuple(
        GridRow(say(CHECKS[name]) if name in CHECKS else name, (say(reason),))
        for name, reason in quality.not_checked
    )
    return Grid(say("What could not be checked"), (say("Check"), say("Reason")), rows, (0,))


def proposal(context: Context) -> tuple[str, ...]:
    """How many are flagged, how many are proposed to be left out, and what was decided."""
    quality, language = context.report.quality, context.language
    if not quality.flags:
        return ()
    lines = [
        language.ngettext(
            "{n} respondent has at least one flag.",
            "{n} respondents have at least one flag.",
            quality.flagged,
        ),
        language.ngettext(
            "By the rules of the study {n} respondent is proposed to be left out.",
            "By the rules of the study {n} respondents are proposed to be left out.",
            quality.proposed,
        ),
    ]
    if quality.excluded_by == "proposed":
        lines.append(language.gettext("The study leaves out those proposed."))
    elif quality.excluded_by == "named":
        lines.append(language.gettext("The study names those who are left out."))
    else:
        lines.append(language.gettext("Nobody was left out for careless answers."))
    return tuple(lines)


def changes(context: Context) -> Grid | None:
    """What leaving out changes, or would change, most."""
    quality, language = context.report.quality, context.language
    if not quality.changes:
        return None
    say = language.gettext
    rows = []
    for change in quality.changes:
        head = context.text(change.text) or change.variable
        if change.category is not None:
            head += f": {context.text(change.label) or change.category}"
        figures = (change.before, change.after, change.standardised)
        rows.append(GridRow(head, tuple(language.number(figure, 2) for figure in figures)))
    title = (
        say("What leaving out would change most")
        if quality.excluded_by == "none"
        else say("What leaving out changes most")
    )
    heads = (say("Figure"), say("With all"), say("Without them"), say("Standard deviations"))
    return Grid(title, heads, tuple(rows))


def personal(context: Context) -> Grid | None:
    """Columns with personal data."""
    quality, language = context.report.quality, context.language
    if not quality.personal:
        return None
    say = language.gettext
    rows = tuple(
        GridRow(
            f"{found.column} ({found.header})" if found.header else found.column,
            (say(found.sort), language.number(found.count)),
        )
        for found in quality.personal
    )
    heads = (say("Column"), say("What it holds"), say("Respondents"))
    return Grid(say("Personal data, kept out of this report"), heads, rows, (0,))


def records(context: Context) -> Grid | None:
    """Customer records: who joined, who did not, and what was taken."""
    quality, language = context.report.quality, context.language
    if not quality.records:
        return None
    say = language.gettext
    texts = {one.variable: one.text for one in quality.missing}
    rows = tuple(
        GridRow(
            part.file,
            (
                language.number(part.joined),
                language.number(part.without),
                language.number(part.unused),
                "; ".join(
                    f"{context.text(texts.get(name, {})) or name} ← {source}"
                    for name, source in part.columns.items()
                ),
            ),
        )
        for part in quality.records
    )
    heads = (
        say("File"),
        say("Joined"),
        say("Without a record"),
        say("Records of nobody here"),
        say("What was taken from it"),
    )
    return Grid(say("Customer records"), heads, rows, (3,))


def targets(context: Context) -> Grid | None:
    """Each level of each margin before and after raking."""
    weights, language = context.report.weights, context.language
    if not weights.targets:
        return None
    say = language.gettext
    rows = tuple(
        GridRow(
            _level(row, context),
            (
                language.number(row.n),
                language.share(row.before, 1),
                language.share(row.target, 1),
                language.share(row.after, 1),
            ),
        )
        for row in weights.targets
    )
    heads = (
        say("Answer"),
        say("Respondents"),
        say("Before weighting"),
        say("Target"),
        say("After weighting"),
    )
    return Grid(say("Targets of the weights"), heads, rows)


def _level(row: TargetRow, context: Context) -> str:
    if not row.texts:
        return f"{row.margin}: {row.level}"
    questions = " × ".join(context.text(text) for text in row.texts)
    said = (
        context.language.gettext(NO_ANSWER) if label.get("") == NO_ANSWER else context.text(label)
        for label in row.labels
    )
    return f"{questions}: {' × '.join(said)}"


def raking(context: Context) -> tuple[str, ...]:
    """Whether the targets are met, and what was trimmed."""
    weights, language = context.report.weights, context.language
    if not weights.raked:
        return ()
    lines = []
    if weights.converged and not weights.trimmed:
        lines.append(
            language.ngettext(
                "All targets are met after {n} round.",
                "All targets are met after {n} rounds.",
                weights.iterations or 0,
            )
        )
    elif not weights.converged:
        lines.append(
            language.ngettext(
                "After {n} round the targets are not all met.",
                "After {n} rounds the targets are not all met.",
                weights.iterations or 0,
            )
        )
    if weights.trimmed:
        lines.append(
            language.ngettext(
                "{n} weight was cut to the limit, so margins miss their targets a little.",
                "{n} weights were cut to the limits, so margins miss their targets a little.",
                weights.trimmed,
            )
        )
    return tuple(lines)


def histogram(context: Context) -> Chart | None:
    """Respondents by the share of questions they left unanswered."""
    found, language = context.report.quality.missing_histogram, context.language
    if not found or sum(count for _, _, count in found) == 0:
        return None
    columns = []
    for low, high, count in found:
        between = f"{language.number(100 * low)}–{language.share(high)}"
        respondents = language.ngettext("{n} respondent", "{n} respondents", count)
        columns.append((between, count, language.number(count), f"{between}: {respondents}"))
    across = language.gettext("Share of the questions shown that were left unanswered")
    alt = f"{across}. {'; '.join(tip for _, _, _, tip in columns)}"
    return context.draw(
        "missing-respondents", HISTOGRAM_SIZE, paint_histogram(columns, across, context.theme), alt
    )


def stacks(missing: tuple[MissingCount, ...], context: Context) -> Chart | None:
    """The questions with most gaps, divided by what became of them."""
    language, colours = context.language, context.theme.colours
    say = language.gettext
    chosen = missing[:MOST_STACKS]
    if not chosen:
        return None
    kinds = (
        (say("answered"), colours["accent"], ("answered",)),
        (say("left unanswered"), colours["negative"], ("empty", "refused", "faulty")),
        (say("don’t know"), colours["warning"], ("dont_know",)),
        (say("not asked"), colours["line"], ("not_asked", "not_applicable")),
    )
    found = []
    for one in chosen:
        counts = [sum(getattr(one, name) for name in names) for _, _, names in kinds]
        total = sum(counts) or 1
        label = context.text(one.text) or one.variable
        parts = tuple(
            (count / total, colour, f"{label}: {word} {language.share(count / total, 1)}")
            for count, (word, colour, _) in zip(counts, kinds, strict=True)
        )
        found.append(Stack(label, parts, language.share(counts[0] / total)))
    alt = "; ".join(f"{stack.label}: {kinds[0][0]} {stack.figure}" for stack in found)
    legend = tuple((word, colour) for word, colour, _ in kinds)
    picture = paint_stacks(found, legend, context.theme)
    return context.draw("missing-questions", stacks_size(found), picture, alt)


def patterns(context: Context) -> Grid | None:
    """Which questions were left out together."""
    found, language = context.report.quality.missing_patterns, context.language
    if not any(pattern.questions for pattern in found):
        return None
    say = language.gettext
    rows = tuple(
        GridRow(
            _pattern(pattern, context),
            (language.number(pattern.count), language.share(pattern.share, 1)),
        )
        for pattern in found[:MOST_PATTERNS]
    )
    heads = (say("Questions left out together"), say("Respondents"), say("Share"))
    return Grid(say("Combinations of unanswered questions"), heads, rows)


def _pattern(pattern: MissingPattern, context: Context) -> str:
    """The first questions in words, the others counted."""
    if not pattern.questions:
        return context.language.gettext("none: every question shown was answered")
    texts = pattern.texts or ({},) * len(pattern.questions)
    words = [
        context.text(text) or name for name, text in zip(pattern.questions, texts, strict=True)
    ]
    shown = "; ".join(words[:3]) or NOTHING
    further = len(words) - 3
    if further <= 0:
        return shown
    return context.language.ngettext(
        "{questions} and {n} other", "{questions} and {n} others", further, questions=shown
    )

"""Sentences about a segment from the form of a statement and its evidence."""

from __future__ import annotations

from dataclasses import dataclass

from persona.profiling.persona import Evidence, Form, Persona, Statement
from persona.report.locale import Language, message, shortened

LONGEST = 240
"""Characters of an answer or question in a sentence; tables hold the whole text."""


@dataclass(frozen=True)
class Line:
    """One figure of the evidence: what it is, and how it is written."""

    name: str
    figure: str


@dataclass(frozen=True)
class Said:
    """A statement in words.

    ``sentence`` ends with its figures; ``question`` was asked; ``figure`` is the main figure alone
    and ``more`` is +1, 0 or -1 against the others; ``evidence`` is listed a click away, ``short``
    is the same as a note for print.
    """

    id: str
    sentence: str
    question: str
    figure: str
    base: int
    more: int
    evidence: tuple[Line, ...]
    short: str
    reach: float
    basis: bool

    @property
    def sign(self) -> str:
        """▲ above the others, ▼ below, nothing when alike."""
        return {1: "▲", -1: "▼"}.get(self.more, "")


def say(statement: Statement, language: Language) -> Said:
    """A statement in a language, with the figures behind it."""
    evidence = statement.evidence
    return Said(
        id=statement.id,
        sentence=_sentence(statement.form, evidence, language),
        question=shortened(language.text(evidence.question_text), LONGEST),
        figure=figure(evidence.value, evidence, language),
        base=evidence.base,
        more=direction(statement.form, evidence.effect),
        evidence=lines(evidence, language),
        short=short_evidence(evidence, language),
        reach=reach(evidence),
        basis=evidence.basis,
    )


def figure(value: float | None, evidence: Evidence, language: Language) -> str:
    """A value as its statistic and unit ask for."""
    if evidence.statistic in ("percent", "top_box", "bottom_box"):
        return language.percent(value)
    if evidence.statistic == "nps":
        return language.number(value)
    decimals = 0 if value is not None and abs(value) >= 100 else 1
    text = language.number(value, decimals)
    return f"{text} {evidence.unit}" if evidence.unit and value is not None else text


def decimals_of(evidence: Evidence) -> int:
    """Decimals of a figure and its interval: none of percents, scores and large amounts."""
    whole = evidence.statistic in ("percent", "top_box", "bottom_box", "nps")
    return 0 if whole or abs(evidence.value) >= 100 else 1


def direction(form: Form, effect: float | None) -> int:
    """+1 above the others, -1 below, 0 when alike."""
    match form:
        case Form.MOST_AND_MORE | Form.MORE_THAN_OTHERS | Form.HIGHER_MEAN:
            return 1
        case Form.LESS_THAN_OTHERS | Form.LOWER_MEAN:
            return -1
        case Form.HARDLY_ANY:
            return -1 if effect is not None and effect <= -0.2 else 0
        case _:
            return 0


def reach(evidence: Evidence) -> float:
    """The value as a part (0 to 1) of what its scale allows."""
    if evidence.statistic in ("percent", "top_box", "bottom_box"):
        return evidence.value / 100
    if evidence.statistic == "nps":
        return (evidence.value + 100) / 200
    low, high = evidence.scale_minimum, evidence.scale_maximum
    if low is None or high is None or high <= low:
        rest = evidence.rest or evidence.value or 1.0
        return min(max(evidence.value / (2 * rest), 0.0), 1.0) if rest > 0 else 0.5
    return (evidence.value - low) / (high - low)


_MESSAGES: dict[str, dict[Form, str]] = {
    "named": {
        Form.MOST_AND_MORE: message(
            "Most name “{answer}”, more than the others: {value} against {rest}."
        ),
        Form.MOST: message("Most name “{answer}”: {value}, others {rest}."),
        Form.MORE_THAN_OTHERS: message(
            "They name “{answer}” more often than the others: {value} against {rest}."
        ),
        Form.LESS_THAN_OTHERS: message(
            "They name “{answer}” less often than the others: {value} against {rest}."
        ),
        Form.HARDLY_ANY: message("Hardly any name “{answer}”: {value}, others {rest}."),
        Form.AS_LIKELY_AS: message(
            "They name “{answer}” as often as the others: {value} against {rest}."
        ),
    },
    "answered": {
        Form.MOST_AND_MORE: message(
            "Most answer “{answer}”, more than the others: {value} against {rest}."
        ),
        Form.MOST: message("Most answer “{answer}”: {value}, others {rest}."),
        Form.MORE_THAN_OTHERS: message(
            "They answer “{answer}” more often than the others: {value} against {rest}."
        ),
        Form.LESS_THAN_OTHERS: message(
            "They answer “{answer}” less often than the others: {value} against {rest}."
        ),
        Form.HARDLY_ANY: message("Hardly any answer “{answer}”: {value}, others {rest}."),
        Form.AS_LIKELY_AS: message(
            "They answer “{answer}” as often as the others: {value} against {rest}."
        ),
    },
    "boxed": {
        Form.MOST_AND_MORE: message(
            "“{answer}”: most say {boxes}, more than the others, {value} against {rest}."
        ),
        Form.MOST: message("“{answer}”: most say {boxes}, {value}, others {rest}."),
        Form.MORE_THAN_OTHERS: message(
            "“{answer}”: they say {boxes} more often than the others, {value} against {rest}."
        ),
        Form.LESS_THAN_OTHERS: message(
            "“{answer}”: they say {boxes} less often than the others, {value} against {rest}."
        ),
        Form.HARDLY_ANY: message("“{answer}”: hardly any say {boxes}, {value}, others {rest}."),
        Form.AS_LIKELY_AS: message(
            "“{answer}”: they say {boxes} as often as the others, {value} against {rest}."
        ),
    },
    "measured": {
        Form.HIGHER_MEAN: message(
            "“{answer}”: higher than the others, {value} on average against {rest}."
        ),
        Form.LOWER_MEAN: message(
            "“{answer}”: lower than the others, {value} on average against {rest}."
        ),
        Form.SAME_MEAN: message(
            "“{answer}”: as high as the others, {value} on average against {rest}."
        ),
    },
    "scaled": {
        Form.HIGHER_MEAN: message(
            "“{answer}”: higher than the others, {value} against {rest} "
            "on a scale of {low} to {high}."
        ),
        Form.LOWER_MEAN: message(
            "“{answer}”: lower than the others, {value} against {rest} "
            "on a scale of {low} to {high}."
        ),
        Form.SAME_MEAN: message(
            "“{answer}”: where the others stand, {value} against {rest} "
            "on a scale of {low} to {high}."
        ),
    },
    "recommended": {
        Form.HIGHER_MEAN: message(
            "Their net promoter score is higher than that of the others: {value} against {rest}."
        ),
        Form.LOWER_MEAN: message(
            "Their net promoter score is lower than that of the others: {value} against {rest}."
        ),
        Form.SAME_MEAN: message(
            "Their net promoter score is like that of the others: {value} against {rest}."
        ),
    },
}
_COUNTED = frozenset({"number", "money", "date", "derived", "constant_sum"})
"""Questions whose bounds only guard against slips and are no scale that respondents saw."""
_AS_MEAN = {
    Form.MOST_AND_MORE: Form.HIGHER_MEAN,
    Form.MOST: Form.SAME_MEAN,
    Form.MORE_THAN_OTHERS: Form.HIGHER_MEAN,
    Form.LESS_THAN_OTHERS: Form.LOWER_MEAN,
    Form.HARDLY_ANY: Form.LOWER_MEAN,
    Form.AS_LIKELY_AS: Form.SAME_MEAN,
}
_AS_PERCENT = {
    Form.HIGHER_MEAN: Form.MORE_THAN_OTHERS,
    Form.LOWER_MEAN: Form.LESS_THAN_OTHERS,
    Form.SAME_MEAN: Form.AS_LIKELY_AS,
}


def _sentence(form: Form, evidence: Evidence, language: Language) -> str:
    manner = _manner(evidence)
    other = _AS_MEAN if manner in ("measured", "scaled", "recommended") else _AS_PERCENT
    return language.gettext(
        _MESSAGES[manner][other.get(form, form)],
        answer=shortened(
            language.text(evidence.answer_text) or language.text(evidence.question_text), LONGEST
        ),
        value=figure(evidence.value, evidence, language),
        rest=figure(evidence.rest, evidence, language),
        low=language.number(evidence.scale_minimum),
        high=language.number(evidence.scale_maximum),
        boxes=_boxes(evidence, language),
    )


def _manner(evidence: Evidence) -> str:
    """Which set of sentences the evidence takes."""
    if evidence.statistic == "nps":
        return "recommended"
    if evidence.statistic in ("mean", "median"):
        counted = evidence.question_type in _COUNTED or evidence.unit
        bare = counted or evidence.scale_minimum is None or evidence.scale_maximum is None
        return "measured" if bare else "scaled"
    if evidence.box_texts:
        return "boxed"
    return "named" if evidence.question_type == "multiple" else "answered"


def _boxes(evidence: Evidence, language: Language) -> str:
    quoted = [
        language.gettext("“{answer}”", answer=shortened(language.text(text), LONGEST))
        for text in evidence.box_texts
    ]
    if len(quoted) < 2:
        return "".join(quoted)
    return language.gettext("{first} or {last}", first=", ".join(quoted[:-1]), last=quoted[-1])


def lines(evidence: Evidence, language: Language) -> tuple[Line, ...]:
    """The evidence as named figures: question, base, value, interval, total, others, index, p."""
    say = language.gettext
    decimals = decimals_of(evidence)
    found = [
        Line(say("Question"), language.text(evidence.question_text)),
        Line(say("Base"), language.ngettext("{n} respondent", "{n} respondents", evidence.base)),
        Line(say("Weighted base"), language.number(evidence.weighted_base, 1)),
        Line(_statistic(evidence, language), figure(evidence.value, evidence, language)),
        Line(say("95% interval"), language.interval(evidence.low, evidence.high, decimals)),
        Line(say("All respondents"), figure(evidence.total, evidence, language)),
        Line(say("All others"), figure(evidence.rest, evidence, language)),
    ]
    if evidence.index is not None:
        found.append(Line(say("Index (all = 100)"), language.number(evidence.index)))
    if evidence.effect is not None:
        found.append(Line(say("Effect size"), language.number(evidence.effect, 2)))
    if evidence.basis:
        found.append(
            Line(say("Test"), say("none: the question made the segments, a test would be circular"))
        )
    else:
        found.append(Line(say("p, corrected"), language.p_value(evidence.p_adjusted)))
    return tuple(found)


def short_evidence(evidence: Evidence, language: Language) -> str:
    """The evidence in one line; the others' figure stands in the sentence."""
    parts = [
        language.gettext(
            "n = {base}, 95% interval {interval}, all {total}",
            base=language.number(evidence.base),
            interval=language.interval(evidence.low, evidence.high, decimals_of(evidence)),
            total=figure(evidence.total, evidence, language),
        )
    ]
    if evidence.index is not None:
        parts.append(language.gettext("index {index}", index=language.number(evidence.index)))
    if not evidence.basis:
        parts.append(f"p {language.p_value(evidence.p_adjusted)}")
    return ", ".join(parts)


def _statistic(evidence: Evidence, language: Language) -> str:
    say = language.gettext
    match evidence.statistic:
        case "mean":
            return say("Mean")
        case "median":
            return say("Median")
        case "nps":
            return say("Net promoter score")
        case _:
            return say("Percent, weighted")


def summary(persona: Persona, said: tuple[Said, ...], own: str, language: Language) -> str:
    """One line about a persona: the user's own words, else the first of :func:`leading`."""
    if own:
        return own
    if telling := leading(persona, said):
        return telling[0].sentence
    return language.gettext("Nothing sets this segment apart from the others.")


def leading(persona: Persona, said: tuple[Said, ...]) -> tuple[Said, ...]:
    """The statements in the order a reader wants them: what sets apart before what is alike.

    What they expect and how they behave comes before what they are worth and who they are, since
    an offer answers to wants and habits; of it, what made the segments first, wants before
    habits, what they have before what they lack, the most telling before the rest.
    """
    block = {statement.id: statement.block for statement in persona.statements}

    def place(one: Said) -> tuple[bool, bool, bool, bool, int]:
        own = _LEADING.index(block[one.id])
        return not one.more, own > 1, not one.basis, one.more < 0, own

    return tuple(sorted(said, key=place))


_LEADING = ("expects", "behaves", "value", "who")


def figure_of_value(value: float | None, unit: str | None, language: Language) -> str:
    """A measured value with its unit; whole when it is large."""
    decimals = 0 if value is not None and abs(value) >= 100 else 1
    text = language.number(value, decimals)
    return f"{text} {unit}" if unit and value is not None else text

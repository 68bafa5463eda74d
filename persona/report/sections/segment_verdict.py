"""The verdict on the segments in words, with each thing it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from persona.report.locale import Language, message
from persona.report.sections.base import Context
from persona.report.sections.findings import VERDICTS
from persona.segmentation.verdict import CLEAR, LEAST_RATIO, STEADY, exceeds

TITLES = {
    "natural": message("Natural segments"),
    "reproducible": message("Reproducible segments"),
    "constructed": message("Constructed segments"),
    "none": message("No segments"),
    "given": message("Segments by a rule"),
}
TONES = {"natural": "good", "reproducible": "fair", "constructed": "weak", "none": "weak"}
STABLE, TRUSTED = 0.75, 0.6
"""Bootstrap Jaccard from which a segment is stable, and below which it is not to be trusted
(Hennig 2007)."""


@dataclass(frozen=True)
class Reason:
    """One thing the verdict rests on; ``met`` is whether it speaks for the segments."""

    text: str
    met: bool
    word: str


@dataclass(frozen=True)
class VerdictView:
    """The word, what it means for who uses the segments, and why."""

    word: str
    tone: str
    meaning: str
    reasons: tuple[Reason, ...]
    note: str


def verdict_view(context: Context) -> VerdictView:
    """The verdict as a reader sees it on top of the segments."""
    say = context.language.gettext
    verdict = context.report.segmentation.verdict
    word = str(verdict)
    reasons = _reasons(context)
    meaning = say(VERDICTS[word]) if word in VERDICTS else ""
    plain = say(verdict.template, **verdict.values)
    return VerdictView(
        word=say(TITLES[word]) if word in TITLES else word,
        tone=TONES.get(word, "fair"),
        meaning=meaning or plain,
        reasons=reasons,
        note="" if reasons or not meaning or plain == meaning else plain,
    )


def _reasons(context: Context) -> tuple[Reason, ...]:
    verdict = context.report.segmentation.verdict
    values, language = verdict.values, context.language
    found: list[tuple[str, bool]] = []
    if verdict.null is not None and {"gain", "null"} <= set(values):
        gain, null = float(str(values["gain"])), float(str(values["null"]))
        found.append((_gain(gain, null, language), exceeds(verdict.null)))
    if "ari" in values:
        found.append(_agreement(float(str(values["ari"])), language))
    separation = float(str(values.get("separation", "nan")))
    if separation == separation:
        found.append(_apart(separation, language))
    if (counted := _stable(context)) is not None:
        found.append(counted)
    words = {
        True: language.gettext("speaks for them"),
        False: language.gettext("speaks against them"),
    }
    return tuple(Reason(text, met, words[met]) for text, met in found)


def _gain(gain: float, null: float, language: Language) -> str:
    return language.gettext(
        "Being divided gains {gain:.2f} a respondent; surveys of the same answers without "
        "segments gain {null:.2f}. From {ratio} times as much there is something to find.",
        gain=gain,
        null=null,
        ratio=LEAST_RATIO,
    )


def _agreement(ari: float, language: Language) -> tuple[str, bool]:
    text = language.gettext(
        "Two samples agree on who belongs together at {ari:.2f} (adjusted Rand index: 1 fully, 0 "
        "as by chance; from {least:.2f} it is moderate).",
        ari=ari,
        least=STEADY,
    )
    return text, ari >= STEADY


def _apart(separation: float, language: Language) -> tuple[str, bool]:
    text = language.gettext(
        "The nearest two segments lie {separation:.1f} standard deviations apart; below {clear} "
        "they run into each other.",
        separation=separation,
        clear=CLEAR,
    )
    return text, separation >= CLEAR


def _stable(context: Context) -> tuple[str, bool] | None:
    table = context.report.segmentation.stability.segments
    if "jaccard" not in table.columns:
        return None
    values = table["jaccard"].dropna().to_numpy(dtype=float)
    if not len(values):
        return None
    stable, weak = int((values >= STABLE).sum()), int((values < TRUSTED).sum())
    text = context.language.ngettext(
        "{n} of {all} segments comes back stably in samples (Jaccard from {least}); not to be "
        "trusted: {weak}.",
        "{n} of {all} segments come back stably in samples (Jaccard from {least}); not to be "
        "trusted: {weak}.",
        stable,
        all=context.language.number(len(values)),
        least=context.language.number(STABLE, 2),
        weak=context.language.number(weak),
    )
    return text, weak == 0 and 2 * stable >= len(values)

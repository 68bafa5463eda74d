"""What may be said of the segments: natural, reproducible, constructed, or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from persona.segmentation.null import NullBenchmark

WORDS = ("natural", "reproducible", "constructed", "none", "given")
"""``given`` stands for segments that a rule made and that were not looked for."""

LEAST_EXCESS = 0.10
"""Gain above data without segments that counts as found, in units of BIC a respondent."""

LEAST_RATIO = 1.5
"""The gain must be this multiple of that in data without segments."""

CLEAR, STEADY = 2.0, 0.65
"""Separation of natural segments in standard deviations; the adjusted Rand index that Steinley
(2004) calls moderate."""

_SENTENCES = {
    "natural": (
        "The data fall into these segments by themselves: they gain {gain:.2f} a respondent "
        "where data of the same margins and correlations without segments gain {null:.2f} "
        "(p = {p:.3f}), they lie {separation:.1f} standard deviations apart, and samples agree "
        "on them (adjusted Rand index {ari:.2f})."
    ),
    "reproducible": (
        "The segments come back in other samples (adjusted Rand index {ari:.2f}), but they shade "
        "into each other: a gain of {gain:.2f} a respondent against {null:.2f} without segments, "
        "{separation:.1f} standard deviations apart. They are a useful way to cut a continuum."
    ),
    "constructed": (
        "Other samples would be divided differently (adjusted Rand index {ari:.2f}; gain "
        "{gain:.2f} against {null:.2f} without segments). The segments are a choice of the "
        "analyst, not a property of the market."
    ),
    "none": (
        "There are no segments here: data of the same margins and correlations without segments "
        "gain {null:.2f} a respondent from being divided, these data {gain:.2f} (p = {p:.3f})."
    ),
    "given": "The segments were made by a rule and are as real as the rule.",
}


@dataclass(frozen=True)
class Verdict:
    """A word, the reason, and the figures it rests on.

    Parameters
    ----------
    word : str
        One of :data:`WORDS`.
    template, values
        The reason as a sentence with places for the figures, so that it can be translated.
    null : NullBenchmark or None

    Examples
    --------
    >>> str(Verdict("given", "Made by a rule."))
    'given'
    """

    word: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    null: NullBenchmark | None = None

    @property
    def reason(self) -> str:
        """The sentence in English."""
        return self.template.format(**self.values) if self.values else self.template

    def __str__(self) -> str:
        return self.word


def exceeds(null: NullBenchmark) -> bool:
    """Whether the data gain more from segments than data without any."""
    return bool(
        null.gain > null.null.max(initial=0.0)
        and null.stands_out
        and null.excess >= LEAST_EXCESS
        and null.gain >= LEAST_RATIO * null.null.mean()
    )


def judge(null: NullBenchmark, ari: float, separation: float, k: int, asked: bool) -> Verdict:
    """The word for a division into k.

    Parameters
    ----------
    asked : bool
        The user set k, so that "none" is not an answer any more.
    """
    found = exceeds(null)
    if not asked and (not found or k == 1):
        word = "none"
    elif found and ari >= STEADY and separation >= CLEAR:
        word = "natural"
    elif ari >= STEADY:
        word = "reproducible"
    else:
        word = "constructed"
    values = {
        "gain": max(null.gain, 0.0),
        "null": max(float(null.null.mean()), 0.0),
        "p": null.p_value,
        "ari": ari,
        "separation": separation,
        "k": k,
    }
    return Verdict(word, _SENTENCES[word], values, null)


def given() -> Verdict:
    """For a-priori segments."""
    return Verdict("given", _SENTENCES["given"])

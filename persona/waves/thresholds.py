"""When a wave calls for something to be done: every limit of the advice, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["anew", "refresh", "care"]
"""``anew``: segment again. ``refresh``: same segments, learn the rule and the sizes again.
``care``: changes nothing about the segments, but how the figures are to be read."""

PSI_WATCH, PSI_ACT = 0.10, 0.25
"""Bands of the population stability index as practice reads them (Siddiqi 2006)."""

FEWEST_RESPONDENTS = 30
"""Below it nothing is tested, so a wave is not read at all."""

FEWEST_PER_SEGMENT = 60
"""Respondents a segment from which a wave is segmented by itself (Dolnicar et al. 2014)."""

SMALLEST_SHARE = 0.05
"""A segment whose whole interval lies below is no segment any more."""

SMALL_MOVE, FAR_MOVE = 0.2, 0.5
"""Small and medium differences of means, in standard deviations (Cohen 1988)."""


@dataclass(frozen=True)
class Rule:
    """One rule of the advice.

    ``limit`` is what the figure of a wave is held against; ``source`` who set it, ``own`` where
    it is this project's rule of thumb.
    """

    id: str
    level: Level
    limit: float
    source: str


RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule("vanished", "anew", SMALLEST_SHARE, "own"),
        Rule("agreement", "anew", 0.65, "Steinley 2004"),
        Rule("new_segment", "anew", 0.10, "own"),
        Rule("statements", "anew", 1 / 3, "own"),
        Rule("far_centres", "anew", FAR_MOVE, "Cohen 1988"),
        Rule("sizes", "refresh", PSI_ACT, "Siddiqi 2006"),
        Rule("uncertain", "refresh", 0.10, "own"),
        Rule("centres", "refresh", SMALL_MOVE, "Cohen 1988"),
        Rule("questions", "refresh", PSI_ACT, "Siddiqi 2006"),
        Rule("persona", "refresh", 0.5, "own"),
        Rule("unplaced", "refresh", 0.10, "own"),
        Rule("sample", "care", PSI_WATCH, "Siddiqi 2006"),
    )
}
"""In the order they are weighed and shown."""

AGREEMENT_LOST = 0.10
"""By how much agreement must also fall short of what resamples of the study reach."""

FAR_SHARE = 1 / 3
"""Share of people in segments that moved far, from which segments are made anew."""

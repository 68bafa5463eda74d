"""The next waves of a study, read with the segments of the first."""

from persona.waves.model import (
    Advice,
    Agreement,
    CentreMove,
    Certainty,
    Change,
    Movement,
    QuestionShift,
    Realignment,
    SegmentEvent,
    SizeInWave,
    Stability,
    StatementInWave,
    Tracking,
    WaveResult,
    Weighed,
)
from persona.waves.placed import PlacedWave, Wave
from persona.waves.statements import Grammar
from persona.waves.thresholds import RULES, Rule
from persona.waves.tracking import Frozen, track

__all__ = [
    "RULES",
    "Advice",
    "Agreement",
    "CentreMove",
    "Certainty",
    "Change",
    "Frozen",
    "Grammar",
    "Movement",
    "PlacedWave",
    "QuestionShift",
    "Realignment",
    "Rule",
    "SegmentEvent",
    "SizeInWave",
    "Stability",
    "StatementInWave",
    "Tracking",
    "Wave",
    "WaveResult",
    "Weighed",
    "track",
]

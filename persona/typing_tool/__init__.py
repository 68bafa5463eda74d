"""Typing tool: place new people in the segments of a study by a few golden questions."""

from persona.typing_tool.evidence import CurvePoint, PoolCost, SegmentAccuracy, TypingEvidence
from persona.typing_tool.model import (
    SCALE,
    TypedSegment,
    TypingAnswer,
    TypingBand,
    TypingModel,
    TypingQuestion,
)
from persona.typing_tool.placing import Typed, type_people
from persona.typing_tool.tool import TypingTool, read_tool, tool_json

__all__ = [
    "SCALE",
    "CurvePoint",
    "PoolCost",
    "SegmentAccuracy",
    "Typed",
    "TypedSegment",
    "TypingAnswer",
    "TypingBand",
    "TypingEvidence",
    "TypingModel",
    "TypingQuestion",
    "TypingTool",
    "read_tool",
    "tool_json",
    "type_people",
]

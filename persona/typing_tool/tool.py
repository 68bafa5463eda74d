"""The typing tool of a study as one file: models, evidence, and what they were learned from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from persona.errors import DataError, Problem, error
from persona.questionnaire.texts import Texts
from persona.typing_tool.evidence import CurvePoint, PoolCost, SegmentAccuracy, TypingEvidence
from persona.typing_tool.model import (
    TypedSegment,
    TypingAnswer,
    TypingBand,
    TypingModel,
    TypingQuestion,
)

VERSION = 1
"""Of the file format; a reader refuses others."""


@dataclass(frozen=True)
class TypingTool:
    """What places new people in the segments of one run of a study.

    Parameters
    ----------
    study : str
        Its id.
    title : Texts
    languages : tuple of str
    fingerprint : str
        Of the run that made the segments, with its merges.
    answers_sha256 : str
        Of the file of answers they were made from.
    seed : int
    golden : TypingModel
        The few questions that tell most.
    complete : TypingModel
        Every question of the basis.
    evidence, complete_evidence : TypingEvidence
        Of either model.
    """

    study: str
    title: Texts
    languages: tuple[str, ...]
    fingerprint: str
    answers_sha256: str
    seed: int
    golden: TypingModel
    complete: TypingModel
    evidence: TypingEvidence
    complete_evidence: TypingEvidence


def tool_json(tool: TypingTool) -> str:
    """The file ``typing.json``: the same tool, the same bytes.

    Examples
    --------
    >>> tool_json(tool) == tool_json(tool)  # doctest: +SKIP
    True
    """
    return json.dumps(
        {"persona_typing": VERSION, **asdict(tool)}, ensure_ascii=False, indent=1, allow_nan=False
    )


def read_tool(path: str | Path) -> TypingTool:
    """Read ``typing.json``.

    Raises
    ------
    DataError
        When there is no such file, it is not of a typing tool, is damaged or of another version.
    """
    path = Path(path)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(
            error(
                "typing.none",
                "There is no typing tool yet.",
                file=str(path),
                remedy="Run the study first: persona run writes it.",
            )
        ) from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as failure:
        raise DataError(_not_a_tool(path, str(failure))) from failure
    if not isinstance(values, dict) or "persona_typing" not in values:
        raise DataError(_not_a_tool(path, "another kind of file"))
    if values.pop("persona_typing") != VERSION:
        raise DataError(
            error(
                "typing.version",
                "The typing tool was written by another version of persona.",
                file=str(path),
                remedy="Run the study again to write a new one.",
            )
        )
    try:
        return _tool(values)
    except (KeyError, TypeError, ValueError, AttributeError) as failure:
        raise DataError(_not_a_tool(path, f"{type(failure).__name__}: {failure}")) from failure


def _not_a_tool(path: Path, found: str) -> Problem:
    return error(
        "typing.damaged",
        "The file is not a typing tool, or it is damaged.",
        file=str(path),
        found=found,
        remedy="Run the study again to write a new one.",
    )


def _tool(values: dict[str, Any]) -> TypingTool:
    return TypingTool(
        **{
            **values,
            "languages": tuple(values["languages"]),
            "golden": _model(values["golden"]),
            "complete": _model(values["complete"]),
            "evidence": _evidence(values["evidence"]),
            "complete_evidence": _evidence(values["complete_evidence"]),
        }
    )


def _model(values: dict[str, Any]) -> TypingModel:
    model = TypingModel(
        segments=tuple(TypedSegment(**part) for part in values["segments"]),
        questions=tuple(_question(part) for part in values["questions"]),
        constant=_points(values["constant"]),
        uncertain_below=int(values["uncertain_below"]),
        max_missing=int(values["max_missing"]),
    )
    for question in model.questions:
        given = [answer.points for answer in question.answers]
        given += [band.points for band in question.bands]
        if any(len(points) != model.k for points in (*given, question.missing, model.constant)):
            raise ValueError(f"points of {question.variable} do not fit {model.k} segments")
    return model


def _question(values: dict[str, Any]) -> TypingQuestion:
    return TypingQuestion(
        **{
            **values,
            "answers": tuple(
                TypingAnswer(part["code"], part["text"], _points(part["points"]))
                for part in values["answers"]
            ),
            "bands": tuple(
                TypingBand(part["lower"], part["upper"], _points(part["points"]))
                for part in values["bands"]
            ),
            "missing": _points(values["missing"]),
            "no_answer": tuple((code, text) for code, text in values["no_answer"]),
        }
    )


def _evidence(values: dict[str, Any]) -> TypingEvidence:
    known = {part.name for part in fields(TypingEvidence)}
    if set(values) != known:
        raise ValueError(f"evidence lacks or adds {sorted(set(values) ^ known)}")
    return TypingEvidence(
        **{
            **values,
            "curve": tuple(CurvePoint(**part) for part in values["curve"]),
            "segments": tuple(SegmentAccuracy(**part) for part in values["segments"]),
            "costs": tuple(PoolCost(**part) for part in values["costs"]),
            "confusion": tuple(tuple(row) for row in values["confusion"]),
            "forced_in": tuple(values["forced_in"]),
            "forced_out": tuple(values["forced_out"]),
        }
    )


def _points(values: Any) -> tuple[int, ...]:
    if not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        raise ValueError("points are whole numbers")
    return tuple(values)

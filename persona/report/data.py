"""Plain data of a run: ``segments.csv``, ``results.json`` and ``manifest.json``."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import hashlib
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

import persona as package
from persona.errors import Problem
from persona.profiling.worth import ValueAnalysis
from persona.report.locale import Language, message
from persona.report.model import FactorSection, MapSection, StudyReport
from persona.report.segment_figures import segment_figures
from persona.typing_tool import TypingTool

_REASONS = (message("no basis answered"), message("an answer that the rule needs is missing"))
_UNANSWERED = re.compile(r"(\d+)% of the bases unanswered")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def segments_csv(report: StudyReport) -> bytes:
    """Respondent, segment and probability of membership, one line a respondent.

    Ids that a spreadsheet would take for a formula get an apostrophe before them. Respondents
    without a segment keep their line with the other cells empty.
    """
    segmentation = report.segmentation
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["respondent", "segment", "probability"])
    places = {int(column): at for at, column in enumerate(segmentation.probabilities.columns)}
    members = segmentation.probabilities.reindex(segmentation.labels.index).to_numpy(dtype=float)
    for row, (respondent, segment) in enumerate(segmentation.labels.items()):
        if pd.isna(segment):
            writer.writerow([safe(str(respondent)), "", ""])
            continue
        probability = members[row, places[int(segment)]]
        writer.writerow([safe(str(respondent)), int(segment), f"{probability:.6f}"])
    return target.getvalue().encode()


def unassigned_csv(report: StudyReport, language: Language) -> bytes:
    """Respondents in no segment, each with the reason in a language."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["respondent", "reason"])
    for respondent, reason in report.segmentation.unassignable["reason"].items():
        writer.writerow([safe(str(respondent)), _reason(str(reason), language)])
    return target.getvalue().encode()


def _reason(reason: str, language: Language) -> str:
    """Why somebody is in no segment, in a language."""
    if reason in _REASONS:
        return language.gettext(reason)
    share = _UNANSWERED.fullmatch(reason)
    if share is None:
        return reason
    percent = language.percent(float(share.group(1)))
    return language.gettext("{share} of the bases unanswered", share=percent)


def customers_csv(value: ValueAnalysis) -> bytes:
    """Respondents ranked by what they bring, the best first; those without a value left out."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["rank", "respondent", "segment", value.ranked_by, "share", "cumulative"])
    table = value.customers
    columns = ("rank", "segment", "value", "share", "cumulative")
    rows = zip(table.index, *(table[name].tolist() for name in columns), strict=True)
    for respondent, rank, segment, worth, share, cumulative in rows:
        figures = (f"{worth:.10g}", f"{share:.8f}", f"{cumulative:.8f}")
        writer.writerow([rank, safe(str(respondent)), segment, *figures])
    return target.getvalue().encode()


def safe(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def results_json(report: StudyReport) -> bytes:
    """Every number behind the report; respondents' own rows are left out."""
    segmentation = report.segmentation
    everything = {
        "study": report.id,
        "title": report.title,
        "run": report.fingerprint,
        "seed": report.seed,
        "quality": report.quality,
        "weights": report.weights,
        "segmentation": {
            "k": segmentation.k,
            "method": segmentation.method,
            "verdict": str(segmentation.verdict),
            "verdict_figures": segmentation.verdict.values,
            "candidates": segmentation.candidates,
            "centres": getattr(segmentation, "centres", None),
            **segment_figures(report),
        },
        "profile": report.profile,
        "personas": report.personas,
        "factors": [_factors(section) for section in report.factors],
        "maps": [_map(section) for section in report.maps],
        "problems": report.problems,
        "typing": _typing(report.typing),
        **report.results,
    }
    return as_json(everything)


def _typing(tool: TypingTool | None) -> dict[str, Any] | None:
    """The typing questions and what is known of them; their points stand in ``typing.json``."""
    if tool is None:
        return None
    return {
        "questions": tool.golden.variables,
        "uncertain_below": tool.golden.uncertain_below,
        "max_missing": tool.golden.max_missing,
        "evidence": tool.evidence,
        "complete_evidence": tool.complete_evidence,
    }


def _factors(section: FactorSection) -> dict[str, Any]:
    solution = section.solution
    return {
        "battery": section.battery,
        "title": section.title,
        "items": section.items,
        "names": section.names,
        "method": solution.method,
        "rotation": solution.rotation,
        "loadings": solution.loadings,
        "structure": solution.structure,
        "phi": solution.phi,
        "communalities": solution.communalities,
        "uniquenesses": solution.uniquenesses,
        "variance": solution.variance,
        "eigenvalues": solution.eigenvalues,
        "threshold": section.threshold,
        "fit": solution.fit,
        "suggestions": solution.suggestions,
        "alpha": section.alpha,
        "omega": section.omega,
        "kmo": section.kmo,
        "bartlett_p": section.bartlett_p,
    }


def _map(section: MapSection) -> dict[str, Any]:
    """A map without the coordinates of single respondents."""
    found = section.map
    several = hasattr(found, "category_coordinates")
    left_out = {"row_coordinates", "row_contributions", "row_cos2"} if several else set()
    parts = {
        field.name: getattr(found, field.name)
        for field in dataclasses.fields(found)
        if field.name not in left_out and field.name not in ("axes", "options", "table")
    }
    return {"id": section.id, "title": section.title, "labels": section.labels, **parts}


def manifest_json(report: StudyReport, files: Mapping[str, bytes]) -> bytes:
    """What went in and what came out: inputs, versions, options, seed, and each file's SHA-256."""
    return as_json(
        {
            "study": report.id,
            "run": report.fingerprint,
            "persona": package.__version__,
            **report.manifest,
            "seed": report.seed,
            "outputs": {
                name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())
            },
        }
    )


def as_json(value: object) -> bytes:
    """JSON with two spaces of indentation; missing numbers are null, never NaN."""
    return f"{_indented(plain(value), chr(10))}\n".encode()


_SCALARS: Mapping[type, Callable[[Any], str]] = {
    str: json.encoder.encode_basestring,
    float: float.__repr__,
    int: int.__repr__,
    bool: lambda value: "true" if value else "false",
    type(None): lambda value: "null",
}


def _indented(value: Any, line: str) -> str:
    """Plain values as ``json.dumps`` indents them, whose own way with indents is slow.

    ``line`` begins a line as deep as the value stands.
    """
    write = _SCALARS.get(type(value))
    if write is not None:
        return write(value)
    inner = f"{line}  "
    if isinstance(value, dict):
        quote = json.encoder.encode_basestring
        parts = [f"{quote(key)}: {_indented(one, inner)}" for key, one in value.items()]
        return f"{{{inner}{f',{inner}'.join(parts)}{line}}}" if parts else "{}"
    parts = [_indented(one, inner) for one in value]
    return f"[{inner}{f',{inner}'.join(parts)}{line}]" if parts else "[]"


def plain(value: Any) -> Any:
    """Frozen results, frames and arrays as plain lists, dicts, numbers and texts."""
    if type(value) is float:
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and not isinstance(value, Enum):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, int | np.integer | np.bool_):
        return bool(value) if isinstance(value, np.bool_) else int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, pd.DataFrame):
        return {
            "index": [_label(one) for one in value.index],
            "columns": [_label(one) for one in value.columns],
            "data": [[plain(cell) for cell in row] for row in value.itertuples(index=False)],
        }
    if isinstance(value, pd.Series):
        return {
            "index": [_label(one) for one in value.index],
            "data": [plain(cell) for cell in value],
        }
    if isinstance(value, np.ndarray):
        return [plain(one) for one in value.tolist()]
    if isinstance(value, Problem):
        return _problem(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(_label(key)): plain(one) for key, one in value.items()}
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, PurePath):
        return value.name
    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, Iterable):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain(one) for one in items]
    return str(value)


def _label(value: Any) -> Any:
    if isinstance(value, tuple):
        return " = ".join(str(part) for part in value)
    if isinstance(value, Enum):
        return value.value
    return int(value) if isinstance(value, int | np.integer) else str(value)


def _problem(problem: Problem) -> dict[str, Any]:
    parts = {
        field.name: plain(getattr(problem, field.name))
        for field in dataclasses.fields(problem)
        if field.name not in ("template", "values", "severity")
    }
    parts["remedy"] = problem.remedy_text
    filled = {name: part for name, part in parts.items() if part is not None}
    return {"severity": str(problem.severity), "message": problem.message, **filled}

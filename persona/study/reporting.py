"""Gather the results of a run for the report, and say in words what was found."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persona.questionnaire.texts import Texts
from persona.report.model import (
    CriterionDecision,
    Decisions,
    FactorDecision,
    FactorSection,
    MapSection,
    SegmentDecision,
    StudyReport,
)
from persona.segmentation.rules import UNDECIDED
from persona.study.answer_report import quality_of, weights_of

if TYPE_CHECKING:
    from persona.analysis.batteries import Battery
    from persona.study.result import StudyResult

_PACKAGES = (
    "numpy",
    "pandas",
    "scipy",
    "scikit-learn",
    "factor-analyzer",
    "prince",
    "matplotlib",
    "jinja2",
    "openpyxl",
)
_OPTIONS = {
    "answers",
    "quality",
    "weights",
    "records",
    "factors",
    "correspondence",
    "segmentation",
    "profile",
    "typing",
}
_MAP_TITLES = {
    "categories": {
        "en": "Map of answers",
        "pl": "Mapa odpowiedzi",
        "ru": "Карта ответов",
        "nl": "Kaart van antwoorden",
    },
    "segments": {
        "en": "Map of segments and attributes",
        "pl": "Mapa segmentów i cech",
        "ru": "Карта сегментов и признаков",
        "nl": "Kaart van segmenten en kenmerken",
    },
}


def study_report(result: StudyResult) -> StudyReport:
    """The results of a run, ready to be shown."""
    study = result.study
    file = study.file
    return StudyReport(
        id=file.id,
        title=file.title or study.questionnaire.title or {study.languages[0]: file.id},
        languages=study.languages,
        fingerprint=result.run_fingerprint,
        seed=file.seed,
        quality=quality_of(result.intake),
        weights=weights_of(result.intake),
        segmentation=result.segmentation,
        profile=result.profile,
        personas=result.personas,
        factors=tuple(_factor_section(battery, result) for battery in result.batteries),
        maps=_maps(result),
        problems=tuple(p for p in result.problems if p not in result.responses.problems),
        manifest=manifest(result),
        identity=result.identity,
        decisions=_decisions(result),
        date=file.date,
        folder=study.folder,
        theme=study.folder / file.theme if file.theme else None,
        pictures={number: study.folder / name for number, name in file.pictures.items()},
        client=file.client,
        targeting=result.targeting,
        sections={section.id: section.title for section in study.questionnaire.sections},
        needs=result.targeting.needs,
        strategies=result.targeting.sheets,
        recognition=result.targeting.recognition.found if result.targeting.recognition else {},
        typing=result.typing,
        results=result.targeting.results(),
    )


def findings(result: StudyResult) -> tuple[str, ...]:
    """What was found, in a few English sentences for the terminal; names as the report has them."""
    segmentation = result.segmentation
    language = result.study.languages[0]
    count = "one segment" if segmentation.k == 1 else f"{segmentation.k} segments"
    lines = [f"{len(result.responses.frame)} respondents, {count} by {segmentation.method}."]
    if without := len(segmentation.unassignable):
        by_rule = str(segmentation.verdict) == "given"
        why = UNDECIDED if by_rule else "too much of the basis is unanswered"
        lines.append(f"  {without} {'has' if without == 1 else 'have'} no segment: {why}.")
    for persona in result.personas:
        name = persona.name.get(language) or next(iter(persona.name.values()))
        stability = f", stability {persona.stability:.2f}" if persona.stability is not None else ""
        lines.append(
            f"  {persona.segment}. {name}: {persona.size.share:.0%} "
            f"({persona.size.n} respondents){stability}"
        )
    if result.typing is not None:
        asked, known = len(result.typing.golden.questions), result.typing.evidence
        lines.append(
            f"New people: {asked} typing question{'s' * (asked != 1)} place {known.accuracy:.0%} "
            f"right, {known.chance:.0%} by chance."
        )
    verdict = segmentation.verdict
    lines.append(f"Verdict: {verdict.word}. {verdict.reason}")
    return tuple(lines)


def manifest(result: StudyResult) -> dict[str, Any]:
    """Inputs with SHA-256, versions, options and seed of a run: plain values."""
    study = result.study
    return {
        "study": study.file.id,
        "fingerprint": result.run_fingerprint,
        "seed": study.file.seed,
        "inputs": [
            {"file": study.path.name, "sha256": _sha256(study.path)},
            {
                "file": Path(study.questionnaire.source).name,
                "sha256": _sha256(Path(study.questionnaire.source)),
            },
            {"file": study.answers_path.name, "sha256": result.responses.source.sha256},
            *(
                {"file": part.file, "role": part.role, "sha256": part.sha256}
                for part in result.intake.inputs
            ),
        ],
        "versions": {"persona": version("persona"), "python": platform.python_version()}
        | {package: version(package) for package in _PACKAGES},
        "options": study.file.model_dump(mode="json", include=_OPTIONS),
        "segments": {
            "run": result.fingerprint,
            "groups": [list(group) for group in result.groups],
            "centres": _centres(result),
            "people": all(p.code != "respondent.by_row" for p in result.responses.problems),
            "excluded": _excluded(result),
        },
    }


def _excluded(result: StudyResult) -> list[int]:
    """The segments that the user leaves out, in the numbers that are reported."""
    kept = result.decisions.segments if result.decisions else ()
    left_out = {part.members for part in kept if part.exclude}
    return [number for number, group in enumerate(result.groups, 1) if group in left_out]


def _centres(result: StudyResult) -> dict[str, dict[str, Any]]:
    """Centre of each segment before merges, by which it is known again in another run."""
    return {
        str(number): {
            str(column): value if isinstance(value, str) else _plain(value)
            for column, value in centre.items()
        }
        for number, centre in result.found.centres.to_dict(orient="index").items()
    }


def _plain(value: Any) -> float | None:
    return None if value is None or value != value else round(float(value), 6)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _factor_section(battery: Battery, result: StudyResult) -> FactorSection:
    kept = result.decisions.factors if result.decisions else ()
    return FactorSection(
        battery=battery.question,
        title=battery.text,
        items={
            item: _turned(text) if item in battery.reversed_items else text
            for item, text in battery.items.items()
        },
        solution=battery.solution,
        alpha=battery.alpha_of,
        kmo=battery.kmo,
        bartlett_p=battery.bartlett_p,
        threshold=battery.threshold,
        proposed=battery.proposed_names(result.study.questionnaire.languages),
        names={part.factor: part.name for part in kept if part.battery == battery.question},
    )


def _turned(text: Texts) -> dict[str, str]:
    """(R) marks an item that was turned before the analysis, as the field writes it."""
    return {language: f"{words} (R)" for language, words in text.items()}


def _maps(result: StudyResult) -> tuple[MapSection, ...]:
    found = []
    if result.category_map is not None:
        part = result.category_map
        found.append(MapSection(part.id, _MAP_TITLES["categories"], part.map, part.labels))
    if result.segment_map is not None:
        part_of = result.segment_map
        found.append(MapSection("segments", _MAP_TITLES["segments"], part_of.map, part_of.labels))
    return tuple(found)


def _decisions(result: StudyResult) -> Decisions | None:
    kept = result.decisions
    if kept is None:
        return None
    parts = {part.members: part for part in kept.segments}
    segments = tuple(
        SegmentDecision(
            segment=number,
            names=part.name,
            summaries=part.summary,
            strategies=part.strategy,
            exclude=part.exclude,
            note=part.note,
            target=number in result.targeting.targets,
            sheet=part.sheet,
            scores=part.scores,
        )
        for number, group in enumerate(result.groups, 1)
        if (part := parts.get(group)) is not None
    )
    factors = tuple(FactorDecision(p.battery, p.factor, p.name) for p in kept.factors)
    criteria = tuple(
        CriterionDecision(p.id, p.axis, p.measured, p.weight, p.text) for p in kept.criteria
    )
    return Decisions(kept.study, result.run_fingerprint, segments, factors, criteria)

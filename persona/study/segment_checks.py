"""What a study says about its segmentations, held against the methods and the questionnaire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from persona.errors import Problem, error
from persona.questionnaire import Questionnaire
from persona.questionnaire.complaints import Origin
from persona.questionnaire.conditions import ConditionError, parse_condition
from persona.questionnaire.variables import Measure, Variable
from persona.registry import nearest
from persona.study.segment_columns import column_of, date_or_number, numbers, part_of
from persona.study.segment_options import (
    BY_RULE,
    OF_A_SEARCH,
    OPTIONS,
    RFM_PARTS,
    SegmentationOptions,
    WayOptions,
)
from persona.study.segment_rules import askable, complaints
from persona.study.targeting_options import EVERY_BASIS, SEGMENTS

if TYPE_CHECKING:
    from persona.study.declaration import StudyFile

Path = tuple[str | int, ...]
Named = tuple[Path, str, tuple[str, ...]]
"""Where a name stands, the name, and the names there are."""

KINDS: Mapping[str, tuple[str, ...]] = {
    "demographic": ("demographic",),
    "geographic": ("geographic",),
    "firmographic": ("firmographic",),
    "psychographic": ("psychographic",),
    "needs": ("need", "motive", "obstacle"),
    "benefit": ("benefit",),
    "behavioural": ("behaviour", "channel", "journey", "situation", "promotion"),
    "value": ("value",),
}
"""The presets, as :data:`persona.profiling.PRESETS` has them: profiling is heavy to import."""


def ways(file: StudyFile) -> Iterator[tuple[Path, WayOptions]]:
    """Every segmentation that a study declares, with its place."""
    yield ("segmentation",), file.segmentation
    for place, basis in enumerate(file.segmentations):
        yield ("segmentations", place), basis


def names_of_segmentations(file: StudyFile, questionnaire: Questionnaire) -> list[Named]:
    """Every question or variable that the segmentations name."""
    questions = tuple(question.id for question in questionnaire.questions)
    variables = tuple(variable.id for variable in questionnaire.variables)
    named: list[Named] = []
    for at, way in ways(file):
        named += [
            ((*at, "basis", place), name, questions) for place, name in enumerate(way.basis or ())
        ]
        named += [
            ((*at, "covariates", place), name, questions)
            for place, name in enumerate(way.covariates)
        ]
        for key in ("column", *RFM_PARTS):
            name = getattr(way, key)
            if name is not None:
                named.append(((*at, key), name, variables))
    return named


def _ids(file: StudyFile, questionnaire: Questionnaire) -> Iterator[str]:
    """The names that segmentations go by."""
    yield SEGMENTS
    kinds = {question.kind for question in questionnaire.questions}
    for basis in file.segmentations:
        if basis.preset == EVERY_BASIS and basis.basis is None:
            yield from (name for name, own in KINDS.items() if kinds & set(own))
        else:
            yield basis.id


def against_segmentations(
    file: StudyFile, questionnaire: Questionnaire, root: Origin
) -> list[Problem]:
    """What the segmentations ask for and the methods or the questionnaire do not have."""
    problems: list[Problem] = []
    for at, way in ways(file):
        problems += _preset(way, questionnaire, root, at)
        problems += _misplaced(way, root, at)
        problems += _rules(way, questionnaire, root, at)
        problems += _columns(file, way, questionnaire, root, at)
    problems += _crossings(file, tuple(_ids(file, questionnaire)), root)
    return problems


def _crossings(file: StudyFile, ids: tuple[str, ...], root: Origin) -> Iterator[Problem]:
    """Crossings of segmentations that are not declared, or of one with itself."""
    for place, pair in enumerate(file.crossings):
        here = root.at("crossings", place)
        for name in pair:
            if name in ids:
                continue
            near = nearest(name, ids)
            yield error(
                "study.unknown_segmentation",
                "The study has no segmentation {name!r}.",
                **here,
                found=name,
                allowed=", ".join(ids),
                remedy=f"Did you mean {near!r}?" if near else "Declare it under segmentations.",
                values={"name": name},
            )
        if pair[0] == pair[1]:
            yield error(
                "study.crossed_with_itself",
                "A segmentation cannot be crossed with itself: {name}.",
                **here,
                found=pair[0],
                remedy="Name two different ones.",
                values={"name": pair[0]},
            )


def _preset(
    way: WayOptions, questionnaire: Questionnaire, root: Origin, at: Path
) -> Iterator[Problem]:
    preset = way.preset
    every = preset == EVERY_BASIS and not isinstance(way, SegmentationOptions)
    if preset is None or every or way.basis:
        return
    if preset not in KINDS:
        near = nearest(preset, KINDS)
        yield error(
            "basis.preset",
            "There is no basis called {name!r}.",
            **root.at(*at, "preset"),
            found=preset,
            allowed=", ".join((*KINDS, EVERY_BASIS) if at[0] == "segmentations" else KINDS),
            remedy=f"Did you mean {near!r}?" if near else None,
            values={"name": preset},
        )
    elif not {question.kind for question in questionnaire.questions} & set(KINDS[preset]):
        yield error(
            "basis.not_asked",
            "The basis {name!r} needs questions of kind {kinds}, and none was asked.",
            **root.at(*at, "preset"),
            found=preset,
            remedy="Take it out, or name its questions under basis.",
            values={"name": preset, "kinds": " or ".join(KINDS[preset])},
        )


def _misplaced(way: WayOptions, root: Origin, at: Path) -> Iterator[Problem]:
    """Options of one method given to another, and those that only a search takes."""
    method = getattr(way, "method", None) or "auto"
    given = way.model_fields_set
    known = {key for keys in OPTIONS.values() for key in keys}
    for key in sorted(given & known - set(OPTIONS.get(method, ()))):
        takers = " or ".join(name for name, keys in OPTIONS.items() if key in keys)
        yield error(
            "segmentation.option",
            "The method {method} takes no {key}.",
            **root.at(*at, key),
            allowed=", ".join(OPTIONS.get(method, ())) or None,
            remedy=f"Write method: {takers}, or take {key} out.",
            values={"method": method, "key": key},
        )
    if method in BY_RULE:
        for key in sorted(given & set(OF_A_SEARCH)):
            yield error(
                "segmentation.no_search",
                "The method {method} searches for nothing, so {key} has no meaning.",
                **root.at(*at, key),
                allowed=", ".join(OPTIONS[method]),
                remedy=f"Take {key} out.",
                values={"method": method, "key": key},
            )
    if {"edges", "bands"} <= given and method == "bands":
        yield error(
            "segmentation.edges_or_bands",
            "Bands are cut at edges, or into so many of equal size; both are given.",
            **root.at(*at, "bands"),
            remedy="Take one of them out.",
        )


def _rules(
    way: WayOptions, questionnaire: Questionnaire, root: Origin, at: Path
) -> Iterator[Problem]:
    if getattr(way, "method", None) == "rule" and not way.rules:
        yield error(
            "segmentation.rules",
            "The method rule needs rules: a name and a condition for each segment.",
            **root.at(*at),
            remedy="For instance rules: {Heavy users: visits >= 10}",
        )
    known = askable(questionnaire)
    seen: set[str] = set()
    for place, rule in enumerate(way.rules):
        title = next(iter(rule.name.values()), "")
        here = _place(root, (*at, "rules"), place, title)
        if title in seen or not title:
            yield error(
                "segmentation.rule_name",
                "Two segments of the rule are called {name!r}." if title else "A rule has no name.",
                **here,
                remedy="Give each segment its own name.",
                values={"name": title},
            )
        seen.add(title)
        try:
            condition = parse_condition(rule.when)
        except ConditionError as trouble:
            yield error(
                "segmentation.condition",
                "The condition of {name!r} cannot be read: {trouble} (character {position}).",
                **here,
                found=rule.when,
                allowed="such as: sex = 1 and age >= 18; channels has 3; brand in (1, 2)",
                values={"name": title, "trouble": str(trouble), "position": trouble.position},
            )
            continue
        for complaint in complaints(condition, known):
            yield error(
                "segmentation.rule",
                complaint.template,
                **here,
                found=complaint.found,
                allowed=complaint.allowed,
                remedy=complaint.remedy,
                values=complaint.values,
            )


def _place(root: Origin, at: Path, place: int, title: str) -> dict[str, object]:
    """Where a rule stands: under its name in a mapping, else in its place of the list."""
    data = root.document.data
    for step in at:
        data = data[step]
    return root.at(*at, title if isinstance(data, Mapping) else place)


def _columns(
    file: StudyFile, way: WayOptions, questionnaire: Questionnaire, root: Origin, at: Path
) -> Iterator[Problem]:
    """Columns that bands, ABC and recency-frequency-money cut: numbers, and there."""
    method = getattr(way, "method", None)
    variables = {variable.id: variable for variable in questionnaire.variables}
    keys = {"bands": ("column",), "abc": ("column",), "rfm": RFM_PARTS}.get(str(method), ())
    for key in keys:
        name = getattr(way, key)
        if name is None:
            found = part_of(key, questionnaire) if method == "rfm" else None
            found = found or (column_of(file, way, questionnaire) if key == "column" else None)
            if found is None:
                yield _needed(str(method), key, questionnaire, root.at(*at))
            continue
        variable = variables.get(name)
        if variable is not None and not date_or_number(variable, key):
            yield _no_number(variable, key, questionnaire, root.at(*at, key))


def _needed(
    method: str, key: str, questionnaire: Questionnaire, here: Mapping[str, object]
) -> Problem:
    return error(
        "segmentation.column_needed",
        "The method {method} needs {key}: the number it goes by.",
        **dict(here),
        allowed=", ".join(numbers(questionnaire)[:12]) or None,
        remedy=f"Add {key}: with the id of a question.",
        values={"method": method, "key": key},
    )


def _no_number(
    variable: Variable, key: str, questionnaire: Questionnaire, here: Mapping[str, object]
) -> Problem:
    is_date = variable.measure is Measure.DATE
    return error(
        "segmentation.no_number",
        "{name} holds days, and {key} needs a number."
        if is_date
        else "{name} holds no numbers, which {key} needs.",
        **dict(here),
        found=variable.measure.value,
        allowed=", ".join(numbers(questionnaire)[:12]) or None,
        remedy="Use the id of a question with a number.",
        values={"name": variable.id, "key": key},
    )

"""Answers: scales, options and missing codes that contradict themselves."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from persona.errors import Problem, error, warning
from persona.questionnaire.assembling import Assembled
from persona.questionnaire.cells import normal
from persona.questionnaire.checks.walking import declaration, standing
from persona.questionnaire.parts import Option, Scale
from persona.questionnaire.texts import Texts
from persona.registry import nearest

Place: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = tuple[Hashable, int | str, Texts]
"""The key of an answer in the file, its code and its texts."""


def check(parts: Assembled) -> Iterator[Problem]:
    """Problems of shared scales, of options, and of references to scales."""
    for name, scale in declaration(parts).scales.items():
        yield from _scale(name, scale, parts)
    for stand in standing(parts):
        named = getattr(stand.question, "scale", None)
        if named is not None and named not in stand.context.scales and named not in parts.failed:
            near = nearest(named, stand.context.scales)
            yield error(
                "scale.unknown",
                "There is no scale called {scale!r}.",
                **stand.at("scale"),
                allowed=", ".join(stand.context.scales) or "no scales are declared",
                remedy=f"Did you mean {near!r}?" if near else "Declare it under scales.",
                values={"scale": named},
            )
        options: Sequence[Option] = getattr(stand.question, "options", ())
        answers: list[Answer] = [(n, o.code, o.text) for n, o in enumerate(options)]
        yield from _answers(answers, stand.at("options"), lambda n, s=stand: s.at("options", n))
        extra: list[Answer] = [(c, c, m.text) for c, m in stand.question.missing.items()]
        valid = [o.code for o in options if not o.missing] or [
            category.code
            for variable in stand.question.variables(stand.context)[:1]
            for category in variable.categories
        ]
        yield from _clashes(extra, valid, lambda code, s=stand: s.at("missing", code))
        if hasattr(stand.question, "options"):
            yield from _counts(options, stand.at("options"))


def _scale(name: str, scale: Scale, parts: Assembled) -> Iterator[Problem]:
    origin = parts.scales[name]
    codes = list(scale.points)
    if len(codes) < 2:
        yield error(
            "scale.one_point",
            "The scale {scale!r} has {count} points; it takes two at least.",
            **origin.at("points"),
            remedy="Add points.",
            values={"scale": name, "count": len(codes)},
        )
    if codes != sorted(codes) and codes != sorted(codes, reverse=True):
        yield error(
            "scale.order",
            "The points of the scale {scale!r} are out of order: {codes}.",
            **origin.at("points"),
            remedy="List them from low to high.",
            values={"scale": name, "codes": ", ".join(map(str, codes))},
        )
    elif codes != sorted(codes):
        yield error(
            "scale.order",
            "The points of the scale {scale!r} run from high to low: {codes}.",
            **origin.at("points"),
            remedy="List them from low to high; an item keyed the other way takes reverse: true.",
            values={"scale": name, "codes": ", ".join(map(str, codes))},
        )
    points: list[Answer] = [(code, code, text) for code, text in scale.points.items()]
    yield from _answers(points, origin.at("points"), lambda code: origin.at("points", code))
    missing: list[Answer] = [(code, code, part.text) for code, part in scale.missing.items()]
    yield from _clashes(missing, codes, lambda code: origin.at("missing", code))


def _answers(answers: Sequence[Answer], place: Place, at: Any) -> Iterator[Problem]:
    """Codes and labels that stand twice, and labels that are another answer's code."""
    codes: dict[str, int | str] = {}
    labels: dict[tuple[str, str], int | str] = {}
    for key, code, texts in answers:
        if normal(str(code)) in codes:
            yield error(
                "code.twice",
                "The code {code} stands twice.",
                **at(key),
                remedy="Give each answer a code of its own.",
                values={"code": code},
            )
        codes[normal(str(code))] = code
        for language, label in texts.items():
            held = labels.setdefault((language, normal(label)), code)
            if held != code:
                yield error(
                    "label.twice",
                    "The codes {first} and {code} have the same label {label!r} ({language}).",
                    **at(key),
                    remedy="Word the two answers differently.",
                    values={"first": held, "code": code, "label": label, "language": language},
                )
    for (_, label), code in labels.items():
        if label in codes and codes[label] != code:
            yield error(
                "label.is_code",
                "The label of code {code} is the code {other} of another answer, so a cell "
                "{other} could mean either.",
                **place,
                remedy="Let codes and labels agree.",
                values={"code": code, "other": codes[label]},
            )


def _clashes(missing: Sequence[Answer], valid: Sequence[int | str], at: Any) -> Iterator[Problem]:
    known = {normal(str(code)) for code in valid}
    for key, code, _ in missing:
        if normal(str(code)) in known:
            yield error(
                "missing.is_valid",
                "The missing code {code} is a valid answer too.",
                **at(key),
                remedy="Choose a code that no answer has, such as 99.",
                values={"code": code},
            )


def _counts(options: Sequence[Option], place: Place) -> Iterator[Problem]:
    valid = [option for option in options if not option.missing]
    if not valid:
        yield error(
            "options.none",
            "The question has no options that are answers.",
            **place,
            remedy="Add options.",
        )
    elif len(valid) == 1:
        yield warning(
            "options.one",
            "The question has one option, so every answer is the same.",
            **place,
            remedy="Add options.",
        )

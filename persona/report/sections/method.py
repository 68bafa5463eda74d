"""Method: how the figures came about, versions, inputs, and every warning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from persona.report.locale import message
from persona.report.problems import Shown, show_all
from persona.report.sections.base import Context, Section
from persona.report.sections.segments import method_name
from persona.report.sections.tables import notes
from persona.report.statements import Line

_FOR_MACHINES = {"segments"}
"""Parts of the manifest by which another run knows segments again; nobody reads them."""


@dataclass(frozen=True)
class Method:
    """What another analyst needs to do it again."""

    steps: tuple[Line, ...]
    reading: tuple[str, ...]
    problems: tuple[Shown, ...]
    manifest: tuple[Line, ...]


def build(context: Context) -> Method:
    """Methods, reading notes, warnings, and the manifest."""
    return Method(
        steps=_steps(context),
        reading=notes(context),
        problems=show_all(context.report.problems, context.language),
        manifest=tuple(
            Line(name, value)
            for key, part in context.report.manifest.items()
            if key not in _FOR_MACHINES
            for name, value in _flat(key, part)
            if value
        ),
    )


def _steps(context: Context) -> tuple[Line, ...]:
    report, language = context.report, context.language
    say = language.gettext
    steps = [
        Line(
            say("Segments"),
            say(
                "Method {method}, {segments}, seed {seed}. Labels are ordered by weighted size.",
                method=method_name(report.segmentation.method, language),
                segments=language.ngettext("{n} segment", "{n} segments", report.segmentation.k),
                seed=str(report.seed),
            ),
        )
    ]
    for section in report.factors:
        solution = section.solution
        steps.append(
            Line(
                say("Factors of “{title}”", title=context.text(section.title)),
                say(
                    "Extraction {method}, rotation {rotation}; number by parallel analysis at the "
                    "95th percentile (Horn 1965; Glorfeld 1995) unless the study says otherwise.",
                    method=str(solution.method).replace("_", " "),
                    rotation=str(solution.rotation),
                ),
            )
        )
    if report.maps:
        steps.append(
            Line(
                say("Correspondence maps"),
                say(
                    "Correspondence analysis (Greenacre 2017); shares of multiple maps adjusted "
                    "after Benzécri and Greenacre."
                ),
            )
        )
    steps += [
        Line(
            say("Statements"),
            say(
                "“Most”: lower bound of the 95% interval above 50%. “Hardly any”: upper bound "
                "below 10%. “More” and “less”: at least a small effect (Cohen’s h or d of 0.2) "
                "that passes its corrected test. Never by taste."
            ),
        ),
        Line(
            say("Stability"),
            say(
                "Bootstrap Jaccard of each segment (Hennig 2007): from 0.85 highly stable, from "
                "0.75 stable, from 0.60 a pattern, below it not to be trusted."
            ),
        ),
    ]
    return tuple(steps)


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    """Nested plain values as lines of dotted names."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{prefix}.{key}" if prefix else str(key), inner)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        if all(not isinstance(one, Mapping | list | tuple) for one in value):
            yield prefix, ", ".join(str(one) for one in value)
        else:
            for place, inner in enumerate(value, 1):
                yield from _flat(f"{prefix}.{place}", inner)
    else:
        yield prefix, "" if value is None else str(value)


SECTION = Section("method", message("Method, versions and warnings"), build)

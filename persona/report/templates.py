"""Jinja templates: strict, escaped and sandboxed; a study's own override the shipped ones."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    pass_context,
)
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context as Rendering
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from persona import resources
from persona.errors import OutputError, Problem, error
from persona.report.charts.canvas import Chart
from persona.report.locale import Language, breakable, markup
from persona.report.theme import Theme

LONGEST_LOOP = 1_000_000
"""Turns that all ``range`` loops of one template may take together."""
LARGEST_PRODUCT = 1_000_000
"""Largest result of ``*`` and ``**`` in a template: texts are not to be multiplied without end."""

_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox of Jinja with bounds on what a template may compute."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Rendering, operator: str, left: Any, right: Any) -> Any:
        size = [
            len(side) if isinstance(side, str | list | tuple) else side for side in (left, right)
        ]
        if all(isinstance(side, int | float) for side in size):
            estimate = size[0] * size[1] if operator == "*" else _power(size[0], size[1])
            if abs(estimate) > LARGEST_PRODUCT:
                raise SecurityError("the result of a multiplication is too large")
        return super().call_binop(context, operator, left, right)


def _power(base: float, exponent: float) -> float:
    try:
        return float(abs(base) ** exponent)
    except OverflowError:
        return float("inf")


class _Range:
    """``range`` with one budget for all loops of a rendering."""

    def __init__(self) -> None:
        self.left = LONGEST_LOOP

    def __call__(self, *bounds: int) -> Iterator[int]:
        for number in range(*bounds):
            self.left -= 1
            if self.left < 0:
                raise SecurityError("a loop does not end")
            yield number


@pass_context
def _svg(context: Rendering, chart: Chart) -> Markup:
    """A chart ready for its medium: colours that follow light and dark on the screen."""
    if context["medium"] != "screen":
        return Markup(chart.svg)
    return Markup(_with_variables(chart.svg, context["theme"]))


@pass_context
def _portrait(context: Rendering, svg: str) -> Markup:
    return Markup(svg)


@pass_context
def _number(context: Rendering, value: float, decimals: int = 0) -> str:
    language: Language = context["language"]
    return language.number(value, decimals)


def _with_variables(svg: str, theme: Theme) -> str:
    for name in ("ink", "muted", "line", "paper", "wash"):
        colour = theme.colours[name]
        svg = re.sub(rf"(fill|stroke): {colour}", rf"\1: var(--{name})", svg, flags=re.IGNORECASE)
    return svg


def css_text(value: object) -> Markup:
    """A text as a CSS string that cannot end its rule or its element."""
    safe = "".join(
        character if character.isalnum() or character in " .,–-" else f"\\{ord(character):x} "
        for character in str(value)
    )
    return Markup(f'"{safe}"')


def css_number(value: float) -> str:
    """A number as CSS writes it."""
    return f"{min(max(float(value), 0.0), 100.0):.1f}"


def as_json(value: object) -> Markup:
    """JSON that may stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(character, code)
    return Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


@lru_cache(maxsize=8)
def environment(own: Path | None = None) -> Environment:
    """The templates, those of ``own`` before the shipped ones.

    An own template may extend the one it replaces: ``{% extends "shipped/index.html" %}``. The
    sandbox holds where there are own templates; the shipped ones alone go without its price.
    """
    shipped = FileSystemLoader(resources.root("reports") / "templates")
    loaders: list[Any] = [shipped, PrefixLoader({"shipped": shipped})]
    if own is not None:
        loaders.insert(0, FileSystemLoader(own))
    made = (Environment if own is None else _Sandbox)(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=own is not None,
        finalize=breakable,
    )
    made.filters |= {
        "svg": _svg,
        "portrait": _portrait,
        "number": _number,
        "css_text": css_text,
        "css_number": css_number,
        "json": as_json,
    }
    return made


def render(name: str, language: Language, own: Path | None, **values: object) -> Markup:
    """One template in one language.

    Raises
    ------
    OutputError
        When a template of the user's own has an error; file and line are named.
    """
    made = environment(own)
    spoken = {
        "gettext": markup(language.gettext),
        "ngettext": markup(language.ngettext),
        "language": language,
        "range": _Range(),
    }
    try:
        return Markup(made.get_template(name).render(**spoken, **values))
    except RecursionError as fault:
        _refuse(fault, name, own, "it includes itself without end")
    except _FAULTS as fault:
        _refuse(fault, name, own, str(fault))


def _refuse(fault: Exception, name: str, own: Path | None, found: str) -> NoReturn:
    """Blame the user's template where it is one; an error in a shipped one is ours."""
    place = _place(fault, own)
    if place is None:
        raise fault
    path, line = place
    raise OutputError(_problem(name, path, line, found)) from fault


def _problem(name: str, path: Path, line: int | None, found: str) -> Problem:
    return error(
        "template.faulty",
        "The template {template} of the study cannot be rendered.",
        file=str(path),
        line=line,
        found=found[:300],
        remedy="Mend the line, or remove the file to use the shipped template.",
        values={"template": path.name or name},
    )


def _place(fault: Exception, own: Path | None) -> tuple[Path, int | None] | None:
    if own is None:
        return None
    if isinstance(fault, TemplateSyntaxError) and fault.filename:
        return _inside(Path(fault.filename), own, fault.lineno)
    frames: Iterable[traceback.FrameSummary] = reversed(traceback.extract_tb(fault.__traceback__))
    for frame in frames:
        if found := _inside(Path(frame.filename), own, frame.lineno):
            return found
    return None


def _inside(path: Path, own: Path, line: int | None) -> tuple[Path, int | None] | None:
    try:
        path.resolve().relative_to(own.resolve())
    except ValueError:
        return None
    return path, line

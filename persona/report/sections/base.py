"""What a section is: a title, a function from results to plain data, and a template of its id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from persona.profiling.persona import Persona
from persona.report.charts.canvas import Chart, Painter, draw
from persona.report.charts.shapes import Picture, chart
from persona.report.locale import Language, shortened
from persona.report.model import StudyReport, Texts
from persona.report.statements import Said, say
from persona.report.theme import Theme

T = TypeVar("T")
BOTH = frozenset({"screen", "print"})
SCREEN = frozenset({"screen"})


@dataclass(frozen=True)
class Context:
    """What a section is built from: the results, a language and the look.

    ``charts`` keeps those that were drawn, by name, ``built`` the data of sections and ``spoken``
    the statements in words, so that page and paper share them; ``shared`` keeps what the contexts
    of all languages have in common.
    """

    report: StudyReport
    language: Language
    theme: Theme
    medium: str = "screen"
    charts: dict[str, Chart] = field(default_factory=dict, compare=False)
    built: dict[str, object | None] = field(default_factory=dict, compare=False)
    spoken: dict[int, tuple[Said, ...]] = field(default_factory=dict, compare=False)
    shared: dict[str, Any] = field(default_factory=dict, compare=False)

    def on(self, medium: str) -> Context:
        """The same for ``"screen"`` or ``"print"``."""
        return replace(self, medium=medium)

    def once(self, key: str, make: Callable[[], T]) -> T:
        """What does not depend on the language, made for the first one that asks."""
        if key not in self.shared:
            self.shared[key] = make()
        found: T = self.shared[key]
        return found

    def draw(
        self, name: str, size: tuple[float, float], paint: Picture | Painter, alt: str
    ) -> Chart:
        """A chart from its shapes, or drawn by matplotlib, the first time it is asked for."""
        if name not in self.charts:
            self.charts[name] = (
                chart(name, paint, alt)
                if isinstance(paint, Picture)
                else draw(name, size, self.theme, paint, alt)
            )
        return self.charts[name]

    def text(self, texts: Texts) -> str:
        """A questionnaire's text in the report's language, marked when it falls back."""
        return self.language.text(texts)

    @property
    def said(self) -> dict[int, tuple[Said, ...]]:
        """The statements of each segment in words, the most telling first."""
        if not self.spoken:
            for persona in self.report.personas:
                words = tuple(say(one, self.language) for one in persona.statements)
                self.spoken[persona.segment] = words
        return self.spoken

    def name(self, segment: int) -> str:
        """What a segment is called."""
        for persona in self.report.personas:
            if persona.segment == segment:
                return shortened(self.text(persona.name))
        return self.language.gettext("Segment {number}", number=segment)

    def colour(self, segment: int) -> str:
        """The colour of a segment."""
        return self.theme.segment(segment)

    def persona(self, segment: int) -> Persona | None:
        """The persona of a segment."""
        return next((one for one in self.report.personas if one.segment == segment), None)


@dataclass(frozen=True)
class Section:
    """One part of the report.

    Parameters
    ----------
    id : str
        Also the name of its template, ``sections/<id>.html``, and its anchor.
    title : str
        Message that catalogues translate.
    build : callable
        Context to plain data for the template, or None when there is nothing to show.
    media : set of "screen" and "print"
        Where it appears.
    shared : bool
        Whether its data are the same on page and paper.
    """

    id: str
    title: str
    build: Callable[[Context], object | None]
    media: frozenset[str] = field(default=BOTH)
    shared: bool = True

    def data(self, context: Context) -> object | None:
        """Its plain data, built once where page and paper share them."""
        if not self.shared:
            return self.build(context)
        if self.id not in context.built:
            context.built[self.id] = self.build(context)
        return context.built[self.id]


def letter(segment: int) -> str:
    """The letter of a segment in tables: A, B, ... Z, AA."""
    text = ""
    while segment > 0:
        segment, rest = divmod(segment - 1, 26)
        text = chr(65 + rest) + text
    return text

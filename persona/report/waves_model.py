"""What the page of the waves is made from, and what its parts are built with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from persona.errors import Problem
from persona.questionnaire.texts import Texts
from persona.report.locale import Language, shortened
from persona.report.statements import Said, say
from persona.report.theme import Theme
from persona.waves import Tracking, WaveResult


@dataclass(frozen=True)
class WavesReport:
    """A study followed over its waves, ready to be shown.

    Parameters
    ----------
    title : mapping
        What the study is called.
    lists : mapping of wave to DataFrame
        The segment of each respondent: segment, second, probability, uncertain, missing.
    variables : mapping of variable to texts
        What each question asked says.
    manifest : mapping
        Inputs with SHA-256, versions, options: plain values.
    """

    id: str
    title: Texts
    languages: tuple[str, ...]
    tracking: Tracking
    lists: Mapping[str, pd.DataFrame]
    variables: Mapping[str, Texts]
    problems: tuple[Problem, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)
    client: str = ""
    date: dt.date | None = None
    folder: Path | None = None
    theme: Path | None = None


@dataclass(frozen=True)
class WavesContext:
    """The report in one language and look, for ``screen`` or ``print``."""

    report: WavesReport
    language: Language
    theme: Theme
    medium: str = "screen"

    def on(self, medium: str) -> WavesContext:
        """The same for another medium."""
        return replace(self, medium=medium)

    @property
    def tracking(self) -> Tracking:
        """Every figure."""
        return self.report.tracking

    @property
    def own(self) -> Path | None:
        """The folder of the study's own templates, when it has one."""
        folder = None if self.report.folder is None else self.report.folder / "templates"
        return folder if folder is not None and folder.is_dir() else None

    def text(self, texts: Texts) -> str:
        """A questionnaire's text in this language; texts without a language are figures."""
        return texts[""] if set(texts) == {""} else self.language.text(texts)

    def name(self, segment: int) -> str:
        """What a segment is called; 0 is everybody."""
        if not segment:
            return self.language.gettext("Everybody")
        return shortened(self.text(self.tracking.names.get(segment, {})))

    def names(self, segments: tuple[int, ...]) -> str:
        """Several segments in one line."""
        return "; ".join(self.name(segment) for segment in segments)

    def wave(self, wave: WaveResult) -> str:
        """What a wave is called."""
        return shortened(self.text(wave.name), 60)

    def colour(self, segment: int) -> str:
        """The colour of a segment, as in the study's report."""
        return self.theme.segment(segment) if segment else self.theme.colours["muted"]

    @cached_property
    def said(self) -> Mapping[str, Said]:
        """The statements of the personas in words, by their ids."""
        return {
            statement.id: say(statement, self.language)
            for statements in self.tracking.statements.values()
            for statement in statements
        }

    def variable(self, name: str) -> str:
        """What a question asked says, or its name."""
        texts = self.report.variables.get(name, {})
        return shortened(self.text(texts), 80) if texts else name

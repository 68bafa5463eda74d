"""What can go wrong, said so that a market researcher can mend it.

    PersonaError
    |-- QuestionnaireError   a questionnaire cannot be read or contradicts itself
    |-- StudyError           a study file or a decisions workbook cannot be used
    |-- DataError            a file of answers, or the answers in it
    |-- AnalysisError        a statistic that the answers do not allow
    `-- OutputError          a report or file that cannot be written

Problems are collected as data and raised once, all together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

_PLACE = re.compile(r"\{(\w+)(!r)?\}")


class Severity(StrEnum):
    """How much a problem matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Listed(dict[str, float]):
    """Names with a figure each, as messages list them; a report writes the figures its own way.

    Examples
    --------
    >>> f"second loadings: {Listed(choice=0.5441, novelty=0.378)}"
    'second loadings: choice 0.544, novelty 0.378'
    """

    def written(self, number: Callable[[float, int], str]) -> str:
        """The list with its figures to three decimals by ``number``."""
        return ", ".join(f"{name} {number(figure, 3)}" for name, figure in self.items())

    def __str__(self) -> str:
        return self.written(lambda figure, decimals: f"{figure:.{decimals}f}")

    def __format__(self, _: str) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is and what to do about it.

    Parameters
    ----------
    code : str
        Stable dotted name, ``"answer.unknown"``.
    severity : Severity
        ``error`` stops the step, ``warning`` and ``note`` go on and are reported.
    template : str
        One English sentence with ``{names}`` that ``values`` fill; catalogues translate it.
    file, sheet, column, question : str, optional
        Where. ``column`` is the header or the letter as a spreadsheet shows it.
    row, line : int, optional
        1-based: ``row`` as a spreadsheet counts, ``line`` and ``position`` as a text editor does.
    found, allowed, remedy : str, optional
        What stood there, what may stand there, what to do. ``remedy`` may hold ``{names}`` of
        ``values``; other braces stand as they are, since study files are written with them.
    values : mapping
        Fillings of ``template`` and of ``remedy``; a problem among them is the reason of this one.

    Examples
    --------
    >>> p = Problem("answer.unknown", Severity.ERROR, "The answer {answer!r} is not an option.",
    ...             sheet="Answers", row=7, column="C", question="sex",
    ...             found="Femal", allowed="Female, Male", values={"answer": "Femal"})
    >>> p.message
    "The answer 'Femal' is not an option."
    >>> p.place
    'sheet Answers, row 7, column C, question sex'
    """

    code: str
    severity: Severity
    template: str
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    question: str | None = None
    found: str | None = None
    allowed: str | None = None
    remedy: str | None = None
    line: int | None = None
    position: int | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.template.format(**self.values) if self.values else self.template

    @property
    def remedy_text(self) -> str | None:
        """What to do, in English."""
        return fill_known(self.remedy, self.values, str) if self.remedy else self.remedy

    def __format__(self, _: str) -> str:
        return self.message

    @property
    def place(self) -> str:
        """Where it is: file, line, sheet, row, column, question; empty when nowhere."""
        parts = [
            ("", self.file),
            ("line ", self.line),
            ("position ", self.position),
            ("sheet ", self.sheet),
            ("row ", self.row),
            ("column ", self.column),
            ("question ", self.question),
        ]
        return ", ".join(f"{word}{value}" for word, value in parts if value is not None)

    def __str__(self) -> str:
        lines = [f"{self.place}: {self.message}" if self.place else self.message]
        lines += [
            f"  {word}: {value}"
            for word, value in (
                ("found", self.found),
                ("allowed", self.allowed),
                ("to do", self.remedy_text),
            )
            if value
        ]
        return "\n".join(lines)


class PersonaError(Exception):
    """Something a user can mend; carries every problem found, not the first alone."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


class QuestionnaireError(PersonaError):
    """A questionnaire cannot be read or contradicts itself."""


class StudyError(PersonaError):
    """A study file or a decisions workbook cannot be used."""


class DataError(PersonaError):
    """A file of answers, or the answers in it, cannot be used."""


class AnalysisError(PersonaError):
    """A statistic that the answers do not allow."""


class OutputError(PersonaError):
    """A report or file that cannot be written."""


def fill_known(text: str, values: Mapping[str, object], write: Callable[[object], str]) -> str:
    """A text whose ``{names}`` are filled where ``values`` have them; other braces stay.

    ``{name!r}`` quotes what somebody typed; ``write`` writes the others.

    Examples
    --------
    >>> fill_known("Write {near!r} under `quality: {exclude: none}`.", {"near": "no"}, str)
    "Write 'no' under `quality: {exclude: none}`."
    """

    def filled(place: re.Match[str]) -> str:
        name, quoted = place.groups()
        if name not in values:
            return place.group()
        return repr(values[name]) if quoted else write(values[name])

    return _PLACE.sub(filled, text)


def error(code: str, template: str, **where: object) -> Problem:
    """An error; ``where`` takes the fields of :class:`Problem`."""
    return Problem(code, Severity.ERROR, template, **where)  # type: ignore[arg-type]


def warning(code: str, template: str, **where: object) -> Problem:
    """A warning; ``where`` takes the fields of :class:`Problem`."""
    return Problem(code, Severity.WARNING, template, **where)  # type: ignore[arg-type]


def note(code: str, template: str, **where: object) -> Problem:
    """A note; ``where`` takes the fields of :class:`Problem`."""
    return Problem(code, Severity.NOTE, template, **where)  # type: ignore[arg-type]


def errors_in(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those of the problems that stop the step."""
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)

"""What the commands say in the terminal: problems grouped, tables of matches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from persona.errors import Problem, Severity

if TYPE_CHECKING:
    from rich.table import Table

    from persona.responses.problems_book import ProblemGroup
    from persona.study.importing import ImportedAnswers, Recognised

_LOG_WIDTH = 120
_LONGEST_HEADER = 56
_SEVERITY_WORDS = {
    Severity.ERROR: ("error", "errors", "red"),
    Severity.WARNING: ("warning", "warnings", "yellow"),
    Severity.NOTE: ("note", "notes", "cyan"),
}


def console_for(*, stderr: bool = False) -> Console:
    """The terminal, or a log that is wide enough for a table."""
    console = Console(stderr=stderr, soft_wrap=True)
    if console.is_terminal:
        return console
    return Console(stderr=stderr, soft_wrap=True, width=max(console.width, _LOG_WIDTH))


def show_problems(
    problems: Sequence[Problem], console: Console, *, of_a_kind: int | None = None
) -> None:
    """List problems by severity and kind: each kind counted, the first ones with their place.

    ``of_a_kind`` limits how many of a kind are shown; None shows all.
    """
    for severity, (one, many, colour) in _SEVERITY_WORDS.items():
        of_severity = [problem for problem in problems if problem.severity is severity]
        if not of_severity:
            continue
        count = len(of_severity)
        console.print(f"[bold {colour}]{count} {one if count == 1 else many}[/]", highlight=False)
        kinds: dict[str, list[Problem]] = {}
        for problem in of_severity:
            kinds.setdefault(problem.code, []).append(problem)
        for same in kinds.values():
            shown = same[:of_a_kind]
            for problem in shown:
                console.print(str(problem), markup=False, highlight=False)
            if len(shown) < len(same):
                console.print(f"  ... and {len(same) - len(shown)} more of this kind", markup=False)


def show_imported(imported: ImportedAnswers, console: Console) -> None:
    """What the file is, how its columns match, what is wrong with it, and what was written."""
    console.print(recognised_line(imported.recognised), markup=False, highlight=False)
    console.print(_matches_table(imported))
    if imported.suggestions:
        console.print(_suggestions_table(imported))
    for what, names in (
        ("Belong to no question", imported.left_over),
        ("Without a column", imported.absent),
    ):
        if names:
            console.print(f"{what}: {', '.join(names)}", markup=False, highlight=False)
    show_groups(imported.groups, console)
    excluded = imported.intake.responses.excluded
    console.print(
        f"{len(imported.intake.responses.frame)} respondents are used, {len(excluded)} left out",
        markup=False,
        highlight=False,
    )
    for path in imported.written:
        console.print(f"wrote {path}", markup=False, highlight=False)


def recognised_line(found: Recognised) -> str:
    """What a file of answers turned out to be, in one line."""
    place = f"{found.file.name}, sheet {found.sheet}" if found.sheet else found.file.name
    finished = f" ({found.unfinished} did not finish or are tests)" if found.unfinished else ""
    return (
        f"{place}: {found.title}, {_counted(found.respondents, 'respondent')}{finished}, "
        f"{_counted(found.columns, 'column')}, "
        f"{_counted(found.batteries, 'battery', 'batteries')}, "
        f"{_counted(found.sets, 'multiple-response set')}"
    )


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def show_groups(groups: Sequence[ProblemGroup], console: Console) -> None:
    """Problems counted by kind, the first of each with its place."""
    for group in groups:
        one, many, colour = _SEVERITY_WORDS[group.severity]
        word = one if group.count == 1 else many
        console.print(f"[bold {colour}]{group.count} {word}[/]", end=" ", highlight=False)
        console.print(f"({group.code})", markup=False, highlight=False)
        console.print(str(group.first), markup=False, highlight=False)
    if not any(group.severity is Severity.ERROR for group in groups):
        console.print("no errors", highlight=False)


def _matches_table(imported: ImportedAnswers) -> Table:
    table = _table("How the columns match", "Read as")
    for match in imported.matches:
        _add(table, match.letter, match.column, match.variable, match.confidence, match.reason)
    return table


def _suggestions_table(imported: ImportedAnswers) -> Table:
    table = _table("Not read: write it into the mapping to accept it", "Perhaps")
    for part in imported.suggestions:
        _add(table, part.letter, part.column, part.variable, part.confidence, part.reason)
    return table


def _table(title: str, target: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for header in ("Column", "Header", target, "Sure", "Because"):
        table.add_column(header, overflow="fold")
    return table


def _add(
    table: Table, letter: str, header: str, variable: str, confidence: float, reason: str
) -> None:
    """A row; of a long header both ends, because batteries begin alike and questions end alike."""
    from rich.text import Text

    if len(header) > _LONGEST_HEADER:
        half = _LONGEST_HEADER // 2
        header = f"{header[: half - 1].rstrip()} … {header[-half:].lstrip()}"
    table.add_row(*map(Text, (letter, header, variable, f"{confidence:.0%}", reason)))

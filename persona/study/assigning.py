"""Place new people in the segments of a study."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from persona.errors import OutputError, Problem, error, note, warning
from persona.questionnaire.texts import text_in
from persona.responses.saving import into_place
from persona.study.frozen_run import TOOL
from persona.study.people_files import (
    blanks,
    write_csv,
    write_parquet,
    write_table,
    write_workbook,
)
from persona.study.progress import Progress, Silent
from persona.typing_tool import Typed, TypingModel, TypingTool, read_tool, type_people
from persona.typing_tool.databases import find_answers, is_table, open_table
from persona.typing_tool.people import People, read_people
from persona.typing_tool.tables import RESULTS, free_name, typed_table

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

    from persona.study.study import Study

Tally = dict[int, tuple[int, int, int]]
"""Segment to people, those of them uncertain, and those with some questions missing."""
_NOBODY = 0
"""Stands for no segment among the counts."""
ENDINGS = (".xlsx", ".csv", ".parquet")


@dataclass(frozen=True)
class AssignOptions:
    """How people are placed.

    Parameters
    ----------
    out : Path, optional
        The run's folder; default ``out/`` beside the study.
    to : Path, optional
        File to write, ``.xlsx``, ``.csv`` or ``.parquet``; default in ``assigned/`` of the run.
    complete : bool
        Ask every question of the basis, not the golden ones alone.
    sheet, table : str, optional
        Of a workbook or a database.
    mapping : Path, optional
        Columns named by hand.
    keep : tuple of str, optional
        Columns of the file that are written again; default: all.
    language : str, optional
        Of the segments' names.
    engine : "duckdb" or "spark"
        What reads tables.
    """

    out: Path | None = None
    to: Path | None = None
    complete: bool = False
    sheet: str | None = None
    table: str | None = None
    mapping: Path | None = None
    keep: tuple[str, ...] | None = None
    language: str | None = None
    engine: str = "duckdb"


@dataclass(frozen=True)
class Assigned:
    """People placed in segments, and the file that says so.

    Parameters
    ----------
    file : Path
    n, placed, uncertain : int
        People, those with a segment, and those of them in the uncertain band.
    counts : mapping of segment to people
    names : mapping of segment to name
    problems : tuple of Problem
    """

    file: Path
    n: int
    placed: int
    uncertain: int
    counts: Mapping[int, int]
    names: Mapping[int, str]
    problems: tuple[Problem, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """What happened, in a few sentences."""
        found = [f"{self.n:,} people, {self.placed:,} placed, {self.uncertain:,} of them uncertain"]
        for number, count in self.counts.items():
            share = count / self.placed if self.placed else 0.0
            found.append(f"  {number}. {self.names[number]}: {share:.0%} ({count:,})")
        if self.placed < self.n:
            found.append(
                f"  {self.n - self.placed:,} have no segment: too many answers are missing"
            )
        return tuple(found)


def assign_people(
    study: Study,
    people: str | Path,
    options: AssignOptions | None = None,
    progress: Progress | None = None,
) -> Assigned:
    """Place the people of a file or a table and write them with their segments.

    Parameters
    ----------
    study : Study
        With a run that wrote its typing tool.
    people : str or path
        Excel, CSV, SPSS or a survey export, read into memory; Parquet, large CSV, a DuckDB or
        SQLite file or the address of a database, placed by an engine in bounded memory.
    options : AssignOptions
    progress : Progress, optional

    Raises
    ------
    PersonaError
        When there is no typing tool, the people cannot be read, or lack the questions.
    """
    chosen = options or AssignOptions()
    progress = progress or Silent()
    folder = chosen.out or study.folder / "out"
    tool = read_tool(folder / TOOL)
    model = tool.complete if chosen.complete else tool.golden
    names = _names(tool, chosen.language or study.languages[0])
    large = is_table(str(people), chosen.table)
    target = chosen.to or folder / "assigned" / _called(str(people), chosen.table, large)
    _check_target(target, people)
    if large:
        with progress.stage("Placing people where they are"):
            return _placed_there(study, model, str(people), chosen, names, target)
    with progress.stage("Reading the people"):
        read = read_people(
            people, study.questionnaire, model, sheet=chosen.sheet, mapping=chosen.mapping
        )
    with progress.stage("Placing them"):
        typed = type_people(model, read.answers)
        into_place(target, _writer(read, typed, names, chosen.keep, target))
    return _assigned(target, _tally(typed.frame), model, names, (str(people), read.problems))


def _names(tool: TypingTool, language: str) -> dict[int, str]:
    return {part.number: text_in(part.name, language) for part in tool.golden.segments}


def _called(people: str, table: str | None, large: bool) -> str:
    """The name of the output, by that of the people."""
    stem = Path(people.split("?")[0]).stem or "people"
    stem = f"{stem}-{table}" if table else stem
    suffix = Path(people).suffix.lower()
    if suffix in (".csv", ".tsv", ".txt"):
        return f"{stem}.csv"
    return f"{stem}.parquet" if large else f"{stem}.xlsx"


def _check_target(target: Path, people: str | Path) -> None:
    if target.suffix.lower() not in ENDINGS:
        raise OutputError(
            error(
                "assign.ending",
                "People are written as Excel, CSV or Parquet.",
                file=str(target),
                allowed=", ".join(ENDINGS),
                remedy="Give --to a file with one of these endings.",
            )
        )
    if Path(people).exists() and target.exists() and target.samefile(people):
        raise OutputError(
            error(
                "assign.over_input",
                "The file of the people would be overwritten.",
                file=str(target),
                remedy="Give --to another name.",
            )
        )


def _said(model: TypingModel, file: str, n: int, nobody: int, some: int) -> tuple[Problem, ...]:
    """Who could not be placed, and who is placed by fewer answers."""
    out: list[Problem] = []
    if nobody:
        out.append(
            warning(
                "assign.not_placed",
                "{count} of {n} people have no segment: more than {most} of the {questions} "
                "questions are missing.",
                file=file,
                remedy="They are listed with what is missing.",
                values={
                    "count": nobody,
                    "n": n,
                    "most": model.max_missing,
                    "questions": len(model.questions),
                },
            )
        )
    if some:
        out.append(
            note(
                "assign.some_missing",
                "{count} people are placed though some of the questions are missing; the columns "
                "unanswered and not_allowed name them.",
                file=file,
                values={"count": some},
            )
        )
    return tuple(out)


def _tally(frame: pd.DataFrame) -> Tally:
    """People by segment."""
    told = frame.assign(segment=frame["segment"].fillna(_NOBODY).astype(int))
    found = {}
    for number, part in told.groupby("segment"):
        some = int((part["missing"] > 0).sum())
        found[int(str(number))] = (len(part), int(part["uncertain"].sum()), some)
    return found


def _assigned(
    file: Path,
    tally: Tally,
    model: TypingModel,
    names: Mapping[int, str],
    told: tuple[str, tuple[Problem, ...]],
) -> Assigned:
    """The result; ``told`` is the file of the people and what was said of it."""
    nobody = tally.get(_NOBODY, (0, 0, 0))[0]
    of_segment = {number: tally.get(number, (0, 0, 0)) for number in names}
    placed = sum(n for n, _, _ in of_segment.values())
    some = sum(count for _, _, count in of_segment.values())
    people, problems = told
    return Assigned(
        file,
        placed + nobody,
        placed,
        sum(count for _, count, _ in of_segment.values()),
        {number: n for number, (n, _, _) in of_segment.items()},
        names,
        (*problems, *_said(model, people, placed + nobody, nobody, some)),
    )


def _placed_there(
    study: Study,
    model: TypingModel,
    people: str,
    options: AssignOptions,
    names: Mapping[int, str],
    target: Path,
) -> Assigned:
    """Let the engine place them, and count what it wrote."""
    table = open_table(people, options.table, options.engine)
    found = find_answers(table, study.questionnaire, model, people=people, mapping=options.mapping)
    _check_kept(options.keep, table.columns, people)
    typed = typed_table(table, model, found.readings, list(names.values()), options.keep)
    into_place(target, lambda path: write_table(typed, path))
    # what is written need not be placed again to be counted
    done = open_table(str(target)) if target.suffix.lower() == ".parquet" else typed
    return _assigned(target, _counted(done), model, names, (people, found.problems))


def _counted(typed: ir.Table) -> Tally:
    """People by segment, counted by the engine."""
    counted = (
        typed.group_by(number=typed["segment"].fill_null(_NOBODY))
        .aggregate(
            n=typed.count(),
            unsure=typed["uncertain"].cast("int64").sum(),
            some=(typed["missing"] > 0).cast("int64").sum(),
        )
        .execute()
    )
    return {
        int(row["number"]): (int(row["n"]), int(row["unsure"]), int(row["some"]))
        for row in counted.to_dict("records")
    }


def _check_kept(keep: Sequence[str] | None, columns: Sequence[str], people: str) -> None:
    absent = [name for name in keep or () if name not in columns]
    if absent:
        raise OutputError(
            error(
                "assign.keep",
                "There is no column {names} to keep.",
                file=people,
                allowed=", ".join(map(str, columns)),
                values={"names": ", ".join(absent)},
            )
        )


def _writer(
    people: People,
    typed: Typed,
    names: Mapping[int, str],
    keep: Sequence[str] | None,
    target: Path,
) -> Callable[[Path], None]:
    """What writes the people's own columns, then the results."""
    table = people.export.table
    header = [
        text or f"column {letter}" for text, letter in zip(table.header, table.letters, strict=True)
    ]
    _check_kept(keep, header, str(table.file))
    numbers = [number for number, name in enumerate(header) if keep is None or name in keep]
    called = [free_name(header[number], header) for number in numbers]
    values = list(table.values)
    own = [[values[code] for code in table.codes[number]] for number in numbers]
    frame = typed.frame.assign(segment_name=typed.frame["segment"].map(names))
    results = [blanks(frame[name]) for name in RESULTS]
    columns, cells = [*called, *RESULTS], [*own, *results]
    suffix = target.suffix.lower()
    if suffix == ".xlsx":
        return lambda path: write_workbook(path, columns, cells)
    if suffix == ".csv":
        return lambda path: write_csv(path, columns, cells)
    return lambda path: write_parquet(path, columns, cells)

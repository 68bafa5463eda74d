"""Place new people in the segments of a study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from persona.terminal import console_for, show_problems

commands = typer.Typer()


@commands.command(epilog="Example: `persona assign coffee new_members.xlsx`")
def assign(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="A study that has been run, or its folder.")
    ],
    people: Annotated[
        str,
        typer.Argument(
            metavar="PEOPLE",
            help="Excel, CSV, SPSS or a survey export; Parquet, a DuckDB or SQLite file, or the "
            "address of a database.",
        ),
    ],
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FILE", help="An .xlsx, .csv or .parquet; default: in out/assigned."
        ),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option("--run", metavar="DIR", help="The run's output; default: out/ of the study."),
    ] = None,
    complete: Annotated[
        bool,
        typer.Option("--complete", help="By every question of the basis, not the golden ones."),
    ] = False,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="The sheet with the people.")
    ] = None,
    table: Annotated[
        str | None, typer.Option("--table", metavar="NAME", help="The table of a database.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", metavar="FILE", help="A YAML file that names columns."),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(
            "--keep",
            metavar="COLUMNS",
            help="Columns to write again, as in id,email; default: all.",
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="Of the segments' names."),
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", metavar="NAME", help="What reads tables: duckdb or spark.")
    ] = "duckdb",
) -> None:
    """Place new people in the segments: segment, probability, certain or not, what is missing."""
    from persona.progress import TerminalProgress
    from persona.study import Study
    from persona.study.assigning import AssignOptions, assign_people
    from persona.typing_tool.databases import ENGINES

    if engine not in ENGINES:
        raise typer.BadParameter(f"--engine is one of {', '.join(ENGINES)}")
    console = console_for()
    columns = None if keep is None else tuple(name.strip() for name in keep.split(","))
    options = AssignOptions(run, to, complete, sheet, table, mapping, columns, language, engine)
    done = assign_people(Study.load(study), people, options, TerminalProgress(console))
    show_problems(done.problems, console, of_a_kind=5)
    for line in done.lines():
        console.print(line, markup=False, highlight=False)
    console.print(f"wrote {done.file}", markup=False, highlight=False)

"""Read the next wave with the segments of a study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from persona.terminal import console_for, show_problems

commands = typer.Typer()


@commands.command(epilog="Example: `persona track coffee spring.xlsx autumn.xlsx`")
def track(
    study: Annotated[
        Path,
        typer.Argument(metavar="STUDY", help="A study file, or the folder study.yaml stands in."),
    ],
    waves: Annotated[
        list[Path],
        typer.Argument(
            metavar="WAVE...",
            help="Answers of the next waves in order: files, or folders with a wave.yaml.",
        ),
    ],
    name: Annotated[
        list[str] | None,
        typer.Option(
            "--name",
            metavar="NAME",
            help="What a wave is called, once for each; one more names the study's own first.",
        ),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(
            "--run", metavar="DIR", help="Output of persona run; default: out/ beside the study."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where to write; default: waves/ in the run."),
    ] = None,
    resegment: Annotated[
        bool | None,
        typer.Option(
            "--resegment/--no-resegment",
            help="Segment each wave also by itself; default: with 60 respondents a segment.",
        ),
    ] = None,
) -> None:
    """Follow the segments over waves: sizes, changes, what still holds, and what to do."""
    from persona.progress import TerminalProgress
    from persona.study import Study

    console = console_for()
    progress = TerminalProgress(console)
    loaded = Study.load(study)
    folder = run or loaded.folder / "out"
    tracked = loaded.track(
        *waves, names=name or (), run=folder, resegment=resegment, progress=progress
    )
    written = tracked.write(out or folder / "waves", progress=progress)
    console.print()
    show_problems([*tracked.problems, *written.problems], console, of_a_kind=1)
    console.print()
    for line in tracked.advice():
        console.print(line, markup=False, highlight=False)
    console.print(f"Open {written.files[0]}", style="bold", markup=False, highlight=False)

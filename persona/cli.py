"""The commands: thin calls of public functions, with honest exit codes.

Exit codes: 0 done, 1 the data or files have errors (all of them listed), 2 wrong usage.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from persona.errors import OutputError, PersonaError, Problem, Severity, error

if TYPE_CHECKING:
    from rich.table import Table

    from persona.responses.problems_book import ProblemGroup
    from persona.study.importing import ImportedAnswers, Recognised

_LISTED_WHEN_REFUSED = 10
_LOG_WIDTH = 120
_LONGEST_HEADER = 56
_SEVERITY_WORDS = {
    Severity.ERROR: ("error", "errors", "red"),
    Severity.WARNING: ("warning", "warnings", "yellow"),
    Severity.NOTE: ("note", "notes", "cyan"),
}

app = typer.Typer(
    name="persona",
    help="From a customer questionnaire to segments and personas that can be defended.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)

StudyArgument = Annotated[
    Path, typer.Argument(metavar="STUDY", help="A study file, or the folder study.yaml stands in.")
]


def _console(*, stderr: bool = False) -> Console:
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


@app.command(epilog="Example: `persona init coffee --from customer_b2c`")
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    source: Annotated[
        str, typer.Option("--from", metavar="NAME", help="A shipped questionnaire.")
    ] = "customer_b2c",
) -> None:
    """Make a study folder from a shipped questionnaire."""
    from persona.study import init_study

    made = init_study(folder, source)
    console = _console()
    for path in made:
        console.print(f"wrote {path}", markup=False, highlight=False)
    console.print(
        f"Next: persona check {folder}\n"
        f"Then put the answers into {folder / 'answers.xlsx'}, or try the study with\n"
        f"      persona simulate {folder} -n 500 --out {folder / 'answers.xlsx'}",
        markup=False,
        highlight=False,
    )


@app.command(epilog="Example: `persona check coffee/study.yaml`")
def check(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A questionnaire, a study, or a study's folder.")
    ],
) -> None:
    """Say every problem of a questionnaire or a study at once."""
    from persona.study import check_file

    problems = check_file(file)
    console = _console()
    show_problems(problems, console)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise typer.Exit(1)
    console.print(f"{file}: no errors", markup=False, highlight=False)


@app.command(epilog="Example: `persona simulate coffee -n 500 --out coffee/answers.xlsx`")
def simulate(
    study: StudyArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The workbook to write.")],
    n: Annotated[int, typer.Option("-n", min=1, max=1_000_000, help="How many respondents.")] = 500,
    segments: Annotated[
        int, typer.Option("--segments", min=1, max=20, help="How many segments to plant.")
    ] = 4,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Same seed, same answers.")] = 0,
) -> None:
    """Write made-up answers with planted segments, to try a study before the field."""
    from persona.study import Study

    path = Study.load(study).simulate(out, n=n, segments=segments, seed=seed)
    _console().print(f"wrote {path}: {n} respondents, {segments} planted segments", markup=False)


@app.command("import", epilog="Example: `persona import coffee coffee/answers.xlsx`")
def import_answers(
    study: Annotated[
        Path,
        typer.Argument(
            metavar="STUDY", help="A study or its folder; with --draft a file of answers."
        ),
    ],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The answers; default: the file the study names."),
    ] = None,
    draft: Annotated[
        Path | None,
        typer.Option(
            "--draft", metavar="DIR", help="Draft a questionnaire and a study from the file."
        ),
    ] = None,
    clean: Annotated[
        Path | None,
        typer.Option(
            "--clean", metavar="FILE", help="Write the cleaned answers: FILE.xlsx or FILE.sav."
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="The sheet with the answers.")
    ] = None,
    language: Annotated[
        str, typer.Option("--language", metavar="CODE", help="Language of the texts of a draft.")
    ] = "en",
) -> None:
    """Show how columns match, and mark every problem in a copy of your own workbook."""
    from persona.study import Study

    console = _console()
    if draft is not None:
        from persona.study.drafting import draft_study

        if file is not None:
            raise typer.BadParameter("with --draft give the file of answers alone")
        drafted = draft_study(study, draft, language=language, sheet=sheet)
        console.print(recognised_line(drafted.recognised), markup=False, highlight=False)
        show_problems(drafted.warnings, console)
        for path in drafted.files:
            console.print(f"wrote {path}", markup=False, highlight=False)
        study, sheet = draft, None
    elif file is None and study.is_file() and study.suffix.lower() not in (".yaml", ".yml"):
        raise typer.BadParameter("name the study before the file, or add --draft DIR to begin one")
    imported = Study.load(study).import_answers(file, sheet=sheet)
    show_imported(imported, console)
    if clean is not None:
        console.print(f"wrote {imported.save(clean)}", markup=False, highlight=False)
    if imported.errors:
        raise typer.Exit(1)


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


@app.command(epilog="Example: `persona run examples/coffee_club`")
def run(
    study: StudyArgument,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Where to write; default: out/ beside the study."
        ),
    ] = None,
) -> None:
    """Find the segments and write report, personas, tables and workbook."""
    from persona.progress import TerminalProgress
    from persona.study import Study

    console = _console()
    progress = TerminalProgress(console)
    loaded = Study.load(study)
    result = loaded.run(progress=progress)
    written = result.write(out or loaded.folder / "out", progress=progress)
    console.print()
    show_problems([*result.problems, *written.problems], console, of_a_kind=1)
    console.print()
    for line in result.findings():
        console.print(line, markup=False, highlight=False)
    console.print(f"Open {written.files[0]}", style="bold", markup=False, highlight=False)


@app.command(epilog="Example: `persona apply coffee coffee/out/workbook.xlsx`")
def apply(
    study: StudyArgument,
    workbook: Annotated[
        Path, typer.Argument(metavar="WORKBOOK", help="The workbook.xlsx you edited.")
    ],
) -> None:
    """Bring names, texts, merges and exclusions edited in Excel back into the study."""
    from persona.study import Study

    applied = Study.load(study).apply(workbook)
    console = _console()
    for line in applied.changes:
        console.print(line, markup=False, highlight=False)
    console.print(f"wrote {applied.path}; run the study again to see it", markup=False)


@app.command(epilog="Example: `persona form customer_b2c --to answers.xlsx --language pl`")
def form(
    questionnaire: Annotated[
        str,
        typer.Argument(metavar="QUESTIONNAIRE", help="A questionnaire file, or a shipped name."),
    ],
    to: Annotated[
        Path,
        typer.Option(
            "--to",
            metavar="FILE",
            help="Its ending says what is written: .xlsx a form in Excel, .txt LimeSurvey, "
            ".json SurveyJS, .html or .pdf paper, .yaml the questionnaire itself.",
        ),
    ],
    layout: Annotated[
        str | None,
        typer.Option(
            "--layout",
            metavar="NAME",
            help="For .xlsx: rows (one respondent a row), card (one customer), xlsform, codebook.",
        ),
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="CODE", help="Default: the first one.")
    ] = None,
) -> None:
    """Write what fields a questionnaire: forms, other tools' files, paper, codebook."""
    from persona.questionnaire import Questionnaire
    from persona.questionnaire.formats.fielding import write_fielding

    if to.exists():
        raise OutputError(
            error(
                "form.exists",
                "This file stands already, perhaps filled in, and is not overwritten.",
                file=str(to),
                remedy="Choose another name, or remove the file.",
            )
        )
    console = _console()
    declared = Questionnaire.load(questionnaire)
    show_problems(write_fielding(declared, to, layout=layout, language=language), console)
    console.print(f"wrote {to}", markup=False, highlight=False)


@app.command(epilog="Example: `persona schema --to questionnaire.schema.json`")
def schema(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Default: the terminal.")
    ] = None,
) -> None:
    """Write the JSON Schema by which editors complete and check questionnaires while you type."""
    from persona.questionnaire.schema import schema_text

    if to is None:
        sys.stdout.write(schema_text())
        return
    to.write_text(schema_text(), encoding="utf-8")
    console = _console()
    console.print(f"wrote {to}; put this line on top of a questionnaire:", markup=False)
    console.print(f"# yaml-language-server: $schema={to.name}", markup=False, highlight=False)


@app.command(epilog="Example: `persona figure coffee segment-sizes --to sizes.png --language pl`")
def figure(
    study: StudyArgument,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="One of the names that --list gives.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="A file ending in .png or .svg.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="Default: the study's first language."),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the figures there are.")] = False,
) -> None:
    """Save one figure of the report as a picture, or list the figures."""
    if not listed and (name is None or to is None):
        raise typer.BadParameter("Give NAME and --to FILE, or --list.")
    if to is not None:
        from persona.report.figures import check_suffix

        check_suffix(to)
    from persona.study import Study

    result = Study.load(study).run()
    console = _console()
    if listed:
        for known in result.figure_names():
            console.print(known, markup=False, highlight=False)
    elif name is not None and to is not None:
        path = result.save_figure(name, to, language=language)
        console.print(f"wrote {path}", markup=False, highlight=False)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code.

    Examples
    --------
    >>> main(["--help"])  # doctest: +SKIP
    """
    try:
        app(args=None if arguments is None else list(arguments), prog_name="persona")
    except PersonaError as failure:
        show_problems(failure.problems, _console(stderr=True), of_a_kind=_LISTED_WHEN_REFUSED)
        sys.exit(1)

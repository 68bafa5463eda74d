"""The commands: thin calls of public functions, with honest exit codes.

Exit codes: 0 done, 1 the data or files have errors (all of them listed), 2 wrong usage.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from persona.commands import assign, audience, track
from persona.errors import OutputError, PersonaError, Severity, error
from persona.terminal import console_for, recognised_line, show_imported, show_problems

_LISTED_WHEN_REFUSED = 10
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


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        console_for().print(f"persona {version('persona')}", highlight=False)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Show the version and leave."
        ),
    ] = False,
) -> None:
    """From a customer questionnaire to segments and personas that can be defended."""


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
    console = console_for()
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
    console = console_for()
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
    console_for().print(f"wrote {path}: {n} respondents, {segments} planted segments", markup=False)


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

    console = console_for()
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

    console = console_for()
    progress = TerminalProgress(console)
    loaded = Study.load(study)
    result = loaded.run(progress=progress)
    target = out or loaded.folder / "out"
    changes = result.since(target)
    written = result.write(target, progress=progress)
    console.print()
    show_problems([*result.problems, *written.problems], console, of_a_kind=1)
    console.print()
    for line in (*result.findings(), *changes):
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
    console = console_for()
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
    console = console_for()
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
    console = console_for()
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
    console = console_for()
    if listed:
        for known in result.figure_names():
            console.print(known, markup=False, highlight=False)
    elif name is not None and to is not None:
        path = result.save_figure(name, to, language=language)
        console.print(f"wrote {path}", markup=False, highlight=False)


for after_the_study in (assign, track, audience):
    app.registered_commands.extend(after_the_study.commands.registered_commands)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code.

    Examples
    --------
    >>> main(["--help"])  # doctest: +SKIP
    """
    try:
        app(args=None if arguments is None else list(arguments), prog_name="persona")
    except PersonaError as failure:
        show_problems(failure.problems, console_for(stderr=True), of_a_kind=_LISTED_WHEN_REFUSED)
        sys.exit(1)

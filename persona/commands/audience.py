"""Write the lists of people that other systems take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from persona.terminal import console_for, show_problems

if TYPE_CHECKING:
    from rich.console import Console

    from persona.study.audience import Handed

commands = typer.Typer()


StudyOfList = Annotated[
    Path | None,
    typer.Argument(metavar="STUDY", help="A study file, or the folder study.yaml stands in."),
]
Destination = Annotated[
    str | None, typer.Option("--for", metavar="NAME", help="The system; see --list.")
]
Every = Annotated[bool, typer.Option("--list", help="List the systems there are profiles for.")]
PeopleFile = Annotated[
    Path | None,
    typer.Option(
        "--people",
        metavar="FILE",
        help="People with a segment column, as persona assign writes; default: the respondents "
        "of the study.",
    ),
]
Sheet = Annotated[
    str | None, typer.Option("--sheet", metavar="NAME", help="The sheet of the people's file.")
]
Segments = Annotated[
    list[str] | None,
    typer.Option("--segment", metavar="N", help="Number or name; may be given again."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Folder or file; default: out/audiences/NAME."),
]
Consent = Annotated[
    str | None,
    typer.Option("--consent", metavar="COLUMN", help="The column that says who agreed."),
]
SaysYes = Annotated[
    list[str] | None, typer.Option("--consent-yes", metavar="WORD", help="Means yes as well.")
]
SaysNo = Annotated[
    list[str] | None, typer.Option("--consent-no", metavar="WORD", help="Means no as well.")
]
ContactsFile = Annotated[
    Path | None,
    typer.Option("--contacts", metavar="FILE", help="Addresses and consent, joined to people."),
]
Key = Annotated[
    str | None,
    typer.Option("--key", metavar="HEADER", help="The column of the contacts to join by."),
]
Mapped = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=HEADER", help="email=HEADER; again for more."),
]
MappingFile = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="A YAML file with such options."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A setting of the profile: site=3."),
]
Holdout = Annotated[
    float | None,
    typer.Option("--holdout", min=0, max=0.99, metavar="SHARE", help="Kept back: 0.1."),
]
Seed = Annotated[
    int | None, typer.Option("--seed", min=0, help="Same seed, same people kept back.")
]
Uncertain = Annotated[
    bool, typer.Option("--include-uncertain", help="Also people uncertain in their segment.")
]
Least = Annotated[
    int | None, typer.Option("--least", min=1, metavar="N", help="Fewest people of a segment.")
]
CountryCode = Annotated[
    int | None,
    typer.Option("--country-code", min=1, max=999, metavar="N", help="Of numbers without one: 48."),
]
LanguageOfNames = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="Of the names of segments.")
]
Encoding = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help="Where the system takes several."),
]
WithoutFaulty = Annotated[
    bool,
    typer.Option("--leave-out-faulty", help="Without people whose cells are not taken."),
]
RunFolder = Annotated[
    Path | None, typer.Option("--run", metavar="DIR", help="Output of the run; default: out/.")
]


@commands.command(
    epilog="Example: `persona audience coffee --for mailchimp --consent newsletter --holdout 0.1`"
)
def audience(
    study: StudyOfList = None,
    destination: Destination = None,
    every: Every = False,
    people: PeopleFile = None,
    sheet: Sheet = None,
    segment: Segments = None,
    out: Out = None,
    consent: Consent = None,
    consent_yes: SaysYes = None,
    consent_no: SaysNo = None,
    contacts: ContactsFile = None,
    key: Key = None,
    mapped: Mapped = None,
    mapping: MappingFile = None,
    setting: Settings = None,
    holdout: Holdout = None,
    seed: Seed = None,
    include_uncertain: Uncertain = False,
    least: Least = None,
    country_code: CountryCode = None,
    language: LanguageOfNames = None,
    encoding: Encoding = None,
    leave_out_faulty: WithoutFaulty = False,
    run: RunFolder = None,
) -> None:
    """Write the list of people that another system takes: segments, with consent."""
    from persona.study import Study
    from persona.study.audience import Asked, hand_on, segments_asked

    console = console_for()
    if every:
        _show_profiles(study, console)
        return
    if study is None:
        raise typer.BadParameter("name the study")
    if destination is None:
        raise typer.BadParameter("name the system with --for; persona audience --list shows them")
    said = {"consent": consent, "consent_yes": consent_yes, "consent_no": consent_no}
    drawn = {"holdout": holdout, "seed": seed, "include_uncertain": include_uncertain or None}
    written = {"least": least, "country_code": country_code, "language": language}
    asked = Asked(
        people=people,
        sheet=sheet,
        segments=segments_asked(segment or ()),
        out=out,
        run=run,
        mapping=mapping,
        contacts=contacts,
        key=key,
        encoding=encoding,
        leave_out_faulty=leave_out_faulty,
        settings=_pairs(setting, "--set"),
        changes={"map": _pairs(mapped, "--map"), **_given({**said, **drawn, **written})},
    )
    _show_handed(hand_on(Study.load(study), destination, asked), console)


def _show_handed(handed: Handed, console: Console) -> None:
    """What was noticed, the counts, and the files."""
    show_problems(handed.audience.problems, console)
    console.print(f"For {handed.audience.profile.title}:", markup=False, highlight=False)
    for line in handed.lines():
        console.print(line, markup=False, highlight=False)
    for path in handed.placed.removed:
        console.print(f"took away {path}, a list written before", markup=False, highlight=False)
    for path in handed.placed.files:
        console.print(f"wrote {path}", markup=False, highlight=False)


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, lists of words as tuples."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in options.items()
        if value is not None
    }


def _pairs(given: list[str] | None, option: str) -> dict[str, str]:
    """``name=value`` as given on the command line."""
    found = {}
    for text in given or ():
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise typer.BadParameter(f"{option} takes NAME=VALUE, not {text!r}")
        found[name.strip()] = value.strip()
    return found


def _show_profiles(study: Path | None, console: Console) -> None:
    """Every profile, with what it writes and reads."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from persona.audiences.profiles import all_profiles

    folder = study if study is None or study.is_dir() else study.parent
    every = all_profiles(folder)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for header in ("Name", "System", "Writes", "Reads"):
        table.add_column(header, overflow="fold")
    for found in every.found:
        profile = found.profile
        writes = profile.file.format if profile.file else ""
        reads = ", ".join(read.id for read in profile.reads)
        table.add_row(*map(Text, (profile.id, profile.title, writes, reads)))
    console.print(table)
    show_problems([*(p for found in every.found for p in found.problems), *every.problems], console)
    if every.problems:
        raise typer.Exit(1)

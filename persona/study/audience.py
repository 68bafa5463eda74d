"""Lists for other systems: the respondents of a study, or people of a file, with segments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from persona.audiences.asking import Request
from persona.audiences.audience import Audience, make_audience
from persona.audiences.options import AudienceOptions, Contacts
from persona.audiences.people import People, people_in
from persona.audiences.placing import Placed, place
from persona.audiences.profiles import find_profile
from persona.audiences.report import count_lines
from persona.audiences.words import loose
from persona.errors import PersonaError, Problem, StudyError, error, warning
from persona.questionnaire.building import read_document
from persona.questionnaire.complaints import Origin, translated
from persona.responses import read_export
from persona.study.audience_people import respondents, with_contacts
from persona.study.audience_run import fresh_run, run_in, with_decisions

if TYPE_CHECKING:
    from persona.study.finished_run import FinishedRun
    from persona.study.study import Study


@dataclass(frozen=True)
class Asked:
    """What the user asks of a list, besides what the study file says.

    Parameters
    ----------
    people : Path, optional
        A file of people with segments; default: the respondents of the study.
    sheet : str, optional
        Of that file.
    segments : tuple of str
        Numbers or names; empty for all.
    out : Path, optional
        Folder, or one file; default: ``audiences/PROFILE`` in the output of the run.
    run : Path, optional
        The output of the run; default: ``out`` beside the study.
    mapping : Path, optional
        A YAML file with options, as ``audiences:`` of a study file.
    contacts : Path, optional
    key : str, optional
        Header of the key in the contacts.
    encoding : str, optional
    leave_out_faulty : bool
    settings : mapping
        Of the profile.
    changes : mapping
        Single options that come before those of files.
    """

    people: Path | None = None
    sheet: str | None = None
    segments: tuple[str, ...] = ()
    out: Path | None = None
    run: Path | None = None
    mapping: Path | None = None
    contacts: Path | None = None
    key: str | None = None
    encoding: str | None = None
    leave_out_faulty: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Handed:
    """A list and the files it stands in."""

    audience: Audience
    placed: Placed

    def lines(self) -> tuple[str, ...]:
        """The counts in words."""
        return count_lines(self.audience)


def hand_on(study: Study, name: str, asked: Asked | None = None) -> Handed:
    """Write the list that a destination takes.

    Parameters
    ----------
    study : Study
    name : str
        A profile's id, title or alias.
    asked : Asked, optional

    Raises
    ------
    PersonaError
        With every reason why there is no list; nothing is written.
    """
    asked = asked or Asked()
    found = find_profile(name, study.folder)
    options = options_of(study, asked)
    if asked.settings:
        own = {**options.settings.get(found.profile.id, {}), **asked.settings}
        options = _merged(options, {"settings": {found.profile.id: own}})
    folder = asked.run or study.folder / "out"
    language = options.language or study.languages[0]
    if asked.people is None:
        fresh, intake = fresh_run(study, folder)
        run: FinishedRun | None = fresh
        people = respondents(study, intake, fresh, options, language)
        file, sha256 = study.answers_path.name, intake.responses.source.sha256
    else:
        run = run_in(folder)
        run = None if run is None else with_decisions(run, study)
        people, sha256 = _of_file(asked, run, language)
        if options.contacts is not None:
            needed = options.contacts is not study.file.audiences.contacts
            people = with_contacts(people, study, options.contacts, needed=needed)
        file = asked.people.name
    said = (*found.problems, *people.problems, *_untranslated(run, language))
    people = replace(people, problems=said)
    request = Request(
        segments=asked.segments,
        encoding=asked.encoding,
        leave_out_faulty=asked.leave_out_faulty,
        study=study.file.id,
        seed=study.file.seed,
        least=max(1, study.file.profile.suppress_below),
        today=study.file.date or dt.datetime.now(dt.UTC).date(),
    )
    audience = make_audience(people, found.profile, options, request)
    about = {
        "study": study.file.id,
        "run": run.fingerprint if run else None,
        "people": {"file": file, "sha256": sha256},
    }
    target = asked.out or folder / "audiences" / found.profile.id
    return Handed(audience, place(audience, target, about))


def options_of(study: Study, asked: Asked) -> AudienceOptions:
    """The options of the study, of a mapping file and of the command, the later ones first.

    Raises
    ------
    StudyError
        The mapping file has errors, with their lines; a key is named without contacts.
    """
    options = study.file.audiences
    if asked.mapping is not None:
        options = _merged(options, _read_options(asked.mapping))
    changes = dict(asked.changes)
    if asked.contacts is not None:
        changes["contacts"] = Contacts(file=str(asked.contacts.resolve()), key=asked.key)
    elif asked.key is not None:
        if options.contacts is None:
            raise StudyError(_key_alone(asked.key))
        changes["contacts"] = options.contacts.model_copy(update={"key": asked.key})
    return _merged(options, changes)


def _key_alone(key: str) -> Problem:
    return error(
        "audience.key_alone",
        "{key!r} is to be the key of contacts, and no file of contacts is named.",
        found=key,
        remedy="Name it with --contacts FILE.",
        values={"key": key},
    )


def _merged(options: AudienceOptions, changes: Mapping[str, Any]) -> AudienceOptions:
    """Options with some replaced; mappings and lists of words are added to."""
    update = dict(changes)
    for name in ("map", "settings"):
        if name in update:
            update[name] = {**getattr(options, name), **update[name]}
    for name in ("consent_yes", "consent_no"):
        if name in update:
            update[name] = (*getattr(options, name), *update[name])
    return options.model_copy(update=update)


def _read_options(path: Path) -> dict[str, Any]:
    try:
        document = read_document(path)
    except PersonaError as trouble:
        raise StudyError(trouble.problems) from None
    try:
        read = AudienceOptions.model_validate(document.data)
    except ValidationError as trouble:
        origin = Origin(document)
        raise StudyError(
            translated(trouble, AudienceOptions, document.data, origin, None)
        ) from None
    given = {name: getattr(read, name) for name in read.model_fields_set}
    contacts = given.get("contacts")
    if contacts is not None:
        file = str((path.resolve().parent / contacts.file).resolve())
        given["contacts"] = contacts.model_copy(update={"file": file})
    return given


def _of_file(asked: Asked, run: FinishedRun | None, language: str) -> tuple[People, str]:
    path = asked.people
    assert path is not None
    export = read_export(path, sheet=asked.sheet, platform="table" if _is_table(path) else None)
    names = run.names_in(language) if run else {}
    every = run.names if run else {}
    known = {loose(text): number for number, name in every.items() for text in name.values()}
    people = people_in(export, path.name, names, known)
    if run is not None:
        people = replace(people, excluded=run.excluded)
    return people, export.table.sha256


def _untranslated(run: FinishedRun | None, language: str) -> tuple[Problem, ...]:
    """Names of segments that are not there in the language asked for."""
    names = [name for name in run.names.values() if name] if run else []
    if not names or all(language in name for name in names):
        return ()
    return (
        warning(
            "audience.language",
            "The names of segments are not there in the language {language!r}; others are used.",
            allowed=", ".join(dict.fromkeys(code for name in names for code in name)),
            values={"language": language},
        ),
    )


def _is_table(path: Path) -> bool:
    """Whether the file is a workbook or text, which is read as it stands and as no export."""
    return path.suffix.lower() not in (".parquet", ".sav", ".por", ".json")


def segments_asked(values: Sequence[str]) -> tuple[str, ...]:
    """Segments as named on the command line, each once."""
    return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))

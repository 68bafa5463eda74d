"""Take in the answers of a study: read, join records, check with care, leave out, weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from persona.errors import DataError, Problem, Severity, error, errors_in
from persona.questionnaire import Questionnaire
from persona.responses import (
    MissingPicture,
    Quality,
    QualityRules,
    Raking,
    Responses,
    SurveyExport,
    check_quality,
    missing_picture,
    read_export,
)
from persona.responses.mapping import Mapped, read_mapping
from persona.responses.matching import known_headers, loose, match_columns
from persona.responses.sniff import read_source
from persona.study.excluding import Exclusion, excluded, rules_of, said_by_checks
from persona.study.joining import Joined, RecordsJoined, join_all, shown_match
from persona.study.raking import raked, raking_note, unused_weights, without_questions

if TYPE_CHECKING:
    from persona.study.study import Study


@dataclass(frozen=True)
class Input:
    """A file that the answers were made from, besides the answers themselves."""

    role: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Intake:
    """The answers of a study, with everything done to them before they are analysed.

    Parameters
    ----------
    responses : Responses
        Of those who are left, with the weights to use.
    rules : QualityRules
    quality : Quality
        Of all who were read, before anybody was left out.
    exclusion : Exclusion
    raking : Raking or None
    records : tuple of RecordsJoined
    picture : MissingPicture
    inputs : tuple of Input
        Files besides the answers: mapping, records, targets.
    """

    responses: Responses
    rules: QualityRules
    quality: Quality
    exclusion: Exclusion
    raking: Raking | None
    records: tuple[RecordsJoined, ...]
    picture: MissingPicture
    inputs: tuple[Input, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that was noticed."""
        return self.responses.problems


@dataclass(frozen=True)
class Opened:
    """A file of answers with how the study reads it.

    Parameters
    ----------
    called : str
        The file as the study calls it.
    export : SurveyExport
    questionnaire : Questionnaire
        Without weights that are not used.
    columns : mapping of column to variable
        What mapping and study say of columns.
    """

    called: str
    export: SurveyExport
    questionnaire: Questionnaire
    columns: Mapping[str, str | None]


def open_answers(study: Study, file: Path | None = None, sheet: str | None = None) -> Opened:
    """The file of answers, before its columns are matched.

    Raises
    ------
    DataError
        The answers or the mapping cannot be read.
    """
    options = study.file.answers
    mapped = _mapping(study)
    known = known_headers(study.questionnaire)
    export = read_export(
        study.answers_path if file is None else file,
        sheet=sheet or options.sheet or mapped.sheet,
        encoding=mapped.encoding,
        delimiter=mapped.delimiter,
        header_rows=mapped.header_rows,
        known=lambda text: bool(text) and loose(text) in known,
    )
    columns = {
        name: target
        for name, target in mapped.columns.items()
        if target not in options.columns and name not in options.columns.values()
    }
    columns |= {header: name for name, header in options.columns.items()}
    left = unused_weights(study)
    if left:
        columns |= _left_out(export, study.questionnaire, columns, left)
    questionnaire = without_questions(study.questionnaire, left)
    called = options.file if file is None else file.name
    return Opened(called, export, questionnaire, columns)


def _mapping(study: Study) -> Mapped:
    name = study.file.answers.mapping
    return read_mapping((study.folder / name).resolve() if name is not None else None)


def _left_out(
    export: SurveyExport,
    questionnaire: Questionnaire,
    columns: Mapping[str, str | None],
    names: Iterable[str],
) -> dict[str, str | None]:
    """Columns of questions that are not used, each mapped to nothing."""
    matching = match_columns(export, questionnaire, columns)
    return {match.letter: None for match in matching.matches if match.variable in set(names)}


def take_in(
    study: Study, file: Path | None = None, *, sheet: str | None = None, refuse: bool = True
) -> Intake:
    """Read, join, check, leave out and weight the answers of a study.

    Parameters
    ----------
    study : Study
    file : path, optional
        Another file of answers than the study's own.
    sheet : str, optional
    refuse : bool
        Raise what the study does not go on with; otherwise errors stay among the problems.

    Raises
    ------
    DataError
        The file as a whole cannot be read; or, with ``refuse``, anything in it is an error.
    """
    opened = open_answers(study, file, sheet)
    matching = match_columns(opened.export, opened.questionnaire, opened.columns)
    joined = join_all(study, opened.export, matching)
    responses = _read(study, opened, joined)
    if refuse:
        _refuse(study, responses, joined)
        responses = replace(responses, problems=_tolerated(responses.problems))
    rules = rules_of(study)
    quality = check_quality(responses, rules)
    exclusion, kept, said = excluded(study, responses, quality)
    raking, weighed = _weighted(study, kept)
    picture = missing_picture(kept)
    failed = errors_in((*said, *weighed))
    if refuse and failed:
        raise DataError(failed)
    problems = (
        *kept.problems,
        *(_called(p, opened) for p in said_by_checks(quality, decided=bool(said))),
        *said,
        *weighed,
        *(_called(p, opened) for p in picture.warnings),
    )
    if raking is not None:
        kept = replace(kept, weights=raking.weights / raking.weights.mean(), weighted=True)
    return Intake(
        responses=replace(kept, problems=problems),
        rules=rules,
        quality=quality,
        exclusion=exclusion,
        raking=raking,
        records=joined.records,
        picture=picture,
        inputs=_inputs(study, joined),
    )


def _read(study: Study, opened: Opened, joined: Joined) -> Responses:
    """Answers and records decoded, every problem at the place it has in its own file."""
    responses = Responses.from_export(
        joined.export,
        opened.questionnaire,
        mapping={**opened.columns, **joined.mapping},
        partial=study.file.answers.partial,
        tests=study.file.answers.tests,
    )
    position = {int(row): place for place, row in enumerate(opened.export.table.rows)}
    problems = [
        joined.relocated(problem, position)
        if problem.column in joined.places
        else _called(problem, opened)
        for problem in responses.problems
    ]
    own = len(opened.export.table.letters)
    return replace(
        responses,
        problems=(*problems, *joined.problems),
        matches=tuple(shown_match(match, joined) for match in responses.matches),
        faults=tuple(fault for fault in responses.faults if fault.column < own),
        export=opened.export,
    )


def _called(problem: Problem, opened: Opened) -> Problem:
    """The file called as the study calls it: where the study lies must not change its report."""
    return replace(problem, file=opened.called) if problem.file is not None else problem


def _refuse(study: Study, responses: Responses, joined: Joined) -> None:
    """Stop at records that cannot be joined, and at faulty cells that the study does not allow."""
    lost = errors_in(joined.problems)
    faults = errors_in(responses.problems)
    if not faults or (not lost and study.file.answers.faulty_cells == "missing"):
        return
    answers = study.file.answers.file
    refused = error(
        "answers.refused",
        "The study is not run: {count} problems of the answers have to be solved first.",
        file=answers,
        remedy=f"See them all marked in your own workbook: persona import {_quoted(study.path)} "
        f"{_quoted(study.answers_path)}. Correct them, or write `faulty_cells: missing` under "
        "`answers:` in the study file to list faulty cells and go on without them.",
        values={"count": len(faults)},
    )
    raise DataError([refused, *faults])


def _quoted(path: Path) -> str:
    text = str(path)
    return f'"{text}"' if " " in text else text


def _tolerated(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Faulty cells that the study goes on without: listed still, but they stop nothing."""
    return tuple(
        replace(problem, severity=Severity.WARNING)
        if problem.severity is Severity.ERROR
        else problem
        for problem in problems
    )


def _weighted(study: Study, responses: Responses) -> tuple[Raking | None, tuple[Problem, ...]]:
    try:
        raking = raked(study, responses)
    except DataError as trouble:
        return None, trouble.problems
    if raking is None:
        return None, ()
    return raking, (raking_note(raking), *raking.warnings)


def _inputs(study: Study, joined: Joined) -> tuple[Input, ...]:
    """Mapping, records and targets with their SHA-256."""
    file = study.file
    found = [Input("records", record.file, record.sha256) for record in joined.records]
    for role, name in (("mapping", file.answers.mapping), ("targets", file.weights.targets_file)):
        if name is not None:
            path = (study.folder / name).resolve()
            if path.is_file():
                found.append(Input(role, name, read_source(path).sha256))
    return tuple(found)

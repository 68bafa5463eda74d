"""See how a file of answers fits a study: columns matched, problems marked, answers cleaned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from persona.errors import DataError, OutputError, Problem, error, errors_in, note
from persona.registry import nearest
from persona.responses import (
    ColumnMatch,
    SurveyExport,
    group_problems,
    propose_mapping,
    save_excel,
    save_spss,
    write_problems,
)
from persona.responses.importers import IMPORTERS
from persona.responses.problems_book import ProblemGroup
from persona.responses.proposals import MappingProposal, Suggestion, mapping_yaml
from persona.responses.survey import COMPLETE
from persona.study.intake import Intake, Opened, open_answers, take_in
from persona.study.respondents_book import write_respondents

if TYPE_CHECKING:
    from persona.study.study import Study

MAPPING = "mapping.yaml"
PROBLEMS = "problems.xlsx"
RESPONDENTS = "respondents.xlsx"
_FILES = {"spss": "SPSS", "parquet": "Parquet", "triple_s": "Triple-S", "surveyjs": "SurveyJS"}


@dataclass(frozen=True)
class Recognised:
    """What a file of answers turned out to be.

    Parameters
    ----------
    platform, title : str
        Stable name of the source, and what people call it.
    file : Path
    sheet : str or None
    respondents, unfinished : int
    columns : int
    batteries, sets : int
        Batteries of items and sets of options with several answers.
    """

    platform: str
    title: str
    file: Path
    sheet: str | None
    respondents: int
    unfinished: int
    columns: int
    batteries: int
    sets: int


@dataclass(frozen=True)
class ImportedAnswers:
    """How a file of answers fits a study.

    Parameters
    ----------
    recognised : Recognised
    matches : tuple of ColumnMatch
        What each column is read as, with reason and confidence.
    suggestions : tuple of Suggestion
        Columns that may answer a question; not read unless a mapping says so.
    left_over : tuple of str
        Headers that belong to no question.
    absent : tuple of str
        Variables without a column.
    intake : Intake
    groups : tuple of ProblemGroup
        Problems counted by kind, errors first.
    written : tuple of Path
        Files written beside the study.
    """

    recognised: Recognised
    matches: tuple[ColumnMatch, ...]
    suggestions: tuple[Suggestion, ...]
    left_over: tuple[str, ...]
    absent: tuple[str, ...]
    intake: Intake
    groups: tuple[ProblemGroup, ...]
    written: tuple[Path, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What stops a run."""
        return errors_in(self.intake.problems)

    def save(self, path: str | Path) -> Path:
        """Write the cleaned answers as Excel with a codebook, or as SPSS, by the name's end.

        Raises
        ------
        OutputError
            The file stands already, its end is neither .xlsx nor .sav, or it cannot be written.
        """
        return save_clean(self.intake, Path(path))


def import_answers(
    study: Study, file: Path | None = None, *, sheet: str | None = None
) -> ImportedAnswers:
    """Read a file for a study, and write what helps to mend it beside the study.

    Written are ``mapping.yaml`` (how the columns match, to correct), ``problems.xlsx`` (the user's
    own workbook with faulty cells marked) and ``respondents.xlsx`` (flags of quality, who has a
    customer record). What stands already is never overwritten: a number is added to the name.

    Raises
    ------
    DataError
        The file as a whole cannot be read, or no column matches.
    """
    opened = open_answers(study, file, sheet)
    written: list[Path] = []
    try:
        intake = take_in(study, file, sheet=sheet, refuse=False)
    except DataError as trouble:
        if any(problem.code == "column.none" for problem in trouble.problems):
            made = _write_mapping(study, opened, _nothing_known(opened))
            raise DataError([*trouble.problems, *_mapping_note(made)]) from None
        raise
    proposal = propose_mapping(opened.export, opened.questionnaire)
    if study.file.answers.mapping is None:
        written += _write_mapping(study, opened, proposal)
    written += _write_problems(study, opened, intake)
    if intake.exclusion.proposed or intake.records:
        written.append(write_respondents(intake, _free(study.folder / RESPONDENTS)))
    taken = {match.letter for match in intake.responses.matches}
    found = {match.variable for match in intake.responses.matches}
    suggestions = tuple(
        part
        for part in proposal.suggestions
        if part.letter not in taken and part.variable not in found
    )
    suggested = {suggestion.column for suggestion in suggestions}
    return ImportedAnswers(
        recognise(opened.export),
        intake.responses.matches,
        suggestions,
        tuple(name for name in intake.responses.unmatched if name not in suggested),
        tuple(name for name in proposal.absent if name not in found),
        intake,
        group_problems(intake.problems),
        tuple(written),
    )


def recognise(export: SurveyExport) -> Recognised:
    """What a file of answers is: its platform, respondents, variables, batteries and sets."""
    grids = {v.parent for v in export.variables if v.type == "grid"}
    sets = {v.id if v.joined else v.parent for v in export.variables if v.type == "multiple"}
    return Recognised(
        platform=export.platform,
        title=_title(export.platform),
        file=export.table.file,
        sheet=export.table.sheet,
        respondents=export.n,
        unfinished=int((export.states != COMPLETE).sum()),
        columns=len(export.columns),
        batteries=len(grids),
        sets=len(sets),
    )


def _title(platform: str) -> str:
    if platform in IMPORTERS:
        return IMPORTERS[platform].title
    return _FILES.get(platform, platform.replace("_", " "))


def _nothing_known(opened: Opened) -> MappingProposal:
    """A mapping to fill in by hand, when no column matches anything."""
    table = opened.export.table
    letters = tuple(table.letters[c.number] for c in opened.export.columns if not c.system)
    absent = tuple(v.id for v in opened.questionnaire.variables if not v.derived)
    return MappingProposal((), (), letters, absent)


def _write_mapping(study: Study, opened: Opened, proposal: MappingProposal) -> list[Path]:
    """Write the proposal unless the same stands there already."""
    text = mapping_yaml(opened.export, proposal)
    first = study.folder / MAPPING
    if first.is_file() and first.read_text(encoding="utf-8") == text:
        return []
    target = _free(first)
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as trouble:
        raise OutputError(_unwritable(target, trouble)) from None
    return [target]


def _mapping_note(written: Sequence[Path]) -> list[Problem]:
    return [
        note(
            "mapping.written",
            "A mapping to fill in was written: {file}.",
            file=str(path),
            remedy="Write ids of questions in place of null, and name the file in the study: "
            "answers: {mapping: {file}}",
            values={"file": path.name},
        )
        for path in written
    ]


def _write_problems(study: Study, opened: Opened, intake: Intake) -> list[Path]:
    """The user's workbook with faulty cells marked, when there is anything to mend."""
    responses = intake.responses
    own = tuple(p for p in responses.problems if p.file in (None, opened.called))
    if not responses.faults and not errors_in(own):
        return []
    macros = opened.export.table.file.suffix.lower() == ".xlsm"
    name = Path(PROBLEMS).with_suffix(".xlsm") if macros else PROBLEMS
    target = _free(study.folder / name)
    return [write_problems(replace(responses, problems=own), target)]


def _free(path: Path) -> Path:
    """The path, or the next one with a number that nothing stands at."""
    number, target = 1, path
    while target.exists():
        number += 1
        target = path.with_stem(f"{path.stem}_{number}")
    return target


def save_clean(intake: Intake, path: Path) -> Path:
    """Write the answers of those who are left, faulty cells empty."""
    writers = {".xlsx": save_excel, ".sav": save_spss}
    write = writers.get(path.suffix.lower())
    if write is None:
        near = nearest(path.suffix.lower(), list(writers))
        raise OutputError(
            error(
                "clean.kind",
                "Clean data are written as Excel or SPSS, not as {suffix!r}.",
                file=str(path),
                allowed=", ".join(writers),
                remedy=f"Did you mean {near!r}?" if near else "Name a file that ends in .xlsx.",
                values={"suffix": path.suffix},
            )
        )
    if path.exists():
        raise OutputError(
            error(
                "clean.exists",
                "This file stands already and is not overwritten.",
                file=str(path),
                remedy="Choose another name, or remove the file.",
            )
        )
    return write(intake.responses, path)


def _unwritable(path: Path, trouble: OSError) -> Problem:
    return error(
        "output.unwritable",
        "The file cannot be written: {reason}.",
        file=str(path),
        remedy="Choose a folder you may write to.",
        values={"reason": trouble.strerror or str(trouble)},
    )

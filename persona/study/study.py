"""A study: its file, its questionnaire, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from persona.errors import OutputError, Problem, StudyError, error
from persona.questionnaire import Questionnaire
from persona.study.decisions import Applied
from persona.study.declaration import StudyFile
from persona.study.loading import load_study
from persona.study.progress import Progress, Silent

if TYPE_CHECKING:
    from persona.responses import Responses
    from persona.study.importing import ImportedAnswers
    from persona.study.intake import Intake
    from persona.study.result import StudyResult
    from persona.study.tracking import Tracked


@dataclass(frozen=True)
class Study:
    """A study file with its questionnaire.

    Parameters
    ----------
    path : Path
        The study file.
    file : StudyFile
        What it declares.
    questionnaire : Questionnaire
    problems : tuple of Problem
        Warnings and notes of both files.

    Examples
    --------
    >>> study = Study.load("examples/coffee_club")
    >>> study.file.id
    'coffee_club'
    """

    path: Path
    file: StudyFile
    questionnaire: Questionnaire
    problems: tuple[Problem, ...] = ()

    @classmethod
    def load(cls, path: str | Path) -> Study:
        """Read a study file, or ``study.yaml`` in a folder, and its questionnaire.

        Raises
        ------
        PersonaError
            With every problem of both files.
        """
        declared = load_study(Path(path))
        return cls(declared.path, declared.file, declared.questionnaire, declared.problems)

    @property
    def folder(self) -> Path:
        """The folder the study file stands in."""
        return self.path.parent

    @property
    def answers_path(self) -> Path:
        """The file of answers."""
        return (self.folder / self.file.answers.file).resolve()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the report."""
        return self.file.languages or self.questionnaire.languages

    def read(self) -> Responses:
        """The answers, with every problem found in them: those of :meth:`intake`.

        Raises
        ------
        DataError
            When the file cannot be read, or holds faulty cells that the study does not allow.
        """
        return self.intake().responses

    def intake(self) -> Intake:
        """The answers with records joined, quality checked, exclusions and weights applied.

        Raises
        ------
        DataError
            When a file cannot be read, or holds what the study does not go on with.
        """
        from persona.study.intake import take_in

        return take_in(self)

    def import_answers(
        self, file: str | Path | None = None, *, sheet: str | None = None
    ) -> ImportedAnswers:
        """See how a file of answers fits, and write the mapping and the list of problems.

        Raises
        ------
        DataError
            When the file as a whole cannot be read.
        """
        from persona.study.importing import import_answers

        return import_answers(self, None if file is None else Path(file), sheet=sheet)

    def run(self, progress: Progress | None = None) -> StudyResult:
        """Read the answers, factor, map, segment, profile, and draw the personas.

        Parameters
        ----------
        progress : Progress, optional
            Told each stage.

        Raises
        ------
        PersonaError
            When the answers or options do not allow it; nothing is written.
        """
        from persona.study.chain import run_study

        return run_study(self, progress or Silent())

    def track(
        self,
        *waves: str | Path,
        names: Sequence[str] = (),
        run: str | Path | None = None,
        resegment: bool | None = None,
        progress: Progress | None = None,
    ) -> Tracked:
        """Place the next waves by the rule that the run froze, and compare each with the first.

        Parameters
        ----------
        *waves : paths
            Files of answers, wave files, or folders with a ``wave.yaml``, in their order of time.
        names, run, resegment, progress
            See :func:`persona.study.tracking.track_study`.

        Raises
        ------
        PersonaError
            When there is no run, it is out of date, or a wave cannot be read or placed.
        """
        from persona.study.tracking import track_study

        return track_study(
            self, waves, names=names, run=run, resegment=resegment, progress=progress
        )

    def simulate(self, out: str | Path, *, n: int = 500, segments: int = 4, seed: int = 0) -> Path:
        """Write made-up answers with planted segments; never over an existing file.

        Headers, labels and words are in the first language of the study that was asked in.

        Raises
        ------
        OutputError
            When ``out`` stands already or cannot be written.
        """
        from persona.responses.simulate import simulate, write

        if segments > n:
            raise StudyError(
                error(
                    "simulate.too_few",
                    "{segments} segments cannot be planted in {n} respondents.",
                    remedy="Ask for more respondents with -n.",
                    values={"segments": segments, "n": n},
                )
            )
        path = Path(out)
        if path.exists():
            raise OutputError(
                error(
                    "simulate.exists",
                    "This file stands already and is not overwritten.",
                    file=str(path),
                    remedy="Choose another name, or remove the file.",
                )
            )
        asked = self.questionnaire.languages
        language = next((one for one in self.languages if one in asked), asked[0])
        simulated = simulate(self.questionnaire, n, seed=seed, k=segments, language=language)
        try:
            write(
                simulated,
                self.questionnaire,
                path,
                headers="text",
                cells="label",
                language=language,
            )
        except OSError as trouble:
            raise OutputError(
                error(
                    "simulate.cannot_write",
                    "The file cannot be written: {reason}.",
                    file=str(path),
                    remedy="Choose a folder you may write to.",
                    values={"reason": trouble.strerror or str(trouble)},
                )
            ) from None
        return path

    def apply(self, workbook: str | Path) -> Applied:
        """Bring what was edited in ``workbook.xlsx`` back into ``decisions.yaml``.

        Raises
        ------
        StudyError
            When the workbook belongs to another study or run, or contradicts itself.
        """
        from persona.study.applying import apply_workbook

        return apply_workbook(self, Path(workbook))

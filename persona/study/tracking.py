"""Follow a study over its waves with the rule that its run froze."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from persona.errors import DataError, Problem, error, errors_in, warning
from persona.study.basis import basis_questions
from persona.study.decisions import read_kept
from persona.study.frozen_run import TOOL, FrozenRun, changed_since, read_frozen
from persona.study.progress import Progress, Silent
from persona.study.wave_files import WaveSource, wave_sources
from persona.waves import Frozen, Grammar, PlacedWave, Tracking, Wave, track

if TYPE_CHECKING:
    from persona.report.waves import WavesReport
    from persona.report.write import Written
    from persona.segmentation import Segmentation
    from persona.study.intake import Intake
    from persona.study.study import Study


@dataclass(frozen=True, eq=False)
class Tracked:
    """A study followed over its waves.

    Parameters
    ----------
    study : Study
    tracking : Tracking
        Every figure.
    placed : tuple of PlacedWave
        The first wave and the others with the segment of each respondent.
    tool_sha256 : str
        Of the file of the frozen rule.
    problems : tuple of Problem
    """

    study: Study
    tracking: Tracking
    placed: tuple[PlacedWave, ...]
    tool_sha256: str = ""
    problems: tuple[Problem, ...] = ()

    def write(self, out: str | Path, progress: Progress | None = None) -> Written:
        """Write page, PDF, tables and lists into a folder; what stood there stays on failure.

        Raises
        ------
        OutputError
            When a file is locked, the disk is full or ``out`` is a file.
        """
        from persona.report.waves import write_waves

        with (progress or Silent()).stage("Writing page, tables, lists"):
            return write_waves(waves_report(self), Path(out))

    def advice(self) -> tuple[str, ...]:
        """The advice in a few English sentences."""
        from persona.report.waves import advice_lines

        return advice_lines(waves_report(self))


def track_study(
    study: Study,
    waves: Sequence[str | Path],
    *,
    names: Sequence[str] = (),
    run: str | Path | None = None,
    resegment: bool | None = None,
    progress: Progress | None = None,
) -> Tracked:
    """Place every wave by the rule of the study's run, and compare each with the first.

    Parameters
    ----------
    study : Study
    waves : sequence of paths
        Files of answers, wave files, or folders with a ``wave.yaml``, in their order of time.
    names : sequence of str
        One a wave; one more names the study's own wave first.
    run : path, optional
        Output folder of the run; default: ``out`` beside the study.
    resegment : bool, optional
        Segment each wave also by itself: default where it has 60 respondents a segment; True
        always, False never.
    progress : Progress, optional

    Raises
    ------
    PersonaError
        When there is no run, it is out of date, or a wave cannot be read or placed.
    """
    tell = progress or Silent()
    sources = wave_sources(study, [Path(path) for path in waves], names)
    frozen = read_frozen(Path(run) if run is not None else study.folder / "out")
    with tell.stage("Reading the waves") as advance:
        intakes: list[Intake] = []
        for place, source in enumerate(sources, 1):
            intakes.append(_taken_in(source))
            advance(place / len(sources))
    said = _checked(frozen, study, intakes)
    _told_apart(sources, intakes)
    said = (*said, *_weighted_alike(sources, intakes))
    made = [_wave(source, intake) for source, intake in zip(sources, intakes, strict=True)]
    by_id = {source.id: source.study for source in sources}

    def again(wave: Wave) -> Segmentation:
        return _segmented(by_id[wave.id], wave)

    with tell.stage("Comparing the waves") as advance:
        tracking, placed = track(
            _frozen(frozen, study, made[0]),
            made[0],
            made[1:],
            None if resegment is False else again,
            force=resegment is True,
            advance=advance,
        )
    problems = (*said, *(p for wave in tracking.waves[1:] for p in wave.warnings))
    return Tracked(study, tracking, placed, _sha256(frozen.finished.folder / TOOL), problems)


def _taken_in(source: WaveSource) -> Intake:
    from persona.study.intake import take_in

    try:
        return take_in(source.study, source.file)
    except DataError as trouble:
        unknown = any(problem.code == "sheet.unknown" for problem in trouble.problems)
        if source.named_sheet or not unknown:
            raise
    return take_in(source.with_any_sheet().study, source.file)


def _wave(source: WaveSource, intake: Intake) -> Wave:
    own = source.problems if source.id else ()
    warnings = tuple(p for p in intake.problems if p.severity != "note")
    return Wave(source.id, source.name, intake.responses, source.date, (*own, *warnings))


def _checked(frozen: FrozenRun, study: Study, intakes: Sequence[Intake]) -> tuple[Problem, ...]:
    """The run is still that of the study, or the user is told to run again."""
    from persona.study.chain import run_fingerprint

    said = changed_since(
        frozen,
        study,
        run_fingerprint(study, intakes[0]),
        intakes[0].responses.source.sha256,
        read_kept(study.folder),
    )
    if errors_in(said):
        raise DataError(errors_in(said))
    return said


def _told_apart(sources: Sequence[WaveSource], intakes: Sequence[Intake]) -> None:
    """Refuse a file that is given twice, or that made the segments."""
    seen: dict[str, str] = {}
    problems = []
    for place, (source, intake) in enumerate(zip(sources, intakes, strict=True)):
        code = intake.responses.source.sha256
        if code in seen and place:
            problems.append(
                error(
                    "wave.same_file",
                    "The answers of {wave} are the very file of {other}.",
                    file=intake.responses.source.file.name,
                    remedy="Name the file of the next wave.",
                    values={"wave": source.id, "other": seen[code]},
                )
            )
        seen.setdefault(code, source.id)
    if problems:
        raise DataError(problems)


def _weighted_alike(
    sources: Sequence[WaveSource], intakes: Sequence[Intake]
) -> tuple[Problem, ...]:
    """Refuse to hold a weighted study against a wave without weights, unless it says so itself."""
    if not intakes[0].responses.weighted:
        return ()
    bare = [
        (source, intake.responses.source.file.name)
        for source, intake in zip(sources[1:], intakes[1:], strict=True)
        if not intake.responses.weighted
    ]
    refused = [
        error(
            "wave.weights",
            "The study is weighted and the wave {wave} has no weights, so that their shares do "
            "not compare.",
            file=file,
            remedy="Add the column of weights, or targets under weights: in a wave file; "
            "write weights: none there to go on without.",
            values={"wave": source.id},
        )
        for source, file in bare
        if source.study.file.weights.start != "none"
    ]
    if refused:
        raise DataError(refused)
    return tuple(
        warning(
            "wave.unweighted",
            "The study is weighted and the wave {wave} is not; a change of a share may be one of "
            "the weights.",
            file=file,
            values={"wave": source.id},
        )
        for source, file in bare
    )


def _frozen(run: FrozenRun, study: Study, first: Wave) -> Frozen:
    options = study.file.profile
    return Frozen(
        run.tool,
        run.statements,
        run.labels_on(first.responses.asked.index),
        run.finished.names,
        Grammar(
            options.correction,
            options.suppress_below,
            basis_questions(study.file, study.questionnaire),
        ),
        run.reproducibility,
        frozenset(number for number, group in enumerate(run.finished.groups, 1) if len(group) > 1),
    )


def _segmented(study: Study, wave: Wave) -> Segmentation:
    """The wave segmented by itself with the options of the study."""
    from persona.study.chain import segments_of

    return segments_of(study, wave.responses)


def waves_report(tracked: Tracked) -> WavesReport:
    """The waves, ready to be shown."""
    from persona.report.waves import WavesReport

    study, file = tracked.study, tracked.study.file
    return WavesReport(
        id=file.id,
        title=file.title or study.questionnaire.title or {study.languages[0]: file.id},
        languages=study.languages,
        tracking=tracked.tracking,
        lists={wave.wave.id: wave.typed.frame for wave in tracked.placed},
        variables={one.id: one.text for one in study.questionnaire.variables},
        problems=tracked.problems,
        manifest={
            "inputs": [
                {"file": study.path.name, "sha256": _sha256(study.path)},
                {"file": TOOL.as_posix(), "sha256": tracked.tool_sha256},
                *({"file": w.file, "sha256": w.sha256} for w in tracked.tracking.waves),
            ],
            "seed": tracked.tracking.seed,
        },
        client=file.client,
        date=tracked.tracking.latest.date,
        folder=study.folder,
        theme=study.folder / file.theme if file.theme else None,
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""

"""Where the answers of a wave are: a file of answers, or a wave file with options of its own."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from persona.errors import Problem, StudyError, error, note
from persona.profiling.slugs import slugs
from persona.questionnaire.complaints import Origin, translated
from persona.questionnaire.parts import Part
from persona.questionnaire.texts import DeclaredTexts, Texts
from persona.study.answer_options import (
    AnswersFile,
    QualityOptions,
    RecordsFile,
    WeightsDeclared,
)

if TYPE_CHECKING:
    from persona.study.study import Study

FILE = "wave.yaml"
_YAML = (".yaml", ".yml")
FIRST: Texts = {
    "en": "First wave",
    "pl": "Pierwsza fala",
    "ru": "Первая волна",
    "nl": "Eerste golf",
}


def _file_alone(value: Any) -> Any:
    """``answers: answers.xlsx`` is short for ``answers: {file: answers.xlsx}``."""
    return {"file": value} if isinstance(value, str) else value


class WaveFile(Part):
    """One wave: its answers, and what of the study is different in it.

    Parameters
    ----------
    name : texts
        What the wave is called; default: the name of its file.
    date : date, optional
        When its field work ended.
    answers : AnswersFile
        Options left out are those of the study.
    quality, weights, records : optional
        In place of those of the study.
    """

    persona: Literal[1] = 1
    name: DeclaredTexts = Field(default_factory=dict)
    date: dt.date | None = None
    answers: Annotated[AnswersFile, BeforeValidator(_file_alone)]
    quality: QualityOptions | None = None
    weights: WeightsDeclared | None = None
    records: tuple[RecordsFile, ...] | None = None


@dataclass(frozen=True)
class WaveSource:
    """The answers of one wave as a study of its own: the same but for what the wave declares.

    ``named_sheet``: the sheet is one that this wave names, not that of the study's own file.
    """

    id: str
    name: Texts
    study: Study
    file: Path
    date: dt.date | None
    problems: tuple[Problem, ...] = ()
    named_sheet: bool = True

    def with_any_sheet(self) -> WaveSource:
        """The same with the one sheet of its workbook that holds data."""
        answers = self.study.file.answers.model_copy(update={"sheet": None})
        file = self.study.file.model_copy(update={"answers": answers})
        return replace(self, study=replace(self.study, file=file))


def wave_sources(
    study: Study, paths: Sequence[Path], names: Sequence[str] = ()
) -> tuple[WaveSource, ...]:
    """The first wave, which is the study's own, and the next ones in the order given.

    Parameters
    ----------
    paths : sequence of Path
        Files of answers, wave files, or folders with a ``wave.yaml``.
    names : sequence of str
        One a wave, or one more: then the first is that of the study's own wave.

    Raises
    ------
    StudyError
        A wave file that is missing or faulty, or names that do not fit the waves.
    """
    if not paths:
        raise StudyError(
            error("wave.none", "There is no wave to follow.", remedy="Name a file of answers.")
        )
    if names and len(names) not in (len(paths), len(paths) + 1):
        raise StudyError(
            error(
                "wave.names",
                "There are {names} names for {waves} waves.",
                remedy="Give --name once for each wave; one more names the study's own wave first.",
                values={"names": len(names), "waves": len(paths)},
            )
        )
    own = names[0] if len(names) > len(paths) else ""
    given = list(names[-len(paths) :]) if names else [""] * len(paths)
    first = WaveSource("", _texts(own, study) or FIRST, study, study.answers_path, study.file.date)
    found = [first, *(_one(study, path, name) for path, name in zip(paths, given, strict=True))]
    language = study.languages[0]
    words = {
        place: source.name.get(language) or next(iter(source.name.values()))
        for place, source in enumerate(found, 1)
    }
    ids = slugs(
        {place: "wave-1" if place == 1 and not own else name for place, name in words.items()}
    )
    return tuple(replace(source, id=ids[place]) for place, source in enumerate(found, 1))


def _texts(name: str, study: Study) -> dict[str, str]:
    return dict.fromkeys(study.languages, name) if name.strip() else {}


def _one(study: Study, path: Path, name: str) -> WaveSource:
    folder_file = path / FILE
    if path.is_dir() and not folder_file.is_file():
        raise StudyError(
            error(
                "wave.folder",
                "The folder of a wave holds no {file}.",
                file=str(path),
                remedy="Name the file of answers itself, or write one: answers: answers.xlsx",
                values={"file": FILE},
            )
        )
    if path.is_dir() or path.suffix.lower() in _YAML:
        return _declared(study, folder_file if path.is_dir() else path, name)
    texts = _texts(name, study) or _texts(path.stem, study)
    source = _source(study, WaveFile(answers=_answers_of(study, path)), path, texts)
    return replace(source, named_sheet=False)


def _answers_of(study: Study, path: Path) -> AnswersFile:
    """The options of the study for another file."""
    return study.file.answers.model_copy(update={"file": _from(study, path)})


def _from(study: Study, path: Path) -> str:
    """A path as seen from the folder of the study."""
    return os.path.relpath(path.resolve(), study.folder.resolve())


def _declared(study: Study, file: Path, name: str) -> WaveSource:
    from persona.questionnaire.building import read_document

    if not file.is_file():
        raise StudyError(error("wave.missing", "There is no wave file here.", file=str(file)))
    document = read_document(file)
    languages = {"language": study.languages[0]}
    try:
        made = WaveFile.model_validate(document.data, context=languages)
    except ValidationError as trouble:
        raise StudyError(
            translated(trouble, WaveFile, document.data, Origin(document), None)
        ) from None
    answers = _relative(made, study, file.parent)
    fallback = file.parent.resolve().name if file.name == FILE else file.stem
    texts = _texts(name, study) or dict(made.name) or _texts(fallback, study)
    return _source(study, made.model_copy(update=answers), file, texts)


def _relative(made: WaveFile, study: Study, folder: Path) -> dict[str, Any]:
    """What a wave file names beside itself, seen from the study; the rest as the study has it."""
    own = made.answers
    left = {
        key: getattr(study.file.answers, key)
        for key in type(own).model_fields
        if key not in own.model_fields_set
    }
    paths = {"file": _from(study, folder / own.file)}
    if "mapping" in own.model_fields_set and own.mapping is not None:
        paths["mapping"] = _from(study, folder / own.mapping)
    found: dict[str, Any] = {"answers": own.model_copy(update={**left, **paths})}
    if made.records is not None:
        found["records"] = tuple(
            one.model_copy(update={"file": _from(study, folder / one.file)}) for one in made.records
        )
    if made.weights is not None and made.weights.targets_file is not None:
        moved = _from(study, folder / made.weights.targets_file)
        found["weights"] = made.weights.model_copy(update={"targets_file": moved})
    return found


def _source(study: Study, wave: WaveFile, file: Path, texts: Texts) -> WaveSource:
    changed: dict[str, Any] = {"answers": wave.answers}
    problems: tuple[Problem, ...] = ()
    quality = wave.quality
    if quality is None and not isinstance(study.file.quality.exclude, str):
        # those named are respondents of the first wave
        quality = study.file.quality.model_copy(update={"exclude": "none"})
        problems = (
            note(
                "wave.named_exclusions",
                "The respondents that the study leaves out by name are of its own wave; in "
                "{wave} nobody is left out.",
                remedy="Name those of the wave under quality: in a wave file.",
                values={"wave": next(iter(texts.values()))},
            ),
        )
    given: Mapping[str, Any] = {
        "quality": quality,
        "weights": wave.weights,
        "records": wave.records,
        "date": wave.date,
    }
    changed |= {key: value for key, value in given.items() if value is not None}
    made = replace(study, file=study.file.model_copy(update=changed))
    return WaveSource("", texts, made, made.answers_path, wave.date, problems)

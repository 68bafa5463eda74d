"""What a study says of its answers, held against the questionnaire and the files beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from persona.audiences.profiles import find_profile
from persona.errors import PersonaError, Problem, error, warning
from persona.questionnaire import Questionnaire
from persona.questionnaire.complaints import Origin
from persona.questionnaire.variables import Measure
from persona.registry import nearest
from persona.study.declaration import StudyFile

Named = tuple[tuple[str | int, ...], str, tuple[str, ...]]
"""Where a name stands in the study file, the name, and the names there may be."""


def names_of_answers(file: StudyFile, questionnaire: Questionnaire) -> list[Named]:
    """Every name of a question or variable under answers, weights and records."""
    questions = tuple(question.id for question in questionnaire.questions)
    variables = tuple(variable.id for variable in questionnaire.variables)
    columns = (*questions, *variables)
    found: list[Named] = [
        (("answers", "columns", name), name, columns) for name in file.answers.columns
    ]
    start = file.weights.start
    if start is not None and start != "none":
        found.append((("weights", "start"), start, questions))
    for margin in file.weights.targets:
        found += [
            (("weights", "targets", margin), part.strip(), variables) for part in margin.split("*")
        ]
    for place, records in enumerate(file.records):
        found += [(("records", place, "columns", name), name, columns) for name in records.columns]
    return found


def against_answers(
    file: StudyFile, questionnaire: Questionnaire, root: Origin
) -> Iterator[Problem]:
    """What else does not fit: a weight that is no weight, levels that no question has."""
    start = file.weights.start
    weights = [v.id for v in questionnaire.variables if v.measure is Measure.WEIGHT]
    known = {question.id for question in questionnaire.questions}
    if start in known and start not in weights:
        yield error(
            "study.no_weight",
            "The question {name!r} holds no weights.",
            **root.at("weights", "start"),
            found=start,
            allowed=", ".join(weights) or "none",
            remedy="Give the question the kind 'weight' in the questionnaire, or name another.",
            values={"name": start},
        )
    yield from _unknown_profiles(file, root)
    by_id = {variable.id: variable for variable in questionnaire.variables}
    for margin, figures in file.weights.targets.items():
        variable = by_id.get(margin.strip())
        if variable is None or not variable.categories:
            continue
        texts = {str(c.code) for c in variable.categories}
        labels = {label for c in variable.categories for label in c.text.values()}
        for level in figures:
            if str(level) in texts or str(level) in labels:
                continue
            near = nearest(str(level), [*texts, *labels])
            yield error(
                "target.unknown_level",
                "The question {name!r} has no answer {level!r}.",
                **root.at("weights", "targets", margin, level),
                found=str(level),
                allowed=", ".join(f"{c.code}" for c in variable.categories),
                remedy=f"Did you mean {near!r}?" if near else "Use a code of the question.",
                values={"name": margin, "level": str(level)},
            )


def _unknown_profiles(file: StudyFile, root: Origin) -> Iterator[Problem]:
    """Profiles of other systems that records name and that there are not."""
    folder = Path(root.document.file).parent if root.document.file else None
    for place, records in enumerate(file.records):
        if records.profile is None:
            continue
        try:
            find_profile(records.profile, folder)
        except PersonaError as trouble:
            at = root.at("records", place, "profile")
            for problem in trouble.problems:
                own = problem.file is not None
                yield problem if own else replace(problem, **at)


def answers_there(folder: Path, file: StudyFile) -> tuple[Problem, ...]:
    """Files that the study names and that are not there: answers may come later."""
    answers = folder / file.answers.file
    found: list[Problem] = []
    if not answers.is_file():
        found.append(
            warning(
                "study.no_answers_yet",
                "The file of answers is not there yet.",
                file=str(answers),
                remedy="Put it there, or try the study: persona simulate {folder} "
                "-n 500 --out {answers}",
                values={"folder": str(folder), "answers": str(answers)},
            )
        )
    named = [("mapping", file.answers.mapping), ("targets of weights", file.weights.targets_file)]
    named += [("customer records", records.file) for records in file.records]
    if file.audiences.contacts is not None:
        named.append(("contacts for lists", file.audiences.contacts.file))
    for what, name in named:
        if name is not None and not (folder / name).is_file():
            near = nearest(name, [path.name for path in folder.iterdir()])
            found.append(
                warning(
                    "study.no_file_yet",
                    "The file with the {what} is not there yet.",
                    file=str(folder / name),
                    remedy="Did you mean {near!r}?" if near else "Put it beside the study file.",
                    values={"what": what, "near": near},
                )
            )
    return tuple(found)

"""What is said of columns that match nothing, too much, or not for certain."""

from __future__ import annotations

from collections.abc import Iterable

from persona.errors import Problem, error, warning
from persona.questionnaire.model import Questionnaire
from persona.registry import nearest
from persona.responses.export import SurveyExport
from persona.responses.matching_keys import Key


def mapped_column(export: SurveyExport, name: str, count: int) -> Problem:
    """A mapping names a column that is not there, or several."""
    near = nearest(name, export.table.header)
    return error(
        "mapping.column",
        "The mapping names the column {name!r}, which the file has {count} times.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        found=name,
        remedy=f"Did you mean {near!r}?" if near and not count else "Use the column's letter.",
        values={"name": name, "count": count},
    )


def mapped_target(export: SurveyExport, target: str, targets: Iterable[str]) -> Problem:
    """A mapping names a variable that the questionnaire does not have."""
    near = nearest(target, targets)
    return error(
        "mapping.variable",
        "The mapping names {name!r}, which the questionnaire does not have.",
        file=str(export.table.file),
        found=target,
        remedy=f"Did you mean {near!r}?" if near else "Use an id of the questionnaire.",
        values={"name": target},
    )


def _letters(numbers: Iterable[int], export: SurveyExport) -> str:
    return ", ".join(export.table.letters[number] for number in numbers)


def in_order(numbers: list[int], keys: list[Key], export: SurveyExport) -> Problem:
    """Columns with the same header were told apart by their order."""
    return warning(
        "column.by_order",
        "The columns {letters} have the same header; they are read in order as {variables}.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        column=export.table.letters[numbers[0]],
        found=export.table.header[numbers[0]][:200],
        remedy="Check the order, or name the columns in a mapping.",
        values={
            "letters": _letters(numbers, export),
            "variables": ", ".join(key.target for key in keys),
        },
    )


def twice(numbers: list[int], target: str, export: SurveyExport, same: bool) -> Problem:
    """Several columns seem to hold one variable."""
    values = {"letters": _letters(numbers, export), "variable": target}
    place = {
        "file": str(export.table.file),
        "sheet": export.table.sheet,
        "column": export.table.letters[numbers[0]],
        "question": target,
        "found": export.table.header[numbers[0]][:200],
        "values": values,
    }
    if same:
        return warning(
            "column.repeated",
            "The columns {letters} all hold {variable} and are equal; the first is read.",
            **place,
        )
    return error(
        "column.repeated",
        "The columns {letters} all seem to hold {variable}, with different answers.",
        remedy="Delete or rename the wrong ones, or name the right one in a mapping.",
        **place,
    )


def ambiguous(numbers: list[int], targets: tuple[str, ...], export: SurveyExport) -> Problem:
    """A header fits several variables."""
    return error(
        "column.ambiguous",
        "The header of {letters} fits several questions: {variables}.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        column=export.table.letters[numbers[0]],
        found=export.table.header[numbers[0]][:200],
        allowed=", ".join(targets),
        remedy="Write the id of the question in the header, or name the column in a mapping.",
        values={"letters": _letters(numbers, export), "variables": ", ".join(targets)},
    )


def nothing_matches(export: SurveyExport, questionnaire: Questionnaire) -> Problem:
    """File and questionnaire have nothing in common."""
    headers = [header for header in export.table.header if header]
    wanted = [variable.id for variable in questionnaire.variables]
    return error(
        "column.none",
        "No column of the file is a question of the questionnaire {questionnaire}.",
        file=str(export.table.file),
        sheet=export.table.sheet,
        found=", ".join(header[:60] for header in headers[:6]),
        allowed=", ".join(wanted[:6]) + (" ..." if len(wanted) > 6 else ""),
        remedy="Check that file and questionnaire belong together, put ids or question texts in "
        "the header row, or name the columns in a mapping.",
        values={"questionnaire": questionnaire.id},
    )


def extra_columns(export: SurveyExport, unmatched: tuple[str, ...]) -> list[Problem]:
    """Columns that belong to no question."""
    if not unmatched:
        return []
    return [
        warning(
            "column.extra",
            "{count} columns belong to no question and are left out.",
            file=str(export.table.file),
            sheet=export.table.sheet,
            found=", ".join(name[:60] for name in unmatched[:10]),
            remedy="If one of them is a question, write its id in the header or name it in a "
            "mapping.",
            values={"count": len(unmatched)},
        )
    ]


def absent_columns(
    export: SurveyExport, questionnaire: Questionnaire, found: set[str], unmatched: tuple[str, ...]
) -> list[Problem]:
    """Variables without a column: an error where segments are made of them."""
    problems = []
    for question in questionnaire.questions:
        wanted = [
            variable
            for variable in questionnaire.variables_of(question.id)
            if not variable.optional and not variable.derived
        ]
        absent = [v for v in wanted if v.id not in found]
        if question.id in found or not absent:
            continue
        needed = any(variable.role == "basis" for variable in absent)
        texts = [t for v in absent for t in (v.id, *v.text.values())]
        near = next((n for n in (nearest(text, unmatched) for text in texts) if n), None)
        problem = error if needed else warning
        problems.append(
            problem(
                "column.absent",
                "The file has no column for {variables}.",
                file=str(export.table.file),
                sheet=export.table.sheet,
                question=question.id,
                allowed=", ".join(
                    f"{v.id} or {next(iter(v.text.values()), v.id)!r}" for v in absent[:3]
                ),
                remedy="Is it {near!r}? Then name it in a mapping."
                if near
                else "Add the column, or take the question out of the questionnaire.",
                values={"variables": ", ".join(v.id for v in absent), "near": near},
            )
        )
    return problems

"""Files that hold a questionnaire and no answers are named as such, and refused here."""

from __future__ import annotations

from persona.errors import DataError, error
from persona.questionnaire.cells import normal
from persona.responses.export import SurveyExport
from persona.responses.importers.base import Importer, View, register


def _is_xlsform(view: View) -> bool:
    if normal(view.sheet.name) in ("survey", "choices", "external_choices"):
        return {"type", "name"} <= view.heads or bool(view.heads & {"list_name", "list name"})
    labelled = any(head.startswith("label") for head in view.heads)
    return ({"type", "name"} <= view.heads and labelled) or (
        {"list_name", "name"} <= view.heads and labelled
    )


def _is_limesurvey_structure(view: View) -> bool:
    return {"class", "type/scale", "name", "relevance"} <= view.heads


def is_definition(view: View) -> bool:
    """Whether a sheet declares questions instead of holding answers."""
    return _is_xlsform(view) or _is_limesurvey_structure(view)


def _refuse(view: View) -> SurveyExport:
    sort = "XLSForm" if _is_xlsform(view) else "LimeSurvey structure"
    raise DataError(
        error(
            "file.questionnaire",
            "The file is a questionnaire ({sort}); it holds no answers.",
            file=str(view.loaded.source.path),
            sheet=view.sheet.name or None,
            remedy="Load it as a questionnaire, and give the export of the answers here.",
            values={"sort": sort},
        )
    )


DEFINITION = register(
    Importer("questionnaire", "a questionnaire without answers", is_definition, _refuse)
)

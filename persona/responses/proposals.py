"""A proposal how columns match a questionnaire, as YAML to correct and apply again."""

from __future__ import annotations

import difflib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.representer import RoundTripRepresenter

from persona.questionnaire.model import Questionnaire
from persona.responses.export import SurveyExport
from persona.responses.matching import ColumnMatch, Matching, loose, match_columns

#: Likeness from which an unmatched column is suggested for a question.
ALIKE = 0.65


@dataclass(frozen=True)
class Suggestion:
    """A column that may answer a question; it is not read unless the user says so."""

    variable: str
    column: str
    letter: str
    confidence: float
    reason: str


@dataclass(frozen=True)
class MappingProposal:
    """How the columns of a file match a questionnaire.

    Parameters
    ----------
    matches : tuple of ColumnMatch
        Certain enough to be read.
    suggestions : tuple of Suggestion
        Alike, for the user to decide.
    left_over : tuple of str
        Letters of columns that nothing is known of.
    absent : tuple of str
        Variables without a column.
    """

    matches: tuple[ColumnMatch, ...]
    suggestions: tuple[Suggestion, ...]
    left_over: tuple[str, ...]
    absent: tuple[str, ...]


def propose_mapping(export: SurveyExport, questionnaire: Questionnaire) -> MappingProposal:
    """Match what is certain and suggest what is alike.

    Raises
    ------
    DataError
        No column matches anything.
    """
    matching = match_columns(export, questionnaire)
    taken = {match.number for match in matching.matches}
    absent = _absent(questionnaire, matching)
    free = [c for c in export.columns if c.number not in taken and not c.system]
    suggestions: list[Suggestion] = []
    for column in free:
        header = export.table.header[column.number] or column.id
        best = _best(loose(header), absent)
        if best is not None:
            suggestions.append(
                Suggestion(
                    best[0],
                    header,
                    export.table.letters[column.number],
                    round(best[1], 2),
                    "the header is like the question's text",
                )
            )
    suggested = {suggestion.letter for suggestion in suggestions}
    letters = (export.table.letters[column.number] for column in free)
    return MappingProposal(
        matching.matches,
        tuple(suggestions),
        tuple(found for found in letters if found not in suggested),
        tuple(absent),
    )


def _absent(questionnaire: Questionnaire, matching: Matching) -> dict[str, list[str]]:
    """Variables without a column, with the texts they could be known by."""
    found = {match.variable for match in matching.matches}
    return {
        v.id: [
            loose(text)
            for text in (
                v.id,
                *v.text.values(),
                *(
                    f"{v.question_text.get(language, '')} {text}"
                    for language, text in v.text.items()
                    if v.item is not None
                ),
            )
        ]
        for v in questionnaire.variables
        if v.id not in found and v.question not in found and not v.optional and not v.derived
    }


def _best(header: str, absent: dict[str, list[str]]) -> tuple[str, float] | None:
    scores = {
        name: max(difflib.SequenceMatcher(None, header, text).ratio() for text in texts)
        for name, texts in absent.items()
    }
    best = max(scores, key=lambda name: scores[name], default=None)
    return (best, scores[best]) if best is not None and scores[best] >= ALIKE else None


def mapping_yaml(export: SurveyExport, proposal: MappingProposal) -> str:
    """The proposal as YAML: one line a column, with reason and confidence as a comment.

    Suggestions stand as ``null`` with the suggestion in the comment, so that nothing is read by
    guess: write the id in place of ``null`` to accept one.
    """
    table = export.table
    by_letter = {match.letter: match for match in proposal.matches}
    suggested = {suggestion.letter: suggestion for suggestion in proposal.suggestions}
    columns = CommentedMap()
    headers = [table.header[column.number] for column in export.columns]
    for column in export.columns:
        letters = table.letters[column.number]
        header = table.header[column.number]
        key = header if header and headers.count(header) == 1 and len(header) < 120 else letters
        shown = "" if key == header else f"{header[:60]!r}: "
        if match := by_letter.get(letters):
            columns[key] = match.variable
            remark = f"{shown}{match.by}, {match.confidence:.2f}: {match.reason}"
        elif guess := suggested.get(letters):
            columns[key] = None
            remark = f"{shown}perhaps {guess.variable}, {guess.confidence:.2f}: {guess.reason}"
        elif column.system:
            continue
        else:
            columns[key] = None
            remark = f"{shown}belongs to no question"
        columns.yaml_add_eol_comment(" ".join(remark.split()), key)
    data = CommentedMap()
    if table.sheet is not None:
        data["sheet"] = table.sheet
    data["columns"] = columns
    return _dump(data, proposal)


class _WithNull(RoundTripRepresenter):
    """Writes null as a word, so that it can be replaced."""


def _null(representer: RoundTripRepresenter, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


_WithNull.add_representer(type(None), _null)


def _dump(data: CommentedMap, proposal: MappingProposal) -> str:
    data.yaml_set_start_comment(
        "Which column answers which question. Correct it and read the answers with it again;\n"
        "null leaves a column out."
        + (f"\nWithout a column: {', '.join(proposal.absent)}" if proposal.absent else "")
    )
    yaml = YAML()
    yaml.Representer = _WithNull
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 4096
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def write_mapping(export: SurveyExport, questionnaire: Questionnaire, path: str | Path) -> Path:
    """Write the proposal for a file as YAML; a mapping that stands there is never overwritten.

    Returns
    -------
    Path
        Where it was written: a number is added when the name is taken.
    """
    text = mapping_yaml(export, propose_mapping(export, questionnaire))
    path = Path(path)
    number = 1
    target = path
    while target.exists():
        number += 1
        target = path.with_stem(f"{path.stem}_{number}")
    target.write_text(text, encoding="utf-8")
    return target

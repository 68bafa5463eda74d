"""Answers matched to a questionnaire, decoded, checked and ready for analysis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import DataError, Problem, error
from persona.questionnaire.model import Questionnaire
from persona.responses.assembly import assemble
from persona.responses.decoding import STATES, CellFault, decode_export
from persona.responses.export import SurveyExport
from persona.responses.frames import missing_counts
from persona.responses.mapping import read_mapping
from persona.responses.matching import ColumnMatch, known_headers, loose, match_columns
from persona.responses.reading import read_export


@dataclass(frozen=True)
class ReadFrom:
    """The file that answers came from."""

    file: Path
    sheet: str | None
    sha256: str
    n_rows: int
    platform: str


@dataclass(frozen=True)
class Responses:
    """Answers of the respondents that are included, with everything that was noticed.

    Parameters
    ----------
    questionnaire : Questionnaire
    frame : DataFrame
        Index: respondent id as text. One column a variable, reverse-keyed items turned, missing
        answers NaN or None.
    asked : DataFrame
        The same as answered, reverse-keyed items not turned.
    weights : Series
        Mean 1; all 1 when none are declared.
    weighted : bool
    problems : tuple of Problem
        Of cells, columns and weights, also warnings and notes.
    excluded : DataFrame
        Columns respondent, row, reason.
    matches : tuple of ColumnMatch
    unmatched : tuple of str
        Headers that belong to no question.
    source : ReadFrom
    missing : DataFrame
        Per variable: answered, dont_know, refused, not_asked, not_applicable, empty, faulty.
    faults : tuple of CellFault
        Problems of cells with all their rows; ``problems`` lists the first of each column.
    rows : Series
        The 1-based row of the sheet that each respondent stands in.
    state_codes : (variables, respondents) array of int8
        Position in ``decoding.STATES`` of the state of each answer.
    positions : array of int
        Where each included respondent stands in the table of ``export``, from 0.
    contradicted : array of bool
        Respondents who answered a question that was not to be shown to them.
    export : SurveyExport
        The file as it was read.
    """

    questionnaire: Questionnaire
    frame: pd.DataFrame
    asked: pd.DataFrame
    weights: pd.Series
    weighted: bool
    problems: tuple[Problem, ...]
    excluded: pd.DataFrame
    matches: tuple[ColumnMatch, ...]
    unmatched: tuple[str, ...]
    source: ReadFrom
    missing: pd.DataFrame
    faults: tuple[CellFault, ...] = field(default=(), repr=False)
    rows: pd.Series = field(default_factory=lambda: pd.Series(dtype="int64"), repr=False)
    state_codes: NDArray[np.int8] = field(
        default_factory=lambda: np.empty((0, 0), np.int8), repr=False
    )
    positions: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, np.intp), repr=False)
    contradicted: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool), repr=False)
    export: SurveyExport | None = field(default=None, repr=False)

    @classmethod
    def read(
        cls,
        path: str | Path,
        questionnaire: Questionnaire,
        *,
        sheet: str | None = None,
        mapping: Mapping[str, str | None] | str | Path | None = None,
        language: str | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        header_rows: Sequence[int] | None = None,
        partial: Literal["keep", "exclude"] = "keep",
        tests: Literal["keep", "exclude"] = "exclude",
    ) -> Responses:
        """Read answers from a file and match them to a questionnaire.

        Parameters
        ----------
        path : path
            Excel, CSV, SPSS or the export of a survey platform.
        questionnaire : Questionnaire
        sheet : str, optional
        mapping : mapping or path, optional
            Header, name or letter of a column to the variable it answers, or the YAML file with
            such a mapping that ``persona import`` writes.
        language : str, optional
            The language of labels, where the same label means different codes in two languages.
        encoding, delimiter, header_rows : optional
            As :func:`read_export` takes them.
        partial : "keep" or "exclude"
            What becomes of respondents who did not reach the end.
        tests : "exclude" or "keep"
            What becomes of test interviews, previews and spam.

        Raises
        ------
        DataError
            The file as a whole cannot be used. Single faulty cells become missing and stand in
            ``problems`` as errors.
        """
        mapped = read_mapping(mapping)
        known = known_headers(questionnaire)
        export = read_export(
            path,
            sheet=sheet or mapped.sheet,
            encoding=encoding or mapped.encoding,
            delimiter=delimiter or mapped.delimiter,
            header_rows=header_rows or mapped.header_rows,
            known=lambda text: bool(text) and loose(text) in known,
        )
        return cls.from_export(
            export,
            questionnaire,
            mapping=mapped.columns,
            language=language,
            partial=partial,
            tests=tests,
        )

    @classmethod
    def from_export(
        cls,
        export: SurveyExport,
        questionnaire: Questionnaire,
        *,
        mapping: Mapping[str, str | None] | None = None,
        language: str | None = None,
        partial: Literal["keep", "exclude"] = "keep",
        tests: Literal["keep", "exclude"] = "exclude",
    ) -> Responses:
        """Match, decode and check an export that is already read."""
        matching = match_columns(export, questionnaire, mapping)
        decoded = decode_export(export, questionnaire, matching, language)
        parts = assemble(export, questionnaire, matching, decoded, partial, tests)
        return cls(
            questionnaire=questionnaire,
            matches=matching.matches,
            unmatched=matching.unmatched,
            source=ReadFrom(
                export.table.file,
                export.table.sheet,
                export.table.sha256,
                export.n,
                export.platform,
            ),
            faults=decoded.faults,
            export=export,
            **vars(parts),
        )

    def exclude(self, respondents: Iterable[str], reason: str) -> Responses:
        """The same answers without some respondents, who are listed with the reason.

        Raises
        ------
        DataError
            An id is unknown, or nobody would be left.
        """
        leaving = list(dict.fromkeys(str(name) for name in respondents))
        unknown = [name for name in leaving if name not in self.frame.index]
        keep = ~self.frame.index.isin(leaving)
        if unknown or not keep.any():
            raise DataError(_cannot_exclude(self, unknown))
        states = np.ascontiguousarray(self.state_codes[:, keep])
        kept = self.weights[keep]
        listed = pd.DataFrame(
            {
                "respondent": self.frame.index[~keep],
                "row": self.rows[~keep].to_numpy(),
                "reason": reason,
            }
        )
        return replace(
            self,
            frame=self.frame[keep],
            asked=self.asked[keep],
            weights=kept / kept.mean(),
            excluded=pd.concat([self.excluded, listed], ignore_index=True),
            rows=self.rows[keep],
            state_codes=states,
            positions=self.positions[keep],
            contradicted=self.contradicted[keep],
            missing=missing_counts(self.questionnaire.variables, states),
        )

    @cached_property
    def states(self) -> pd.DataFrame:
        """Why answers are missing: per respondent and variable the name of its state."""
        names = np.array([state.value for state in STATES], dtype=object)
        return pd.DataFrame(
            names[self.state_codes.T], index=self.frame.index, columns=self.frame.columns
        )


def _cannot_exclude(responses: Responses, unknown: Sequence[str]) -> Problem:
    if unknown:
        return error(
            "respondent.unknown",
            "There are no respondents called {names}, so they cannot be left out.",
            file=str(responses.source.file),
            found=", ".join(unknown[:10]),
            remedy="Use the ids of the answers; those without ids are called by their row.",
            values={"names": ", ".join(unknown[:10])},
        )
    return error(
        "respondents.none",
        "Nobody would be left to analyse.",
        file=str(responses.source.file),
        remedy="Leave out fewer respondents.",
    )

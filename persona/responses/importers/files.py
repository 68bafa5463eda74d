"""Files that are neither workbooks nor text: SPSS, Parquet, Triple-S, JSON."""

from __future__ import annotations

from persona.errors import DataError, error
from persona.responses.export import SurveyExport
from persona.responses.sniff import Kind, Source


def read_file(source: Source, kind: Kind) -> SurveyExport:
    """The answers of a file of such a kind.

    Raises
    ------
    DataError
        The file holds a questionnaire instead, or cannot be read.
    """
    if kind in (Kind.SAV, Kind.POR):
        from persona.responses.importers.spss import read_spss

        return read_spss(source, kind)
    if kind is Kind.PARQUET:
        from persona.responses.importers.parquet import read_parquet

        return read_parquet(source)
    if kind is Kind.TRIPLE_S:
        from persona.responses.importers.triple_s import read_triple_s

        return read_triple_s(source)
    if kind is Kind.JSON:
        from persona.responses.importers.surveyjs import read_json

        return read_json(source)
    raise DataError(
        error(
            "file.questionnaire",
            "The file is a questionnaire ({sort}); it holds no answers.",
            file=str(source.path),
            remedy="Load it as a questionnaire, and give the export of the answers here.",
            values={"sort": "LimeSurvey .lss"},
        )
    )

"""Numbers that could mean two things, and test interviews that are read on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from persona.errors import DataError
from persona.questionnaire.model import Questionnaire
from persona.responses import Responses

QUESTIONNAIRE = Questionnaire.from_data(
    {
        "id": "spend",
        "sections": [
            {
                "id": "s",
                "block": "value",
                "questions": [
                    {"id": "respondent", "type": "text", "kind": "id"},
                    {"id": "spend", "type": "number", "kind": "value", "text": "Spend"},
                ],
            }
        ],
    }
)


def read(tmp_path: Path, cells: list[str]) -> Responses:
    path = tmp_path / "spend.csv"
    rows = "".join(f"r{number};{cell}\n" for number, cell in enumerate(cells))
    path.write_text(f"respondent;spend\n{rows}")
    return Responses.read(path, QUESTIONNAIRE)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2.0666", "3.875", "1.5"], [2.0666, 3.875, 1.5]),
        (["2,5", "3.875", "1,25"], [2.5, 3875.0, 1.25]),
        (["1.234,5", "3,875", "12"], [1234.5, 3.875, 12.0]),
        (["1,234.50", "3,875", "12"], [1234.5, 3875.0, 12.0]),
    ],
)
def test_the_other_cells_of_a_column_show_its_decimal_mark(
    tmp_path: Path, cells: list[str], expected: list[float]
) -> None:
    found = read(tmp_path, cells)
    assert found.asked["spend"].tolist() == expected
    assert [p.code for p in found.problems] == ["answer.decimal_mark"]
    assert found.problems[0].column == "B"


@pytest.mark.parametrize("cells", [["3.875", "12", "7"], ["3.875", "1,5", "1.5"]])
def test_without_evidence_or_with_both_marks_it_stays_open(
    tmp_path: Path, cells: list[str]
) -> None:
    found = read(tmp_path, cells)
    assert found.asked["spend"].isna().sum() == 1
    assert "answer.not_a_number" in {p.code for p in found.problems}


def test_test_interviews_are_read_when_asked_for(shared: Path) -> None:
    from persona.responses import draft_questionnaire, read_export

    path = shared / "data" / "exports" / "qualtrics" / "no_basis_legacy.csv"
    draft = draft_questionnaire(read_export(path))
    with pytest.raises(DataError) as refused:
        Responses.read(path, draft.questionnaire, mapping=draft.mapping)
    assert "tests: keep" in (refused.value.problems[0].remedy or "")
    kept = Responses.read(path, draft.questionnaire, mapping=draft.mapping, tests="keep")
    assert len(kept.frame) == 15
    said = [p for p in kept.problems if p.code == "respondents.tests"]
    assert [p.values["count"] for p in said] == [15]

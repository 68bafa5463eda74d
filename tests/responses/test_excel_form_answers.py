"""The Excel form of a questionnaire, filled in, is read back as it was filled."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from persona.questionnaire import Questionnaire
from persona.questionnaire.formats.fielding import write_fielding
from persona.responses import Responses


def test_every_column_of_a_form_is_recognised(tmp_path: Path) -> None:
    questionnaire = Questionnaire.load("customer_b2c")
    path = tmp_path / "form.xlsx"
    write_fielding(questionnaire, path, language="pl")
    book = openpyxl.load_workbook(path)
    sheet = book["Answers"] if "Answers" in book.sheetnames else book.worksheets[1]
    row_of_ids = next(
        number for number in range(1, 6) if "respondent" in [cell.value for cell in sheet[number]]
    )
    column = {cell.value: cell.column for cell in sheet[row_of_ids] if cell.value}
    flagged = next(
        (question, name)
        for question in questionnaire.questions
        if question.type == "multiple"
        for name in question.flags()  # type: ignore[attr-defined]
    )
    question, flag = flagged
    others = [v.id for v in questionnaire.variables_of(question.id) if v.id in column]
    for number in range(30):
        row = row_of_ids + 1 + number
        sheet.cell(row, column["respondent"]).value = f"{number:03d}"
        sheet.cell(row, column["sex"]).value = "kobieta"
        if number < 10:
            sheet.cell(row, column[flag]).value = 1
        else:
            sheet.cell(row, column[others[0]]).value = 1
    book.save(path)
    responses = Responses.read(path, questionnaire)
    assert not responses.unmatched
    assert responses.frame["sex"].notna().all()
    ticked = responses.frame[others[0]]
    assert ticked.iloc[:10].isna().all()
    assert ticked.iloc[10:].eq(1).all()

"""Answers matched to a questionnaire: headers, columns, cells, ids, weights."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persona.errors import DataError, Problem, Severity
from persona.questionnaire.model import Questionnaire
from persona.responses import Responses, combine, read_export
from persona.responses.matching import loose

Writer = Callable[..., Path]
HEADER = ["rid", "cups", "a1", "a2", "kinds", "sex", "why", "w"]


def problems(responses: Responses, code: str) -> list[Problem]:
    return [problem for problem in responses.problems if problem.code == code]


def refused(path: Path, tea: Questionnaire, **options: object) -> list[Problem]:
    with pytest.raises(DataError) as trouble:
        Responses.read(path, tea, **options)  # type: ignore[arg-type]
    return list(trouble.value.problems)


@pytest.fixture
def answers(write_sheet: Writer) -> Path:
    return write_sheet(
        [
            HEADER,
            ["007", 3, 1, 3, "1;2", "Female", "It warms", 1.5],
            ["008", 40, "Agree", "Nie zgadzam się", "Green, fresh", "male ", None, 0.5],
            ["009", 0, 99, 5, "None;Black", "Femal", "Not asked", 1],
            ["010", None, None, 2, None, 9, None, 1],
        ]
    )


def test_answers_are_decoded_by_code_and_label_of_any_language(
    answers: Path, tea: Questionnaire
) -> None:
    responses = Responses.read(answers, tea)
    frame = responses.frame
    assert list(frame.index) == ["007", "008", "009", "010"]
    assert frame["a1"].tolist()[:2] == [1.0, 3.0]
    assert frame["kinds_1"].fillna(-1).tolist() == [1, 0, 1, -1]
    assert frame["kinds_2"].fillna(-1).tolist() == [1, 1, 0, -1]
    assert frame["sex"].tolist()[:2] == [1, 2]
    assert list(frame["sex"].cat.categories) == [1, 2]
    assert frame["why"].tolist()[0] == "It warms"
    assert frame["cups"].dtype == np.float64


def test_reverse_items_are_turned_in_the_frame_alone(answers: Path, tea: Questionnaire) -> None:
    responses = Responses.read(answers, tea)
    assert responses.asked["a2"].tolist()[0] == 3.0
    assert responses.frame["a2"].tolist()[0] == 1.0
    both = responses.frame["a2"] + responses.asked["a2"]
    assert both.dropna().eq(4.0).all()
    assert responses.frame["a1"].equals(responses.asked["a1"])


def test_every_faulty_cell_has_its_place_and_remedy(answers: Path, tea: Questionnaire) -> None:
    responses = Responses.read(answers, tea)
    errors = [p for p in responses.problems if p.severity is Severity.ERROR]
    places = {(p.code, p.sheet, p.row, p.column, p.question) for p in errors}
    assert places == {
        ("answer.out_of_bounds", "Answers", 3, "B", "cups"),
        ("answer.unknown", "Answers", 4, "D", "att"),
        ("answer.unknown", "Answers", 4, "F", "sex"),
    }
    assert all(p.file == str(answers) and p.found and p.allowed and p.remedy for p in errors)
    assert np.isnan(responses.frame.loc["008", "cups"])
    assert responses.missing.loc["cups", "faulty"] == 1


def test_missing_codes_keep_their_meaning(answers: Path, tea: Questionnaire) -> None:
    missing = Responses.read(answers, tea).missing
    assert missing.loc["a1", ["answered", "dont_know", "empty"]].tolist() == [2, 1, 1]
    assert missing.loc["sex", "refused"] == 1
    assert missing.sum(axis=1).eq(4).all()


def test_routing_tells_not_asked_from_empty(answers: Path, tea: Questionnaire) -> None:
    responses = Responses.read(answers, tea)
    assert responses.states.loc["010", "why"] == "not_asked"
    against = problems(responses, "answer.not_shown")
    assert [(p.row, p.values["count"]) for p in against] == [(4, 1)]
    assert responses.contradicted.tolist() == [False, False, True, False]


def test_exclusive_option_with_others_is_a_warning(answers: Path, tea: Questionnaire) -> None:
    found = problems(Responses.read(answers, tea), "answer.exclusive")
    assert [(p.severity, p.row, p.column) for p in found] == [(Severity.WARNING, 4, "E")]


def test_weights_have_mean_one_and_leave_out_nobody_silently(
    answers: Path, tea: Questionnaire
) -> None:
    responses = Responses.read(answers, tea)
    assert responses.weighted
    assert responses.weights.mean() == pytest.approx(1.0)
    assert responses.weights.iloc[0] / responses.weights.iloc[1] == pytest.approx(3.0)
    assert len(problems(responses, "weight.used")) == 1


@pytest.mark.parametrize(
    ("weights", "code", "kept"),
    [
        ([1, -2, 1], "weight.negative", 2),
        ([1, 0, 1], "respondents.excluded", 2),
        ([1, None, 1], "respondents.excluded", 2),
        ([1, "much", 1], "answer.not_a_number", 2),
        ([0, 0, 0], "weight.none", 3),
        ([1e-6] * 2 + [1000], None, 3),
    ],
)
def test_bad_weights(
    write_sheet: Writer, tea: Questionnaire, weights: list[object], code: str | None, kept: int
) -> None:
    rows = [["rid", "cups", "a1", "a2", "w"]]
    rows += [[f"r{n}", 1, 2, 2, weight] for n, weight in enumerate(weights)]  # type: ignore[list-item]
    responses = Responses.read(write_sheet(rows), tea)
    assert len(responses.frame) == kept
    assert code is None or problems(responses, code)
    assert responses.weights.mean() == pytest.approx(1.0)


def test_a_weight_of_a_thousand_times_the_mean_is_named(
    write_sheet: Writer, tea: Questionnaire
) -> None:
    rows: list[list[object]] = [["rid", "cups", "a1", "a2", "w"]]
    rows += [[f"r{n}", 1, 2, 2, 1] for n in range(60)]
    rows.append(["heavy", 1, 2, 2, 1000])
    found = problems(Responses.read(write_sheet(rows), tea), "weight.heavy")
    assert [p.row for p in found] == [62]


def test_ids_repeated_or_blank_are_errors_that_name_the_rows(
    write_sheet: Writer, tea: Questionnaire
) -> None:
    path = write_sheet([["rid", "cups", "a1", "a2"], ["x", 1, 1, 1], ["x", 2, 1, 1], ["", 3, 1, 1]])
    responses = Responses.read(path, tea)
    repeated = problems(responses, "respondent.repeated")
    assert [(p.row, p.values["rows"]) for p in repeated] == [(3, "2, 3")]
    assert [p.row for p in problems(responses, "respondent.blank")] == [4]
    assert responses.frame.index.is_unique


def test_without_ids_rows_are_said_to_be_the_ids(write_sheet: Writer, tea: Questionnaire) -> None:
    responses = Responses.read(write_sheet([["cups", "a1", "a2"], [1, 1, 1], [2, 1, 1]]), tea)
    assert list(responses.frame.index) == ["2", "3"]
    assert problems(responses, "respondent.by_row")


def test_an_id_that_excel_rounded_is_an_error(write_sheet: Writer, tea: Questionnaire) -> None:
    path = write_sheet([["rid", "cups", "a1", "a2"], [1e15, 1, 1, 1], ["1E+15", 2, 1, 1]])
    assert len(problems(Responses.read(path, tea), "answer.shortened_id")) == 2


def test_columns_are_found_by_text_item_or_question_and_item(
    write_text: Writer, tea: Questionnaire
) -> None:
    path = write_text(
        "Ile filiżanek dziennie?;How far do you agree? [I love tea];Herbata jest nudna;"
        "Jakie herbaty? - Czarna;Which teas? [Green, fresh]\n2;Agree;Ani ani;1;\n"
    )
    responses = Responses.read(path, tea)
    found = {match.variable: (match.letter, match.by) for match in responses.matches}
    assert found == {
        "cups": ("A", "text"),
        "a1": ("B", "text"),
        "a2": ("C", "label"),
        "kinds_1": ("D", "text"),
        "kinds_2": ("E", "text"),
    }
    assert all(0 < match.confidence <= 1 and match.reason for match in responses.matches)
    assert responses.frame.iloc[0][["kinds_1", "kinds_2"]].tolist() == [1, 0]


def test_two_header_rows_with_gaps(write_sheet: Writer, tea: Questionnaire) -> None:
    path = write_sheet(
        [
            ["rid", "How far do you agree?", None, "Which teas?", None, "Sex"],
            [None, "I love tea", "Tea is dull", "Black", "Green, fresh", None],
            ["x", 1, 3, "Black", None, "Male"],
        ]
    )
    responses = Responses.read(path, tea)
    assert responses.frame[["a1", "kinds_1", "kinds_2"]].iloc[0].tolist() == [1, 1, 0]
    assert responses.rows.tolist() == [3]


def test_titles_above_and_three_header_rows(write_sheet: Writer, tea: Questionnaire) -> None:
    path = write_sheet(
        [
            ["Tea study 2025", None, None],
            [None, None, None],
            ["rid", "a1", "a2"],
            ["How far do you agree?", "How far do you agree?", "How far do you agree?"],
            ["rid", "I love tea", "Tea is dull"],
            ["x", 1, 3],
        ]
    )
    responses = Responses.read(path, tea)
    assert responses.frame["a1"].tolist() == [1.0]
    assert responses.export is not None and len(responses.export.table.header_rows) == 3


def test_columns_of_pandas_and_no_break_spaces(write_text: Writer, tea: Questionnaire) -> None:
    path = write_text(",rid,I\u00a0love  tea,Tea is dull,Unnamed: 4\n0,x,1,2,\n1,y,2,2,\n")
    responses = Responses.read(path, tea)
    assert responses.frame["a1"].tolist() == [1.0, 2.0]
    assert responses.unmatched == ("Unnamed: 4",)


def test_equal_headers_are_read_in_order_and_said(write_sheet: Writer) -> None:
    twice = Questionnaire.from_yaml("""
id: twice
scales: {s: {points: {1: low, 2: high}}}
sections:
  - id: s
    block: expects
    questions:
      - {id: g, type: grid, kind: need, role: basis, text: Before, scale: s,
         items: [{id: g1, text: Price}, {id: g2, text: Taste}]}
      - {id: h, type: grid, kind: need, text: After, scale: s,
         items: [{id: h1, text: Price}, {id: h2, text: Taste}]}
""")
    rows = [["Price", "Taste", "Price", "Taste"], [1, 2, 2, 1]]
    responses = Responses.read(write_sheet(rows), twice)
    assert responses.frame[["g1", "h1", "g2", "h2"]].iloc[0].tolist() == [1, 2, 2, 1]
    assert len(problems(responses, "column.by_order")) == 2


def test_a_column_given_twice_with_other_answers_is_an_error(
    write_sheet: Writer, tea: Questionnaire
) -> None:
    rows = [["cups", "a1", "a2", "cups"], [1, 1, 1, 1], [2, 1, 1, 3]]
    found = problems(Responses.read(write_sheet(rows), tea), "column.repeated")
    assert [p.severity for p in found] == [Severity.ERROR]


def test_a_mapping_decides(write_sheet: Writer, tea: Questionnaire, tmp_path: Path) -> None:
    path = write_sheet([["x1", "x2", "x3", "cups"], [1, 3, 7, 2]])
    mapped = Responses.read(path, tea, mapping={"x1": "a1", "B": "a2", "x3": "cups", "cups": None})
    assert mapped.frame[["a1", "cups"]].iloc[0].tolist() == [1, 7]
    yaml = tmp_path / "mapping.yaml"
    yaml.write_text("columns: {x1: a1, x2: a2, x3: null}\n", encoding="utf-8")
    assert Responses.read(path, tea, mapping=yaml).frame["cups"].tolist() == [2.0]
    assert [p.code for p in refused(path, tea, mapping={"x9": "a1", "x1": "a9"})] == [
        "mapping.column",
        "mapping.variable",
    ]
    yaml.write_text("colums: {x1: a1}\n", encoding="utf-8")
    assert refused(path, tea, mapping=yaml)[0].remedy == "Did you mean 'columns'?"
    yaml.write_text("columns: {x1: a1\n", encoding="utf-8")
    assert refused(path, tea, mapping=yaml)[0].line is not None


def test_a_file_of_something_else_is_refused(write_sheet: Writer, tea: Questionnaire) -> None:
    found = refused(write_sheet([["price", "city"], [1, "Gdynia"]]), tea)
    assert [p.code for p in found] == ["column.none"]
    assert found[0].found == "price, city"


def test_an_absent_basis_is_an_error_and_another_column_a_warning(
    write_sheet: Writer, tea: Questionnaire
) -> None:
    responses = Responses.read(write_sheet([["cups", "a1"], [1, 1]]), tea)
    found = {p.question: p.severity for p in problems(responses, "column.absent")}
    assert found["att"] is Severity.ERROR
    assert found["sex"] is Severity.WARNING
    assert responses.missing.loc["a2", "not_asked"] == 1


def test_nobody_answered_anything(write_sheet: Writer, tea: Questionnaire) -> None:
    path = write_sheet([["rid", "cups", "a1", "a2"], ["x", None, None, None]])
    assert [p.code for p in refused(path, tea)] == ["respondents.none"]


def test_a_question_nobody_answered_is_named(write_sheet: Writer, tea: Questionnaire) -> None:
    responses = Responses.read(write_sheet([["cups", "a1", "a2"], [1, None, 1]]), tea)
    assert problems(responses, "variable.empty")[0].values["variables"] == "a1"


def test_error_cells_and_formulas(tmp_path: Path, tea: Questionnaire) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["rid", "cups", "a1", "a2"])
    sheet.append(["x", "#REF!", 1, 1])
    sheet.append(["y", "=1+1", 1, 1])
    sheet["B2"].data_type = "e"
    path = tmp_path / "formulas.xlsx"
    book.save(path)
    responses = Responses.read(path, tea)
    errors = {(p.code, p.severity, p.row, p.column) for p in responses.problems if p.row}
    assert ("cell.error", Severity.WARNING, 2, "B") in errors
    assert ("cell.formula", Severity.ERROR, 3, "B") in errors


def test_dates_ranges_and_both_date_systems(tmp_path: Path) -> None:
    study = Questionnaire.from_yaml("""
id: days
sections:
  - id: s
    block: behaves
    questions:
      - {id: last, type: date, kind: behaviour, text: Last visit}
      - {id: band, type: single, kind: demographic, role: basis, text: Band,
         options: [{code: 1, text: 1-5}, {code: 2, text: 6-9}]}
""")
    for epoch in (datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1)):
        book = openpyxl.Workbook()
        book.epoch = epoch
        sheet = book.active
        assert sheet is not None
        sheet.append(["last", "band"])
        sheet.append([datetime.date(2025, 1, 31), "6-9"])
        sheet.append([datetime.date(2024, 2, 29), datetime.date(2025, 5, 1)])
        path = tmp_path / "days.xlsx"
        book.save(path)
        responses = Responses.read(path, study)
        assert responses.frame["last"].dt.strftime("%Y-%m-%d").tolist() == [
            "2025-01-31",
            "2024-02-29",
        ]
        assert [p.row for p in responses.problems if p.severity is Severity.ERROR] == [3]


def test_words_for_no_answer_are_empty_and_said(write_text: Writer, tea: Questionnaire) -> None:
    responses = Responses.read(write_text("cups,a1,a2,why\nNA,1,n/a,NA\n2,NULL,3,x\n"), tea)
    assert responses.missing.loc[["cups", "a1", "a2"], "empty"].tolist() == [1, 1, 1]
    assert responses.frame["why"].tolist() == ["NA", "x"]
    assert len(problems(responses, "answer.no_answer_words")) == 1


def test_text_that_looks_like_code_stays_text(write_sheet: Writer, tea: Questionnaire) -> None:
    words = ["=1+1", "<script>alert(1)</script>", "{{ 7*7 }}", "+48", "@x", "‮right to left", "🍵"]
    rows: list[list[object]] = [["cups", "a1", "a2", "why"]]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(rows[0])
    for number, word in enumerate(words, start=2):
        sheet.append([1, 1, 1])
        sheet.cell(number, 4).value = word
        sheet.cell(number, 4).data_type = "s"
    path = write_sheet([*rows, [1, 1, 1, "x"]])
    book.save(path)
    assert Responses.read(path, tea).frame["why"].tolist() == words


def test_many_faults_of_one_column_are_summed_up(write_sheet: Writer, tea: Questionnaire) -> None:
    rows: list[list[object]] = [["cups", "a1", "a2"], *([["many", 1, 1]] * 300)]
    responses = Responses.read(write_sheet([*rows, [1, 1, 1]]), tea)
    assert len(problems(responses, "answer.not_a_number")) == 100
    assert [p.values["count"] for p in problems(responses, "answer.more")] == [200]
    assert sum(len(fault.rows) for fault in responses.faults) == 300


def test_leaving_respondents_out_is_listed(answers: Path, tea: Questionnaire) -> None:
    responses = Responses.read(answers, tea)
    fewer = responses.exclude(["008"], "speeder")
    assert list(fewer.frame.index) == ["007", "009", "010"]
    assert fewer.excluded[["respondent", "row", "reason"]].to_numpy().tolist() == [
        ["008", 3, "speeder"]
    ]
    assert fewer.weights.mean() == pytest.approx(1.0)
    assert fewer.missing.sum(axis=1).eq(3).all()
    assert len(responses.frame) == 4
    with pytest.raises(DataError, match="no respondents called 999"):
        responses.exclude(["999"], "x")


@settings(max_examples=25, deadline=None)
@given(
    data=st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(0, 30)),
            st.one_of(st.none(), st.sampled_from([1, 2, 3, 99, "Agree", "Nie wiem", "5", "zzz"])),
            st.one_of(st.none(), st.integers(1, 3)),
        ),
        min_size=1,
        max_size=30,
    ).filter(lambda rows: any(v is not None for row in rows for v in row)),
    order=st.permutations(range(3)),
)
def test_order_of_columns_changes_nothing(
    data: list[tuple[object, ...]], order: list[int], tea: Questionnaire, tmp_path_factory: object
) -> None:
    names = ["cups", "a1", "a2"]
    folder = tmp_path_factory.mktemp("order")  # type: ignore[attr-defined]
    frames = []
    for number, columns in enumerate((range(3), order)):
        text = io.StringIO()
        pd.DataFrame([[row[c] for c in columns] for row in data], dtype=object).to_csv(
            text, index=False, header=[names[c] for c in columns]
        )
        path = folder / f"{number}.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        try:
            frames.append(Responses.read(path, tea).frame)
        except DataError as trouble:
            frames.append([p.code for p in trouble.problems])
    if isinstance(frames[0], list):
        assert frames[0] == frames[1]
    else:
        pd.testing.assert_frame_equal(frames[0], frames[1])


def test_loose_comparison_ignores_what_people_change() -> None:
    assert loose("Q1.  How often?\u00a0[Tea]") == loose("q1 how often – tea")
    assert loose("tea") != loose("teas")


def test_header_rows_can_be_named(write_text: Writer) -> None:
    path = write_text("a,b\nc,d\n1,2\n")
    assert read_export(path, header_rows=[1, 2]).n == 1
    assert read_export(path, header_rows=[1, 2]).table.header == ("a - c", "b - d")


def test_a_table_without_header_is_called_by_letters(write_text: Writer) -> None:
    path = write_text("2024-01-01,1,yes\n2024-01-02,2,no\n2024-01-03,1,yes\n")
    export = read_export(path)
    assert [column.id for column in export.columns] == ["A", "B", "C"]
    assert [p.code for p in export.table.problems] == ["table.no_header"]
    assert export.n == 3


def test_files_of_one_study_are_combined_and_overlaps_refused(
    write_sheet: Writer, tea: Questionnaire
) -> None:
    header = ["rid", "cups", "a1", "a2", "w"]
    one = Responses.read(write_sheet([header, ["x", 1, 1, 1, 1], ["y", 2, 3, 1, 1]]), tea)
    two = Responses.read(write_sheet([header, ["z", 3, 1, 1, 4]], "two.xlsx"), tea)
    both = combine([one, two])
    assert list(both.frame.index) == ["x", "y", "z"]
    assert both.weights.tolist() == [0.5, 0.5, 2.0]
    assert both.missing.loc["a1", "answered"] == 3
    assert problems(both, "combine.done")
    with pytest.raises(DataError) as refused_both:
        combine([one, one])
    assert refused_both.value.problems[0].found == "x, y"


def test_percent_cells_are_doubted(write_sheet: Writer) -> None:
    study = Questionnaire.from_yaml("""
id: share
sections:
  - id: s
    block: behaves
    questions:
      - {id: share, type: number, kind: behaviour, role: basis, text: Share, unit: "%",
         minimum: 0, maximum: 100, decimals: 2}
""")
    low = Responses.read(write_sheet([["share"], [0.25], [0.5], [1]]), study)
    assert [p.column for p in problems(low, "answer.percent")] == ["A"]
    high = Responses.read(write_sheet([["share"], [25], [50], [1]]), study)
    assert problems(high, "answer.percent") == []

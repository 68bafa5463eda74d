"""The chain from a study file to its results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import persona
from persona.errors import DataError, Severity


def test_planted_groups_become_segments(small_study: Path) -> None:
    result = persona.Study.load(small_study).run()
    labels = result.segmentation.labels
    assert result.segmentation.k == 2
    assert labels.iloc[:72].eq(1).all()
    assert labels.iloc[72:].eq(2).all()
    assert set(result.factors) == {"views_on_coffee"}
    assert [one.segment for one in result.personas] == [1, 2]


def test_every_stage_is_named_while_it_runs(small_study: Path) -> None:
    heard: list[str] = []

    class Listener:
        @contextmanager
        def stage(self, name: str) -> Iterator[Callable[[float], None]]:
            heard.append(name)
            yield lambda share: None

    persona.Study.load(small_study).run(Listener())
    assert heard[0] == "Reading the answers"
    assert "Finding the segments" in heard and "Drawing the personas" in heard
    assert len(heard) == len(set(heard)) >= 6


def test_reversed_items_are_turned_once(small_study: Path) -> None:
    result = persona.Study.load(small_study).run()
    frame, asked = result.responses.frame, result.responses.asked
    assert (frame["spend"] == 6 - asked["spend"]).all()
    assert (frame["cheap"] == asked["cheap"]).all()
    assert frame["spend"].corr(frame["cheap"]) > 0.8


def faulty(
    folder: Path, write_answers: Callable[..., Path], rows: list[list[object]]
) -> persona.Study:
    write_answers(folder / "answers.xlsx", rows)
    return persona.Study.load(folder)


def rows_of(folder: Path) -> list[list[object]]:
    import openpyxl

    sheet = openpyxl.load_workbook(folder / "answers.xlsx")["Answers"]
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_faulty_answers_stop_the_run_and_are_all_named(
    small_study: Path, write_answers: Callable[..., Path]
) -> None:
    rows = rows_of(small_study)
    rows[3][1], rows[8][2] = "Femal", 17
    with pytest.raises(DataError) as refused:
        faulty(small_study, write_answers, rows).run()
    told = {(p.question, p.row, p.column) for p in refused.value.problems if p.row}
    assert told == {("sex", 5, "B"), ("views_on_coffee", 10, "C")}
    assert "faulty_cells: missing" in str(refused.value)


def test_faulty_answers_can_be_listed_and_left_out(
    small_study: Path, write_answers: Callable[..., Path]
) -> None:
    rows = rows_of(small_study)
    rows[3][1] = "Femal"
    study_file = small_study / "study.yaml"
    study_file.write_text(
        study_file.read_text().replace(
            "answers: answers.xlsx", "answers: {file: answers.xlsx, faulty_cells: missing}"
        )
    )
    result = faulty(small_study, write_answers, rows).run()
    assert [p.row for p in result.problems if p.code == "answer.unknown"] == [5]
    assert not any(p.severity is Severity.ERROR for p in result.problems)
    assert result.responses.missing.loc["sex", "faulty"] == 1


def test_a_question_that_nobody_answered_is_no_crash(
    small_study: Path, write_answers: Callable[..., Path]
) -> None:
    rows = rows_of(small_study)
    for row in rows:
        row[1] = None
    result = faulty(small_study, write_answers, rows).run()
    assert result.profile.question("sex").base == 0


def test_all_answers_missing_is_said(small_study: Path, write_answers: Callable[..., Path]) -> None:
    rows = [[row[0], *[None] * 11] for row in rows_of(small_study)]
    with pytest.raises(DataError) as refused:
        faulty(small_study, write_answers, rows).run()
    assert all(problem.remedy for problem in refused.value.problems)


def test_the_fingerprint_follows_answers_and_options_alone(small_study: Path) -> None:
    first = persona.Study.load(small_study).run().fingerprint
    file = small_study / "study.yaml"
    file.write_text(file.read_text().replace("Coffee drinkers", "Another title"))
    assert persona.Study.load(small_study).run().fingerprint == first
    file.write_text(file.read_text().replace("seed: 3", "seed: 4"))
    assert persona.Study.load(small_study).run().fingerprint != first


@pytest.mark.parametrize("n", [1, 2, 5, 15])
def test_too_few_respondents_are_refused(
    small_study: Path, write_answers: Callable[..., Path], n: int
) -> None:
    with pytest.raises(DataError, match=r"too few|respondents"):
        faulty(small_study, write_answers, rows_of(small_study)[:n]).run()


def test_a_name_is_proposed_for_each_factor_in_each_language(small_study: Path) -> None:
    from persona.study.reporting import study_report

    result = persona.Study.load(small_study).run()
    (section,) = study_report(result).factors
    factors = list(section.solution.loadings.columns)
    assert list(section.proposed) == factors
    english, polish = section.proposed[factors[0]]["en"], section.proposed[factors[0]]["pl"]
    assert "Coffee" in english or "offers" in english or "Taste" in english
    assert polish != english
    assert section.items["spend"]["en"] == "I spend freely (R)"
    assert section.items["cheap"]["en"] == "Coffee has to be cheap"
    of_savers = next(n["en"] for n in section.proposed.values() if "cheap" in n["en"])
    assert "(not) I spend freely" in of_savers


def test_comparison_data_stand_beside_the_other_rules_when_asked_for(small_study: Path) -> None:
    file = small_study / "study.yaml"
    file.write_text(file.read_text().replace("seed: 3", "seed: 3\nfactors: {compare_data: true}"))
    rules = persona.Study.load(small_study).run().factors["views_on_coffee"].suggestions
    assert "comparison_data" in rules.index

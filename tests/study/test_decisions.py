"""Decisions stay with the people they were made about, and a broken file is told at its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import persona
from persona.errors import StudyError
from persona.study.decisions import KeptDecisions, KeptSegment, read_kept, write_kept


def decide(folder: Path, **decision: object) -> persona.study.StudyResult:
    """Run the study, then keep one decision about its first segment."""
    result = persona.Study.load(folder).run()
    centres = {
        int(number): {str(name): float(value) for name, value in centre.items()}
        for number, centre in result.found.centres.to_dict(orient="index").items()
    }
    write_kept(
        KeptDecisions(
            study="coffee",
            fingerprint=result.fingerprint,
            segments=(KeptSegment.model_validate({"members": (1,), **decision}),),
            centres=centres,
        ),
        folder,
    )
    return result


def test_decisions_are_read_back_as_written(tmp_path: Path) -> None:
    kept = KeptDecisions(
        study="coffee",
        fingerprint="0123",
        segments=(KeptSegment(members=(1, 3), name={"en": "No: 'savers'", "pl": "Żółw"}),),
        centres={1: {"cheap": 4.5, "taste": None}},
    )
    write_kept(kept, tmp_path)
    assert read_kept(tmp_path) == kept
    assert read_kept(tmp_path / "nowhere") is None


def test_a_name_is_used_in_the_next_run(small_study: Path) -> None:
    decide(small_study, name={"en": "Savers"})
    personas = persona.Study.load(small_study).run().personas
    assert personas[0].name["en"] == "Savers" and personas[0].named_by_user
    assert not personas[1].named_by_user


def test_a_name_stays_with_its_people_when_the_answers_change(
    small_study: Path, write_answers: Callable[..., Path]
) -> None:
    """Savers are the larger segment first and the smaller one later: the name goes with them."""
    decide(small_study, name={"en": "Savers"})
    sheet = openpyxl.load_workbook(small_study / "answers.xlsx")["Answers"]
    rows = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    write_answers(small_study / "answers.xlsx", rows[40:])
    result = persona.Study.load(small_study).run()
    named = [one for one in result.personas if one.named_by_user]
    assert [one.segment for one in named] == [2]
    assert result.segmentation.labels.loc["041"] == 2
    assert "decisions.carried_over" in {problem.code for problem in result.problems}


def test_merged_segments_are_one(small_study: Path) -> None:
    file = small_study / "study.yaml"
    file.write_text(file.read_text().replace("k: 2", "k: 3"))
    before = decide(small_study, members=(1, 2), name={"en": "Both"})
    after = persona.Study.load(small_study).run()
    assert before.segmentation.k == 3 and after.segmentation.k == 2
    joined = before.segmentation.sizes["n"].loc[[1, 2]].sum()
    assert sorted(after.segmentation.sizes["n"]) == sorted(
        [joined, before.segmentation.sizes["n"].loc[3]]
    )
    assert after.segmentation.probabilities.sum(axis=1).round(9).eq(1).all()
    named = next(one for one in after.personas if one.named_by_user)
    assert named.name["en"] == "Both" and named.size.n == joined
    assert (after.segmentation.assign(after.matrix.frame).labels == after.segmentation.labels).all()


def test_decisions_of_another_study_are_refused(small_study: Path) -> None:
    decide(small_study)
    file = small_study / "study.yaml"
    file.write_text(file.read_text().replace("id: coffee", "id: tea"))
    with pytest.raises(StudyError, match="belong to the study coffee, not to tea"):
        persona.Study.load(small_study).run()


def test_a_broken_decisions_file_is_told_at_its_line(small_study: Path) -> None:
    (small_study / "decisions.yaml").write_text(
        "persona: 1\nstudy: coffee\nfingerprint: abc\nsegments:\n  - {member: [1]}\n"
    )
    with pytest.raises(StudyError) as refused:
        persona.Study.load(small_study).run()
    assert {problem.line for problem in refused.value.problems} == {5}
    assert "Did you mean" in str(refused.value) or "member" in str(refused.value)

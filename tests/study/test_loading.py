"""Study files are read, checked and begun."""

from __future__ import annotations

from pathlib import Path

import pytest

import persona
from persona.errors import PersonaError
from persona.study import check_file, init_study


def problems_of(folder: Path, old: str, new: str) -> list[tuple[str, int | None]]:
    file = folder / "study.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return [(problem.code, problem.line) for problem in check_file(folder)]


def test_a_sound_study_has_no_problems(small_study: Path) -> None:
    assert check_file(small_study) == ()
    assert check_file(small_study / "study.yaml") == ()
    assert check_file(small_study / "questionnaire.yaml") == ()


def test_a_misspelled_key_is_named_with_its_line(small_study: Path) -> None:
    found = problems_of(small_study, "seed: 3", "sede: 3")
    assert found == [("key.unknown", 6)]
    assert "seed" in str(check_file(small_study)[0].remedy)


def test_several_problems_are_told_at_once(small_study: Path) -> None:
    found = problems_of(small_study, "seed: 3", "seed: many\nprofile: {correction: bonferoni}")
    assert {line for _, line in found} == {6, 7}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("questionnaire.yaml", "questionaire.yaml", "study.questionnaire"),
        ("k: 2}", "k: 2, basis: [view_on_coffee]}", "study.unknown_question"),
        ("persona: 1", "persona: 2", "study.newer"),
        ("seed: 3", "seed: -3", "key.type"),
        ("seed: 3", "seed: 3\nseed: 4", "yaml.duplicate_key"),
        ("seed: 3", "seed: 3\nweights: wieght", "study.unknown_question"),
        ("seed: 3", "seed: 3\ntheme: nowhere.yaml", "study.file_missing"),
        ("seed: 3", "seed: 3\npictures: {1: nobody.png}", "study.file_missing"),
        ("k: 2}", "k: 2", "yaml.syntax"),
    ],
)
def test_what_does_not_fit_is_said(small_study: Path, old: str, new: str, code: str) -> None:
    found = problems_of(small_study, old, new)
    assert code in [one for one, _ in found]
    with pytest.raises(PersonaError):
        persona.Study.load(small_study)


def test_a_near_name_is_suggested_for_a_question(small_study: Path) -> None:
    problems_of(small_study, "k: 2}", "k: 2, basis: [view_on_coffee]}")
    assert "views_on_coffee" in str(check_file(small_study)[0].remedy)


def test_missing_answers_are_a_warning_of_check(small_study: Path) -> None:
    (small_study / "answers.xlsx").unlink()
    (problem,) = check_file(small_study)
    assert problem.severity == "warning" and "simulate" in str(problem.remedy)


def test_a_study_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PersonaError, match="no study file"):
        persona.Study.load(tmp_path / "nowhere")


def test_init_makes_a_study_that_checks_simulates_and_loads(tmp_path: Path) -> None:
    folder = tmp_path / "My new study"
    made = init_study(folder, "customer_b2c")
    assert [path.name for path in made] == ["questionnaire.yaml", "study.yaml"]
    study = persona.Study.load(folder)
    assert study.file.id == "my_new_study"
    study.simulate(folder / "answers.xlsx", n=60, segments=2, seed=1)
    assert check_file(folder) == ()
    assert len(study.read().frame) > 50


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    init_study(tmp_path / "a", "customer_b2c")
    before = (tmp_path / "a" / "study.yaml").read_bytes()
    with pytest.raises(PersonaError, match="not overwritten"):
        init_study(tmp_path / "a", "customer_b2c")
    assert (tmp_path / "a" / "study.yaml").read_bytes() == before


def test_init_suggests_a_near_name(tmp_path: Path) -> None:
    with pytest.raises(PersonaError, match="Did you mean 'customer_b2c'"):
        init_study(tmp_path / "a", "customer_b2")
    assert not (tmp_path / "a").exists()


def test_simulate_overwrites_nothing(small_study: Path) -> None:
    study = persona.Study.load(small_study)
    before = (small_study / "answers.xlsx").read_bytes()
    with pytest.raises(PersonaError, match="not overwritten"):
        study.simulate(small_study / "answers.xlsx")
    with pytest.raises(PersonaError, match="cannot be planted"):
        study.simulate(small_study / "other.xlsx", n=3, segments=4)
    assert (small_study / "answers.xlsx").read_bytes() == before


@pytest.mark.parametrize(
    ("new", "word"),
    [
        ("factors: {rotation: oblimn}", "oblimin"),
        ("factors: {correlation: pearsn}", "pearson"),
        ("factors: {n_factors: lots}", "parallel"),
        ("factors: {n_factors: 0}", "whole number from 1"),
    ],
)
def test_options_are_checked_before_anything_is_read(
    small_study: Path, new: str, word: str
) -> None:
    problems_of(small_study, "seed: 3", f"seed: 3\n{new}")
    (problem,) = check_file(small_study)
    assert problem.line == 7
    assert word in str(problem)


def test_methods_of_the_study_file_are_those_of_the_registry() -> None:
    from typing import get_args

    from persona.segmentation.methods import METHODS
    from persona.study.segment_options import BY_RULE, SegmentMethod

    assert set(get_args(SegmentMethod)) - {"auto"} == set(METHODS)
    assert {name for name in METHODS if METHODS[name].fixed_k} == set(BY_RULE)


def test_presets_of_the_study_file_are_those_of_profiling() -> None:
    from persona.profiling import PRESETS
    from persona.study.segment_checks import KINDS

    assert KINDS == PRESETS

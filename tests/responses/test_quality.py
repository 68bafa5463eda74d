"""Careless and copied answers are flagged, and nobody is left out by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from persona.questionnaire.model import Questionnaire
from persona.responses import QualityRules, Responses, check_quality, effect_of_exclusion
from persona.responses.quality import CHECKS
from persona.responses.quality.sameness import is_gibberish

Writer = Callable[..., Path]
ITEMS = 24


@pytest.fixture(scope="module")
def survey() -> Questionnaire:
    items = "\n".join(
        f"          - {{id: i{n}, text: Item {n}, reverse: {'true' if n % 2 else 'false'}"
        + (", attention: 5}" if n == 20 else "}")
        for n in range(ITEMS)
    )
    return Questionnaire.from_yaml(f"""
id: care
scales: {{s: {{points: {{1: a, 2: b, 3: c, 4: d, 5: e}}}}}}
sections:
  - id: s
    block: expects
    questions:
      - {{id: rid, type: text, kind: id}}
      - id: g
        type: grid
        kind: psychographic
        role: basis
        text: Agree?
        scale: s
        items:
{items}
      - {{id: why, type: text, kind: verbatim, text: Why?}}
""")


def sample(n: int = 120, seed: int = 1) -> list[list[object]]:
    """Careful respondents: twelve traits, each asked by one item and its opposite."""
    generator = np.random.default_rng(seed)
    trait = generator.normal(scale=1.2, size=(n, ITEMS // 2))
    rows: list[list[object]] = []
    for person in range(n):
        noise = generator.normal(scale=0.4, size=ITEMS)
        keyed = np.where(np.arange(ITEMS) % 2 == 1, -1, 1) * np.repeat(trait[person], 2)
        answers = np.clip(np.rint(3 + keyed + noise), 1, 5).astype(int).tolist()
        answers[20] = 5
        seconds = float(generator.uniform(300, 500))
        rows.append([f"r{person}", *answers, f"Because of the taste number {person}", seconds])
    return rows


@pytest.fixture
def read(write_sheet: Writer, survey: Questionnaire) -> Callable[[list[list[object]]], Responses]:
    header = ["rid", *(f"i{n}" for n in range(ITEMS)), "why", "Duration (in seconds)"]
    return lambda rows: Responses.read(write_sheet([header, *rows]), survey)


Reader = Callable[[list[list[object]]], Responses]


def test_each_kind_of_carelessness_is_flagged(read: Reader) -> None:
    rows = sample()
    rows[0][-1] = 60.0
    rows[1][1:25] = [3] * ITEMS
    rows[2][-2] = "asdf qwert"
    rows[3][-2] = rows[4][-2] = "This very same sentence came from somewhere else"
    rows[5][21] = 1
    rows[6][1:] = [*rows[7][1:-2], "My own words, though", 400.0]
    rows[8][1:25] = [None] * 20 + [1, 2, 5, 4]
    rows[9][1:25] = [*rows[10][1:23], 1 if rows[10][23] != 1 else 2, rows[10][24]]
    rows[11][1:25] = [5, 5, 1, 1] * 6
    quality = check_quality(read(rows))
    flags = quality.flags
    assert set(flags.columns) == set(CHECKS)
    assert flags.loc["r0", "speeder"] and flags["speeder"].sum() == 1
    assert flags.loc["r1", ["straight_liner", "long_run", "low_variability"]].all()
    assert flags.loc["r1", "attention"]
    assert flags["gibberish"].tolist().count(True) == 1 and flags.loc["r2", "gibberish"]
    assert flags.index[flags["copied_text"]].tolist() == ["r3", "r4"]
    assert flags.loc["r5", "attention"]
    assert flags.loc[["r6", "r7"], "near_duplicate"].any()
    assert flags.loc["r8", "nonresponse"] and flags["nonresponse"].sum() == 1
    assert flags.loc[["r9", "r10"], "near_duplicate"].any()
    assert flags.loc["r11", "antonyms"]
    assert quality.score.loc["r1"] == flags.loc["r1"].sum() >= 4
    assert flags["straight_liner"].sum() == 1


def test_exact_copies_are_flagged_once(read: Reader) -> None:
    rows = sample()
    rows[6][1:] = rows[7][1:]
    flags = check_quality(read(rows)).flags
    assert flags.index[flags["duplicate"]].tolist() == ["r7"]
    assert not flags.loc["r7", "near_duplicate"]


def test_leaving_out_is_proposed_by_rule_and_decided_by_the_user(read: Reader) -> None:
    rows = sample()
    rows[1][1:25] = [3] * ITEMS
    responses = read(rows)
    quality = check_quality(responses)
    assert quality.proposed["respondent"].tolist() == ["r1"]
    assert quality.proposed["row"].tolist() == [3]
    assert len(responses.frame) == 120
    assert quality.warnings[-1].code == "quality.proposed"
    strict = check_quality(responses, QualityRules(exclude_at=99, skip=frozenset({"speeder"})))
    assert len(strict.proposed) == 0 and "speeder" in strict.not_made
    effect = effect_of_exclusion(responses, ["r1"])
    difference = (effect["after"] - effect["before"] - effect["difference"]).abs()
    assert (difference < 1e-12).all() and effect["standardised"].abs().is_monotonic_decreasing


def test_careful_respondents_are_left_alone(read: Reader) -> None:
    quality = check_quality(read(sample(seed=7)))
    assert (quality.score >= 2).mean() <= 0.02


def test_checks_that_cannot_be_made_say_why(tea: Questionnaire, write_sheet: Writer) -> None:
    responses = Responses.read(write_sheet([["cups", "a1", "a2"], [1, 1, 1], [2, 1, 3]]), tea)
    quality = check_quality(responses)
    assert {"speeder", "straight_liner", "attention", "duplicate", "gibberish"} <= set(
        quality.not_made
    )
    assert set(quality.not_made) | set(quality.flags.columns) == set(CHECKS)


def test_real_words_are_no_gibberish(shared: Path) -> None:
    from persona.responses import read_export

    export = read_export(shared / "data/exports/alchemer/jupyter_2015.csv")
    texts = [
        cell
        for variable in export.variables
        if variable.type == "text"
        for cell in export.frame[variable.id].dropna()
        if len(cell) > 20
    ]
    assert len(texts) > 1000
    assert sum(map(is_gibberish, texts)) <= 0.005 * len(texts)
    assert is_gibberish("jkljkl dfgdfg sdfsdf")

"""The coffee club's next waves, drawn from the five kinds of customer of its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.questionnaire import Questionnaire
from persona.responses.simulate import Plan, Simulated, simulate, table, write_table
from persona.study import Study
from persona.study.tracking import Tracked, track_study

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "coffee_club"
PLANTED = (252, 225, 180, 144, 99)
PRICE, CONNOISSEURS, EXPLORERS = 0, 2, 3

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def maker(helper: Callable[[str], ModuleType]) -> ModuleType:
    """The script that made the example's answers."""
    return helper("examples/coffee_club/make_answers")


def margins() -> dict[str, list[float]]:
    """How often each answer was given in the example: a plan draws what it does not name anew."""
    responses = Study.load(EXAMPLE).intake().responses
    found: dict[str, list[float]] = {}
    for variable in responses.questionnaire.variables:
        if variable.id not in responses.asked.columns or variable.derived or variable.raw:
            continue
        answers = responses.asked[variable.id]
        if variable.categories:
            counts = [float((answers == code).sum()) for code in variable.codes]
            if sum(counts):
                found[variable.id] = counts
        elif variable.measure == "binary":
            found[variable.id] = [float(pd.to_numeric(answers).mean())]
    return found


@pytest.fixture(scope="module")
def population(maker: ModuleType) -> Callable[..., Simulated]:
    """People of all five kinds; ``shift`` moves the kinds on variables that begin so."""
    known = margins()

    @lru_cache(maxsize=4)
    def drawn(
        n: int, seed: int, shift: tuple[tuple[str, tuple[float, ...]], ...] = ()
    ) -> Simulated:
        questionnaire, plan = Questionnaire.load("customer_b2c"), maker.plan()
        shifts = [dict(own) for own in plan.shifts]
        for start, moves in shift:
            for variable in questionnaire.variables:
                if variable.id.startswith(start):
                    for own, move in zip(shifts, moves, strict=True):
                        own[variable.id] = own.get(variable.id, 0.0) + move
        whole = Plan(plan.shares, tuple(shifts), {**plan.margins, **known})
        found = simulate(questionnaire, n, seed, plan=whole)
        answers = maker.lifelike(found.answers, np.random.default_rng([seed, 7]))
        return Simulated(answers, found.segments)

    return drawn


@pytest.fixture
def wave(tmp_path: Path) -> Callable[..., Path]:
    """Write so many people of each kind as a table of answers."""

    def write(people: Simulated, counts: Sequence[int], name: str, language: str = "en") -> Path:
        draw = np.random.default_rng(len(name))
        rows = [
            draw.choice(np.flatnonzero((people.segments == kind).to_numpy()), count, replace=False)
            for kind, count in enumerate(counts, 1)
        ]
        chosen = people.answers.iloc[draw.permutation(np.concatenate(rows))]
        path = tmp_path / f"{name}.xlsx"
        questionnaire = Questionnaire.load("customer_b2c")
        shown = table(questionnaire, chosen, headers="text", cells="label", language=language)
        write_table(shown, path)
        return path

    return write


def track(example_out: Path, *waves: Path, **options: Any) -> Tracked:
    return track_study(Study.load(EXAMPLE), waves, run=example_out, **options)


def segment_of(tracked: Tracked, kind: int) -> int:
    """The segment of the study that holds most of a planted kind."""
    planted = pd.read_csv(EXAMPLE / "planted_segments.csv", index_col="respondent")["segment"]
    own = tracked.placed[0].series
    return int(own[planted.reindex(own.index) == kind + 1].mode()[0])


def test_three_waves_are_read_rightly(
    example_out: Path,
    population: Callable[..., Simulated],
    wave: Callable[..., Path],
    tmp_path: Path,
) -> None:
    people = population(2700, 11)
    moves = (("price_", (-1.6, 0.9, 0.9, -0.4, 0.9)), ("need_price", (-1.6, 0.9, 0.9, -0.4, 0.9)))
    counts = list(PLANTED)
    counts[CONNOISSEURS], counts[EXPLORERS] = 0, 2 * PLANTED[EXPLORERS]
    tracked = track(
        example_out,
        wave(people, PLANTED, "alike"),
        wave(population(1200, 13, moves), PLANTED, "moved", "pl"),
        wave(people, counts, "grown"),
    )
    tracking = tracked.tracking
    assert tracking.kind == "complete" and tracking.agreement.share > 0.95
    _, alike, moved, grown = tracking.waves

    assert alike.advice is not None and alike.advice.word == "keep"
    assert not any(change.significant for change in alike.size_changes.values())
    assert alike.realignment is not None and alike.realignment.agreement > 0.8

    assert moved.advice is not None and moved.advice.word in ("refresh", "anew")
    price = segment_of(tracked, PRICE)
    far = {one.segment: one.distance or 0.0 for one in moved.movements if one.segment}
    assert max(far, key=far.__getitem__) == price
    lost = {
        one.variable for one in moved.centres if one.segment == price and one.change.significant
    }
    assert any(name.startswith("price_") or name == "need_price" for name in lost)

    gone, more = segment_of(tracked, CONNOISSEURS), segment_of(tracked, EXPLORERS)
    assert grown.advice is not None and grown.advice.word == "anew"
    assert next(one for one in grown.advice.reasons if one.rule == "vanished").segments == (gone,)
    assert grown.size(gone).share < 0.02 and grown.size_changes[gone].significant
    assert grown.size_changes[more].difference == pytest.approx(0.16, abs=0.03)
    steady = set(tracking.names) - {gone, more}
    assert not any(grown.size_changes[number].significant for number in steady)
    assert grown.realignment is not None
    assert [e.earlier for e in grown.realignment.events if e.kind == "gone"] == [(gone,)]

    written = tracked.write(tmp_path / "waves")
    assert "Segment anew" in written.files[0].read_text("utf-8")


def test_false_alarms_are_rare(
    example_out: Path, population: Callable[..., Simulated], wave: Callable[..., Path]
) -> None:
    words, changes = [], []
    for seed in range(100, 110):
        counts = [round(count * (1.0, 0.67, 0.5)[seed % 3]) for count in PLANTED]
        path = wave(population(1200, seed), counts, f"wave{seed}")
        # segmenting a wave by itself takes the longest; every third one does
        latest = track(example_out, path, resegment=seed % 3 == 0).tracking.latest
        assert latest.advice is not None
        words.append(latest.advice.word)
        changes += list(latest.size_changes.values())
    assert words.count("keep") >= 9
    assert sum(change.significant for change in changes) <= 2


def test_the_golden_questions_alone_read_a_wave_too(
    example_out: Path,
    population: Callable[..., Simulated],
    wave: Callable[..., Path],
    tmp_path: Path,
) -> None:
    from persona.typing_tool import read_tool

    tool = read_tool(example_out / "typing" / "typing.json")
    whole = pd.read_excel(
        wave(population(2700, 11), PLANTED, "short"), engine="openpyxl", dtype=str
    )
    kept = set(tool.golden.variables)
    questionnaire = Study.load(EXAMPLE).questionnaire
    dropped = {
        variable.text["en"]
        for name in ("attitudes", "needs")
        for variable in questionnaire.variables_of(name)
        if variable.id not in kept
    }
    heads = [head for head in whole.columns if not any(f"[{text}]" in head for text in dropped)]
    assert len(heads) < len(whole.columns)
    short = tmp_path / "golden.csv"
    whole[heads].to_csv(short, index=False)
    file = tmp_path / "wave.yaml"
    file.write_text("answers: {file: golden.csv, sheet: null}\n", encoding="utf-8")
    tracking = track(example_out, file).tracking
    assert tracking.kind == "golden"
    assert tracking.latest.not_resegmented == "basis_not_asked"
    assert tracking.advice.word == "keep"

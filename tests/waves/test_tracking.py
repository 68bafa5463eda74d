"""Waves of known make: alike, grown and vanished, moved, another sample; and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from persona.errors import DataError
from persona.waves import WaveResult, track
from persona.waves.realigning import realigned
from persona.waves.thresholds import RULES

COUNTS = (160, 140, 100)


class Lab:
    """The first wave of the made-up survey and what its run left."""

    def __init__(self, made_up: ModuleType, folder: Path, **kind: Any) -> None:
        self.made_up, self.folder, self.kind = made_up, folder, kind
        frame, kinds = made_up.people(COUNTS, 1, **kind)
        self.first = made_up.wave(frame, folder, "first")
        self.frozen = made_up.frozen(self.first, kinds)

    def wave(self, counts: Sequence[int], seed: int, name: str = "later", **kind: Any) -> Any:
        frame, _ = self.made_up.people(counts, seed, **{**self.kind, **kind})
        return self.made_up.wave(frame, self.folder, f"{name}{seed}")

    def later(self, counts: Sequence[int], seed: int = 7, **kind: Any) -> WaveResult:
        tracking, _ = track(self.frozen, self.first, [self.wave(counts, seed, **kind)])
        return tracking.latest


@pytest.fixture(scope="module")
def lab(made_up: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(made_up, tmp_path_factory.mktemp("lab"))


def broken(wave: WaveResult) -> set[str]:
    assert wave.advice is not None
    return {one.rule for one in wave.advice.weighed if one.broken}


def word(wave: WaveResult) -> str:
    assert wave.advice is not None
    return wave.advice.word


def test_a_wave_drawn_alike_is_kept(lab: Lab) -> None:
    wave = lab.later(COUNTS)
    assert word(wave) == "keep" and broken(wave) == set()
    assert [one.share for one in wave.sizes] == pytest.approx([0.4, 0.35, 0.25], abs=0.02)
    assert not any(change.significant for change in wave.size_changes.values())
    assert {one.standing for one in wave.statements} <= {"holds", "weaker"}
    assert all(one.stability.band == "steady" for one in (*wave.questions, *wave.sample))
    assert [one.rule for one in (wave.advice.weighed if wave.advice else ())] == list(RULES)


def test_one_grown_and_one_vanished_are_reported_rightly(lab: Lab) -> None:
    wave = lab.later((160, 280, 0))
    changes = wave.size_changes
    assert changes[2].significant and changes[2].difference == pytest.approx(0.286, abs=0.02)
    assert changes[2].low is not None and changes[2].low > 0.2
    assert changes[3].significant and changes[3].difference == pytest.approx(-0.25, abs=0.02)
    assert not changes[1].significant
    assert wave.size_stability is not None and wave.size_stability.band == "act"
    assert wave.sizes_p is not None and wave.sizes_p < 1e-9
    assert word(wave) == "anew"
    gone = next(one for one in wave.advice.reasons if one.rule == "vanished")  # type: ignore[union-attr]
    assert gone.segments == (3,)
    assert {one.standing for one in wave.statements if one.segment == 3} == {"too_few"}
    # what changed is who there is, not what the others are like
    assert not {"centres", "far_centres"} & broken(wave)


def test_moved_centres_are_found_where_they_are(lab: Lab) -> None:
    wave = lab.later(COUNTS, moved=0.5)
    moved = {one.segment: one for one in wave.movements}
    assert moved[1].distance is not None and moved[1].distance > 0.3
    assert (moved[2].distance or 0) < 0.15 and (moved[3].distance or 0) < 0.2
    assert word(wave) in ("refresh", "anew") and "centres" in broken(wave)
    answers = {(one.segment, one.variable): one.change for one in wave.centres}
    assert answers[1, "cheap"].significant and answers[1, "cheap"].difference < -0.5
    assert not answers[2, "taste"].significant


def test_three_waves_at_once_are_held_against_the_first_and_the_one_before(lab: Lab) -> None:
    waves = [lab.wave(COUNTS, 11), lab.wave((160, 280, 0), 12), lab.wave((160, 280, 0), 13)]
    tracking, placed = track(lab.frozen, lab.first, waves)
    assert [len(one.index) for one in placed] == [400, 400, 440, 440]
    second, third, fourth = tracking.waves[1:]
    assert not second.step_changes, "the wave before the second is the first"
    assert third.step_changes[2].significant and fourth.size_changes[2].significant
    assert not fourth.step_changes[2].significant
    assert tracking.advice is fourth.advice
    assert tracking.agreement.share > 0.98 and tracking.agreement.rand > 0.95
    alone, _ = track(lab.frozen, lab.first, waves[:1])
    assert alone.latest.size_changes == second.size_changes, "other waves change nothing"


def test_the_same_waves_give_the_same_figures(lab: Lab) -> None:
    wave = lab.wave((150, 150, 90), 21)
    assert track(lab.frozen, lab.first, [wave])[0] == track(lab.frozen, lab.first, [wave])[0]


def test_another_sample_is_not_another_segmentation(made_up: ModuleType, tmp_path: Path) -> None:
    lab = Lab(made_up, tmp_path, women=(0.9, 0.5, 0.1))
    # four times the men, who are less often savers; among men and women nothing changed
    women, men = (144, 70, 10), (64, 280, 360)
    counts = tuple(w + m for w, m in zip(women, men, strict=True))
    share = [w / both for w, both in zip(women, counts, strict=True)]
    wave = lab.later(counts, women=share)
    assert wave.size_changes[1].significant
    assert wave.standardised_by == ("sex",)
    assert "sample" in broken(wave)
    back = [one.standardised for one in wave.sizes]
    assert back == pytest.approx([0.4, 0.35, 0.25], abs=0.05)


def test_weights_widen_intervals_and_weigh_shares(made_up: ModuleType, tmp_path: Path) -> None:
    lab = Lab(made_up, tmp_path, weights=True)
    wave = lab.later(COUNTS)
    assert wave.weighted and wave.deff > 1.1
    assert wave.effective_n == pytest.approx(wave.placed / wave.deff)
    plain = 1.96 * np.sqrt(0.4 * 0.6 / wave.placed)
    assert (wave.sizes[0].high - wave.sizes[0].low) / 2 > plain
    assert word(wave) == "keep"


def test_people_who_leave_too_much_out_are_counted_not_guessed(lab: Lab) -> None:
    frame, _ = lab.made_up.people(COUNTS, 31)
    frame.loc[:79, ["cheap", "offers", "taste"]] = None
    tracking, placed = track(lab.frozen, lab.first, [lab.made_up.wave(frame, lab.folder, "holes")])
    wave = tracking.latest
    assert (wave.n, wave.placed, wave.unplaced) == (400, 320, 80)
    assert sum(one.n for one in wave.sizes) == 320
    assert "unplaced" in broken(wave) and word(wave) == "refresh"
    left = placed[1].typed.frame.loc[placed[1].typed.labels.isna()]
    assert len(left) == 80 and left["unanswered"].str.contains("cheap").all()


def test_a_shorter_questionnaire_is_placed_by_the_golden_questions(lab: Lab) -> None:
    frame, _ = lab.made_up.people(COUNTS, 41)
    short = lab.made_up.wave(frame.drop(columns=["offers", "age"]), lab.folder, "short")
    tracking, _ = track(lab.frozen, lab.first, [short], resegment=_never)
    assert tracking.kind == "golden" and tracking.asked == ("cheap", "taste", "fast")
    assert tracking.latest.not_asked == ("age", "offers")
    assert tracking.latest.not_resegmented == "basis_not_asked"
    assert {one.variable for one in tracking.latest.questions} == {
        *("cheap", "taste", "origin", "fast", "near")
    }
    said = {one.standing for one in tracking.latest.statements if ".offers." in one.id}
    assert said <= {"not_asked"}


def _never(wave: Any) -> Any:
    raise AssertionError("a wave without the basis cannot be segmented")


def test_missing_golden_questions_are_named(lab: Lab) -> None:
    frame, _ = lab.made_up.people(COUNTS, 42)
    bare = lab.made_up.wave(frame.drop(columns=["cheap", "fast"]), lab.folder, "bare")
    with pytest.raises(DataError) as refused:
        track(lab.frozen, lab.first, [bare])
    assert refused.value.problems[0].code == "wave.questions"
    assert "cheap, fast" in refused.value.problems[0].message


def test_a_handful_of_people_is_refused(lab: Lab) -> None:
    with pytest.raises(DataError, match="too few to compare"):
        lab.later((12, 10, 7))


def test_a_segment_of_one_is_told_and_not_tested(lab: Lab) -> None:
    wave = lab.later((100, 100, 1))
    one = wave.size(3)
    assert one.n == 1 and one.low <= one.share <= one.high
    assert {said.standing for said in wave.statements if said.segment == 3} == {"too_few"}
    certainty = wave.certainty[3]
    assert certainty.uncertain_change is not None
    assert certainty.uncertain_change.p_value is None
    tested = [move for move in wave.centres if move.segment == 3]
    assert tested and all(move.change.p_value is None for move in tested)


def _found(wave: Any, labels: Sequence[int], k: int) -> Any:
    """A segmentation as far as an alignment reads it."""

    class Made:
        def __init__(self) -> None:
            index = wave.responses.asked.index
            self.labels = pd.Series(list(labels), index=index, dtype="Int64")
            self.k, self.method, self.verdict = k, "kmeans", "natural"

    return Made()


def test_splits_merges_new_and_vanished_segments_are_named(lab: Lab) -> None:
    wave = lab.wave((160, 140, 100), 51)
    _, placed = track(lab.frozen, lab.first, [wave])
    own = placed[1].labels

    def kinds(labels: Sequence[int], k: int) -> dict[str, list[tuple[Any, Any]]]:
        made = realigned(placed[1], _found(wave, labels, k), lab.frozen.grammar, 1.0)
        assert sum(made.sizes) == pytest.approx(1.0)
        found: dict[str, list[tuple[Any, Any]]] = {}
        for event in made.events:
            found.setdefault(event.kind, []).append((event.earlier, event.later))
        return found

    same = kinds(own, 3)
    assert sorted(same["same"]) == [((n,), (n,)) for n in (1, 2, 3)]
    halves = np.where((own == 1) & (np.arange(len(own)) % 2 == 0), 4, own)
    assert kinds(halves, 4)["split"] == [((1,), (1, 4))]
    joined = np.where(own == 3, 2, own)
    assert kinds(joined, 2)["merge"] == [((2, 3), (2,))]
    mixed = np.where(np.arange(len(own)) % 5 == 0, 4, own)
    assert kinds(mixed, 4)["new"] == [((), (4,))]


def test_the_wave_by_itself_decides_with_its_reason(lab: Lab) -> None:
    from dataclasses import replace

    wave = lab.wave((160, 140, 100), 52)
    drawn = np.random.default_rng(3).integers(1, 4, 400)
    tracking, _ = track(
        lab.frozen, lab.first, [wave], lambda one: _found(one, drawn, 3), force=True
    )
    assert tracking.latest.realignment is not None
    assert abs(tracking.latest.realignment.agreement) < 0.05
    assert "agreement" in broken(tracking.latest) and word(tracking.latest) == "anew"
    # where resamples of the study give other segments too, a wave that does is no news
    loose = replace(lab.frozen, reproducibility=0.08)
    calm, _ = track(loose, lab.first, [wave], lambda one: _found(one, drawn, 3), force=True)
    assert calm.latest.realignment is not None and calm.latest.realignment.expected == 0.08
    assert "agreement" not in broken(calm.latest)


def test_a_wave_that_cannot_be_segmented_by_itself_is_still_followed(lab: Lab) -> None:
    from persona.errors import AnalysisError, error

    def refuse(wave: Any) -> Any:
        raise AnalysisError(error("x.constant", "One item is constant."))

    tracking, _ = track(lab.frozen, lab.first, [lab.wave(COUNTS, 55)], refuse, force=True)
    assert tracking.latest.not_resegmented == "failed"
    assert ("x.constant", "warning") in {
        (problem.code, str(problem.severity)) for problem in tracking.latest.warnings
    }


def test_merged_segments_are_compared_as_merged(lab: Lab) -> None:
    from dataclasses import replace

    from persona.segmentation import segment

    wave = lab.wave(COUNTS, 56)
    items = list(lab.made_up.ITEMS)

    def again(one: Any) -> Any:
        return segment(one.responses.frame[items], k=3, method="kmeans", pairs=5, null_draws=2)

    plain, _ = track(lab.frozen, lab.first, [wave], again, force=True)
    assert plain.latest.realignment is not None and plain.latest.realignment.k == 3

    def finer(one: Any) -> Any:
        return segment(one.responses.frame[items], k=6, method="kmeans", pairs=5, null_draws=2)

    apart, _ = track(lab.frozen, lab.first, [wave], finer, force=True)
    together, _ = track(
        replace(lab.frozen, merged=frozenset({1, 2, 3})), lab.first, [wave], finer, force=True
    )
    assert apart.latest.realignment is not None and together.latest.realignment is not None
    assert together.latest.realignment.k == 3 < apart.latest.realignment.k
    assert together.latest.realignment.agreement > 0.95 > apart.latest.realignment.agreement


def test_small_waves_are_not_segmented_unless_forced(lab: Lab) -> None:
    wave = lab.wave((60, 50, 40), 53)
    tracking, _ = track(lab.frozen, lab.first, [wave], _never)
    assert tracking.latest.not_resegmented == "too_few"
    silent, _ = track(lab.frozen, lab.first, [wave])
    assert silent.latest.not_resegmented == "not_asked_for"


def test_more_uncertain_people_call_for_a_new_rule(made_up: ModuleType, tmp_path: Path) -> None:
    from dataclasses import replace

    lab = Lab(made_up, tmp_path)
    frame, _ = made_up.people(COUNTS, 61)
    # a third answers everything alike: near every segment
    frame.loc[:130, list(made_up.ITEMS)] = 3
    wave = made_up.wave(frame, tmp_path, "unsure")
    tracking, _ = track(lab.frozen, lab.first, [wave])
    beyond = tracking.latest.uncertain_beyond
    assert beyond is not None and beyond.significant and beyond.difference > 0.2
    assert "uncertain" in broken(tracking.latest)
    # were as many to be expected, it would be no news
    tool = lab.frozen.tool
    expected = replace(tool.complete_evidence, uncertain=tracking.latest.certainty[0].uncertain)
    patient = replace(lab.frozen, tool=replace(tool, complete_evidence=expected))
    calm, _ = track(patient, lab.first, [wave])
    assert "uncertain" not in broken(calm.latest)


def test_statements_that_are_gone_are_counted(made_up: ModuleType, tmp_path: Path) -> None:
    lab = Lab(made_up, tmp_path)
    frame, _ = made_up.people(COUNTS, 71)
    places = [name for name in frame.columns if name.startswith("places_")]
    shuffled = frame[places].sample(frac=1, random_state=1).reset_index(drop=True)
    frame[places] = shuffled
    tracking, _ = track(lab.frozen, lab.first, [made_up.wave(frame, tmp_path, "shuffled")])
    own = {one.id: one for one in tracking.latest.statements}
    of_places = [one for key, one in own.items() if ".places_" in key]
    assert of_places and {one.standing for one in of_places} & {"no_longer", "reversed", "weaker"}
    gone = [one for one in of_places if one.standing in ("no_longer", "reversed")]
    assert gone and all(one.change is not None and one.first is not None for one in gone)
    of_views = [one for key, one in own.items() if ".cheap." in key or ".taste." in key]
    assert of_views and all(one.standing in ("holds", "weaker") for one in of_views)


@pytest.mark.slow
def test_false_alarms_are_rare(made_up: ModuleType, tmp_path: Path) -> None:
    lab = Lab(made_up, tmp_path)
    results = [lab.later(COUNTS, seed) for seed in range(100, 130)]
    assert sum(word(wave) != "keep" for wave in results) <= 1
    tested = [change for wave in results for change in wave.size_changes.values()]
    assert sum(change.significant for change in tested) <= 3

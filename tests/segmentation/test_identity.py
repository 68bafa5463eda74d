"""Segments of an earlier run found in a later one: by people, by centres, split, merged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.segmentation import Segmentation, segment
from persona.segmentation.identity import Event, recognise

SIZES = (60, 45, 30)


@pytest.fixture(scope="module")
def later() -> Segmentation:
    """Three segments, p0 to p134, of 60, 45 and 30 people."""
    draw = np.random.default_rng(0)
    means = np.array([[1.0, 1, 5, 5], [5, 5, 1, 1], [3, 5, 5, 1]])
    values = np.repeat(means, SIZES, axis=0)
    frame = pd.DataFrame(values + draw.normal(0, 0.5, values.shape), columns=list("abcd"))
    frame.index = pd.Index([f"p{i}" for i in frame.index])
    found = segment(frame, k=3, method="kmeans", pairs=0, null_draws=1)
    assert found.sizes["n"].tolist() == list(SIZES)
    return found


def people(*counts: tuple[int, int]) -> pd.Series:
    """Earlier group and how many of the next people were in it."""
    groups = np.repeat([group for group, _ in counts], [n for _, n in counts])
    return pd.Series(groups, index=[f"p{i}" for i in range(len(groups))])


def centres(later: Segmentation, *numbers: int) -> dict[int, dict[str, float]]:
    """Earlier centres that are those of these later segments."""
    return {at: dict(later.centres.loc[number]) for at, number in enumerate(numbers, 1)}


def test_people_come_before_centres(later: Segmentation) -> None:
    """Centres that say otherwise are not asked where enough people are in both runs."""
    found = recognise(
        [(1,), (2,), (3,)], people((2, 60), (0, 45), (1, 30)), centres(later, 1, 2, 3), later
    )
    assert dict(found.now) == {(3,): (1,), (1,): (2,), (2,): (3,)}
    assert set(found.by_people) == {(1,), (2,), (3,)} and not found.by_centres
    assert found.shared == 135 and found.events == ()


def test_centres_decide_where_nobody_is_in_both_runs(later: Segmentation) -> None:
    for nobody in (None, pd.Series([0, 1, 2] * 20, index=[f"q{i}" for i in range(60)])):
        found = recognise([(1,), (2,), (3,)], nobody, centres(later, 3, 1, 2), later)
        assert dict(found.now) == {(1,): (3,), (2,): (1,), (3,): (2,)}
        assert not found.by_people and found.shared == 0


def test_both_together(later: Segmentation) -> None:
    """Two segments by their people; the third, with few people left, by its centre."""
    found = recognise(
        [(1,), (2,), (3,)], people((1, 60), (0, 45), (2, 4)), centres(later, 1, 1, 3), later
    )
    assert dict(found.now) == {(2,): (1,), (1,): (2,), (3,): (3,)}
    assert found.by_centres == ((3,),)


def test_ids_of_other_people_tell_nothing(later: Segmentation) -> None:
    draw = np.random.default_rng(3)
    strangers = pd.Series(draw.integers(0, 3, 135), index=later.labels.index)
    found = recognise([(1,), (2,), (3,)], strangers, centres(later, 2, 3, 1), later)
    assert dict(found.now) == {(1,): (2,), (2,): (3,), (3,): (1,)}
    assert found.shared == 0 and set(found.by_centres) == {(1,), (2,), (3,)}


def test_a_split_and_a_merge_are_told(later: Segmentation) -> None:
    split = recognise([(1,), (2,)], people((0, 105), (1, 30)), centres(later, 1, 3), later)
    assert split.now[(1,)] == (1,)
    assert split.events == (Event("split", ((1,),), (1, 2)),)
    merge = recognise(
        [(1,), (2,), (3,), (4,)],
        people((0, 35), (3, 25), (1, 45), (2, 30)),
        centres(later, 1, 2, 3, 1),
        later,
    )
    assert merge.events == (Event("merge", ((1,), (4,)), (1,)),)
    assert merge.now[(1,)] == (1,) and (4,) not in merge.now


def test_what_a_user_joined_is_joined_again(later: Segmentation) -> None:
    """Found apart again, the two are one by the user's decision, and that is no split."""
    found = recognise(
        [(1, 3), (2,)], people((0, 60), (1, 45), (0, 30)), centres(later, 1, 2, 3), later
    )
    assert dict(found.now) == {(1, 3): (1, 3), (2,): (2,)}
    assert found.events == ()
    by_centres = recognise([(1, 3), (2,)], None, centres(later, 1, 2, 3), later)
    assert dict(by_centres.now) == {(1, 3): (1, 3), (2,): (2,)}


@given(st.permutations([0, 1, 2]))
def test_numbers_of_the_earlier_run_do_not_matter(later: Segmentation, order: list[int]) -> None:
    earlier = people(*zip(order, SIZES, strict=True))
    found = recognise([(1,), (2,), (3,)], earlier, {}, later)
    assert {group[0] - 1: number for group, (number,) in found.now.items()} == {
        old: new for new, old in enumerate(order, 1)
    }


def test_the_unassignable_of_a_run_are_left_out(later: Segmentation) -> None:
    labels = later.labels.astype("Int64")
    labels.iloc[:5] = pd.NA
    some = replace(later, labels=labels)
    found = recognise([(1,), (2,), (3,)], people((0, 60), (1, 45), (2, 30)), {}, some)
    assert found.shared == 130 and found.now[(1,)] == (1,)

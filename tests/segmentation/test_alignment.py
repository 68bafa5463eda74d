"""Segments known again in another run."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from persona.segmentation import segment
from persona.segmentation.alignment import align, match_centres


def series(text: str) -> pd.Series:
    return pd.Series([int(x) for x in text])


def test_renumbered_segments_are_the_same() -> None:
    found = align(series("111222333"), series("333111222"))
    assert found.numbers == {1: 3, 2: 1, 3: 2}
    assert set(found.events["kind"]) == {"same"}


@given(st.permutations([1, 2, 3, 4]))
def test_any_renumbering_is_seen_through(order: list[int]) -> None:
    before = pd.Series(np.repeat([1, 2, 3, 4], [4, 5, 6, 7]))
    after = before.map(dict(zip([1, 2, 3, 4], order, strict=True)))
    assert align(before, after).numbers == dict(zip([1, 2, 3, 4], order, strict=True))


def test_a_split_and_a_merge_are_named() -> None:
    split = align(series("1111112222"), series("1112223333")).events.set_index("kind")
    assert split.loc["split", "earlier"] == (1,)
    assert split.loc["split", "later"] == (1, 2)
    merge = align(series("1112223333"), series("1111112222")).events.set_index("kind")
    assert merge.loc["merge", "earlier"] == (1, 2)
    assert merge.loc["merge", "later"] == (1,)


def test_strangers_are_not_matched() -> None:
    before = pd.Series([1, 1, 2, 2], index=list("abcd"))
    after = pd.Series([1, 1, 2, 2], index=list("wxyz"))
    found = align(before, after)
    assert (found.shared, dict(found.numbers)) == (0, {})
    assert sorted(found.events["kind"]) == ["gone", "gone", "new", "new"]


def test_centres_find_the_segments_of_a_new_sample() -> None:
    draw = np.random.default_rng(0)
    means = np.array([[1.0, 1, 5, 5], [5, 5, 1, 1], [3, 5, 5, 1]])

    def sample(sizes: list[int]) -> pd.DataFrame:
        values = np.repeat(means, sizes, axis=0)
        return pd.DataFrame(values + draw.normal(0, 0.6, values.shape), columns=list("abcd"))

    first = segment(sample([100, 60, 40]), k=3, method="kmeans", pairs=0, null_draws=1)
    second = segment(sample([40, 100, 60]), k=3, method="kmeans", pairs=0, null_draws=1)
    kept = {number: dict(first.centres.loc[number]) for number in first.centres.index}
    assert match_centres(kept, second) == {1: 3, 2: 1, 3: 2}
    assert match_centres({1: dict.fromkeys("abcd", 99.0)}, second) == {}
    assert match_centres({1: {"other": 1.0}}, second) == {}

"""What marks a segment, and which node of the picture across k a segment is."""

from __future__ import annotations

import numpy as np
import pandas as pd

import persona
from persona.segmentation import evidence
from persona.segmentation.basis import Column
from persona.segmentation.merging import merge


def test_scores_about_zero_mark_by_half_a_standard_deviation() -> None:
    scores = np.r_[np.full(50, -1.0), np.full(45, 0.9), np.full(5, 2.5)]
    columns = (Column("score", "numeric", scores), Column("money", "numeric", np.full(100, 3.0)))
    member = np.zeros((100, 2))
    member[:50, 0] = member[50:, 1] = 1.0
    table = evidence.markers(columns, member, np.ones(100))
    assert table.loc[table["basis"] == "score", "marker"].tolist() == [True, True]
    assert table.loc[table["basis"] == "money", "marker"].tolist() == [False, False]
    mixed = np.full((100, 1), 1.0)
    assert not evidence.markers(columns, mixed, np.ones(100))["marker"].any()
    # a mean near zero is not a reason: .05 is far more than half of it, yet nothing of the spread
    near = np.column_stack([np.arange(100) % 2 == 0, np.arange(100) % 2 == 1]).astype(float)
    assert not evidence.markers(columns, near, np.ones(100))["marker"].any()


def three_groups() -> persona.Segmentation:
    draw = np.random.default_rng(5)
    centres = np.array([[0, 0, 0, 0], [4, 4, 0, 0], [0, 4, 4, 4]], dtype=float)
    own = np.repeat([0, 1, 2], [120, 90, 60])
    frame = pd.DataFrame(centres[own] + draw.normal(0, 0.7, (270, 4)), columns=list("abcd"))
    return persona.segment(frame, k=3, method="kmeans", seed=1)


def test_nodes_of_the_result_carry_its_numbers() -> None:
    found = three_groups()
    nodes = found.evidence.lineage.nodes
    own = nodes[nodes["k"] == 3].set_index("label")["share"]
    assert sorted(own.index) == [1, 2, 3]
    np.testing.assert_allclose(own[[1, 2, 3]], found.sizes["share"])
    assert (nodes.loc[nodes["k"] != 3, "label"] == 0).all()


def test_markers_follow_segments_that_are_joined() -> None:
    found = three_groups()
    joined, _ = merge(found, [(1, 3), (2,)])
    table = joined.evidence.markers
    assert sorted(table["segment"].unique()) == [1, 2]
    values = table.pivot(index="segment", columns="basis", values="value")
    np.testing.assert_allclose(values[list("abcd")], joined.centres[list("abcd")])
    np.testing.assert_allclose(
        table.loc[table["segment"] == 1, "total"],
        found.evidence.markers.query("segment == 1")["total"],
    )


def test_a_basis_of_one_dimension_is_drawn_on_two_components() -> None:
    draw = np.random.default_rng(4)
    side = draw.choice([-1.0, 1.0], 300)[:, None]
    answers = np.clip(np.round(3 + 1.2 * side + 0.7 * draw.standard_normal((300, 4))), 1, 5)
    found = persona.segment(
        pd.DataFrame(answers, columns=list("abcd")), seed=1, pairs=4, null_draws=6
    )
    assert found.k == 2
    assert {"component_1", "component_2"} <= set(found.evidence.respondents.columns)
    assert found.evidence.components.shape == (4, 2)

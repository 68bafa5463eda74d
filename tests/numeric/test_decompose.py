"""Eigenvectors and singular vectors with one rule for signs."""

from __future__ import annotations

import numpy as np

from persona.numeric.decompose import eigen, signs, singular, smooth
from persona.numeric.threads import one_thread


def _correlation(seed: int, size: int = 6) -> np.ndarray:
    return np.corrcoef(np.random.default_rng(seed).standard_normal((size, 40)))


def test_eigen_is_ordered_signed_and_whole() -> None:
    matrix = _correlation(1)
    found = eigen(matrix)
    assert (np.diff(found.values) <= 0).all()
    np.testing.assert_allclose((found.vectors * found.values) @ found.vectors.T, matrix, atol=1e-12)
    largest = np.abs(found.vectors).argmax(axis=0)
    assert (found.vectors[largest, np.arange(6)] > 0).all()


def test_the_top_is_the_beginning_of_all() -> None:
    matrix = _correlation(2)
    whole, top = eigen(matrix), eigen(matrix, 2)
    np.testing.assert_allclose(top.values, whole.values[:2], atol=1e-12)
    np.testing.assert_allclose(top.vectors, whole.vectors[:, :2], atol=1e-9)


def test_signs_do_not_depend_on_the_sign_given() -> None:
    vectors = np.random.default_rng(3).standard_normal((5, 4))
    flipped = vectors * np.array([1, -1, -1, 1])
    np.testing.assert_array_equal(vectors * signs(vectors), flipped * signs(flipped))


def test_equal_entries_that_differ_in_the_last_digit_keep_their_sign() -> None:
    vector = np.array([[0.5], [-0.5]])
    nudged = vector * np.array([[1.0], [1 + 1e-15]])
    assert signs(vector)[0] == signs(nudged)[0] == 1.0


def test_singular_puts_the_matrix_together_again() -> None:
    matrix = np.random.default_rng(4).standard_normal((7, 3))
    found = singular(matrix)
    np.testing.assert_allclose((found.left * found.values) @ found.right.T, matrix, atol=1e-12)


def test_smoothing_leaves_a_proper_matrix_alone_and_mends_others() -> None:
    proper = _correlation(5)
    same, change = smooth(proper)
    assert change == 0.0
    assert same is proper
    broken = np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.9], [0.1, 0.9, 1.0]])
    assert np.linalg.eigvalsh(broken)[0] < 0
    fixed, change = smooth(broken)
    assert np.linalg.eigvalsh(fixed)[0] >= 0
    np.testing.assert_allclose(np.diag(fixed), 1.0)
    assert 0 < change < 0.3


def test_blas_is_held_to_one_thread() -> None:
    from threadpoolctl import threadpool_info

    @one_thread
    def threads() -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    assert set(threads()) == {1}

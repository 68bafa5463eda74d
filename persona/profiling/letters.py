"""Letters that say which columns of a table a figure is significantly above."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from persona.profiling.significance import Array


def column_letters(groups: Sequence[int]) -> tuple[str, ...]:
    """A letter for each column: A, B, ... over the banner, by group when there are many.

    Past 26 columns the letters begin anew in each group, because only columns of one group are
    compared; a group of more than 26 goes on with AA, AB.

    Examples
    --------
    >>> column_letters([0, 0, 1])
    ('A', 'B', 'C')
    """
    if len(groups) <= 26:
        return tuple(ascii_uppercase[i] for i in range(len(groups)))
    seen: dict[int, int] = {}
    letters = []
    for group in groups:
        i = seen.get(group, 0)
        seen[group] = i + 1
        high, low = divmod(i, 26)
        letters.append((ascii_uppercase[high - 1] if high else "") + ascii_uppercase[low])
    return tuple(letters)


def assign_letters(
    figures: Array,
    p_values: Array,
    pairs: Sequence[tuple[int, int]],
    letters: Sequence[str],
    levels: tuple[float, float],
) -> NDArray[np.str_]:
    """The letters of each cell: lower case at the first level, upper case at the second.

    Parameters
    ----------
    figures : array (rows, columns)
        What is compared; the higher of a pair gets the other's letter.
    p_values : array (rows, pairs)
        NaN where no test was made.

    Examples
    --------
    >>> assign_letters(np.array([[70.0, 50.0]]), np.array([[0.01]]), [(0, 1)], "AB", (0.05, 0.001))
    array([['b', '']], dtype=object)
    """
    rows, columns = figures.shape
    found: list[list[list[str]]] = [[[] for _ in range(columns)] for _ in range(rows)]
    for j, (a, b) in enumerate(pairs):
        for i in np.flatnonzero(p_values[:, j] < max(levels)).tolist():
            strong = p_values[i, j] < min(levels)
            high, low = (a, b) if figures[i, a] > figures[i, b] else (b, a)
            letter = letters[low]
            found[i][high].append(letter if strong else letter.lower())
    glue = " " if any(len(letter) > 1 for letter in letters) else ""
    result = np.empty((rows, columns), dtype=object)
    for i in range(rows):
        for k in range(columns):
            result[i, k] = glue.join(sorted(found[i][k], key=str.upper))
    return result

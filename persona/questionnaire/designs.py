"""Best-worst designs: which items are shown together, each as often, each pair as often.

A set shows some of the items. Items are drawn so that none is shown twice oftener than another
and pairs meet about equally often; several versions are balanced together (Louviere, Flynn and
Marley 2015, ch. 2, describe the aims).
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_TRIES = 60


@dataclass(frozen=True)
class Balance:
    """How even a design is.

    ``exposures`` and ``pairs`` count by item and by pair over all versions.
    """

    exposures: tuple[int, ...]
    pairs: tuple[int, ...]

    @property
    def unevenness(self) -> tuple[int, int]:
        """Spread of exposures and sum of squares of pairs: smaller is better."""
        spread = max(self.exposures) - min(self.exposures)
        return spread, sum(count * count for count in self.pairs)


def draw_design(
    n_items: int, sets: int, per_set: int, versions: int = 1, seed: int = 0
) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Sets of item positions by version, as even as many draws make it.

    Parameters
    ----------
    n_items : int
    sets : int
        Sets a respondent sees.
    per_set : int
        Items a set.
    versions : int
        Different questionnaires, handed out in turn.
    seed : int

    Returns
    -------
    tuple of versions of sets of positions, 0-based

    Examples
    --------
    >>> design = draw_design(6, sets=6, per_set=3)
    >>> balance(design, 6).exposures
    (3, 3, 3, 3, 3, 3)
    """
    if not 0 < per_set <= n_items or sets < 1 or versions < 1:
        return ()
    source = random.Random(seed)
    drawn = [_draw(n_items, sets * versions, per_set, source) for _ in range(_TRIES)]
    flat = min(drawn, key=lambda one: balance((one,), n_items).unevenness)
    return tuple(flat[start : start + sets] for start in range(0, sets * versions, sets))


def _draw(
    n_items: int, n_sets: int, per_set: int, source: random.Random
) -> tuple[tuple[int, ...], ...]:
    """One design: always the items shown least, among them those that met least."""
    shown: Counter[int] = Counter()
    met: Counter[tuple[int, int]] = Counter()
    sets: list[tuple[int, ...]] = []
    for _ in range(n_sets):
        chosen: list[int] = []
        while len(chosen) < per_set:
            rest = [item for item in range(n_items) if item not in chosen]
            source.shuffle(rest)
            item = min(
                rest,
                key=lambda i: (shown[i], sum(met[_pair(i, other)] for other in chosen)),
            )
            met.update(_pair(item, other) for other in chosen)
            shown[item] += 1
            chosen.append(item)
        source.shuffle(chosen)
        sets.append(tuple(chosen))
    return tuple(sets)


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def balance(design: Sequence[Sequence[Sequence[int]]], n_items: int) -> Balance:
    """How often each item, and each pair of items, is shown over all versions."""
    sets = [part for version in design for part in version]
    shown = Counter(item for part in sets for item in part)
    met = Counter(_pair(*pair) for part in sets for pair in itertools.combinations(part, 2))
    return Balance(
        tuple(shown[item] for item in range(n_items)),
        tuple(met[pair] for pair in itertools.combinations(range(n_items), 2)),
    )

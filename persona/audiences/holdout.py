"""Who is kept back to compare with later: decided by person and seed, not by place in the list."""

from __future__ import annotations

import hashlib

_STEPS = 2**64


def held_out(person: str, share: float, seed: int) -> bool:
    """Whether a person is kept back.

    Every person has a number between 0 and 1 that depends on the seed and on nothing else, and is
    kept back when it is below the share: later lists keep the same people back, and a greater
    share keeps the former ones among its own.

    Parameters
    ----------
    person : str
        What a person is known by, the same in every list.
    share : float
        0 to below 1.
    seed : int

    Examples
    --------
    >>> people = [f"R{number}" for number in range(1000)]
    >>> few = {person for person in people if held_out(person, 0.1, 1)}
    >>> more = {person for person in people if held_out(person, 0.2, 1)}
    >>> few < more, 60 < len(few) < 140
    (True, True)
    """
    if share <= 0:
        return False
    digest = hashlib.sha256(f"{seed}:{person}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * _STEPS

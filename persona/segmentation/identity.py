"""Which segments of an earlier run stand in a later one: by the people in both, else by centres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from persona.segmentation.agreement import adjusted_rand, cross_table
from persona.segmentation.alignment import ORIGIN, align, match_centres
from persona.segmentation.arrays import Array
from persona.segmentation.result import Segmentation

FEWEST_SHARED = 10
"""Members of an earlier segment who must be in the later run for people to tell where it went."""

STRANGERS = 0.05
"""Adjusted Rand index under which ids that are in both runs are not of the same people."""

Group = tuple[int, ...]
Centres = Mapping[int, Mapping[str, float | str | None]]


@dataclass(frozen=True)
class Event:
    """A split or a merge.

    Parameters
    ----------
    kind : "split" or "merge"
    earlier : tuple of groups
        Of the earlier run, in its numbers.
    later : tuple of int
    """

    kind: str
    earlier: tuple[Group, ...]
    later: tuple[int, ...]


@dataclass(frozen=True)
class Identity:
    """Where the segments of an earlier run are now.

    Parameters
    ----------
    now : mapping of group to tuple of int
        Earlier segments, or several that a user joined, to those of the later run that are the
        same; groups that were not found are not in it.
    by_people, by_centres : tuple of groups
        How each was found.
    events : tuple of Event
    shared : int
        Respondents who are in both runs; 0 where their ids say nothing.
    """

    now: Mapping[Group, tuple[int, ...]]
    by_people: tuple[Group, ...]
    by_centres: tuple[Group, ...]
    events: tuple[Event, ...]
    shared: int


def recognise(
    groups: Sequence[Group],
    people: pd.Series | None,
    centres: Centres,
    later: Segmentation,
) -> Identity:
    """Find the segments of an earlier run in a later one.

    A segment with at least :data:`FEWEST_SHARED` members in both runs is the one that shares most
    people with it (the largest total Jaccard index); the others are the nearest by their centres
    among the segments left. Segments that a user joined are all those made of their people.

    Parameters
    ----------
    groups : sequence of tuples of segment numbers
        The segments of the earlier run; those that a user joined stand in one.
    people : Series, optional
        The place in ``groups``, from 0, of each respondent who was in the earlier run.
    centres : mapping
        Number of an earlier segment to its centre on each basis.
    later : Segmentation
    """
    both = _in_both(people, later)
    sizes = np.bincount(both["earlier"], minlength=len(groups)) if len(both) else np.zeros(1)
    known = [place for place, size in enumerate(sizes) if size >= FEWEST_SHARED]
    now: dict[Group, tuple[int, ...]] = {}
    events: tuple[Event, ...] = ()
    if known:
        found = align(both["earlier"] + 1, both["later"])
        table = cross_table(
            both["earlier"].to_numpy(int), both["later"].to_numpy(int) - 1, None, later.k
        )
        now = _by_people(groups, known, found.numbers, table)
        events = _events(found.events, groups, now)
    taken = {number for numbers in now.values() for number in numbers}
    rest = [group for place, group in enumerate(groups) if place not in known]
    by_people = tuple(now)
    now |= _by_centres(rest, centres, later, set(range(1, later.k + 1)) - taken)
    return Identity(
        now,
        by_people,
        tuple(group for group in rest if group in now),
        events,
        len(both) if known else 0,
    )


def _in_both(people: pd.Series | None, later: Segmentation) -> pd.DataFrame:
    """Who is in both runs, with the place of the earlier and the number of the later segment.

    Nobody, when segments and ids have so little to do with each other that the ids must be those
    of other people, or the segments of another matter.
    """
    labels = later.labels.dropna().astype(int)
    nobody = pd.DataFrame({"earlier": [], "later": []}, dtype=int)
    if people is None:
        return nobody
    table = pd.DataFrame({"earlier": people.dropna().astype(int), "later": labels}).dropna()
    table = table.astype(int)
    lone = table["earlier"].nunique() < 2 or table["later"].nunique() < 2
    if not len(table) or (not lone and adjusted_rand(table["earlier"], table["later"]) < STRANGERS):
        return nobody
    return table


def _by_people(
    groups: Sequence[Group], known: Sequence[int], same: Mapping[int, int], table: Array
) -> dict[Group, tuple[int, ...]]:
    now: dict[Group, tuple[int, ...]] = {
        groups[place]: (same[place + 1],) for place in known if place + 1 in same
    }
    taken = {number for numbers in now.values() for number in numbers}
    comes = table / np.maximum(table.sum(axis=0), 1)
    for place in known:
        group = groups[place]
        if len(group) < 2:
            continue
        mostly = {int(j) + 1 for j in np.flatnonzero(comes[place] >= ORIGIN)} - taken
        numbers = tuple(sorted({*now.get(group, ()), *mostly}))
        if numbers:
            now[group] = numbers
    return now


def _events(
    events: pd.DataFrame, groups: Sequence[Group], now: Mapping[Group, tuple[int, ...]]
) -> tuple[Event, ...]:
    """Splits and merges; what a user joined and is joined again did not split."""
    out = []
    for kind, earlier, later in events[["kind", "earlier", "later"]].itertuples(index=False):
        of = tuple(groups[number - 1] for number in earlier)
        again = kind == "split" and set(later) <= set(now.get(of[0], ()))
        if kind in ("split", "merge") and not again:
            out.append(Event(kind, of, tuple(later)))
    return tuple(out)


def _by_centres(
    groups: Sequence[Group], centres: Centres, later: Segmentation, free: set[int]
) -> dict[Group, tuple[int, ...]]:
    wanted = {member: centres[member] for group in groups for member in group if member in centres}
    found = match_centres(wanted, later, free) if wanted and free else {}
    return {
        group: tuple(sorted(found[member] for member in group if member in found))
        for group in groups
        if any(member in found for member in group)
    }

"""Who comes on the list: each person has one fate, so that the counts add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from persona.audiences.cells import Cell, Filled
from persona.audiences.consent import NO, NONE
from persona.audiences.holdout import held_out
from persona.audiences.matching import Taken
from persona.audiences.normalising import email_address, phone_number, tidy
from persona.audiences.people import People
from persona.audiences.profile import Profile

WRITTEN, HOLDOUT = "written", "holdout"
FATES = (
    "no_segment",
    "excluded_segment",
    "other_segment",
    "uncertain",
    "refused",
    "no_answer",
    "no_identity",
    "invalid",
    "duplicate",
    "faulty",
    "too_small",
    HOLDOUT,
    WRITTEN,
)
"""What becomes of people, in the order in which it is decided."""
FATES_IN_WORDS: Mapping[str, str] = {
    "no_segment": "without a segment",
    "excluded_segment": "of segments the study leaves out",
    "other_segment": "of segments not asked for",
    "uncertain": "uncertain in their segment",
    "refused": "refused",
    "no_answer": "gave no answer about consent",
    "no_identity": "without the address, number or id that the destination needs",
    "invalid": "with an address or number that is none",
    "duplicate": "twice or more on the list",
    "faulty": "with a cell the destination does not take",
    "too_small": "of segments too small to hand on",
    HOLDOUT: "kept back to compare with",
    WRITTEN: "written",
}


@dataclass(frozen=True)
class Rules:
    """What decides who is written.

    Parameters
    ----------
    wanted : set of int or None
        Segments asked for; None for all.
    include_uncertain : bool
    certain_from : float
    least : int
        Fewest written people of a segment.
    holdout : float
    seed : int
    """

    wanted: frozenset[int] | None
    include_uncertain: bool
    certain_from: float
    least: int
    holdout: float
    seed: int


@dataclass(frozen=True)
class Selection:
    """The fate of each person.

    Parameters
    ----------
    fates : tuple of str
    keys : tuple of str
        What each person is known by in a later list.
    small : mapping of segment to people
        Segments that are too small, with how many there would have been.
    """

    fates: tuple[str, ...]
    keys: tuple[str, ...]
    small: Mapping[int, int]

    def where(self, fate: str) -> tuple[int, ...]:
        """The people of a fate."""
        return tuple(person for person, one in enumerate(self.fates) if one == fate)

    @property
    def counts(self) -> dict[str, int]:
        """How many people met each fate."""
        met = Counter(self.fates)
        return {fate: met[fate] for fate in FATES}


def with_certainty(people: People, certain_from: float) -> People:
    """People with their uncertainty: as their file says, else by the probability."""
    flags = tuple(
        said if said is not None else None if chance is None else chance < certain_from
        for said, chance in zip(people.uncertain, people.probabilities, strict=True)
    )
    return replace(people, uncertain=flags)


def select(
    people: People,
    consent: Sequence[str],
    filled: Sequence[Filled],
    faulty: frozenset[int],
    taken: Taken,
    profile: Profile,
    rules: Rules,
    country_code: int | None = None,
) -> Selection:
    """Decide about everybody.

    Who refused stays refused wherever the same id, address or number stands again, whatever the
    list shows of it. Of people with the same first filled column of the identity, the first is
    written.

    Parameters
    ----------
    people : People
        With their uncertainty.
    consent : sequence of "yes", "no" or "none"
    filled : sequence of Filled
        The columns of the list.
    faulty : set of int
        People with a cell that the destination does not take.
    taken : Taken
    profile : Profile
    rules : Rules
    country_code : int, optional
    """
    identity = [part for part in filled if part.column.name in profile.identity]
    aliases = known_as(people, taken, country_code)
    refused = _refused(consent, aliases)
    bad = frozenset(person for part in identity for person in part.unreadable)
    required = [part for part in filled if part.column.required]
    keys = person_keys(people, aliases)
    first: set[tuple[int, Cell]] = set()
    fates = []
    for person in range(people.n):
        known = next(
            ((n, part.cells[person]) for n, part in enumerate(identity) if part.cells[person]), None
        )
        lacking = known is None or any(part.cells[person] is None for part in required)
        fate = _before(people, person, rules)
        if fate is None:
            elsewhere = any((name, one[person]) in refused for name, one in aliases.items())
            fate = _of_consent(consent[person], elsewhere)
        if fate is None and lacking:
            fate = "invalid" if person in bad else "no_identity"
        if fate is None and known in first:
            fate = "duplicate"
        if fate is None and known is not None:
            first.add(known)
            fate = "faulty" if person in faulty else None
        fates.append(fate or _kept_back(keys[person], rules))
    return _without_small(people, fates, keys, profile, rules)


def _before(people: People, person: int, rules: Rules) -> str | None:
    segment = people.segments[person]
    if segment is None:
        return "no_segment"
    if segment in people.excluded:
        return "excluded_segment"
    if rules.wanted is not None and segment not in rules.wanted:
        return "other_segment"
    if people.uncertain[person] and not rules.include_uncertain:
        return "uncertain"
    return None


def _of_consent(said: str, elsewhere: bool) -> str | None:
    if said == NO or elsewhere:
        return "refused"
    return "no_answer" if said == NONE else None


def _refused(
    consent: Sequence[str], aliases: Mapping[str, Sequence[str]]
) -> frozenset[tuple[str, str]]:
    """What people who refused are known by: field and value."""
    return frozenset(
        (name, values[person])
        for name, values in aliases.items()
        for person, said in enumerate(consent)
        if said == NO and values[person]
    )


def _kept_back(key: str, rules: Rules) -> str:
    return HOLDOUT if held_out(key, rules.holdout, rules.seed) else WRITTEN


def known_as(people: People, taken: Taken, country_code: int | None) -> dict[str, tuple[str, ...]]:
    """What each person is known by, by field, in the form in which it is compared."""
    read: tuple[tuple[str, Callable[[object], str | None]], ...] = (
        *((name, tidy) for name in ("id", "customer_id", "user_id")),
        ("email", email_address),
        ("phone", lambda cell: phone_number(cell, country_code)),
        ("client_id", tidy),
    )
    return {
        name: tuple(folded(cell) or "" for cell in taken.fields[name].cells)
        for name, folded in read
        if name in taken.fields
    }


def person_keys(people: People, aliases: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What each person is known by in any list: the first id, address or number there is.

    An id comes before an address, because people change addresses; the row is the last resort.
    """
    return tuple(
        next((values[person] for values in aliases.values() if values[person]), f"row {person + 1}")
        for person in range(people.n)
    )


def _without_small(
    people: People,
    fates: Sequence[str],
    keys: tuple[str, ...],
    profile: Profile,
    rules: Rules,
) -> Selection:
    """Segments of which too few would be written are not written at all."""
    written = Counter(
        segment for segment, fate in zip(people.segments, fates, strict=True) if fate == WRITTEN
    )
    met = {
        segment
        for segment, fate in zip(people.segments, fates, strict=True)
        if fate in (WRITTEN, HOLDOUT) and segment is not None
    }
    least = rules.least
    if profile.split == "segment":
        least = max(least, profile.limits.least_rows)
    small = {segment: written[segment] for segment in sorted(met) if written[segment] < least}
    decided = tuple(
        "too_small" if segment in small and fate in (WRITTEN, HOLDOUT) else fate
        for segment, fate in zip(people.segments, fates, strict=True)
    )
    return Selection(decided, keys, small)

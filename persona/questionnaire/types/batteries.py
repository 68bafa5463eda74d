"""What batteries of items share: too few items, keys that cancel, texts that repeat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from persona.errors import error, warning
from persona.questionnaire.texts import Texts
from persona.questionnaire.types.base import Finding
from persona.questionnaire.variables import Category


class Line(Protocol):
    """One line of a battery, whatever it shows."""

    @property
    def id(self) -> str: ...

    @property
    def reverse(self) -> bool: ...


FEWEST_FOR_A_BASIS = 3
"""Items per factor (Costello and Osborne 2005)."""


def battery_findings(items: Sequence[Line], role: str, question: str) -> Iterator[Finding]:
    """Problems of a battery in itself."""
    if not items:
        yield (
            ("items",),
            error(
                "battery.empty", "The battery has no items.", question=question, remedy="Add items."
            ),
        )
        return
    if len(items) == 1:
        yield (
            ("items",),
            warning(
                "battery.one_item",
                "The battery has one item, so neither factors nor reliability can be told.",
                question=question,
                remedy="Add items, or ask it as a single or rating question.",
            ),
        )
    elif role == "basis" and len(items) < FEWEST_FOR_A_BASIS:
        yield (
            ("items",),
            warning(
                "battery.few_items",
                "The battery is a basis of segments and has {count} items; a factor takes three.",
                question=question,
                remedy="Add items, or join it with another battery.",
                values={"count": len(items)},
            ),
        )
    if len(items) > 1 and all(item.reverse for item in items):
        yield (
            ("items",),
            warning(
                "battery.all_reversed",
                "Every item of the battery is reversed, so the whole battery is turned round.",
                question=question,
                remedy="Reverse only the items keyed against the others.",
            ),
        )
    yield from _keyed_twice(items, question)


def _keyed_twice(items: Sequence[Line], question: str) -> Iterator[Finding]:
    first: dict[str, Line] = {}
    for place, item in enumerate(items):
        held = first.setdefault(item.id, item)
        if held is not item:
            keys = "once plain and once reversed" if held.reverse != item.reverse else "twice"
            yield (
                ("items", place),
                error(
                    "battery.keyed_twice",
                    "The item {item!r} stands in the battery {keys}.",
                    question=question,
                    remedy="Keep it once, or give the second another id.",
                    values={"item": item.id, "keys": keys},
                ),
            )


def ends(
    codes: Sequence[int], low: Texts, high: Texts, languages: Sequence[str]
) -> tuple[Category, ...]:
    """Points that are called by their number, but the two ends by their words."""
    numbered = {code: {language: str(code) for language in languages} for code in codes}
    if len(codes) > 1:
        numbered[codes[0]] |= dict(low)
        numbered[codes[-1]] |= dict(high)
    return tuple(Category(code, text) for code, text in numbered.items())

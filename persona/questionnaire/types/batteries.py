"""What batteries of items share: too few items, keys that cancel, texts that repeat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from persona.errors import error, warning
from persona.questionnaire.parts import Item
from persona.questionnaire.types.base import Finding

FEWEST_FOR_A_BASIS = 3
"""Items per factor (Costello and Osborne 2005)."""


def battery_findings(items: Sequence[Item], role: str, question: str) -> Iterator[Finding]:
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


def _keyed_twice(items: Sequence[Item], question: str) -> Iterator[Finding]:
    first: dict[str, Item] = {}
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

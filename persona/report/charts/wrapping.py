"""Texts folded to a width in pixels, by the widths of the report's font."""

from __future__ import annotations

from collections.abc import Iterator

from persona.report.charts.measure import text_width
from persona.report.charts.shapes import Anchor, Words

_MORE = "…"


def lines_within(
    text: str, width: float, size: float, bold: bool = False, most: int = 2
) -> list[str]:
    """The lines of a text that are at most so wide; what does not fit ends in an ellipsis.

    Examples
    --------
    >>> lines_within("unspoilt nature and landscape", 90, 11)
    ['unspoilt nature', 'and landscape']
    """

    def fits(part: str) -> bool:
        return text_width(part, size, bold) <= width

    lines: list[str] = []
    for word in _pieces(text.split(), width, size, bold):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and fits(joined):
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) <= most:
        return lines or [""]
    last = lines[most - 1]
    while last and not fits(f"{last} {_MORE}"):
        last = last[:-1].rstrip()
    return [*lines[: most - 1], f"{last} {_MORE}"]


def _pieces(words: list[str], width: float, size: float, bold: bool) -> Iterator[str]:
    """Words, those that are wider than a line in parts."""
    for word in words:
        rest = word
        while text_width(rest, size, bold) > width and len(rest) > 1:
            end = len(rest) - 1
            while end > 1 and text_width(rest[:end], size, bold) > width:
                end -= 1
            yield rest[:end]
            rest = rest[end:]
        yield rest


def within(
    x: float,
    y: float,
    text: str,
    width: float,
    colour: str,
    size: float = 12.0,
    anchor: Anchor = "start",
    bold: bool = False,
    most: int = 2,
) -> tuple[Words, ...]:
    """A text over at most so many lines of a width in pixels, its middle at ``y``."""
    lines = lines_within(text, width, size, bold, most)
    step = size * 1.12
    top = y + size * 0.35 - step * (len(lines) - 1) / 2
    return tuple(
        Words(x, top + step * place, one, colour, size, anchor, bold)
        for place, one in enumerate(lines)
    )

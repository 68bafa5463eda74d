"""How wide a text stands in the report's font, read from the font itself."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from persona import resources

ASCENT, DESCENT = 0.75, 0.25
"""Of a line of text above and below its baseline, in parts of its size."""
_UNKNOWN = 0.6
"""Width of a character that the font lacks, in parts of the size: others draw it."""


def text_width(text: str, size: float, bold: bool = False) -> float:
    """The width of one line of text, in the unit of ``size``; kerning is left out."""
    widths = _widths("bold" if bold else "regular")
    return size * sum(widths.get(ord(character), _UNKNOWN) for character in text)


@lru_cache(maxsize=4)
def _widths(face: str) -> dict[int, float]:
    """Code point to advance width in parts of the size."""
    path = resources.root("reports") / "fonts" / f"persona-sans-{face}.otf"
    return widths(path)


def widths(path: Path) -> dict[int, float]:
    """Advance widths of an OpenType font by code point, in parts of the size.

    Reads the tables ``head``, ``hhea``, ``hmtx`` and ``cmap`` (formats 4 and 12) of the OpenType
    specification 1.9.
    """
    font = path.read_bytes()
    (tables,) = struct.unpack_from(">H", font, 4)
    at: dict[bytes, int] = {}
    for place in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * place)
        at[tag] = offset
    (em,) = struct.unpack_from(">H", font, at[b"head"] + 18)
    (metrics,) = struct.unpack_from(">H", font, at[b"hhea"] + 34)
    advances = [one[0] for one in struct.iter_unpack(">HH", _slice(font, at[b"hmtx"], 4 * metrics))]
    return {
        code: advances[min(glyph, metrics - 1)] / em
        for code, glyph in _glyphs(font, at[b"cmap"]).items()
        if glyph
    }


def _slice(font: bytes, start: int, length: int) -> bytes:
    return font[start : start + length]


def _glyphs(font: bytes, start: int) -> Mapping[int, int]:
    """Code point to glyph, of every subtable of a format that is read."""
    (count,) = struct.unpack_from(">H", font, start + 2)
    found: dict[int, int] = {}
    for place in range(count):
        platform, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * place)
        (kind,) = struct.unpack_from(">H", font, start + offset)
        if platform not in (0, 3) or kind not in (4, 12):
            continue
        read = _segments if kind == 4 else _groups
        found |= dict(read(font, start + offset))
    return found


def _segments(font: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Format 4: segments of code points, each with a shift or places in an array of glyphs."""
    (double,) = struct.unpack_from(">H", font, start + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", font, start + 14)
    starts = struct.unpack_from(f">{count}H", font, start + 16 + double)
    shifts = struct.unpack_from(f">{count}h", font, start + 16 + 2 * double)
    ranges = start + 16 + 3 * double
    offsets = struct.unpack_from(f">{count}H", font, ranges)
    for place in range(count):
        for code in range(starts[place], min(ends[place], 0xFFFE) + 1):
            if offsets[place] == 0:
                yield code, (code + shifts[place]) & 0xFFFF
                continue
            where = ranges + 2 * place + offsets[place] + 2 * (code - starts[place])
            (glyph,) = struct.unpack_from(">H", font, where)
            yield code, (glyph + shifts[place]) & 0xFFFF if glyph else 0


def _groups(font: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Format 12: runs of code points and of glyphs."""
    (count,) = struct.unpack_from(">I", font, start + 12)
    for place in range(count):
        first, last, glyph = struct.unpack_from(">III", font, start + 16 + 12 * place)
        for code in range(first, last + 1):
            yield code, glyph + code - first

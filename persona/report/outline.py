"""Bookmarks for a finished PDF, and the pages its named places stand on.

The engine writes named destinations and no outline. An incremental update (ISO 32000-1, 7.5.6)
appends one, with the language of the text and the wish to show the title; nothing that stands in
the file is touched.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_STREAM = re.compile(
    rb"<< /Type /ObjStm\s+/Length [^\n]*\n\s*/N (\d+)\s+/First (\d+)\s+/Filter /FlateDecode\s*>>"
    rb"\s*stream\r?\n(.*?)\r?\nendstream",
    re.S,
)
_XREF = re.compile(rb"/Type /XRef.*?/Size (\d+).*?/Root (\d+) 0 R\s+/Info (\d+) 0 R", re.S)
_DESTINATION = re.compile(rb"\(((?:\\.|[^\\()])*)\) \[(\d+) 0 R /XYZ ([\d.\-]+) ([\d.\-]+) 0\]")
_PLAIN_OBJECT = re.compile(rb"^(\d+) 0 obj\s(.*?)(?:^endobj|\bstream\b)", re.M | re.S)
_PLAIN_PLACE = re.compile(rb"/(\S+) \[(\d+) 0 R /XYZ ([\d.\-]+) ([\d.\-]+) 0\]")
_KIDS = re.compile(rb"/Type /Pages.*?/Kids \[(.*?)\]", re.S)


@dataclass(frozen=True)
class Place:
    """A named place: number of its page (from 1), object of the page, left and top in points."""

    page: int
    reference: int
    left: float
    top: float


@dataclass(frozen=True)
class Bookmark:
    """One line of the outline; ``depth`` 1 is the outermost."""

    title: str
    anchor: str
    depth: int = 1


@dataclass(frozen=True)
class _File:
    objects: Mapping[int, bytes]
    size: int
    root: int
    info: int
    start: int


def places(pdf: bytes) -> dict[str, Place]:
    """The named destinations of a PDF that plutoprint or a browser wrote; empty for others."""
    parsed = _parse(pdf)
    return _plain_places(pdf) if parsed is None else _places(parsed)


def with_outline(pdf: bytes, bookmarks: Sequence[Bookmark], language: str) -> bytes:
    """The PDF with an outline of the bookmarks whose anchors it has, and its language.

    Parameters
    ----------
    pdf : bytes
        As plutoprint writes it; a file of another engine is returned as it is.
    language : str
        ``"pl"``.
    """
    parsed = _parse(pdf)
    if parsed is None:
        return pdf
    known = _places(parsed)
    found = [bookmark for bookmark in bookmarks if bookmark.anchor in known]
    outline = parsed.size
    numbers = [outline + 1 + place for place in range(len(found))]
    objects = {outline: _outline_root(numbers, found)} if found else {}
    for place, bookmark in enumerate(found):
        objects[numbers[place]] = _item(place, found, numbers, outline, known[bookmark.anchor])
    catalog = parsed.objects[parsed.root].rstrip()
    added = f"   /Lang ({language})\n   /ViewerPreferences << /DisplayDocTitle true >>\n"
    if found:
        added += f"   /Outlines {outline} 0 R\n   /PageMode /UseOutlines\n"
    objects[parsed.root] = catalog.removesuffix(b">>") + added.encode() + b">>"
    return _appended(pdf, parsed, objects)


def _parse(pdf: bytes) -> _File | None:
    match = _XREF.search(pdf)
    start = pdf.rfind(b"startxref")
    if match is None or start < 0:
        return None
    objects: dict[int, bytes] = {}
    for stream in _STREAM.finditer(pdf):
        try:
            content = zlib.decompress(stream.group(3))
        except zlib.error:
            return None
        count, first = int(stream.group(1)), int(stream.group(2))
        head = [int(word) for word in content[:first].split()]
        starts = [*head[1 : 2 * count : 2], len(content) - first]
        for place in range(count):
            part = content[first + starts[place] : first + starts[place + 1]]
            objects[head[2 * place]] = part
    size, root, info = (int(part) for part in match.groups())
    if root not in objects:
        return None
    return _File(objects, size, root, info, int(pdf[start + 9 :].split()[0]))


def _places(parsed: _File) -> dict[str, Place]:
    pages: list[int] = []
    for content in parsed.objects.values():
        if match := _KIDS.search(content):
            pages = [int(kid) for kid in re.findall(rb"(\d+) 0 R", match.group(1))]
    found = {}
    for content in parsed.objects.values():
        for name, page, left, top in _DESTINATION.findall(content):
            reference = int(page)
            if reference in pages:
                number = pages.index(reference) + 1
                found[name.decode("latin-1")] = Place(number, reference, float(left), float(top))
    return found


def _plain_places(pdf: bytes) -> dict[str, Place]:
    """The named destinations of a browser's PDF, whose objects are not packed."""
    root = re.findall(rb"/Root (\d+) 0 R", pdf)
    if not root:
        return {}
    objects = {int(number): content for number, content in _PLAIN_OBJECT.findall(pdf)}
    catalog = objects.get(int(root[-1]), b"")
    named = re.search(rb"/Dests (\d+) 0 R", catalog)
    tree = re.search(rb"/Pages (\d+) 0 R", catalog)
    if named is None or tree is None:
        return {}
    pages = _leaves(int(tree.group(1)), objects)
    return {
        name.decode("latin-1"): Place(
            pages.index(int(page)) + 1, int(page), float(left), float(top)
        )
        for name, page, left, top in _PLAIN_PLACE.findall(objects.get(int(named.group(1)), b""))
        if int(page) in pages
    }


def _leaves(number: int, objects: Mapping[int, bytes]) -> list[int]:
    """The pages below a node of the tree of pages, in their order."""
    kids = _KIDS.search(objects.get(number, b""))
    if kids is None:
        return [number]
    below = (int(kid) for kid in re.findall(rb"(\d+) 0 R", kids.group(1)))
    return [leaf for kid in below for leaf in _leaves(kid, objects)]


def _text(title: str) -> str:
    return "<FEFF" + title.encode("utf-16-be").hex().upper() + ">"


def _children(place: int, found: Sequence[Bookmark]) -> list[int]:
    """Places of the bookmarks directly below one (or the outermost ones for -1)."""
    depth = found[place].depth if place >= 0 else 0
    below: list[int] = []
    for later in range(place + 1, len(found)):
        if found[later].depth <= depth:
            break
        if not below or found[later].depth <= found[below[0]].depth:
            below.append(later)
    return below


def _outline_root(numbers: Sequence[int], found: Sequence[Bookmark]) -> bytes:
    top = _children(-1, found)
    return (
        f"<< /Type /Outlines /First {numbers[top[0]]} 0 R /Last {numbers[top[-1]]} 0 R "
        f"/Count {len(found)} >>"
    ).encode()


def _item(
    place: int, found: Sequence[Bookmark], numbers: Sequence[int], root: int, at: Place
) -> bytes:
    parent = max((i for i in range(place) if place in _children(i, found)), default=-1)
    siblings = _children(parent, found)
    index = siblings.index(place)
    parts = [
        f"<< /Title {_text(found[place].title)}",
        f"/Parent {numbers[parent] if parent >= 0 else root} 0 R",
        f"/Dest [{at.reference} 0 R /XYZ {at.left:.2f} {at.top:.2f} 0]",
    ]
    if index > 0:
        parts.append(f"/Prev {numbers[siblings[index - 1]]} 0 R")
    if index + 1 < len(siblings):
        parts.append(f"/Next {numbers[siblings[index + 1]]} 0 R")
    below = _children(place, found)
    if below:
        parts.append(f"/First {numbers[below[0]]} 0 R /Last {numbers[below[-1]]} 0 R")
        parts.append(f"/Count {len(below)}")
    return (" ".join(parts) + " >>").encode()


def _appended(pdf: bytes, parsed: _File, objects: Mapping[int, bytes]) -> bytes:
    out = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    offsets = {}
    for number in sorted(objects):
        offsets[number] = len(out)
        out += f"{number} 0 obj\n".encode() + objects[number] + b"\nendobj\n"
    reference = max([parsed.size - 1, *objects]) + 1
    offsets[reference] = len(out)
    index, rows = [], bytearray()
    for number in sorted(offsets):
        index.append(f"{number} 1")
        rows += b"\x01" + offsets[number].to_bytes(4, "big") + b"\x00\x00"
    out += (
        f"{reference} 0 obj\n<< /Type /XRef /Size {reference + 1} /Index [{' '.join(index)}] "
        f"/W [1 4 2] /Root {parsed.root} 0 R /Info {parsed.info} 0 R /Prev {parsed.start} "
        f"/Length {len(rows)} >>\nstream\n"
    ).encode()
    out += rows + f"\nendstream\nendobj\nstartxref\n{offsets[reference]}\n%%EOF\n".encode()
    return bytes(out)

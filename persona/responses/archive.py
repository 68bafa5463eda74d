"""Open zipped workbooks safely: sizes, XML entities and macros before any reader sees them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from persona.errors import DataError, Problem, error, note, warning
from persona.responses.sniff import Source, broken, encrypted

#: The largest unpacked size of a workbook. 100,000 respondents by 150 questions need 0.6 GB.
LARGEST_UNPACKED = 1_500_000_000
#: Packed XML of real sheets shrinks 8 to 60 times; a sheet of empty rows some hundred times.
LARGEST_RATIO = 120
#: Below this size a high ratio does no harm.
HARMLESS_UNPACKED = 200_000_000
_PIECE = 1 << 18
_LOCAL_HEADER, _LENGTHS_AT = 30, 26  # bytes of a zip entry's header, and where lengths stand
#: What the zip reader raises of damaged parts; of unknown compression a RuntimeError.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    RuntimeError,
    ValueError,
    OSError,
)


@dataclass(frozen=True)
class Archive:
    """A zipped workbook whose sizes were found harmless."""

    source: Source
    sizes: Mapping[str, int]
    problems: tuple[Problem, ...]

    def pieces(self, name: str) -> Iterator[bytes]:
        """One part, unpacked piece by piece, without its check sum, which a reader looks at."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.source.content)) as archive:
                entry = archive.getinfo(name)
            at = entry.header_offset
            lengths = struct.unpack_from("<HH", self.source.content, at + _LENGTHS_AT)
            start = at + _LOCAL_HEADER + sum(lengths)
            packed = memoryview(self.source.content)[start : start + entry.compress_size]
            if entry.compress_type == zipfile.ZIP_STORED:
                yield bytes(packed)
            elif entry.compress_type == zipfile.ZIP_DEFLATED:
                yield from _inflated(packed, entry.file_size)
            else:
                raise DataError(broken(self.source))
        except (*_DAMAGE, struct.error):
            raise DataError(broken(self.source)) from None

    def read(self, name: str) -> bytes:
        """One part, unpacked; refuses entity declarations in XML parts."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.source.content)) as archive:
                content = archive.read(name)
        except _DAMAGE:
            raise DataError(broken(self.source)) from None
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):  # declarations and cells would hide in UTF-16
            content = content.decode("utf-16", "replace").encode()
        if _declares_entities(name, content):
            raise DataError(
                error(
                    "file.entities",
                    "The workbook declares XML entities in {part}, which no spreadsheet needs and "
                    "which can fill all memory.",
                    file=str(self.source.path),
                    remedy="Open it in Excel or LibreOffice and save it under a new name.",
                    values={"part": name},
                )
            )
        return content


def _inflated(packed: memoryview, most: int) -> Iterator[bytes]:
    """Unpack piece by piece, never more than the size that was declared."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    given = 0
    rest: bytes | memoryview = packed
    while given < most and not inflater.eof:
        piece = inflater.decompress(rest, _PIECE)
        if not piece:
            return
        given += len(piece)
        rest = inflater.unconsumed_tail
        yield piece


def _declares_entities(name: str, content: bytes) -> bool:
    if not name.endswith((".xml", ".rels")):
        return False
    return b"!" in content and (b"<!DOCTYPE" in content or b"<!ENTITY" in content)


def open_archive(source: Source) -> Archive:
    """The parts of a zipped workbook, when their declared sizes are harmless.

    Python's zip reader never unpacks more than the declared size of a part, so that the declared
    sizes bound what is read.

    Raises
    ------
    DataError
        The archive is damaged, encrypted, or would unpack to more than a survey can need.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError):
        raise DataError(broken(source)) from None
    if any(entry.flag_bits & 1 for entry in entries):
        raise DataError(encrypted(source))
    total = sum(entry.file_size for entry in entries)
    ratio = total / max(len(source.content), 1)
    if total > LARGEST_UNPACKED or (total > HARMLESS_UNPACKED and ratio > LARGEST_RATIO):
        raise DataError(
            error(
                "file.bomb",
                "The workbook would unpack from {packed:,.1f} to {size:,.0f} MB; it is not read.",
                file=str(source.path),
                allowed=f"{LARGEST_UNPACKED / 1e6:,.0f} MB",
                remedy="Delete the empty rows and columns below and beside the answers and save "
                "it under a new name, or export the answers as CSV.",
                values={"size": total / 1e6, "packed": len(source.content) / 1e6},
            )
        )
    sizes = {entry.filename: entry.file_size for entry in entries}
    return Archive(source, sizes, tuple(_remarks(source, sizes)))


def _remarks(source: Source, sizes: Mapping[str, int]) -> list[Problem]:
    remarks = []
    if any(name.endswith("vbaProject.bin") for name in sizes):
        remarks.append(
            warning(
                "file.macros",
                "The workbook holds macros; they are not run.",
                file=str(source.path),
            )
        )
    if any("/externalLinks/" in name for name in sizes):
        remarks.append(
            note(
                "file.links",
                "The workbook links to other workbooks; the values stored in it are used.",
                file=str(source.path),
            )
        )
    return remarks

"""What a file really is, judged by its bytes and never by its extension."""

from __future__ import annotations

import difflib
import hashlib
import io
import os
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from persona.errors import DataError, Problem, error

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Kind(StrEnum):
    """The physical form of a file of answers."""

    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"
    SAV = "sav"
    POR = "por"
    PARQUET = "parquet"
    JSON = "json"
    TRIPLE_S = "triple_s"
    LIMESURVEY = "lss"
    TEXT = "text"


WORKBOOKS = frozenset({Kind.XLSX, Kind.XLS, Kind.XLSB, Kind.ODS})


@dataclass(frozen=True)
class Source:
    """A file as read once: its path, its content and the SHA-256 of that."""

    path: Path
    content: bytes
    sha256: str

    @property
    def name(self) -> str:
        """The name to show in messages."""
        return self.path.name


def read_source(path: Path | str) -> Source:
    """The content of ``path`` with its SHA-256.

    Raises
    ------
    DataError
        The file is missing, is a folder, may not be read, or is empty.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataError(_missing(path)) from None
    except OSError as trouble:
        raise DataError(_unreadable(path, trouble)) from None
    if not content.strip(b"\x00 \t\r\n"):
        raise DataError(
            error(
                "file.empty",
                "The file is empty.",
                file=str(path),
                remedy="Export the answers again and give the new file.",
            )
        )
    return Source(path, content, hashlib.sha256(content).hexdigest())


def _missing(path: Path) -> Problem:
    near: list[str] = []
    if path.parent.is_dir():
        near = difflib.get_close_matches(path.name, os.listdir(path.parent), n=3, cutoff=0.5)
    return error(
        "file.missing",
        "There is no such file.",
        file=str(path),
        remedy="Did you mean " + " or ".join(near) + "?" if near else "Check name and folder.",
    )


def _unreadable(path: Path, trouble: OSError) -> Problem:
    if path.is_dir():
        return error(
            "file.folder",
            "This is a folder; a file of answers is needed.",
            file=str(path),
            remedy="Give the name of the file inside the folder.",
        )
    if isinstance(trouble, PermissionError):
        return error(
            "file.locked",
            "The file may not be read.",
            file=str(path),
            remedy="Close it in other programs, or ask for the right to read it.",
        )
    return error(
        "file.unreadable",
        "The file cannot be read: {reason}.",
        file=str(path),
        remedy="Check the disk or network drive it lies on, or copy it to another place.",
        values={"reason": trouble.strerror or str(trouble)},
    )


def kind_of(source: Source) -> Kind:
    """The physical form of a file, by its first bytes and what a zip holds.

    Raises
    ------
    DataError
        The file is encrypted, broken, or of a sort that holds no answers.
    """
    head = source.content[:512]
    if head.startswith(b"PK"):
        return _kind_of_zip(source)
    if head.startswith(_OLE):
        if _ENCRYPTED in source.content:
            raise DataError(encrypted(source))
        return Kind.XLS
    if head.startswith((b"$FL2", b"$FL3")):
        return Kind.SAV
    if b"SPSS PORT FILE" in head[:500]:
        return Kind.POR
    if head.startswith(b"PAR1"):
        return Kind.PARQUET
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] in (b"{", b"["):
        return Kind.JSON
    if text.startswith(b"<"):
        return _kind_of_markup(source, text)
    _refuse_foreign(source, head)
    return Kind.TEXT


def _kind_of_zip(source: Source) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            names = set(archive.namelist())
            if any(entry.flag_bits & 1 for entry in archive.infolist()):
                raise DataError(encrypted(source))
            mimetype = archive.read("mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, ValueError):
        raise DataError(broken(source)) from None
    if "xl/workbook.bin" in names:
        return Kind.XLSB
    if any(name.startswith("xl/") for name in names):
        return Kind.XLSX
    if b"opendocument.spreadsheet" in mimetype or "content.xml" in names:
        return Kind.ODS
    inside = ", ".join(sorted(names)[:3])
    raise DataError(
        error(
            "file.not_workbook",
            "The file is a zip archive but no workbook.",
            file=str(source.path),
            found=inside,
            allowed=".xlsx, .xls, .xlsb, .ods, .csv, .tsv, .sav, .por or .parquet",
            remedy="Unpack the archive and give the file of answers inside it.",
        )
    )


def _kind_of_markup(source: Source, text: bytes) -> Kind:
    start = text.lower()
    if b"<sss" in start:
        return Kind.TRIPLE_S
    if b"limesurveydoctype" in start or b"limesurveydoctype" in source.content[:2000].lower():
        return Kind.LIMESURVEY
    sort = "a web page (HTML)" if b"<html" in start or b"<table" in start else "an XML document"
    raise DataError(
        error(
            "file.markup",
            "The file is {sort}, whatever its name says; it cannot be read as answers.",
            file=str(source.path),
            remedy="Open it in Excel or LibreOffice and save it as .xlsx or as CSV.",
            values={"sort": sort},
        )
    )


_FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
    (b"<stata_dta>", "a Stata file"),
    (b"RDX", "an R data file"),
    (b"RDA", "an R data file"),
)


def _refuse_foreign(source: Source, head: bytes) -> None:
    for mark, sort in _FOREIGN:
        if head.startswith(mark):
            raise DataError(
                error(
                    "file.foreign",
                    "The file is {sort}; it cannot be read as answers.",
                    file=str(source.path),
                    allowed=".xlsx, .xls, .xlsb, .ods, .csv, .tsv, .sav, .por or .parquet",
                    remedy="Export the answers as Excel, CSV or SPSS.",
                    values={"sort": sort},
                )
            )


def encrypted(source: Source) -> Problem:
    """The problem of a file that is locked with a password."""
    return error(
        "file.encrypted",
        "The file is protected with a password.",
        file=str(source.path),
        remedy="Open it in Excel, remove the password (File, Info, Protect Workbook) and save it.",
    )


def broken(source: Source) -> Problem:
    """The problem of a file that was cut off or damaged."""
    return error(
        "file.broken",
        "The file is damaged or was cut off while it was copied.",
        file=str(source.path),
        remedy="Copy or export it again; if Excel opens it, save it there under a new name.",
    )

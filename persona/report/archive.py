"""Zip files (xlsx, pptx) with the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile

_MOMENT = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")


def steady(content: bytes, date: str = "2000-01-01T00:00:00Z") -> bytes:
    """The same archive with fixed dates, also in workbooks packed inside it.

    Parameters
    ----------
    content : bytes
        A zip file.
    date : str
        ISO moment that stands as created and modified.
    """
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename.endswith((".xlsx", ".pptx")):
                part = steady(part, date)
            elif entry.filename == "docProps/core.xml":
                part = _DATES.sub(rb"\g<1>" + date.encode() + rb"\g<2>", part)
            fixed = zipfile.ZipInfo(entry.filename, _MOMENT)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = 0o600 << 16
            made.writestr(fixed, part)
    return target.getvalue()

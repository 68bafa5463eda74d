"""Put the files of a list in their place: beside first, then moved; nothing of the user's lost."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persona.audiences.audience import Audience
from persona.audiences.report import counts_json, readme
from persona.errors import OutputError, error

_COUNTS, _README = "counts.json", "README.txt"


@dataclass(frozen=True)
class Placed:
    """The files written, those for the destination first, and old lists that were taken away."""

    files: tuple[Path, ...]
    removed: tuple[Path, ...] = ()


def place(audience: Audience, out: Path, about: dict[str, Any]) -> Placed:
    """Write a list with its counts into a folder, or into one file and others beside it.

    Files of an earlier list in the same place are replaced or, when this list has none of their
    name, taken away, because people on them may have refused since; they are told by the counts
    that were written with them. A file that persona did not write, or that was changed since, is
    never touched.

    Parameters
    ----------
    audience : Audience
    out : Path
        A folder; or, when it ends as the profile's files do, the one file.
    about : dict
        The study, its run and the people's file.

    Raises
    ------
    OutputError
        A file of the user's stands in the way, one file was asked for and the list has several, or
        the folder cannot be written.
    """
    form = audience.profile.file
    assert form is not None
    single = out.suffix.lower() == form.ending and not out.is_dir()
    if single and len(audience.files) > 1:
        raise OutputError(_several(audience, out))
    folder = out.parent if single else out
    names = _names(audience, out if single else None)
    behind = f"{out.stem}." if single else ""
    contents = {names[file.name]: file.content for file in audience.files}
    contents[f"{behind}{_README}"] = readme(audience, names)
    if audience.holdout is not None:
        contents[names[audience.holdout.name]] = audience.holdout.content
    counts = f"{behind}{_COUNTS}"
    before = _before(folder / counts)
    contents[counts] = counts_json(audience, about, names)
    with _trouble(out):
        _refuse_others(folder, contents, before, counts)
        folder.mkdir(parents=True, exist_ok=True)
        _replace_all(folder, contents)
        removed = _take_away(folder, before, contents)
    return Placed(tuple(folder / name for name in contents), removed)


def _names(audience: Audience, single: Path | None) -> dict[str, str]:
    files = [*audience.files, *([audience.holdout] if audience.holdout else [])]
    if single is None:
        return {file.name: file.name for file in files}
    return {
        file.name: f"{single.stem}.{file.name}" if file is audience.holdout else single.name
        for file in files
    }


def _before(counts: Path) -> Mapping[str, str]:
    """The files of the earlier list with their SHA-256, by its counts."""
    try:
        data = json.loads(counts.read_text(encoding="utf-8"))
        return {str(file["file"]): str(file["sha256"]) for file in data["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _refuse_others(
    folder: Path, contents: Mapping[str, bytes], before: Mapping[str, str], counts: str
) -> None:
    """Files in the way that no earlier list wrote, or that were changed since."""
    ours = {counts, counts.replace(_COUNTS, _README)} if before else set()
    wrong = [
        folder / name
        for name in contents
        if (folder / name).exists()
        and name not in ours
        and before.get(name) != _sha256(folder / name)
        and _sha256(folder / name) != hashlib.sha256(contents[name]).hexdigest()
    ]
    if wrong:
        raise OutputError(
            error(
                "audience.stands",
                "{names} stands already and is not overwritten.",
                file=str(wrong[0]),
                remedy="Move it away, or name another place with --out.",
                values={"names": ", ".join(path.name for path in wrong)},
            )
        )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _replace_all(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Every file complete beside its place before the first one is moved."""
    made: list[tuple[Path, Path]] = []
    try:
        for name, content in contents.items():
            handle, beside = tempfile.mkstemp(dir=folder, prefix=".", suffix=".new")
            made.append((Path(beside), folder / name))
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        for temporary, target in made:
            temporary.replace(target)
    finally:
        for temporary, _ in made:
            temporary.unlink(missing_ok=True)


def _take_away(
    folder: Path, before: Mapping[str, str], contents: Mapping[str, bytes]
) -> tuple[Path, ...]:
    gone = [
        folder / name
        for name, code in before.items()
        if name not in contents and Path(name).name == name and _sha256(folder / name) == code
    ]
    for path in gone:
        path.unlink()
    return tuple(gone)


def _several(audience: Audience, out: Path) -> Any:
    return error(
        "audience.several_files",
        "The list for {title} has {count} files, and one was named.",
        file=str(out),
        found=", ".join(file.name for file in audience.files),
        remedy="Name a folder with --out, or one segment with --segment.",
        values={"title": audience.profile.title, "count": len(audience.files)},
    )


@contextlib.contextmanager
def _trouble(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as refused:
        raise OutputError(
            error(
                "audience.cannot_write",
                "The list cannot be written: {reason}.",
                file=str(refused.filename or out),
                remedy="Close the file in other programs, make room, or name another place with "
                "--out. What stood there before is unchanged.",
                values={"reason": refused.strerror or str(refused)},
            )
        ) from None

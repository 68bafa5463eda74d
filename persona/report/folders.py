"""Fill an output folder: everything beside the old one first, then moved into place."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from persona.errors import OutputError, Problem, error

MANIFEST = "manifest.json"
"""Lists under ``outputs`` the files that were written, with their SHA-256."""


def fill(
    out: Path, make: Callable[[Path], list[str]], edited: Mapping[str, str] | None = None
) -> list[str]:
    """Let ``make`` write into a folder beside ``out`` and put that in its place when it is whole.

    Parameters
    ----------
    out : Path
        Made when it is missing; files in it that no earlier run wrote stay.
    make : callable
        Writes into the folder given, the manifest too, and returns the names of its files.
    edited : mapping, optional
        Files that a user edits, and the names they are kept under when they were.

    Raises
    ------
    OutputError
        When a file is locked, the disk is full or ``out`` is a file; ``out`` is as it was.
    """
    refuse_file(out)
    with _trouble(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        _recover(out)
        prefix = f".{out.name}-{os.getpid()}-"
        beside = Path(tempfile.mkdtemp(prefix=prefix, dir=out.parent))
        try:
            names = make(beside)
            _into_place(beside, out, edited or {})
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return names


def refuse_file(out: Path) -> None:
    """Refuse an output folder that is a file.

    Raises
    ------
    OutputError
    """
    if out.exists() and not out.is_dir():
        raise OutputError(
            error(
                "out.file",
                "The output folder is a file.",
                file=str(out),
                remedy="Move the file away, or name another folder with --out.",
            )
        )


def save(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _recover(out: Path) -> None:
    """Tidy up after runs that were killed: the old output back, unfinished folders away."""
    pattern = re.compile(rf"\.{re.escape(out.name)}-(\d+)-\w+(-old)?")
    for path in sorted(out.parent.iterdir()):
        match = pattern.fullmatch(path.name)
        if match is None or not path.is_dir() or _alive(int(match.group(1))):
            continue
        if match.group(2) and not out.exists():
            path.rename(out)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _alive(process: int) -> bool:
    """Whether a process runs; where that cannot be asked, it is taken to run."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _into_place(beside: Path, out: Path, edited: Mapping[str, str]) -> None:
    """Put the finished folder in the place of the old one; two renames, each whole."""
    beside.chmod(0o755)
    if not out.exists():
        beside.rename(out)
        return
    _keep(beside, out, edited)
    old = beside.with_name(beside.name + "-old")
    out.rename(old)
    try:
        beside.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _keep(beside: Path, out: Path, edited: Mapping[str, str]) -> None:
    """Copy what is the user's own: files that no run wrote, and what was edited since."""
    written = _written_before(out)
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if not path.is_file():
            continue
        target = beside / name
        if name in edited and written.get(name) not in (None, _sha256(path)):
            target = beside / edited[name]
        elif name in written or target.exists() or name == MANIFEST:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)


def _written_before(out: Path) -> dict[str, str]:
    """The files of the last run with their SHA-256, by its manifest."""
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        return {str(name): str(code) for name, code in manifest["outputs"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextlib.contextmanager
def _trouble(out: Path) -> Iterator[None]:
    """Turn what the system refuses into a message with its remedy."""
    try:
        yield
    except OSError as refused:
        raise OutputError(_problem(refused, out)) from refused


def _problem(refused: OSError, out: Path) -> Problem:
    place = str(refused.filename or out)
    kept = "What stood in the output folder before is unchanged."
    if refused.errno in (errno.ENOSPC, errno.EDQUOT):
        return error(
            "out.full",
            "The disk is full.",
            file=place,
            remedy=f"Make room, or name another folder with --out. {kept}",
        )
    if refused.errno in (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EROFS):
        return error(
            "out.locked",
            "The output cannot be written: a file is open elsewhere, or the folder is protected.",
            file=place,
            remedy=f"Close reports that are open, or name another folder with --out. {kept}",
        )
    return error(
        "out.failed",
        "The output cannot be written.",
        file=place,
        found=refused.strerror or str(refused),
        remedy=f"Name another folder with --out. {kept}",
    )

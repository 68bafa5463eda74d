"""Find the files that are shipped with persona: questionnaires and report templates."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

Kind = Literal["questionnaires", "reports"]


def root(kind: Kind) -> Path:
    """The folder of the shipped files of one kind.

    In an installed package they stand under ``persona/_shipped``, in a checkout beside the
    package.

    Raises
    ------
    FileNotFoundError
        When the installation is incomplete.

    Examples
    --------
    >>> (root("questionnaires") / "customer_b2c.yaml").is_file()
    True
    """
    package = Path(str(files("persona")))
    installed = package / "_shipped" / kind
    if installed.is_dir():
        return installed
    beside = package.parent / kind
    if (package.parent / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    raise FileNotFoundError(f"persona is installed without its {kind}; install it again")


def names(kind: Kind, suffix: str) -> tuple[str, ...]:
    """The names, without suffix, of the shipped files of one kind, sorted.

    Examples
    --------
    >>> "customer_b2c" in names("questionnaires", ".yaml")
    True
    """
    return tuple(sorted(path.stem for path in root(kind).glob(f"*{suffix}")))

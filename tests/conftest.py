"""Fixtures that all tests share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

# One thread a process: the tests run in several processes, and small problems run slower on two.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

_SHARED = Path(__file__).resolve().parents[2] / "shared"


def _absent(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}, and CI must have it")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the public survey data and the figures R gives for them."""
    if not (_SHARED / "data" / "README.md").is_file():
        _absent("the folder shared/ with public survey data does not stand beside this checkout")
    return _SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium browser."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    _absent("no Chromium browser on this machine")
    raise AssertionError


@pytest.fixture(scope="session")
def libreoffice() -> str:
    """The path of LibreOffice."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return found
    _absent("no LibreOffice on this machine")
    raise AssertionError


@pytest.fixture(scope="session")
def pdftoppm() -> str:
    """The path of pdftoppm, which turns PDF pages into pictures."""
    if found := shutil.which("pdftoppm"):
        return found
    _absent("no pdftoppm (poppler) on this machine")
    raise AssertionError

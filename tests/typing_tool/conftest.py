"""Made-up typing tools for all tests of them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

_HERE = Path(__file__).parent


def _helper(name: str, folder: Path = _HERE) -> ModuleType:
    """A module beside this file, under a name of its own."""
    known = f"tests_{folder.name}_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, folder / f"{name}.py")
        assert spec is not None and spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        sys.modules[known] = made
        spec.loader.exec_module(made)
    return sys.modules[known]


@pytest.fixture(scope="session")
def made_up() -> ModuleType:
    """Builds random typing tools and answers to them."""
    return _helper("made_up")


@pytest.fixture(scope="session")
def browser() -> ModuleType:
    """Speaks to a real browser."""
    return _helper("browser", _HERE.parent / "report")


@pytest.fixture(scope="session")
def population() -> ModuleType:
    """Makes a survey of planted segments."""
    return _helper("population")


@pytest.fixture(scope="session")
def xpath() -> ModuleType:
    """Evaluates what survey tools evaluate."""
    return _helper("xpath")


@pytest.fixture(scope="session")
def study() -> ModuleType:
    """Builds the made-up study."""
    return _helper("made_up", _HERE.parent / "report")


@pytest.fixture(scope="session")
def forms() -> dict[str, ModuleType]:
    """The comparisons of the workbook and of the XLSForm with the library."""
    return {name: _helper(f"test_forms_{name}") for name in ("workbook", "xlsform")}

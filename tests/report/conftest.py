"""The made-up study and what the tests of reports share."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

_HERE = Path(__file__).parent


def _helper(name: str) -> ModuleType:
    """A module beside this file, under a name of its own."""
    known = f"tests_report_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, _HERE / f"{name}.py")
        assert spec is not None and spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        sys.modules[known] = made
        spec.loader.exec_module(made)
    return sys.modules[known]


@pytest.fixture(scope="session")
def made_up() -> ModuleType:
    """Builds the made-up study."""
    return _helper("made_up")


@pytest.fixture(scope="session")
def messages() -> ModuleType:
    """Finds the messages that catalogues have to know."""
    return _helper("messages")


@pytest.fixture(scope="session")
def browser() -> ModuleType:
    """Speaks to a real browser."""
    return _helper("browser")


@pytest.fixture(scope="session")
def written(made_up: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the made-up study in four languages."""
    from persona.report import write_all

    out = tmp_path_factory.mktemp("written") / "out"
    write_all(made_up.study_report(languages=("en", "pl", "ru", "nl")), out)
    return out

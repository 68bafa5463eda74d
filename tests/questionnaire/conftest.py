"""Random questionnaires for the tests of this folder."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def strategies() -> ModuleType:
    """The strategies that draw questionnaires and answers."""
    path = Path(__file__).parent / "strategies.py"
    spec = importlib.util.spec_from_file_location("questionnaire_strategies", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

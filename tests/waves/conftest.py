"""The made-up survey that the tests of waves share."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

_HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def made_up() -> ModuleType:
    """Makes people, waves and the rule that places them."""
    known = "tests_waves_made_up"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, _HERE / "made_up.py")
        assert spec is not None and spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        sys.modules[known] = made
        spec.loader.exec_module(made)
    return sys.modules[known]

"""Random questionnaires for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def strategies(helper: Callable[[str], ModuleType]) -> ModuleType:
    """The strategies that draw questionnaires and answers."""
    return helper("tests/questionnaire/strategies")

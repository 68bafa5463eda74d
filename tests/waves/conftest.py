"""The made-up survey that the tests of waves share."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def made_up(helper: Callable[[str], ModuleType]) -> ModuleType:
    """Makes people, waves and the rule that places them."""
    return helper("tests/waves/made_up")

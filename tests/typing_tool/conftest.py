"""Made-up typing tools for all tests of them."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def made_up(helper: Callable[[str], ModuleType]) -> ModuleType:
    """Builds random typing tools and answers to them."""
    return helper("tests/typing_tool/made_up")


@pytest.fixture(scope="session")
def population(helper: Callable[[str], ModuleType]) -> ModuleType:
    """Makes a survey of planted segments."""
    return helper("tests/typing_tool/population")


@pytest.fixture(scope="session")
def xpath(helper: Callable[[str], ModuleType]) -> ModuleType:
    """Evaluates what survey tools evaluate."""
    return helper("tests/typing_tool/xpath")


@pytest.fixture(scope="session")
def study(helper: Callable[[str], ModuleType]) -> ModuleType:
    """Builds the made-up study."""
    return helper("tests/report/made_up")


@pytest.fixture(scope="session")
def forms(helper: Callable[[str], ModuleType]) -> dict[str, ModuleType]:
    """The comparisons of the workbook and of the XLSForm with the library."""
    return {
        name: helper(f"tests/typing_tool/test_forms_{name}") for name in ("workbook", "xlsform")
    }

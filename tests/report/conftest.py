"""The made-up study and what the tests of reports share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="session")
def made_up(helper: Callable[[str], ModuleType]) -> ModuleType:
    """Builds the made-up study."""
    return helper("tests/report/made_up")


@pytest.fixture(scope="session")
def messages(helper: Callable[[str], ModuleType]) -> ModuleType:
    """Finds the messages that catalogues have to know."""
    return helper("tests/report/messages")


@pytest.fixture(scope="session")
def written(made_up: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the made-up study in four languages."""
    from persona.report import write_all

    out = tmp_path_factory.mktemp("written") / "out"
    write_all(made_up.study_report(languages=("en", "pl", "ru", "nl")), out)
    return out


@pytest.fixture(scope="module")
def tab(browser: ModuleType, chromium: str, shown: Path) -> Iterator[Any]:
    """A browser with the page that a file of tests calls ``shown``."""
    with browser.page(chromium, shown) as opened:
        yield opened


@pytest.fixture
def fresh(tab: Any, shown: Path) -> Any:
    """That page opened anew, in English and light."""
    tab.open_anew(shown)
    return tab

"""Fixtures that all tests share."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from persona.study import StudyResult

# One thread a process: the tests run in several processes, and small problems run slower on two.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

_ROOT = Path(__file__).resolve().parents[1]
_SHARED = _ROOT.parent / "shared"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep each file on one worker, so that what its tests share is made once.

    Files go out in the order of their folders: ordered by their number of tests, the few that run
    whole studies would come last, and one worker would wait for the other.
    """
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


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


@pytest.fixture(scope="session")
def helper() -> Callable[[str], ModuleType]:
    """Load a module of helpers or a script once, by its path in the project without ``.py``."""

    def load(place: str) -> ModuleType:
        known = place.replace("/", "_")
        if known not in sys.modules:
            spec = importlib.util.spec_from_file_location(known, _ROOT / f"{place}.py")
            assert spec is not None and spec.loader is not None
            made = importlib.util.module_from_spec(spec)
            sys.modules[known] = made
            spec.loader.exec_module(made)
        return sys.modules[known]

    return load


@pytest.fixture(scope="session")
def browser(helper: Callable[[str], ModuleType]) -> ModuleType:
    """Speaks to a real browser."""
    return helper("tests/report/browser")


class Ended(NamedTuple):
    """Exit code of a command and everything it printed."""

    code: int
    text: str

    @property
    def words(self) -> str:
        """What was printed, on one line: tables and the terminal wrap it."""
        return " ".join(self.text.split())


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Run a command as the shell would; none may end with a traceback."""
    from persona.cli import main

    def run(*arguments: object) -> Ended:
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        printed = "".join(capsys.readouterr())
        assert "Traceback" not in printed
        code = stopped.value.code
        return Ended(code if isinstance(code, int) else int(bool(code)), printed)

    return run


@pytest.fixture(scope="session")
def contents() -> Callable[..., dict[str, str]]:
    """SHA-256 of every file below a folder, but for those in a folder called ``without``."""

    def digests(folder: Path, without: str = "") -> dict[str, str]:
        return {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and without not in path.relative_to(folder).parts
        }

    return digests


@pytest.fixture(scope="session")
def drinkers(helper: Callable[[str], ModuleType]) -> ModuleType:
    """Makes the small study of coffee drinkers."""
    return helper("tests/coffee")


@pytest.fixture(scope="session")
def write_answers(drinkers: ModuleType) -> Callable[..., Path]:
    """Write rows under the header of the small study into a workbook."""
    writer: Callable[..., Path] = drinkers.write_answers
    return writer


@pytest.fixture(scope="session")
def _small_study(drinkers: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = drinkers.make(tmp_path_factory.mktemp("small") / "coffee")
    return made


@pytest.fixture
def small_study(_small_study: Path, tmp_path: Path) -> Path:
    """A folder with the small study, for one test; its files are the same in every test."""
    return Path(shutil.copytree(_small_study, tmp_path / "coffee"))


@pytest.fixture(scope="session")
def small_result(_small_study: Path, tmp_path_factory: pytest.TempPathFactory) -> StudyResult:
    """The result of the small study as it stands, worked out once."""
    from persona.study import Study

    folder = shutil.copytree(_small_study, tmp_path_factory.mktemp("small_run") / "coffee")
    return Study.load(folder).run()


@pytest.fixture(scope="session")
def _finished_study(small_result: StudyResult) -> Path:
    small_result.write(small_result.study.folder / "out")
    return small_result.study.folder


@pytest.fixture
def finished_study(_finished_study: Path, tmp_path: Path) -> Path:
    """A folder with the small study and, in ``out``, its run; for one test."""
    return Path(shutil.copytree(_finished_study, tmp_path / "coffee"))


@pytest.fixture(scope="session")
def example() -> Path:
    """The folder of the shipped example."""
    return _ROOT / "examples" / "coffee_club"


@pytest.fixture(scope="session")
def example_result(example: Path) -> StudyResult:
    """The result of the example, worked out once."""
    from persona.study import Study

    return Study.load(example).run()


@pytest.fixture(scope="session")
def example_out(example_result: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the example's run, written once; no test may change them."""
    out = tmp_path_factory.mktemp("example") / "out"
    example_result.write(out)
    return out

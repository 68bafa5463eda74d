"""What the README, the docs and the help say is true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import persona

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def shell_blocks(page: Path) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)


def command_names() -> set[str]:
    from typer.main import get_command

    from persona.cli import app

    return set(get_command(app).commands)  # type: ignore[attr-defined]


def test_the_first_two_blocks_run_the_main_job_and_the_tests() -> None:
    first, second = shell_blocks(ROOT / "README.md")[:2]
    assert "pip install" in first and "persona run examples/" in first
    assert "pip install" in second and "pytest" in second
    study = re.search(r"persona run (\S+)", first)
    assert study and (ROOT / study[1] / "study.yaml").is_file()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_the_docs_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)persona ([a-z]+)\b", text, re.M))
    assert named <= command_names()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    broken = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert not broken


def test_every_command_shows_an_example() -> None:
    from typer.testing import CliRunner

    from persona.cli import app

    for name in sorted(command_names()):
        shown = CliRunner().invoke(app, [name, "--help"])
        assert shown.exit_code == 0
        assert f"persona {name}" in shown.output and "Example" in shown.output, name


MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(persona.__path__, "persona.")
    if "_shipped" not in module.name
)


def test_examples_in_docstrings_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    tried = 0
    failed = []
    for name in MODULES:
        outcome = doctest.testmod(
            importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE
        )
        tried += outcome.attempted
        if outcome.failed:
            failed.append(name)
    assert not failed
    assert tried > 100


def test_the_readme_names_every_file_of_a_run() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in (
        "index.html",
        "report.pdf",
        "deck.pptx",
        "personas/",
        "tables.xlsx",
        "workbook.xlsx",
        "segments.csv",
        "results.json",
        "manifest.json",
    ):
        assert f"`{name}`" in text


def test_the_readme_states_the_licence_of_factor_analyzer() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "factor-analyzer" in text and "GPL" in text


def test_wrong_usage_leaves_with_two() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from persona.cli import main; main(['rum'])"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "run" in done.stderr and "Traceback" not in done.stderr

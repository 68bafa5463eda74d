"""The wheel works away from the checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout, built by the backend that stands among the test packages."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    command = [sys.executable, "-m", "pip", "wheel", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("persona-*.whl"))


def test_the_wheel_holds_what_is_shipped_and_no_more(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "persona/_shipped/questionnaires/customer_b2c.yaml" in names
    assert any(name.startswith("persona/_shipped/reports/") for name in names)
    assert "persona/cli.py" in names
    tops = {name.split("/")[0] for name in names}
    assert tops == {"persona", next(top for top in tops if top.endswith(".dist-info"))}
    assert not any("tests" in name.split("/") for name in names)


def test_the_installed_package_runs_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """Unpacked as pip would, with the dependencies of this interpreter, away from the checkout."""
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import persona\n"
        "from persona import resources\n"
        "assert persona.__file__.startswith(sys.argv[1]), persona.__file__\n"
        "assert resources.root('reports').is_relative_to(sys.argv[1])\n"
        "from persona.cli import main\n"
        "main(['init', 'mine', '--from', 'customer_b2c'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, str(site)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "mine" / "study.yaml").is_file()
    assert (tmp_path / "mine" / "questionnaire.yaml").is_file()


@pytest.mark.slow
def test_the_installed_package_runs_the_example_in_another_folder(
    wheel: Path, tmp_path: Path
) -> None:
    site, study = tmp_path / "site", tmp_path / "my studies" / "кофе"
    zipfile.ZipFile(wheel).extractall(site)
    shutil.copytree(
        ROOT / "examples" / "coffee_club", study, ignore=shutil.ignore_patterns("out", "*.py")
    )
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from persona.cli import main\n"
        "main(['run', sys.argv[2]])\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, str(site), str(study)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (study / "out" / "index.html").is_file()
    assert (study / "out" / "report.pdf").read_bytes().startswith(b"%PDF")


def test_no_shipped_folder_in_the_checkout() -> None:
    assert not (ROOT / "persona" / "_shipped").exists()
    assert "reports/" not in (ROOT / ".gitignore").read_text(encoding="utf-8").split()

"""Who may import whom, and what must stay out of a light command."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "persona"
STAGES = [
    {"errors", "resources", "registry", "numeric"},
    {"questionnaire"},
    {"responses"},
    {"analysis"},
    {"segmentation"},
    {"profiling"},
    {"typing_tool"},
    {"waves", "audiences"},
    {"report"},
    {"study"},
    {"cli", "commands", "progress", "terminal"},
]
HEAVY = {"numpy", "scipy", "pandas", "sklearn", "matplotlib", "openpyxl", "prince"}
PLOTTING_ROOMS = {"report"}


def rank(room: str) -> int:
    for position, rooms in enumerate(STAGES):
        if room in rooms:
            return position
    raise AssertionError(f"persona/{room} has no place in the order of imports; add it to STAGES")


def module_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path, *, typing_too: bool = False) -> list[tuple[int, str]]:
    """Line and dotted name of every import; those under TYPE_CHECKING only when asked for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_typing = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for child in ast.walk(node)
    }
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if node in for_typing and not typing_too:
            continue
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.append((node.lineno, node.module))
        elif isinstance(node, ast.ImportFrom):
            raise AssertionError(f"{path}:{node.lineno} imports relatively; name the module")
    return found


@pytest.mark.parametrize("path", module_files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    own = room_of(path)
    if own == "__init__":
        return
    wrong = []
    for line, name in imported(path, typing_too=True):
        parts = name.split(".")
        if parts[0] != "persona" or len(parts) == 1:
            continue
        other = parts[1]
        if other != own and rank(other) > rank(own):
            wrong.append(f"line {line}: {own} imports {name}")
    assert not wrong, wrong


@pytest.mark.parametrize("path", module_files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_rooms_keep_to_their_job(path: Path) -> None:
    own = room_of(path)
    for line, name in imported(path):
        top = name.split(".")[0]
        where = f"{path.name}:{line}"
        if top in {"matplotlib", "jinja2", "plutoprint", "pptx"}:
            assert own in PLOTTING_ROOMS | {"questionnaire"}, f"{where} imports {name} in {own}"
            if own == "questionnaire":
                assert "formats" in path.parts, f"{where} renders outside formats/"
                assert top != "matplotlib", f"{where} draws"
        if own == "report":
            assert not name.startswith("persona.responses"), f"{where}: report reads no answers"
        if own == "numeric":
            assert not name.startswith("persona.questionnaire"), f"{where}: numeric knows no survey"
        if top in {"typer", "rich"}:
            assert own in {"cli", "commands", "progress", "terminal"}, (
                f"{where}: only the commands talk to the terminal"
            )


def test_only_commands_print_or_exit() -> None:
    wrong = []
    for path in module_files():
        if room_of(path) in {"cli", "commands", "progress", "terminal"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "print",
                "sys.exit",
                "exit",
            }:
                wrong.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert not wrong


def modules_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nsys.stdout.write('\\n@' + ' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in done.stdout.rpartition("@")[2].split()}


def test_help_leaves_heavy_libraries_alone() -> None:
    code = "from persona.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass"
    assert not modules_after(code) & HEAVY


def test_importing_persona_leaves_heavy_libraries_alone() -> None:
    loaded = modules_after("import persona")
    assert not loaded & (HEAVY | {"pydantic", "typer", "rich"})


def test_public_names_are_those_of_the_library_page() -> None:
    import persona

    for name in persona.__all__:
        assert getattr(persona, name) is not None
    assert set(persona.__all__) <= set(dir(persona))


def test_the_version_is_said() -> None:
    from importlib.metadata import version

    code = "from persona.cli import main\nmain(['--version'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"persona {version('persona')}"

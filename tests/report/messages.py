"""Find every sentence that the report, its templates and the other rooms ask catalogues for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import nodes

from persona import resources
from persona.report.templates import environment

PACKAGE = Path(resources.__file__).parent
_ASK = {"gettext", "say", "message", "_"}
_PROBLEM = {"error", "warning", "note"}


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def in_python(path: Path) -> Iterator[tuple[str, str | None]]:
    """Messages of one module with their plural, None where they have none."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name, first = _called(node), _constant(node.args[0])
        if first is None:
            continue
        if name in _ASK:
            yield first, None
        elif name == "ngettext" and (many := _constant(node.args[1])) is not None:
            yield first, many


def in_template(name: str) -> Iterator[tuple[str, str | None]]:
    """Messages of one template with their plural, None where they have none."""
    made = environment()
    assert made.loader is not None
    source, _, _ = made.loader.get_source(made, name)
    for call in made.parse(source).find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or not call.args:
            continue
        texts = [arg.value for arg in call.args[:2] if isinstance(arg, nodes.Const)]
        if call.node.name == "_" and texts:
            yield texts[0], None
        elif call.node.name == "ngettext" and len(texts) == 2:
            yield texts[0], texts[1]


def of_report() -> dict[str, str | None]:
    """Every message of the report room and its templates, with its plural."""
    found: dict[str, str | None] = {}
    for path in sorted((PACKAGE / "report").rglob("*.py")):
        found |= dict(in_python(path))
    for name in environment().list_templates(extensions=["html"]):
        if not name.startswith("shipped/"):
            found |= dict(in_template(name))
    return found


def of_problems(*rooms: str, severities: frozenset[str] = frozenset(_PROBLEM)) -> set[str]:
    """Templates of the problems that the rooms can raise."""
    found = set()
    for room in rooms:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and len(node.args) >= 2
                    and _called(node) in severities
                ):
                    if (template := _constant(node.args[1])) is not None:
                        found.add(template)
    return found

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
_SAID = {"warning", "note", "tell", "problem", "refused", "replace", "Problem"}
TOLERATED = (
    "answer.",
    "basis.not_asked",
    "basis.not_countable",
    "cell.",
    "correlation.apart",
    "factors.few",
    "factors.number",
    "items.apart",
    "items.constant",
    "items.copy",
    "items.few",
    "items.respondents",
    "mca.few",
    "mca.flat",
    "mca.passive",
    "opportunity.variable",
    "segments.abc",
    "segments.all_missing",
    "segments.held_out",
    "segments.k_too_large",
    "segments.no_variation",
    "segments.rule_empty",
    "segments.rule_unanswered",
    "table.small",
    "value.",
)
"""Errors that a study goes on after: they come into its report as warnings or as reasons."""


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def constants() -> set[str]:
    """Every text that stands in the package."""
    return {
        node.value
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


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


def _assigned(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What the names of a module are set to, wherever in it."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
            found.setdefault(node.target.id, []).append(node.value)
        for target in node.targets if isinstance(node, ast.Assign) else ():
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=True))
            for name, value in pairs:
                if isinstance(name, ast.Name):
                    found.setdefault(name.id, []).append(value)
    return found


def _texts(node: ast.expr, names: dict[str, list[ast.expr]]) -> Iterator[str]:
    """The sentences that an expression may come to; parts joined at run time are refused."""
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body, names)
        yield from _texts(node.orelse, names)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _texts(value, names)
    elif isinstance(node, ast.Name):
        for value in names.get(node.id, ()):
            yield from _texts(value, names)
    elif isinstance(node, ast.JoinedStr):
        raise AssertionError(f"no template, so it has no translation: {ast.unparse(node)}")
    elif (text := _constant(node)) is not None:
        yield text


def _tolerated(call: ast.Call) -> bool:
    code = _constant(call.args[0]) if call.args else None
    return _called(call) == "error" and code is not None and code.startswith(TOLERATED)


def _refits(node: ast.AST) -> bool:
    """Whether problems get another remedy only to stop the study with them."""
    return isinstance(node, ast.Raise) and "replace(" in ast.unparse(node)


def of_remedies() -> set[str]:
    """What warnings and notes say is to be done, and errors that a study goes on after."""
    found: set[str] = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = _assigned(tree)
        stops = {id(part) for one in ast.walk(tree) if _refits(one) for part in ast.walk(one)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not (_called(node) in _SAID or _tolerated(node)):
                continue
            if id(node) in stops:
                continue
            for word in node.keywords:
                if word.arg == "remedy":
                    found |= set(_texts(word.value, names))
            if _called(node) in {"error", "refused"}:
                for sentence in node.args[-1:] if _called(node) == "error" else node.args:
                    found |= set(_texts(sentence, names))
    return found

"""The look of a report: colours, fonts and logo from one file."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from persona import resources
from persona.errors import OutputError, Problem, error, warning
from persona.registry import nearest

LARGEST_PICTURE = 5_000_000
"""Bytes of a logo or portrait that still go into a report sent by e-mail."""

_PICTURES = {
    ".png": ("image/png", (b"\x89PNG",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8",)),
    ".svg": ("image/svg+xml", (b"<svg", b"<?xml", b"<!--")),
}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_ACTIVE_SVG = re.compile(
    rb"<script|<foreignObject|\son\w+\s*=|<!ENTITY|@import"
    rb"|(?:href|src)\s*=\s*[\"']?\s*(?!#|data:image/(?:png|jpeg))"
    rb"|url\(\s*[\"']?\s*(?!#)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Theme:
    """Colours by name, dark colours by name, colours of segments, fonts and a logo.

    ``fonts`` maps regular, bold and italic to files; ``logo`` is a ``data:`` address or empty.
    """

    colours: Mapping[str, str]
    dark: Mapping[str, str]
    segments: tuple[str, ...]
    family: str
    office: str
    fonts: Mapping[str, Path]
    logo: str = ""
    problems: tuple[Problem, ...] = ()

    def segment(self, segment: int) -> str:
        """The colour of a segment (1-based)."""
        return self.segments[(segment - 1) % len(self.segments)]


def load(own: Path | None = None) -> Theme:
    """The shipped theme with the keys of the user's own file put over it.

    Raises
    ------
    OutputError
        When the user's file does not parse, has an unknown key or a colour that is none.
    """
    shipped = resources.root("reports") / "theme.yaml"
    base = _read(shipped)
    problems: list[Problem] = []
    merged, folder = base, shipped.parent
    if own is not None:
        mine = _read(own)
        problems = _check(mine, base, own)
        if problems:
            raise OutputError(problems)
        merged, folder = _over(base, mine), own.parent
    fonts: dict[str, Path] = {}
    for face in ("regular", "bold", "italic"):
        path = folder / merged["fonts"][face]
        if not path.is_file():
            if own is not None and merged["fonts"][face] != base["fonts"][face]:
                problems.append(
                    warning(
                        "theme.font_missing",
                        "The font file {font} of the theme is missing; the shipped one is used.",
                        file=str(own),
                        values={"font": merged["fonts"][face]},
                    )
                )
            path = shipped.parent / base["fonts"][face]
        fonts[face] = path
    logo = ""
    if merged.get("logo"):
        logo, trouble = picture(folder / str(merged["logo"]))
        problems += trouble
    colours = dict(merged["colours"])
    return Theme(
        segments=tuple(colours.pop("segments")),
        colours=colours,
        dark=merged["dark"],
        family=str(merged["fonts"]["text"]),
        office=str(merged["fonts"]["office"]),
        fonts=fonts,
        logo=logo,
        problems=tuple(problems),
    )


def picture(path: Path) -> tuple[str, list[Problem]]:
    """A picture file as a ``data:`` address; empty, with a warning, when it cannot be shown."""

    def refused(template: str, remedy: str) -> tuple[str, list[Problem]]:
        values = {"picture": path.name}
        return "", [
            warning("picture.blocked", template, file=str(path), remedy=remedy, values=values)
        ]

    kind = _PICTURES.get(path.suffix.lower())
    if kind is None:
        return refused(
            "The picture {picture} is not shown: its kind is not known.", "Use png, jpg or svg."
        )
    if not path.is_file():
        return refused("The picture {picture} is missing.", "Correct its path, or remove it.")
    if path.stat().st_size > LARGEST_PICTURE:
        return refused(
            "The picture {picture} is not shown: it is larger than 5 MB.", "Make it smaller."
        )
    content = path.read_bytes()
    if not content.lstrip().startswith(kind[1]):
        return refused(
            "The picture {picture} is not shown: it is not what its name says.",
            "Save it again as png, jpg or svg.",
        )
    if kind[0] == "image/svg+xml" and _ACTIVE_SVG.search(_without_namespaces(content)):
        return refused(
            "The picture {picture} is not shown: it holds script or links.",
            "Save it as plain svg, or as png.",
        )
    return f"data:{kind[0]};base64,{base64.b64encode(content).decode()}", []


def _without_namespaces(content: bytes) -> bytes:
    return re.sub(rb"\sxmlns(:\w+)?\s*=\s*([\"']).*?\2", b"", content)


def _read(path: Path) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        found = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OutputError(
            error("theme.missing", "There is no theme file.", file=str(path))
        ) from None
    except (OSError, UnicodeDecodeError) as trouble:
        raise OutputError(
            error("theme.unreadable", "The theme cannot be read.", file=str(path))
        ) from trouble
    except MarkedYAMLError as trouble:
        mark = trouble.problem_mark
        raise OutputError(
            error(
                "theme.syntax",
                "The theme is not valid YAML.",
                file=str(path),
                line=mark.line + 1 if mark else None,
                found=trouble.problem,
            )
        ) from trouble
    except YAMLError as trouble:
        raise OutputError(
            error("theme.syntax", "The theme is not valid YAML.", file=str(path))
        ) from trouble
    return found if isinstance(found, dict) else {}


def _check(mine: Mapping[str, Any], base: Mapping[str, Any], path: Path) -> list[Problem]:
    problems = []
    for key, value in mine.items():
        if key not in base:
            near = nearest(str(key), base)
            problems.append(
                error(
                    "theme.key",
                    "The theme has no key {key!r}.",
                    file=str(path),
                    found=str(key),
                    allowed=", ".join(base),
                    remedy=f"Did you mean {near!r}?" if near else None,
                    values={"key": str(key)},
                )
            )
        elif isinstance(base[key], dict):
            if isinstance(value, dict):
                problems += _check(value, base[key], path)
            else:
                problems.append(_wrong(key, value, "keys with values below it", path))
        elif key == "segments":
            wrong = not isinstance(value, list) or not value
            if wrong or not all(_is_colour(colour) for colour in value):
                problems.append(_wrong(key, value, 'a list of colours "#rrggbb"', path))
        elif isinstance(base[key], str) and base[key].startswith("#") and not _is_colour(value):
            problems.append(_wrong(key, value, '"#rrggbb"', path))
        elif key not in ("logo",) and not isinstance(value, str):
            problems.append(_wrong(key, value, "a text", path))
        elif key in ("text", "office") and not re.fullmatch(r"[\w .\-]{1,60}", value):
            problems.append(_wrong(key, value, "the name of a font family", path))
    return problems


def _is_colour(value: object) -> bool:
    return isinstance(value, str) and _COLOUR.fullmatch(value) is not None


def _wrong(key: object, value: object, allowed: str, path: Path) -> Problem:
    return error(
        "theme.value",
        "The value of {key!r} in the theme cannot be used.",
        file=str(path),
        found=str(value)[:80],
        allowed=allowed,
        remedy='Colours are written in quotation marks: "#0b5c8f".' if "#" in allowed else None,
        values={"key": str(key)},
    )


def _over(base: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in mine.items():
        both = isinstance(base.get(key), dict) and isinstance(value, dict)
        merged[key] = _over(base[key], value) if both else value
    return merged

"""Themes: one file; what is wrong in it is named, pictures that are not safe stay out."""

from __future__ import annotations

from pathlib import Path

import pytest

from persona.errors import OutputError
from persona.report import theme


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "theme.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_theme_loads() -> None:
    found = theme.load()
    assert found.colours["ink"] == "#17212b"
    assert len(found.segments) == 8
    assert found.segment(9) == found.segments[0]
    assert all(path.is_file() for path in found.fonts.values())


def test_an_own_theme_changes_what_it_names(tmp_path: Path) -> None:
    found = theme.load(_write(tmp_path, 'colours:\n  accent: "#123456"\n'))
    assert found.colours["accent"] == "#123456"
    assert found.colours["ink"] == theme.load().colours["ink"]


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(first: str, second: str) -> float:
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_texts_can_be_read_on_their_grounds() -> None:
    found = theme.load()
    for colours in (found.colours, found.dark):
        for name in ("ink", "muted", "accent", "positive", "negative", "warning"):
            for ground in ("paper", "wash"):
                assert _contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
    for colour in found.segments:
        assert _contrast(colour, "#ffffff") >= 4.5


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("colors:\n  ink: '#000000'\n", "theme.key", "colors"),
        ("colours:\n  inc: '#000000'\n", "theme.key", "inc"),
        ("colours:\n  ink: red\n", "theme.value", "red"),
        ("colours:\n  segments: '#000000'\n", "theme.value", "#000000"),
        ('fonts:\n  text: "x\';}"\n', "theme.value", "x';}"),
        ("colours: [1\n", "theme.syntax", None),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, code: str, found: str | None) -> None:
    with pytest.raises(OutputError) as caught:
        theme.load(_write(tmp_path, text))
    problem = caught.value.problems[0]
    assert problem.code == code
    if found is not None:
        assert problem.found == found


def test_a_missing_theme_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        theme.load(tmp_path / "none.yaml")
    assert caught.value.problems[0].code == "theme.missing"


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', True),
        ("logo.svg", b"<svg><script>alert(1)</script></svg>", False),
        ("logo.svg", b'<svg><rect onload="x()"/></svg>', False),
        ("logo.svg", b'<svg><image href="http://example.com/x.png"/></svg>', False),
        ("logo.svg", b'<svg><style>@import "x.css";</style></svg>', False),
        ("logo.png", b"\x89PNG\r\n\x1a\n....", True),
        ("logo.png", b"GIF89a", False),
        ("logo.png", b"\x89PNG" + b"0" * 6_000_000, False),
        ("logo.exe", b"MZ", False),
        (None, b"", False),
    ],
)
def test_logos(tmp_path: Path, name: str | None, content: bytes, shown: bool) -> None:
    if name:
        (tmp_path / name).write_bytes(content)
    found = theme.load(_write(tmp_path, f"logo: {name or 'absent.png'}\n"))
    assert bool(found.logo) == shown
    assert [one.code for one in found.problems] == ([] if shown else ["picture.blocked"])
    if shown:
        assert found.logo.startswith("data:image/")


def test_a_missing_font_falls_back_with_a_warning(tmp_path: Path) -> None:
    found = theme.load(_write(tmp_path, "fonts:\n  regular: absent.woff2\n"))
    assert found.fonts["regular"] == theme.load().fonts["regular"]
    assert [one.code for one in found.problems] == ["theme.font_missing"]

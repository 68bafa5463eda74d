"""One figure from the command line: listed, saved as both kinds, refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from persona.cli import main


def ended(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return int(end.value.code or 0)


def test_a_figure_is_listed_and_saved(
    small_study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended("figure", str(small_study), "--list") == 0
    names = capsys.readouterr().out.split()
    assert "segment-sizes" in names
    for suffix, start in ((".png", b"\x89PNG"), (".svg", b"<?xml")):
        path = tmp_path / "pictures" / f"sizes{suffix}"
        assert ended("figure", str(small_study), "segment-sizes", "--to", str(path)) == 0
        assert path.read_bytes().startswith(start)
        assert f"wrote {path}" in capsys.readouterr().out.replace("\n", "")


def test_an_unknown_figure_is_told_with_the_nearest(
    small_study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.png"
    assert ended("figure", str(small_study), "segment-size", "--to", str(path)) == 1
    assert "segment-sizes" in capsys.readouterr().err
    assert not path.exists()


def test_wrong_use_is_told_before_anything_is_computed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended("figure", str(tmp_path / "none"), "segment-sizes") == 2
    assert "--list" in capsys.readouterr().err
    assert ended("figure", str(tmp_path / "none"), "a", "--to", str(tmp_path / "a.jpeg")) == 1
    assert ".svg, .png" in capsys.readouterr().err

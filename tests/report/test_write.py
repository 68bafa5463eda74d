"""Writing: every file, the same bytes, and the old output whole when anything fails."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from persona.errors import OutputError
from persona.report import write, write_all
from persona.report.write import slugs


@pytest.fixture()
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the quick files, for tests of how files come into place."""
    makers = write._makers

    def quick(*arguments: Any) -> Iterator[tuple[str, Callable[[], bytes | str]]]:
        slow = (".pdf", ".pptx")
        for name, make in makers(*arguments):
            if name == "index.html":
                yield name, lambda: "a page"
            elif not name.endswith(slow):
                yield name, make

    monkeypatch.setattr(write, "_makers", quick)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_file_is_there(written: Path) -> None:
    names = set(_bytes(written))
    assert {
        "index.html",
        "report.pdf",
        "deck.pptx",
        "tables.xlsx",
        "workbook.xlsx",
        "segments.csv",
        "results.json",
        "manifest.json",
        "personas/1-price-first-online.html",
        "personas/1-price-first-online.pdf",
        "pl/report.pdf",
        "ru/deck.pptx",
    } <= names


def test_same_results_give_same_bytes(made_up: ModuleType, tmp_path: Path) -> None:
    report = made_up.study_report(languages=("pl",))
    write_all(report, tmp_path / "first")
    write_all(report, tmp_path / "second")
    first, second = _bytes(tmp_path / "first"), _bytes(tmp_path / "second")
    assert [name for name in first if first[name] != second.get(name)] == []


def test_nothing_is_left_beside_the_output(few: None, made_up: ModuleType, tmp_path: Path) -> None:
    report = made_up.study_report(languages=("en",))
    written = write_all(report, tmp_path / "out")
    write_all(report, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert written.files[0] == tmp_path / "out" / "index.html"
    assert all(path.is_file() for path in written.files)


def test_own_files_stay_and_files_of_the_last_run_go(
    few: None, made_up: ModuleType, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    report = made_up.study_report(languages=("en",))
    write_all(report, out)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    renamed = tuple(replace(one, slug=f"new-{one.segment}") for one in report.personas)
    write_all(replace(report, personas=renamed), out)
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert (out / "personas" / "new-1.html").is_file()
    assert not (out / "personas" / "1-price-first-online.html").exists()


def test_an_edited_workbook_is_kept(few: None, made_up: ModuleType, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report = made_up.study_report(languages=("en",))
    write_all(report, out)
    assert not (out / "workbook-edited.xlsx").exists()
    (out / "workbook.xlsx").write_bytes(b"edited")
    write_all(report, out)
    assert (out / "workbook-edited.xlsx").read_bytes() == b"edited"
    assert (out / "workbook.xlsx").read_bytes() != b"edited"


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "out.full"), (errno.EACCES, "out.locked")]
)
def test_what_stood_there_stays_whole(
    few: None,
    made_up: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    code: str,
) -> None:
    out = tmp_path / "out"
    report = made_up.study_report(languages=("en",))
    write_all(report, out)
    before = _bytes(out)

    def refuse(*_: object) -> bytes:
        raise OSError(number, "refused", str(out / "results.json"))

    monkeypatch.setattr(write, "results_json", refuse)
    with pytest.raises(OutputError) as caught:
        write_all(report, out)
    assert caught.value.problems[0].code == code
    assert "unchanged" in str(caught.value.problems[0].remedy)
    assert _bytes(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_failed_move_puts_the_old_output_back(
    few: None, made_up: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    report = made_up.study_report(languages=("en",))
    write_all(report, out)
    before = _bytes(out)
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if Path(target) == out and not self.name.endswith("-old"):
            raise PermissionError(errno.EACCES, "open elsewhere", str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OutputError):
        write_all(report, out)
    monkeypatch.undo()
    assert _bytes(out) == before


def test_an_output_that_is_a_file_is_refused(made_up: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        write_all(made_up.study_report(), tmp_path / "out")
    assert caught.value.problems[0].code == "out.file"
    assert (tmp_path / "out").read_text(encoding="utf-8") == "a file"


def test_slugs_are_safe_and_single(made_up: ModuleType) -> None:
    report = made_up.study_report()
    wild = ("../../etc/passwd", "🙂🙂", "con", "x" * 300)
    named = tuple(replace(one, slug=slug) for one, slug in zip(report.personas, wild, strict=True))
    found = slugs(replace(report, personas=named))
    assert found == {1: "etc-passwd", 2: "segment-2", 3: "con-3", 4: "x" * 60}
    twins = tuple(replace(one, slug="same") for one in report.personas)
    assert len(set(slugs(replace(report, personas=twins)).values())) == 4


def test_a_language_without_words_is_left_out_with_a_warning(
    made_up: ModuleType, tmp_path: Path
) -> None:
    written = write_all(made_up.study_report(languages=("en", "xx")), tmp_path / "out")
    assert [problem.code for problem in written.problems] == ["language.no_catalogue"]
    assert "language xx" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_segments_csv_is_safe_and_complete(made_up: ModuleType) -> None:
    import pandas as pd

    from persona.report.data import segments_csv

    report = made_up.study_report()
    labels = pd.Series([1, pd.NA, 2], index=["=1+1", "007", "@x"], dtype="Int64")
    probabilities = pd.DataFrame(
        {1: [0.9, None, 0.25], 2: [0.1, None, 0.75]}, index=labels.index, dtype=float
    )
    report.segmentation.labels, report.segmentation.probabilities = labels, probabilities
    rows = list(csv.reader(io.StringIO(segments_csv(report).decode())))
    assert rows == [
        ["respondent", "segment", "probability"],
        ["'=1+1", "1", "0.900000"],
        ["007", "", ""],
        ["'@x", "2", "0.750000"],
    ]


def test_the_unassigned_are_listed_with_the_reason(made_up: ModuleType) -> None:
    import pandas as pd

    from persona.report.data import unassigned_csv
    from persona.report.locale import load

    report = made_up.study_report()
    reasons = {"=1+1": "no basis answered", "007": "67% of the bases unanswered"}
    table = pd.DataFrame({"reason": reasons.values()}, index=list(reasons))
    report.segmentation.unassignable = table

    def rows(language: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(unassigned_csv(report, load(language)).decode())))

    assert rows("en") == [
        ["respondent", "reason"],
        ["'=1+1", "no basis answered"],
        ["007", "67% of the bases unanswered"],
    ]
    assert rows("ru")[1:] == [
        ["'=1+1", "ни на одно основание нет ответа"],
        ["007", "без ответа осталось 67\xa0% оснований"],
    ]


def test_results_hold_the_figures_and_no_nan(written: Path, made_up: ModuleType) -> None:
    results = json.loads((written / "results.json").read_text(encoding="utf-8"))
    report = made_up.study_report()
    shown = results["profile"]["questions"][0]["rows"][0]["cells"][0]
    assert shown["value"] == report.profile.questions[0].rows[0].cells[0].value
    assert results["personas"][0]["size"]["n"] == 312
    assert results["factors"][0]["loadings"]["data"][0][0] == 0.78
    assert results["segmentation"]["verdict"] == "reproducible"
    assert "r0001" not in (written / "results.json").read_text(encoding="utf-8")


def test_the_manifest_lists_every_file_with_its_hash(written: Path) -> None:
    manifest = json.loads((written / "manifest.json").read_text(encoding="utf-8"))
    files = {name: content for name, content in _bytes(written).items() if name != "manifest.json"}
    assert manifest["outputs"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert manifest["seed"] == 7
    assert manifest["inputs"][0]["file"] == "answers.xlsx"


def test_a_killed_run_leaves_the_old_output_and_the_next_tidies_up(
    few: None, made_up: ModuleType, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    report = made_up.study_report(languages=("en",))
    write_all(report, out)
    before = _bytes(out)
    script = f"""
import importlib.util, sys, time
from pathlib import Path
spec = importlib.util.spec_from_file_location("made_up", {str(made_up.__file__)!r})
made_up = importlib.util.module_from_spec(spec)
sys.modules["made_up"] = made_up
spec.loader.exec_module(made_up)
from persona.report import write_all

def stop(name):
    if name == "personas/1-price-first-online.html":
        print("half done", flush=True)
        time.sleep(60)

write_all(made_up.study_report(languages=("en",)), Path({str(out)!r}), progress=stop)
"""
    running = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path(write.__file__).parents[2]
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"half done\n"
    running.kill()
    running.wait(timeout=20)
    running.stdout.close()
    assert _bytes(out) == before
    assert len(list(tmp_path.iterdir())) == 2, "the unfinished folder stands beside"
    write_all(report, out)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_output_lost_between_two_renames_comes_back(
    few: None, made_up: ModuleType, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    report = made_up.study_report(languages=("en",))
    write_all(report, out)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    out.rename(tmp_path / ".out-99999999-abc-old")
    write_all(report, out)
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]

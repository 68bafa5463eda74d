"""`persona track` as a user meets it: files, refusals, languages, and the page in a browser."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest

from persona.errors import DataError, StudyError
from persona.study import Study
from persona.study.tracking import Tracked, track_study

Write = Callable[..., Path]


@pytest.fixture
def coffee(finished_study: Path) -> Path:
    """The study and its run, to be spoiled."""
    return finished_study


@pytest.fixture
def next_wave(drinkers: ModuleType, tmp_path: Path) -> Write:
    """Write the answers of another wave; ``change`` alters the rows, ``without`` drops columns."""

    def write(
        name: str = "next.xlsx",
        seed: int = 9,
        n: int = 120,
        change: Callable[[list[list[object]]], list[list[object]]] | None = None,
        without: tuple[str, ...] = (),
    ) -> Path:
        rows = drinkers.made_rows(n, seed)
        rows = change(rows) if change else rows
        kept = [i for i, head in enumerate(drinkers.HEADER) if head not in without]
        return drinkers.write_answers(
            tmp_path / name,
            [[row[i] for i in kept] for row in rows],
            [drinkers.HEADER[i] for i in kept],
        )

    return write


def _track(folder: Path, *waves: Path, **options: Any) -> Tracked:
    """The waves placed, and none segmented by itself, which takes the longest."""
    return Study.load(folder).track(*waves, **{"resegment": False, **options})


def test_track_writes_everything_and_the_same_bytes_twice(
    coffee: Path, next_wave: Write, command: Callable[..., Any], contents: Callable[..., Any]
) -> None:
    wave = next_wave()
    before = contents(coffee / "out", without="waves")
    code, text = command("track", coffee, wave, "--name", "Spring", "--no-resegment")
    assert code == 0, text
    assert "Spring: 120 of 120 respondents placed. Keep the segments." in text
    assert "waves.html" in text
    out = coffee / "out" / "waves"
    files = {
        *("waves.html", "waves.pdf", "pl/waves.pdf", "waves.xlsx", "waves.json", "manifest.json"),
        *("segments_spring.csv", "segments_wave-1.csv"),
    }
    first = contents(out)
    assert set(first) == files
    assert contents(coffee / "out", without="waves") == before, "the run stays as it was"
    (out / "mine.txt").write_text("mine")
    assert command("track", coffee, wave, "--name", "Spring", "--no-resegment")[0] == 0
    again = contents(out)
    assert again.pop("mine.txt") and again == first
    assert command("track", coffee, wave, "--name", "Autumn", "--no-resegment")[0] == 0
    assert set(contents(out)) == (files - {"segments_spring.csv"}) | {
        "segments_autumn.csv",
        "mine.txt",
    }, "files of an earlier call do not linger"


def test_the_figures_agree_in_every_file(coffee: Path, next_wave: Write) -> None:
    tracked = _track(coffee, next_wave())
    written = tracked.write(coffee / "w")
    figures = json.loads((coffee / "w" / "waves.json").read_text("utf-8"))
    size = tracked.tracking.latest.size(1)
    later = figures["waves"][1]
    assert later["sizes"][0]["share"] == size.share
    assert len(later["statements"]) == sum(map(len, tracked.tracking.statements.values()))
    with (coffee / "w" / "segments_next.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 120 and sum(row["segment"] == "1" for row in rows) == size.n
    book = openpyxl.load_workbook(coffee / "w" / "waves.xlsx", data_only=True)
    assert len(book.sheetnames) == 10
    shares = [
        row[3]
        for row in book["Sizes of the segments"].iter_rows(min_row=2, values_only=True)
        if row[0] == "next"
    ]
    assert shares == pytest.approx([one.share for one in tracked.tracking.latest.sizes])
    page = (coffee / "w" / "waves.html").read_text("utf-8")
    assert f"{size.share:.1%}" in page and "Keep the segments" in page
    assert "Zachować segmenty" in page
    assert written.files[0].name == "waves.html"


def test_names_and_colours_are_those_of_the_report(coffee: Path, next_wave: Write) -> None:
    tracked = _track(coffee, next_wave())
    results = json.loads((coffee / "out" / "results.json").read_text("utf-8"))
    assert {n: dict(t) for n, t in tracked.tracking.names.items()} == {
        one["segment"]: one["name"] for one in results["personas"]
    }
    assert tracked.tracking.agreement.share > 0.95


def test_several_waves_and_a_wave_file(coffee: Path, next_wave: Write, tmp_path: Path) -> None:
    folder = tmp_path / "autumn"
    folder.mkdir()
    next_wave("autumn/data.xlsx", seed=33)
    (folder / "wave.yaml").write_text(
        "name: {en: Autumn, pl: Jesień}\ndate: 2027-10-31\nanswers: {file: data.xlsx}\n"
        'quality: {exclude: ["001"]}\n',
        encoding="utf-8",
    )
    tracked = _track(coffee, next_wave(seed=31), folder, next_wave("c.xlsx", 35))
    waves = tracked.tracking.waves
    assert [wave.id for wave in waves] == ["wave-1", "next", "autumn", "c"]
    assert waves[2].n == 119 and waves[2].date is not None and waves[1].n == 120
    assert dict(waves[2].name) == {"en": "Autumn", "pl": "Jesień"}
    assert waves[3].step_changes and not waves[1].step_changes
    assert len(tracked.advice()) >= 3


def test_a_wave_in_another_language_of_the_questionnaire(coffee: Path, next_wave: Write) -> None:
    polish = {"Female": "Kobieta", "Mężczyzna": "Mężczyzna"}

    def speak(rows: list[list[object]]) -> list[list[object]]:
        return [[row[0], polish[str(row[1])], *row[2:]] for row in rows]

    tracked = _track(coffee, next_wave("pl.xlsx", change=speak))
    plain = _track(coffee, next_wave("en.xlsx"))
    assert tracked.tracking.latest.sizes == plain.tracking.latest.sizes
    assert tracked.tracking.latest.sample == plain.tracking.latest.sample


def test_a_sheet_of_another_name_and_a_text_file(
    coffee: Path, next_wave: Write, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(next_wave())
    book["Answers"].title = "Blatt 1"
    book.save(tmp_path / "renamed.xlsx")
    rows = list(book["Blatt 1"].iter_rows(values_only=True))
    with (tmp_path / "text.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    renamed = _track(coffee, tmp_path / "renamed.xlsx").tracking.latest
    assert renamed.sizes == _track(coffee, tmp_path / "text.csv").tracking.latest.sizes
    declared = tmp_path / "wave.yaml"
    declared.write_text("answers: {file: renamed.xlsx, sheet: Answers}\n", "utf-8")
    with pytest.raises(DataError, match="no sheet called"):
        _track(coffee, declared)


def test_a_kind_that_vanished(coffee: Path, next_wave: Write) -> None:
    # savers stand first in the made-up rows, and are 60 % of them
    wave = next_wave("gone.xlsx", n=200, change=lambda rows: rows[120:])
    tracked = _track(coffee, wave)
    assert tracked.tracking.advice.word == "anew"
    text = "\n".join(tracked.advice())
    assert "Segment anew" in text and "is gone" in text


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (("answers", "rows"), "answers changed since the run"),
        (("study", "seed: 3", "seed: 4"), "options or other inputs changed since the run"),
        (("study", "id: coffee", "id: tea"), "not of tea"),
    ],
)
def test_a_run_out_of_date_is_refused(
    coffee: Path, next_wave: Write, drinkers: ModuleType, spoil: tuple[str, ...], said: str
) -> None:
    if spoil[0] == "answers":
        drinkers.write_answers(coffee / "answers.xlsx", drinkers.made_rows(121), drinkers.HEADER)
    else:
        file = coffee / "study.yaml"
        file.write_text(file.read_text("utf-8").replace(spoil[1], spoil[2]), "utf-8")
    with pytest.raises(DataError, match=said) as refused:
        _track(coffee, next_wave())
    assert refused.value.problems[0].remedy


def test_other_titles_and_languages_do_not_make_a_run_stale(coffee: Path, next_wave: Write) -> None:
    file = coffee / "study.yaml"
    file.write_text(file.read_text("utf-8") + "client: Beans\nlanguages: [pl]\n", "utf-8")
    assert _track(coffee, next_wave()).tracking.advice.word == "keep"


def test_merges_decided_after_the_run_are_refused(coffee: Path, next_wave: Write) -> None:
    manifest = json.loads((coffee / "out" / "manifest.json").read_text("utf-8"))
    (coffee / "decisions.yaml").write_text(
        f"persona: 1\nstudy: coffee\nfingerprint: {manifest['segments']['run']}\n"
        "segments:\n  - members: [1, 2]\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError, match="merge other segments"):
        _track(coffee, next_wave())


def test_what_cannot_be_followed_is_refused_at_once(
    coffee: Path, next_wave: Write, tmp_path: Path
) -> None:
    study = Study.load(coffee)
    wave = next_wave()
    cases: list[tuple[Any, list[Path], dict[str, Any], str]] = [
        (DataError, [coffee / "answers.xlsx"], {}, "very file of wave-1"),
        (DataError, [wave, wave], {}, "very file of next"),
        (DataError, [wave], {"run": tmp_path / "nowhere"}, "no typing tool yet"),
        (StudyError, [wave], {"names": ["a", "b", "c"]}, "3 names"),
        (StudyError, [], {}, "no wave to follow"),
        (StudyError, [tmp_path], {}, "holds no wave.yaml"),
        (DataError, [tmp_path / "absent.xlsx"], {}, "no such file"),
        (DataError, [next_wave("few.xlsx", n=20)], {}, "too few to compare"),
    ]
    for kind, waves, options, said in cases:
        with pytest.raises(kind, match=said):
            track_study(study, waves, **options)


def test_a_damaged_run_is_told(coffee: Path, next_wave: Write) -> None:
    results = coffee / "out" / "results.json"
    text = results.read_text("utf-8")
    for broken, said in (("{", "damaged"), (text.replace('"run": "', '"run": "x'), "belong")):
        results.write_text(broken, "utf-8")
        with pytest.raises(DataError, match=said):
            _track(coffee, next_wave())
    results.unlink()
    with pytest.raises(DataError, match="not complete"):
        _track(coffee, next_wave())


def test_a_run_without_a_typing_tool_is_told(coffee: Path, next_wave: Write) -> None:
    (coffee / "out" / "typing" / "typing.json").unlink()
    with pytest.raises(DataError, match="nothing to follow"):
        _track(coffee, next_wave())


def test_a_faulty_wave_file_is_told_with_its_line(coffee: Path, tmp_path: Path) -> None:
    file = tmp_path / "wave.yaml"
    file.write_text("answer: data.xlsx\n", "utf-8")
    with pytest.raises(StudyError, match="Did you mean 'answers'"):
        _track(coffee, file)


def test_weights_missing_in_the_wave(coffee: Path, next_wave: Write, drinkers: ModuleType) -> None:
    """A weighted study refuses a wave without weights, unless the wave says that it has none."""
    from dataclasses import replace

    from persona.study import tracking

    study = Study.load(coffee)
    sources = tracking.wave_sources(study, [next_wave()])
    intakes = [tracking._taken_in(source) for source in sources]
    first = replace(intakes[0], responses=replace(intakes[0].responses, weighted=True))
    with pytest.raises(DataError, match="has no weights"):
        tracking._weighted_alike(sources, [first, intakes[1]])
    declared = study.file.model_copy(
        update={"weights": study.file.weights.model_copy(update={"start": "none"})}
    )
    willing = replace(sources[1], study=replace(study, file=declared))
    said = tracking._weighted_alike([sources[0], willing], [first, intakes[1]])
    assert [problem.code for problem in said] == ["wave.unweighted"]


def test_the_wave_is_segmented_by_itself_when_asked(coffee: Path, next_wave: Write) -> None:
    tracked = track_study(Study.load(coffee), [next_wave(n=200)], resegment=True)
    found = tracked.tracking.latest.realignment
    assert found is not None and found.k == 2 and found.agreement > 0.9
    assert {event.kind for event in found.events} == {"same"}
    never = track_study(Study.load(coffee), [next_wave(n=200)], resegment=False)
    assert never.tracking.latest.not_resegmented == "not_asked_for"


def test_respondents_named_in_the_study_are_not_sought_in_the_wave(
    drinkers: ModuleType, tmp_path: Path
) -> None:
    from persona.study.wave_files import wave_sources

    text = drinkers.STUDY + 'quality: {exclude: ["001", "002"]}\n'
    folder = drinkers.make(tmp_path / "named", study=text)
    _, later = wave_sources(Study.load(folder), [tmp_path / "next.xlsx"])
    assert later.study.file.quality.exclude == "none"
    assert [problem.code for problem in later.problems] == ["wave.named_exclusions"]

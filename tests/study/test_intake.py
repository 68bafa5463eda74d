"""What a study does to its answers before they are analysed."""

from __future__ import annotations

import hashlib
import json
import typing
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import persona
from persona.errors import DataError, StudyError
from persona.study import Study, check_file
from persona.study.answer_options import Check
from persona.study.answer_report import quality_of, weights_of

QUESTIONNAIRE = """\
id: club
scales:
  agree: {points: {1: Never, 2: Seldom, 3: Sometimes, 4: Often, 5: Always}}
sections:
  - id: person
    block: who
    questions:
      - {id: member, type: text, kind: id}
      - {id: w, type: number, kind: weight, decimals: 6}
      - {id: w2, type: number, kind: weight, decimals: 6}
      - {id: sex, type: single, kind: demographic, text: Your sex,
         options: [{code: 1, text: Female}, {code: 2, text: Male}]}
      - {id: region, type: single, kind: geographic, text: Your region, ordered: true,
         options: [{code: north, text: North}, {code: middle, text: Middle},
                   {code: south, text: South}]}
  - id: views
    block: expects
    questions:
      - id: views
        type: grid
        kind: psychographic
        role: basis
        text: How often?
        scale: agree
        items: [{id: v1, text: Coffee}, {id: v2, text: Tea}, {id: v3, text: Milk},
                {id: v4, text: Juice}, {id: v5, text: Water}, {id: v6, text: Wine}]
      - {id: why, type: text, kind: verbatim, text: Why?}
  - id: worth
    block: value
    questions:
      - {id: revenue, type: money, currency: EUR, kind: value, text: Revenue}
      - {id: orders, type: number, kind: value, decimals: 0, text: Orders}
      - {id: last_order, type: date, kind: behaviour, text: Last order}
      - {id: channel, type: single, kind: channel, text: Channel,
         options: [{code: shop, text: Shop}, {code: web, text: Web}]}
"""
STUDY = """\
persona: 1
id: club
questionnaire: questionnaire.yaml
answers: {file: answers.xlsx}
"""
HEADER = ["member", "w", "w2", "sex", "region", "v1", "v2", "v3", "v4", "v5", "v6", "why"]
Row = list[object]


def rows_of(n: int = 60) -> list[Row]:
    """Three quarters of them women, a third from each region."""
    draw = np.random.default_rng(1)
    return [
        [
            f"{number:03d}",
            1 + number % 2,
            1 + number % 3,
            2 if number % 4 == 0 else 1,
            ["north", "middle", "south"][number % 3],
            *draw.integers(1, 6, 6).tolist(),
            f"because of {number}",
        ]
        for number in range(1, n + 1)
    ]


def write(path: Path, header: list[str], rows: list[Row]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(header)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def club(tmp_path: Path) -> Callable[..., Study]:
    """A study of sixty members; further lines of its file, and rows or columns of their own."""

    def make(
        more: str = "", rows: list[Row] | None = None, header: list[str] | None = None
    ) -> Study:
        (tmp_path / "questionnaire.yaml").write_text(QUESTIONNAIRE, encoding="utf-8")
        (tmp_path / "study.yaml").write_text(STUDY + more, encoding="utf-8")
        write(tmp_path / "answers.xlsx", header or HEADER, rows or rows_of())
        return Study.load(tmp_path)

    return make


def careless(rows: list[Row]) -> list[Row]:
    """The first two members tick one answer all along and type at random."""
    for row in rows[:2]:
        row[5:11] = [3] * 6
        row[11] = "asdfghjkl qwrtpl"
    return rows


def codes(problems: typing.Iterable[persona.errors.Problem]) -> list[str]:
    return [problem.code for problem in problems]


class TestQuality:
    def test_the_names_of_checks_are_those_that_are_made(self) -> None:
        from persona.responses.quality import CHECKS

        assert set(typing.get_args(Check)) == set(CHECKS)

    def test_nobody_is_left_out_unless_the_study_says_so(self, club: Callable[..., Study]) -> None:
        intake = club(rows=careless(rows_of())).intake()
        assert len(intake.responses.frame) == 60
        assert intake.exclusion.by == "none"
        assert {"001", "002"} <= set(intake.exclusion.proposed)
        proposed = next(p for p in intake.problems if p.code == "quality.proposed")
        assert "exclude: proposed" in str(proposed.remedy)
        report = quality_of(intake)
        assert report.proposed == len(intake.exclusion.proposed) >= 2
        assert report.excluded == 0 and report.changes
        assert {flag.check: flag.count for flag in report.flags}["gibberish"] == 2

    def test_those_proposed_are_left_out_counted_and_what_changes_is_said(
        self, club: Callable[..., Study]
    ) -> None:
        before = club(rows=careless(rows_of())).intake()
        after = club("quality: {exclude: proposed}\n", careless(rows_of())).intake()
        gone = before.exclusion.proposed
        assert after.exclusion.respondents == gone
        assert not set(gone) & set(after.responses.frame.index)
        assert quality_of(after).exclusions == (("careless answers", len(gone)),)
        (said,) = [p for p in after.problems if p.code == "quality.excluded"]
        assert said.values["count"] == len(gone)
        changed = after.exclusion.changes.set_index(["variable"]).loc["v1"]
        for moment, read in (("before", before.responses), ("after", after.responses)):
            mean = np.average(read.asked["v1"], weights=read.weights)
            assert changed[moment] == pytest.approx(mean)

    def test_respondents_named_by_the_study(self, club: Callable[..., Study]) -> None:
        intake = club('quality: {exclude: ["007", 12]}\n').intake
        with pytest.raises(DataError, match="'12'") as refused:
            intake()
        assert "012" in str(refused.value.problems[0].remedy)
        left = club('quality: {exclude: ["007", "012"]}\n').intake()
        assert not {"007", "012"} & set(left.responses.frame.index)
        assert quality_of(left).exclusions == (("left out by the study", 2),)

    def test_rules_of_the_study_are_used(self, club: Callable[..., Study]) -> None:
        rows = careless(rows_of())
        strict = club("quality: {exclude_at: 1}\n", rows).intake()
        lax = club("quality: {skip: [gibberish]}\n", rows).intake()
        assert len(strict.exclusion.proposed) > len(lax.exclusion.proposed)
        assert "gibberish" in dict(quality_of(lax).not_checked)

    def test_personal_data_are_counted_by_column(self, club: Callable[..., Study]) -> None:
        rows = rows_of()
        rows[3][11] = "write to jan@example.pl"
        (found,) = quality_of(club(rows=rows).intake()).personal
        assert (found.column, found.sort, found.count) == ("L", "e-mail addresses", 1)


class TestWeights:
    def test_a_question_of_weights_is_chosen(self, club: Callable[..., Study]) -> None:
        first, second = club().read(), club("weights: w2\n").read()
        assert first.weights["002"] / first.weights["001"] == pytest.approx(0.5)
        assert second.weights["002"] / second.weights["001"] == pytest.approx(1.5)
        assert not any("weight" in problem.code for problem in club().problems)

    def test_none_leaves_bad_weights_alone(self, club: Callable[..., Study]) -> None:
        rows = rows_of()
        rows[0][1], rows[1][1] = 0, -3
        with pytest.raises(DataError, match="negative"):
            club(rows=rows).read()
        read = club("weights: none\n", rows).read()
        assert not read.weighted and len(read.frame) == 60 and (read.weights == 1).all()
        assert "column.extra" not in codes(read.problems)

    def test_raked_to_targets_by_code_and_by_label(self, club: Callable[..., Study]) -> None:
        targets = "{sex: {1: 50, Male: 50}, region: {North: 2, middle: 1, south: 1}}"
        intake = club(f"weights: {{start: none, targets: {targets}}}\n").intake()
        read = intake.responses
        share = read.weights.groupby(read.asked["sex"], observed=True).sum() / read.weights.sum()
        assert share.to_dict() == pytest.approx({1: 0.5, 2: 0.5}, abs=1e-6)
        assert read.weights.mean() == pytest.approx(1) and read.weighted
        frame = read.asked[["sex"]].assign(
            region=[["north", "middle", "south"][int(c) - 1] for c in read.asked["region"]]
        )
        plain = persona.rake(
            frame, {"sex": {1: 1, 2: 1}, "region": {"north": 2, "middle": 1, "south": 1}}
        )
        assert np.allclose(read.weights, plain.weights, atol=1e-9)
        report = weights_of(intake)
        assert report.raked and report.converged
        assert report.deff == pytest.approx(plain.deff)
        assert [(row.margin, row.level) for row in report.targets][:2] == [
            ("sex", "1"),
            ("sex", "2"),
        ]
        assert "weight.raked" in codes(intake.problems)

    def test_raking_starts_from_design_weights_and_trims(self, club: Callable[..., Study]) -> None:
        raked = club("weights: {targets: {sex: {1: 20, 2: 80}}}\n").intake()
        assert raked.responses.weights.max() > 2.5
        women = raked.responses.asked["sex"] == 1
        kept = raked.responses.weights[women]
        assert kept["002"] / kept["001"] == pytest.approx(0.5), "design weights keep their ratio"
        trimmed = club("weights: {targets: {sex: {1: 20, 2: 80}}, trim: [0.3, 2.5]}\n").intake()
        assert trimmed.responses.weights.max() <= 2.5 + 1e-9
        assert weights_of(trimmed).trimmed > 0
        assert "weight.trimmed" in codes(trimmed.problems)

    def test_targets_from_a_workbook_are_an_input(
        self, club: Callable[..., Study], tmp_path: Path
    ) -> None:
        file = write(
            tmp_path / "targets.xlsx",
            ["margin", "level", "share"],
            [["sex", "Female", 0.5], ["sex", "Male", 0.5]],
        )
        intake = club("weights: {start: none, targets: targets.xlsx}\n").intake()
        read = intake.responses
        assert read.weights[read.asked["sex"] == 2].sum() == pytest.approx(30)
        (given,) = intake.inputs
        assert (given.role, given.file) == ("targets", "targets.xlsx")
        assert given.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()

    @pytest.mark.parametrize(
        ("targets", "words"),
        [
            ("{region: {north: 50, middle: 50}}", ["south", "no target"]),
            ("{sex: {1: -5, 2: 105}}", ["at least zero"]),
            ("{sex * region: {1 * north: 1}}", ["no target"]),
        ],
    )
    def test_impossible_targets_are_explained(
        self, club: Callable[..., Study], targets: str, words: list[str]
    ) -> None:
        study = club(f"weights: {{start: none, targets: {targets}}}\n")
        with pytest.raises(DataError) as refused:
            study.read()
        for word in words:
            assert word in str(refused.value)

    def test_contradictory_targets_say_what_is_not_met(self, club: Callable[..., Study]) -> None:
        targets = "{sex: {1: 50, 2: 50}, sex * region: {1 * north: 30, 1 * middle: 30, "
        targets += "1 * south: 30, 2 * north: 4, 2 * middle: 3, 2 * south: 3}}"
        intake = club(f"weights: {{start: none, targets: {targets}}}\n").intake()
        assert weights_of(intake).converged is False
        said = next(p for p in intake.problems if p.code == "target.not_met")
        assert "contradict" in str(said.remedy)


RECORDS = """\
records:
  - {file: crm.xlsx, key: customer, columns: {revenue: turnover, channel: way}}
"""


class TestRecords:
    @pytest.fixture
    def crm(self, tmp_path: Path) -> list[Row]:
        rows: list[Row] = [[f"{n:03d}", 10.5 * n, "Web" if n % 2 else "shop"] for n in range(1, 51)]
        rows.append(["999", 1, "web"])
        write(tmp_path / "crm.xlsx", ["customer", "turnover", "way"], rows)
        return rows

    @pytest.mark.usefixtures("crm")
    def test_columns_are_joined_by_key(self, club: Callable[..., Study]) -> None:
        intake = club(RECORDS).intake()
        read = intake.responses
        assert read.frame.loc["004", "revenue"] == 42.0
        assert read.frame.loc["004", "channel"] == "shop"
        assert read.frame["revenue"].notna().sum() == 50
        assert read.missing.loc["revenue", "answered"] == 50
        (part,) = intake.records
        assert part.columns["revenue"] == "crm.xlsx: turnover"
        assert part.without == tuple(f"{n:03d}" for n in range(51, 61))
        assert part.unused == ("999",)
        (shown,) = quality_of(intake).records
        assert (shown.joined, shown.without, shown.unused) == (50, 10, 1)
        assert next(p for p in intake.problems if p.code == "record.without").values["count"] == 10
        assert [(i.role, i.file) for i in intake.inputs] == [("records", "crm.xlsx")]

    def test_a_faulty_cell_is_told_in_its_own_file(
        self, club: Callable[..., Study], crm: list[Row], tmp_path: Path
    ) -> None:
        crm[6][1] = "a lot"
        write(tmp_path / "crm.xlsx", ["customer", "turnover", "way"], crm)
        study = club(RECORDS)
        with pytest.raises(DataError) as refused:
            study.read()
        problem = refused.value.problems[1]
        assert (problem.file, problem.row, problem.column) == ("crm.xlsx", 8, "B")
        assert problem.question == "revenue" and problem.found == "a lot"

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (("customer,", "custmer,"), ["custmer", "Did you mean 'customer'"]),
            (("crm.xlsx", "crn.xlsx"), ["crn.xlsx"]),
            (("turnover", "turnovr"), ["turnovr", "Did you mean 'turnover'"]),
            (("columns: {revenue", "to: mail, columns: {revenue"), ["mail"]),
            (("{revenue:", "{w:"), ["two places"]),
        ],
    )
    @pytest.mark.usefixtures("crm")
    def test_what_cannot_be_joined_is_refused(
        self, club: Callable[..., Study], change: tuple[str, str], words: list[str]
    ) -> None:
        study = club(RECORDS.replace(*change) + "weights: w2\n".replace("w2", "w"))
        with pytest.raises(DataError) as refused:
            study.read()
        for word in words:
            assert word in str(refused.value)

    def test_one_customer_twice_is_refused(
        self, club: Callable[..., Study], crm: list[Row], tmp_path: Path
    ) -> None:
        write(tmp_path / "crm.xlsx", ["customer", "turnover", "way"], [*crm, crm[0]])
        with pytest.raises(DataError, match="'001'"):
            club(RECORDS).read()

    def test_purchases_give_recency_frequency_and_money(
        self, club: Callable[..., Study], tmp_path: Path
    ) -> None:
        write(
            tmp_path / "sales.xlsx",
            ["who", "day", "paid"],
            [["001", "2026-01-05", 10.0], ["001", "2026-03-01", 5.5], ["002", "2026-02-01", 7.0]],
        )
        study = club(
            "records:\n  - file: sales.xlsx\n    key: who\n"
            "    purchases: {date: day, amount: paid}\n"
            "    columns: {revenue: money, orders: frequency, last_order: last_order}\n"
        )
        frame = study.read().frame
        assert frame.loc["001", ["revenue", "orders"]].tolist() == [15.5, 2]
        assert str(frame.loc["001", "last_order"])[:10] == "2026-03-01"
        assert frame["orders"].notna().sum() == 2


def test_quality_weights_and_inputs_reach_results_and_manifest(
    club: Callable[..., Study], tmp_path: Path
) -> None:
    rows: list[Row] = [[f"{n:03d}", 10 * n] for n in range(1, 51)]
    write(tmp_path / "crm.xlsx", ["customer", "turnover"], rows)
    study = club(
        "quality: {exclude: proposed}\n"
        "weights: {start: none, targets: {sex: {1: 50, 2: 50}}}\n"
        "records: [{file: crm.xlsx, key: customer, columns: {revenue: turnover}}]\n"
        "segmentation: {represent: items, method: kmeans, k: 2, max_missing: 0}\n",
        careless(rows_of()),
    )
    study.run().write(tmp_path / "out")
    results = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    quality = results["quality"]
    assert quality["rows"] == 60 and quality["excluded_by"] == "proposed"
    assert quality["exclusions"] == [["careless answers", 60 - quality["used"]]]
    assert quality["records"][0]["columns"] == {"revenue": "crm.xlsx: turnover"}
    assert quality["changes"][0]["category"] is None or quality["changes"][0]["category"]
    assert sum(count for _, _, count in quality["missing_histogram"]) == quality["used"]
    weights = results["weights"]
    assert weights["raked"] and weights["converged"] and weights["deff"] > 1
    assert {row["target"] for row in weights["targets"]} == {0.5}
    named = {part["file"]: part["sha256"] for part in manifest["inputs"]}
    digest = hashlib.sha256((tmp_path / "crm.xlsx").read_bytes()).hexdigest()
    assert named["crm.xlsx"] == digest
    assert manifest["options"]["quality"]["exclude"] == "proposed"


class TestReading:
    def test_a_mapping_file_is_applied_and_the_study_comes_first(
        self, club: Callable[..., Study], tmp_path: Path
    ) -> None:
        header = [*HEADER[:3], "gender", "sector", *HEADER[5:]]
        (tmp_path / "mapping.yaml").write_text(
            "columns: {gender: sex, sector: region, why: null}\n", encoding="utf-8"
        )
        line = "answers: {file: answers.xlsx, mapping: mapping.yaml}"
        study = club(header=header)
        study.path.write_text(STUDY.replace("answers: {file: answers.xlsx}", line))
        intake = Study.load(study.path).intake()
        assert intake.responses.frame["sex"].notna().all()
        assert intake.responses.frame["why"].isna().all()
        assert [(i.role, i.file) for i in intake.inputs] == [("mapping", "mapping.yaml")]

    def test_the_refusal_names_the_command_that_marks_the_cells(
        self, club: Callable[..., Study]
    ) -> None:
        rows = rows_of()
        rows[4][3] = "Femle"
        with pytest.raises(DataError) as refused:
            club(rows=rows).read()
        remedy = str(refused.value.problems[0].remedy)
        assert "persona import" in remedy and "answers.xlsx" in remedy

    def test_errors_of_several_sorts_come_together(self, club: Callable[..., Study]) -> None:
        rows = rows_of()
        rows[4][3] = "Femle"
        with pytest.raises(DataError) as refused:
            club("records:\n  - {file: no.xlsx, key: a, columns: {revenue: b}}\n", rows).read()
        assert "answer.unknown" in codes(refused.value.problems)
        assert any(problem.file == "no.xlsx" for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("qualty: {exclude: none}", ["Did you mean 'quality'", "line 5"]),
        ("quality: {exclude: propsed}", ["did you mean 'proposed'", "line 5"]),
        ("quality: {speder: 0.3}", ["Did you mean 'speeder'", "line 5"]),
        ("quality: {skip: [gibbrish]}", ["Did you mean 'gibberish'", "line 5"]),
        ("quality: {speeder: fast}", ["a number", "line 5"]),
        ("weights: {start: w3}", ["no question 'w3'", "Did you mean", "line 5"]),
        ("weights: sex", ["holds no weights", "w, w2", "line 5"]),
        ("weights:\n  targets:\n    sx: {1: 50, 2: 50}", ["'sx'", "Did you mean 'sex'", "line 7"]),
        ("weights:\n  targets:\n    sex: {1: 50, Mal: 50}", ["'Mal'", "Did you mean 'Male'"]),
        ("weights:\n  targets:\n    sex: {1: half}", ["a number", "line 7"]),
        ("weights: {targets: {sex: {1: 1, 2: 1}}, trim: [2, 3]}", ["trim", "below 1", "line 5"]),
        ("weights: {trim: 3}", ["trim needs targets", "line 5"]),
        ("records:\n  - {file: a.xlsx, columns: {revenue: b}}", ["'key'", "missing", "line 6"]),
        ("records:\n  - {file: a, key: b, columns: {revenu: c}}", ["Did you mean 'revenue'"]),
        (
            "records:\n  - {file: a, key: b, columns: {revenue: mony}, "
            "purchases: {date: d, amount: e}}",
            ["did you mean 'money'", "line 6"],
        ),
        ("records:\n  - {file: a, key: b, sheeet: c, columns: {w: d}}", ["Did you mean 'sheet'"]),
        ("segmentation: {max_missing: 2}", ["max_missing", "line 5"]),
    ],
)
def test_slips_in_the_study_file_are_told(
    club: Callable[..., Study], line: str, words: list[str]
) -> None:
    folder = club().folder
    (folder / "study.yaml").write_text(STUDY + line + "\n", encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        Study.load(folder)
    for word in words:
        assert word in str(refused.value)


def test_files_that_are_not_there_yet_are_a_warning_of_check(club: Callable[..., Study]) -> None:
    folder = club(RECORDS + "weights: {targets: targes.xlsx}\n").folder
    said = [str(problem) for problem in check_file(folder)]
    assert len(said) == 2 and all(p.severity == "warning" for p in check_file(folder))
    assert any("crm.xlsx" in line for line in said)

"""Every way of making segments can be asked for in the study file; what cannot be is told."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import persona
from persona.errors import PersonaError
from persona.study import check_file
from persona.study.basis import basis_questions

QUESTIONS = """
  - id: money
    block: value
    title: {en: Money, pl: Pieniądze}
    questions:
      - {id: age, type: number, kind: demographic, text: {en: Age, pl: Wiek}, unit: years}
      - {id: last, type: date, kind: behaviour, text: {en: When did you last buy?, pl: Kiedy?}}
      - {id: orders, type: number, kind: behaviour, text: {en: Orders, pl: Zamówienia}}
      - {id: spending, type: number, kind: value, text: {en: Yearly spending, pl: Wydatki}, unit: E}
      - id: wishes
        type: grid
        kind: need
        text: {en: How important is it?, pl: Na ile ważne?}
        scale: agree
        items:
          - {id: speed, text: {en: Speed, pl: Szybkość}}
          - {id: choice, text: {en: Choice, pl: Wybór}}
          - {id: service, text: {en: Service, pl: Obsługa}}
"""
HEADER = ["age", "last", "orders", "spending", "speed", "choice", "service"]


@pytest.fixture
def shop(small_study: Path, write_answers: Callable[..., Path]) -> Callable[[str], Path]:
    """The small study with age, purchases, spending and needs, and a segmentation of its own."""
    sheet = openpyxl.load_workbook(small_study / "answers.xlsx")["Answers"]
    first, *given = ([*row] for row in sheet.iter_rows(values_only=True))
    draw = np.random.default_rng(8)
    rows: list[list[object]] = []
    for number, row in enumerate(given):
        heavy = number % 3 == 0
        scale = draw.choice([4, 5], 3) if heavy else draw.choice([1, 2], 3)
        rows.append(
            [
                *row,
                None if number == 7 else int(20 + number % 50),
                dt.date(2026, 10, 31) - dt.timedelta(days=3 * (number % 40)),
                int(12 if heavy else 1 + number % 3),
                float(900 if heavy else 10 + number),
                *map(int, scale),
            ]
        )
    questionnaire = small_study / "questionnaire.yaml"
    questionnaire.write_text(questionnaire.read_text(encoding="utf-8") + QUESTIONS, "utf-8")
    write_answers(small_study / "answers.xlsx", rows, [*map(str, first), *HEADER])
    study = small_study / "study.yaml"
    text = study.read_text(encoding="utf-8")

    def declared(lines: str) -> Path:
        start = text.index("segmentation:")
        study.write_text(text[:start] + lines + "\n", encoding="utf-8")
        return small_study

    return declared


def names(result: persona.study.StudyResult, language: str = "en") -> dict[str, int]:
    return {one.name[language]: one.size.n for one in result.personas}


def test_a_rule_makes_and_names_the_segments(shop: Callable[[str], Path]) -> None:
    """In the questionnaire's own grammar, with codes or labels; who cannot be placed is listed."""
    folder = shop(
        """\
segmentation:
  method: rule
  rules:
    - {name: {en: Heavy home drinkers, pl: Domownicy}, when: places has home and orders >= 12}
    - {name: Young women, when: "sex = Female and age < 45"}
"""
    )
    result = persona.Study.load(folder).run()
    assert result.segmentation.method == "rule" and str(result.segmentation.verdict) == "given"
    asked = result.responses.asked
    heavy = (asked["places_home"] == 1) & (asked["orders"] >= 12)
    young = ~heavy & (asked["sex"] == 1) & (asked["age"] < 45)
    found = names(result)
    assert found["Heavy home drinkers"] == heavy.sum()
    assert found["Young women"] == young.sum()
    assert set(found) == {"Heavy home drinkers", "Young women", "Others"}
    assert "Domownicy" in names(result, "pl") and "Pozostali" in names(result, "pl")
    undecided = asked.index[~heavy & (asked["sex"] == 1) & asked["age"].isna()]
    assert result.segmentation.unassignable.index.tolist() == undecided.tolist()
    made_of = basis_questions(result.study.file, result.study.questionnaire)
    assert set(made_of) == {"places", "orders", "sex", "age"}


def test_rules_may_be_lines_of_name_and_condition(shop: Callable[[str], Path]) -> None:
    late = "Late: \"last < '2026-09-01'\""
    rules = f'{{{late}, Silent: not answered(comment), One way: "places in (home)"}}'
    folder = shop(f"segmentation: {{method: rule, rules: {rules}}}")
    assert [p for p in check_file(folder) if p.severity == "error"] == []
    result = persona.Study.load(folder).run()
    late = result.responses.asked["last"] < "2026-09-01"
    assert names(result)["Late"] == late.sum()


def test_bands_are_named_by_their_ranges(shop: Callable[[str], Path]) -> None:
    folder = shop("segmentation: {method: bands, column: age, edges: [30, 45.5, 60]}")
    assert "Wiek 45,5 – 60 years" in names(persona.Study.load(folder).run(), "pl")
    folder = shop("segmentation: {method: bands, column: age, edges: [30, 45, 60]}")
    result = persona.Study.load(folder).run()
    assert set(names(result)) == {
        "Age < 30 years",
        "Age 30 – 44 years",
        "Age 45 – 59 years",
        "Age ≥ 60 years",
    }
    assert result.segmentation.unassignable.index.tolist() == ["008"]
    folder = shop("segmentation: {method: bands, column: cheap, bands: 2}")
    assert len(names(persona.Study.load(folder).run())) == 2


def test_abc_goes_by_what_customers_bring(shop: Callable[[str], Path]) -> None:
    from persona.report import locale, theme
    from persona.report.sections.base import Context
    from persona.report.sections.segment_evidence import build as evidence
    from persona.report.sections.segment_rule import limits_grid
    from persona.study.reporting import study_report

    result = persona.Study.load(shop("segmentation: {method: abc}")).run()
    context = Context(study_report(result), locale.load("en"), theme.load())
    grid = limits_grid(context)
    assert grid is not None and {row.head for row in grid.rows} == set(names(result))
    assert evidence(context) is None, "nothing was looked for"
    spending = result.responses.asked["spending"]
    least = result.segmentation.tables["limits"].set_index("name")["low"]
    assert names(result)["A customers"] == (spending >= least["A"]).sum()
    assert spending[spending >= least["A"]].sum() >= 0.8 * spending.sum()
    narrow = persona.Study.load(shop("segmentation: {method: abc, shares: [0.5, 0.6]}")).run()
    assert names(narrow)["C customers"] > names(result).get("C customers", 0)


def test_recency_may_be_a_day(shop: Callable[[str], Path]) -> None:
    from persona.report import locale, theme
    from persona.report.sections.base import Context
    from persona.report.sections.segment_rule import limits_grid
    from persona.study.reporting import study_report

    folder = shop("segmentation: {method: rfm, recency: last, frequency: orders, money: spending}")
    result = persona.Study.load(folder).run()
    assert "Champions" in names(result)
    grid = limits_grid(Context(study_report(result), locale.load("pl"), theme.load()))
    assert grid is not None and len(grid.rows) == 3
    best = next(one.segment for one in result.personas if one.name["en"] == "Champions")
    asked = result.responses.asked
    mine = asked[result.segmentation.labels == best]
    assert mine["last"].min() > asked["last"].median()
    assert mine["orders"].mean() > asked["orders"].mean()


@pytest.mark.parametrize("name", ["psychographic", "needs"])
def test_a_preset_is_one_line(shop: Callable[[str], Path], name: str) -> None:
    """The same answers by attitudes and by needs: as the study's segments, and beside them."""
    folder = shop(f"segmentation: {name}\nsegmentations: [psychographic, needs, value]")
    result = persona.Study.load(folder).run()
    questions = {"psychographic": ("views_on_coffee",), "needs": ("wishes",)}
    runs = {run.id: run for run in result.targeting.bases}
    assert runs["segments"].questions == questions[name]
    for other in questions:
        assert runs[other].questions == questions[other]
    assert runs["segments"].k == runs[name].k


def test_value_alone_is_cut_into_quarters(shop: Callable[[str], Path]) -> None:
    result = persona.Study.load(shop("segmentation: value")).run()
    assert result.segmentation.method == "bands"
    assert all("Yearly spending" in name for name in names(result))


def test_further_segmentations_take_every_method(shop: Callable[[str], Path]) -> None:
    folder = shop(
        """\
segmentation: {method: kmeans, k: 2, represent: items}
segmentations:
  - {id: ages, method: bands, column: age, bands: 3}
  - {id: buyers, method: rule, rules: {Many: orders > 5}}
  - {method: rfm, recency: last, frequency: orders, money: spending}
  - abc
"""
    )
    with pytest.raises(PersonaError, match="no basis called 'abc'"):
        persona.Study.load(folder)
    text = (folder / "study.yaml").read_text().replace("  - abc\n", "  - {method: abc}\n")
    (folder / "study.yaml").write_text(text)
    result = persona.Study.load(folder).run()
    runs = {run.id: run for run in result.targeting.bases}
    assert set(runs) == {"segments", "ages", "buyers", "rfm", "abc"}
    assert runs["ages"].k == 3 and runs["ages"].without == 1
    assert {texts["en"] for texts in runs["buyers"].names.values()} == {"Many", "Others"}
    explained = {(one.basis, one.variable): one for one in result.targeting.comparison.explained}
    assert explained["abc", "spending"].circular and not explained["ages", "spending"].circular


def test_a_name_of_the_user_stands_before_that_of_the_rule(shop: Callable[[str], Path]) -> None:
    from persona.study.decisions import KeptDecisions, KeptSegment, write_kept

    folder = shop("segmentation: {method: rule, rules: {Many: orders > 5, Few: orders < 3}}")
    result = persona.Study.load(folder).run()
    largest = result.personas[0].name["en"]
    kept = KeptDecisions(
        study="coffee",
        fingerprint=result.fingerprint,
        segments=(
            KeptSegment(members=(1,), name={"en": "Mine"}),
            KeptSegment(members=(2, 3), name={}),
        ),
    )
    write_kept(kept, folder)
    again = persona.Study.load(folder).run()
    both = " + ".join(one.name["en"] for one in result.personas[1:])
    assert largest not in names(again)
    assert set(names(again)) == {"Mine", both}
    assert [one.named_by_user for one in again.personas].count(True) == 1
    assert all(one.proposed_name == one.name for one in again.personas if not one.named_by_user)


@pytest.mark.parametrize(
    ("lines", "line", "message", "remedy"),
    [
        ("{method: band}", 7, "'band' is not allowed for method", "bands"),
        ("{method: rule}", 7, "needs rules", "Heavy users"),
        ("{method: bands}", 7, "needs column", "column"),
        ("{method: bands, column: agee}", 7, "no question 'agee'", "'age'"),
        ("{method: bands, column: sex}", 7, "holds no numbers", "number"),
        ("{method: bands, column: last}", 7, "holds days", "number"),
        ("{method: bands, column: age, edges: [40, 30]}", 7, "low to high", ""),
        ("{method: bands, column: age, edges: [30], bands: 3}", 7, "both are given", ""),
        ("{method: bands, column: age, bands: 1}", 7, "bands", ""),
        ("{method: bands, column: age, k: 3}", 7, "k has no meaning", "Take k out"),
        ("{method: bands, column: age, basis: [sex]}", 7, "basis has no meaning", ""),
        ("{method: abc, shares: [0.9, 0.8]}", 7, "low to high", ""),
        ("{method: abc, shares: [80, 95]}", 7, "shares", ""),
        ("{method: kmeans, edges: [3]}", 7, "takes no edges", "method: bands"),
        ("{starts: 5}", 7, "takes no starts", "method: kmeans"),
        ("{method: rfm, money: spending}", 7, "needs recency", ""),
        ("{method: latent_class, covariates: sexx}", 7, "no question 'sexx'", "'sex'"),
        ("{centre: perhaps}", 7, "centre must be", ""),
        ("needz", 7, "no basis called 'needz'", "'needs'"),
        ("geographic", 7, "needs questions of kind", ""),
        ("{method: rule, rules: {A: agee > 3}}", 7, "'agee', which is no question", "'age'"),
        ("{method: rule, rules: {A: age >}}", 7, "cannot be read", ""),
        ("{method: rule, rules: {A: sex = Femal}}", 7, "no answer of sex", "code 1"),
        ("{method: rule, rules: {A: sex < Many}}", 7, "no answer of sex", ""),
        ("{method: rule, rules: {A: places has bars}}", 7, "no answer of places", "bar"),
        ("{method: rule, rules: {A: age = old}}", 7, "cannot be compared with age", ""),
        ("{method: rule, rules: {A: last > soon}}", 7, "cannot be compared with last", ""),
        ("{method: rule, rules: {A: comment = cheap}}", 7, "holds texts", "options"),
        (
            "{method: rule, rules: [{name: A, when: age > 3}, {name: A, when: age > 9}]}",
            7,
            "Two",
            "",
        ),
    ],
)
def test_what_cannot_be_asked_for_is_told_at_its_line(
    shop: Callable[[str], Path], lines: str, line: int, message: str, remedy: str
) -> None:
    folder = shop(f"segmentation: {lines}")
    problems = [problem for problem in check_file(folder) if problem.severity == "error"]
    assert problems, "nothing was found"
    told = next((one for one in problems if message in str(one)), None)
    assert told is not None, [str(one) for one in problems]
    assert told.line == line and str(told.file).endswith("study.yaml")
    assert remedy in str(told)


def test_crossings_of_what_is_not_declared_are_told(shop: Callable[[str], Path]) -> None:
    folder = shop("segmentations: [needs]\ncrossings: [[segments, need], [needs, needs]]")
    found = [problem for problem in check_file(folder) if problem.severity == "error"]
    assert {problem.code for problem in found} == {
        "study.unknown_segmentation",
        "study.crossed_with_itself",
    }
    assert "'needs'" in str(found[0]) and {problem.line for problem in found} == {8}


def test_declared_crossings_are_tables_of_the_report(shop: Callable[[str], Path]) -> None:
    from persona.report import locale, theme
    from persona.report.sections.base import Context
    from persona.report.sections.bases import build
    from persona.study.reporting import study_report

    folder = shop(
        "segmentation: {method: bands, column: age, bands: 2}\n"
        "segmentations: [{id: buyers, method: rule, rules: {Many: orders > 5}}, {method: abc}]\n"
        "crossings: [[buyers, abc], [segments, buyers]]"
    )
    result = persona.Study.load(folder).run()
    first, second = result.targeting.crossings
    assert (first.first, first.second, second.first) == ("buyers", "abc", "segments")
    assert first.cells["n"].sum() == 120 and first.cells["share"].sum() == pytest.approx(1)
    asked = result.responses.asked
    runs = {run.id: run for run in result.targeting.bases}
    many = next(n for n, texts in runs["buyers"].names.items() if texts["en"] == "Many")
    cells = second.cells.set_index(["first", "second"])
    young = result.segmentation.labels == 2
    both = cells.loc[(2, many)]
    assert both["n"] == (young & (asked["orders"] > 5)).sum()
    everybody = second.cells["n"].sum()
    of_chance = young.sum() * (asked["orders"][result.segmentation.labels.notna()] > 5).sum()
    assert both["index"] == pytest.approx(100 * both["n"] * everybody / of_chance)
    section = build(Context(study_report(result), locale.load("en"), theme.load()))
    assert section is not None and len(section.declared) == 2
    assert "A customers" in section.declared[0].heads


def test_a_held_out_test_and_centring_can_be_asked_for(shop: Callable[[str], Path]) -> None:
    from persona.report import locale, theme
    from persona.report.sections.base import Context
    from persona.report.sections.segment_held_out import held_out_grid
    from persona.study.reporting import study_report

    way = "basis: [views_on_coffee], represent: items, k: 2, method: kmeans"
    folder = shop(f"segmentation: {{{way}, held_out: true, centre: true}}")
    result = persona.Study.load(folder).run()
    assert result.segmentation.options["centre"] is True
    table = result.segmentation.tables["held_out"]
    assert table["basis"].tolist() == list(result.matrix.frame.columns)
    assert table["p_adjusted"].max() < 0.01
    grid = held_out_grid(Context(study_report(result), locale.load("en"), theme.load()))
    assert grid is not None and len(grid.rows) == len(table)
    folder = shop("segmentation: {basis: [sex, places], k: 2, held_out: true, represent: items}")
    assert "held_out" in persona.Study.load(folder).run().segmentation.tables


@pytest.mark.slow
@pytest.mark.parametrize("name", ["psychographic", "needs"])
def test_the_example_is_divided_in_one_line(tmp_path: Path, name: str) -> None:
    """The answers of the example by what people think, and by what they need."""
    example = Path(__file__).resolve().parents[2] / "examples" / "coffee_club"
    shutil.copytree(example, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("out"))
    file = tmp_path / "study.yaml"
    own = r"segmentation:\n(?:  .*\n)+"
    text = re.sub(own, f"segmentation: {name}\n", file.read_text(encoding="utf-8"))
    text = re.sub(r"segmentations: .*\n", "segmentations: [psychographic, needs]\n", text)
    file.write_text(text, encoding="utf-8")
    result = persona.Study.load(tmp_path).run()
    runs = {run.id: run for run in result.targeting.bases}
    assert set(runs) == {"segments", "psychographic", "needs"}
    assert all(run.k > 1 for run in runs.values())
    assert runs["segments"].questions == runs[name].questions
    assert set(runs["psychographic"].questions).isdisjoint(runs["needs"].questions)

"""Simulated answers: planted segments, bounds, conditions, gaps, and the same bytes again."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from persona.errors import Severity
from persona.questionnaire.model import Questionnaire
from persona.responses.model import Responses
from persona.responses.simulate import Plan, Simulated, simulate, table, write, write_table
from persona.responses.simulation.plan import factor_groups

TEA = """
id: tea
languages: [en, pl]
scales:
  agree5:
    points: {1: {en: "No!", pl: "Nie!"}, 2: {en: Rather not, pl: Raczej nie},
      3: {en: So so, pl: Tak sobie}, 4: {en: Rather yes, pl: Raczej tak},
      5: {en: "Yes!", pl: "Tak!"}}
    missing: {9: {text: {en: Hard to say, pl: Trudno powiedzieć}, meaning: dont_know}}
sections:
  - id: who
    block: who
    questions:
      - {id: respondent, type: text, kind: id, text: {en: Number, pl: Numer}}
      - {id: weight, type: number, kind: weight, text: {en: Weight, pl: Waga}}
      - {id: age, type: number, kind: demographic, text: {en: Age, pl: Wiek}, minimum: 16,
         maximum: 99}
      - id: drinks
        type: single
        kind: behaviour
        text: {en: Do you drink tea?, pl: Czy pije Pan(i) herbatę?}
        options:
          - {code: 1, text: {en: I do, pl: Owszem}}
          - {code: 2, text: {en: I do not, pl: Nigdy}}
          - {code: 9, text: {en: No answer, pl: Brak odpowiedzi}, missing: refused}
      - id: cups
        type: number
        kind: behaviour
        text: {en: How many cups a day?, pl: Ile filiżanek dziennie?}
        shown_if: drinks = 1
        minimum: 1
        maximum: 12
  - id: expects
    block: expects
    questions:
      - id: views
        type: grid
        kind: psychographic
        role: basis
        scale: agree5
        text: {en: Your views, pl: Pana/Pani poglądy}
        items:
          - {id: thrift_low, text: {en: I buy the cheapest, pl: Kupuję najtańszą}}
          - {id: thrift_deal, text: {en: I wait for offers, pl: Czekam na promocje}}
          - {id: thrift_free, reverse: true, text: {en: I ignore prices, pl: Nie pytam o cenę}}
          - {id: taste_leaf, text: {en: I want whole leaves, pl: Chcę całych liści}}
          - {id: taste_warm, text: {en: I warm the pot, pl: Ogrzewam czajniczek}}
          - {id: taste_any, reverse: true, text: {en: Any bag will do, pl: Każda torebka się nada}}
      - id: wishes
        type: multiple
        kind: need
        text: {en: What do you wish for?, pl: Czego Pan(i) sobie życzy?}
        options:
          - {code: 1, text: {en: Tins, pl: Puszki}}
          - {code: 2, text: {en: "Samples, small ones", pl: "Próbki, te małe"}}
          - {code: 3, text: {en: A book, pl: Książka}}
          - {code: 0, text: {en: Nothing, pl: Niczego}, exclusive: true}
      - {id: words, type: text, kind: verbatim, text: {en: Anything else?, pl: Coś jeszcze?}}
  - id: behaves
    block: behaves
    questions:
      - {id: recommend, type: nps, kind: behaviour, text: {en: Recommend us?, pl: Poleci?}}
      - {id: last, type: date, kind: behaviour, text: {en: Last purchase, pl: Ostatni zakup},
         earliest: 2026-01-01}
      - {id: spend, type: number, kind: value, text: {en: Spend, pl: Wydatki}, minimum: 0,
         maximum: 5000}
"""


@pytest.fixture(scope="module")
def tea() -> Questionnaire:
    return Questionnaire.from_yaml(TEA)


@pytest.fixture(scope="module")
def drawn(tea: Questionnaire) -> Simulated:
    return simulate(tea, 600, seed=4, k=3)


def _numbers(questionnaire: Questionnaire, answers: pd.DataFrame) -> pd.DataFrame:
    """The basis battery with reversed items turned and gaps filled by the mean."""
    items = [v for v in questionnaire.variables if v.role == "basis"]
    frame = answers[[v.id for v in items]].apply(pd.to_numeric)
    frame = frame.where(frame <= 5)
    for item in items:
        if item.reverse:
            frame[item.id] = 6 - frame[item.id]
    return frame.fillna(frame.mean())


def _recovered(questionnaire: Questionnaire, simulated: Simulated, k: int) -> float:
    frame = _numbers(questionnaire, simulated.answers)
    found = KMeans(k, n_init=10, random_state=0).fit_predict((frame - frame.mean()) / frame.std())
    return float(adjusted_rand_score(simulated.segments, found))


def test_one_column_a_variable_and_planted_labels_by_respondent(
    tea: Questionnaire, drawn: Simulated
) -> None:
    assert list(drawn.answers.columns) == [v.id for v in tea.variables]
    assert drawn.answers.index.equals(drawn.segments.index)
    assert drawn.answers["respondent"].tolist() == drawn.answers.index.tolist()
    counts = drawn.segments.value_counts().sort_index()
    assert counts.index.tolist() == [1, 2, 3]
    assert counts.is_monotonic_decreasing
    assert counts.min() > 0.05 * 600


def test_same_seed_same_answers_other_seed_others(tea: Questionnaire) -> None:
    first, again, other = (simulate(tea, 80, seed=s, k=3).answers for s in (5, 5, 6))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_planted_segments_can_be_found_and_without_separation_cannot(
    tea: Questionnaire, drawn: Simulated
) -> None:
    assert _recovered(tea, drawn, 3) > 0.5
    assert _recovered(tea, simulate(tea, 600, seed=4, k=3, separation=0), 3) < 0.05


def test_every_cell_is_allowed(tea: Questionnaire, drawn: Simulated) -> None:
    for variable in tea.variables:
        cells = drawn.answers[variable.id].dropna().tolist()
        assert cells, variable.id
        allowed = set(variable.codes) | {code.code for code in variable.missing}
        if variable.categories:
            assert set(cells) <= allowed, variable.id
        elif variable.minimum is not None and variable.maximum is not None:
            assert min(cells) >= variable.minimum, variable.id
            assert max(cells) <= variable.maximum, variable.id
    days = drawn.answers["last"].dropna()
    assert days.min() >= datetime.date(2026, 1, 1)
    assert days.max() < datetime.date(2026, 10, 31)


def test_exclusive_option_stands_alone(drawn: Simulated) -> None:
    ticks = drawn.answers[["wishes_1", "wishes_2", "wishes_3", "wishes_0"]].dropna()
    nothing = ticks["wishes_0"] == 1
    assert nothing.any()
    assert (ticks.loc[nothing, ["wishes_1", "wishes_2", "wishes_3"]] == 0).all(axis=None)
    assert (ticks[~nothing].sum(axis=1) > 0).all()


def test_condition_decides_who_is_asked(drawn: Simulated) -> None:
    asked = drawn.answers["drinks"] == 1
    assert drawn.answers.loc[~asked, "cups"].isna().all()
    assert drawn.answers.loc[asked, "cups"].notna().mean() > 0.9


def test_reversed_items_run_against_their_factor(drawn: Simulated) -> None:
    frame = drawn.answers[["thrift_low", "thrift_deal", "thrift_free"]].apply(pd.to_numeric)
    correlation = frame[(frame <= 5).all(axis=1)].corr()
    assert correlation.loc["thrift_low", "thrift_deal"] > 0.3
    assert correlation.loc["thrift_low", "thrift_free"] < -0.3


def test_gaps_vary_by_person_and_can_be_switched_off(tea: Questionnaire, drawn: Simulated) -> None:
    dont_know = drawn.answers.isin([9])[["thrift_low", "taste_leaf"]]
    assert 0.005 < dont_know.to_numpy().mean() < 0.1
    assert drawn.answers["spend"].isna().any()
    whole = simulate(tea, 300, seed=4, k=3, missing=0).answers
    complete = whole.drop(columns=["words", "cups"])
    assert complete.notna().all(axis=None)
    assert not (whole["drinks"] == 9).any()


def test_margins_and_shifts_of_a_plan_are_kept(tea: Questionnaire) -> None:
    plan = Plan(
        (0.75, 0.25),
        ({"thrift_low": 2.0, "drinks_1": 1.0}, {"drinks_1": -1.0}),
        {
            "taste_leaf": (10, 10, 20, 40, 20),
            "drinks": (0.7, 0.3),
            "wishes_1": (0.2,),
            "spend": (90,),
        },
    )
    answers, segments = simulate(tea, 4000, seed=1, plan=plan, missing=0)
    shares = answers["taste_leaf"].value_counts(normalize=True).sort_index()
    # response styles move answers a little towards the ends
    assert np.allclose(shares, (0.1, 0.1, 0.2, 0.4, 0.2), atol=0.05)
    assert (answers["drinks"] == 1).mean() == pytest.approx(0.7, abs=0.03)
    assert answers["wishes_1"].mean() == pytest.approx(0.2, abs=0.001)
    assert np.median(answers["spend"].astype(float)) == pytest.approx(90, rel=0.1)
    assert (segments == 2).mean() == pytest.approx(0.25, abs=0.001)
    means = answers["thrift_low"].where(answers["thrift_low"] <= 5).astype(float).groupby(segments)
    assert means.mean()[1] - means.mean()[2] > 1.0


def test_a_plan_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="as many shares as shifts"):
        Plan((0.5, 0.5), ({},))
    with pytest.raises(ValueError, match="sum to one"):
        Plan((0.5, 0.4), ({}, {}))


@pytest.mark.parametrize(("n", "k"), [(0, 1), (5, 0), (3, 4)])
def test_numbers_of_respondents_and_segments_that_cannot_be(
    tea: Questionnaire, n: int, k: int
) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        simulate(tea, n, k=k)


def test_battery_without_named_factors_is_cut_into_neighbours() -> None:
    items = [f"q{number}" for number in range(7)]
    assert factor_groups(items) == (tuple(items[:4]), tuple(items[4:]))


def test_verbatims_speak_of_what_the_segment_wants_in_the_language_asked(
    tea: Questionnaire,
) -> None:
    polish = simulate(tea, 120, seed=2, k=2, language="pl").answers["words"].dropna()
    assert 30 < len(polish) < 100
    assert polish.nunique() > 10
    topics = [v.text["pl"].casefold() for v in tea.variables if v.question in ("views", "wishes")]
    assert all(any(topic in text.casefold() for topic in topics) for text in polish)


@pytest.mark.parametrize(("headers", "cells"), [("id", "code"), ("text", "label")])
def test_what_is_written_is_read_back_the_same(
    tea: Questionnaire, drawn: Simulated, tmp_path: Path, headers: str, cells: str
) -> None:
    path = tmp_path / "answers.xlsx"
    spoken = ["pl" if row % 3 == 0 else "en" for row in range(600)]
    write(drawn, tea, path, headers=headers, cells=cells, language=spoken)
    read = Responses.read(path, tea)
    assert [p for p in read.problems if p.severity is Severity.ERROR] == []
    assert read.unmatched == ()
    for variable in tea.variables:
        if variable.kind in ("id", "weight"):
            continue
        unsaid = {code.code for code in variable.missing}
        written = [None if c is None or c in unsaid else c for c in drawn.answers[variable.id]]
        back = read.asked[variable.id]
        assert [c is None for c in written] == back.isna().tolist(), variable.id
        if variable.numeric:
            assert [c for c in written if c is not None] == back.dropna().tolist(), variable.id


def test_same_answers_same_bytes(tea: Questionnaire, drawn: Simulated, tmp_path: Path) -> None:
    digests = set()
    for name in ("one.xlsx", "two.xlsx"):
        write(drawn, tea, tmp_path / name)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_scale_of_bare_numbers_stays_numbers_beside_labels(
    tea: Questionnaire, drawn: Simulated
) -> None:
    shown = table(tea, drawn.answers, headers="text", cells="label", language="pl")
    assert {type(cell) for cell in shown["Poleci?"].dropna()} == {int}
    assert set(shown["Pana/Pani poglądy [Chcę całych liści]"].dropna()) >= {"Raczej tak", "Nie!"}


def test_text_that_looks_like_a_formula_is_written_as_text(tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    path = tmp_path / "cells.xlsx"
    cells = ["=1+1", "https://example.com", None, 2.5, datetime.date(2025, 3, 1)]
    write_table(pd.DataFrame({"=head": cells}, dtype=object), path)
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["=head", *cells[:2], "", *cells[3:]]


@settings(max_examples=15, deadline=None)
@given(n=st.integers(1, 60), k=st.integers(1, 6), seed=st.integers(0, 2**32))
def test_any_size_and_seed_gives_answers_that_are_read_without_error(
    n: int, k: int, seed: int
) -> None:
    tea = Questionnaire.from_yaml(TEA)
    answers, segments = simulate(tea, n, seed=seed, k=min(k, n))
    assert len(answers) == len(segments) == n
    for variable in tea.variables:
        cells = answers[variable.id].tolist()
        decoded = tea.question(variable.question).decode(
            tea.context(variable.question), {variable.id: cells}
        )
        assert [fault.problem.message for fault in decoded[variable.id].faults] == []


CHOICES = """
id: choices
languages: [en]
sections:
  - id: wants
    block: expects
    questions:
      - {id: person, type: text, kind: id}
      - id: order
        text: Put in order
        type: ranking
        kind: need
        top: 3
        options: [{code: 1, text: Price}, {code: 2, text: Taste}, {code: 3, text: Speed},
          {code: 4, text: Looks}]
      - id: points
        text: Share out
        type: constant_sum
        kind: benefit
        role: basis
        options: [{code: 1, text: Price}, {code: 2, text: Taste}, {code: 3, text: Speed}]
      - id: best
        text: Best and worst
        type: maxdiff
        kind: need
        versions: 2
        per_set: 3
        options: [{code: a, text: Price}, {code: b, text: Taste}, {code: c, text: Speed},
          {code: d, text: Looks}, {code: e, text: Service}, {code: f, text: Origin}]
      - id: awake
        text: Choose two
        type: single
        kind: psychographic
        attention: 2
        options: [{code: 1, text: One}, {code: 2, text: Two}]
      - id: where
        type: multiple
        kind: channel
        most: 2
        text: Where do you buy?
        options: [{code: 1, text: Shop}, {code: 2, text: Web}, {code: 3, text: Elsewhere,
          other: true}]
"""


@pytest.fixture(scope="module")
def choices() -> Simulated:
    plan = Plan(
        (0.5, 0.5),
        (
            {"order_1": 3.0, "points_1": 3.0, "best_a": 3.0},
            {"order_2": 3.0, "points_2": 3.0, "best_b": 3.0},
        ),
    )
    return simulate(Questionnaire.from_yaml(CHOICES), 400, seed=3, plan=plan)


def test_orders_hold_each_rank_once_and_follow_the_plan(choices: Simulated) -> None:
    ranks = choices.answers[[f"order_{code}" for code in (1, 2, 3, 4)]].dropna(how="all")
    assert {tuple(sorted(row.dropna())) for _, row in ranks.iterrows()} == {(1, 2, 3)}
    first = ranks[choices.segments.reindex(ranks.index) == 1]
    assert (first["order_1"] == 1).mean() > 0.7


def test_points_add_up_and_follow_the_plan(choices: Simulated) -> None:
    points = choices.answers[["points_1", "points_2", "points_3"]].dropna()
    assert (points.sum(axis=1) == 100).all()
    assert (points.astype(int) % 5 == 0).all(axis=None)
    means = points.astype(float).groupby(choices.segments.reindex(points.index)).mean()
    assert means.loc[1, "points_1"] > means.loc[2, "points_1"] + 30


def test_best_and_worst_are_among_the_shown_and_score_as_planned(choices: Simulated) -> None:
    questionnaire = Questionnaire.from_yaml(CHOICES)
    columns = {name: choices.answers[name].tolist() for name in choices.answers if "best" in name}
    decoded = questionnaire.decode("best", columns)
    assert [fault for column in decoded.values() for fault in column.faults] == []
    assert set(choices.answers["best_version"].dropna()) == {1, 2}
    scores = pd.Series(decoded["best_a"].values, choices.answers.index, dtype=float)
    by_segment = scores.groupby(choices.segments).mean()
    assert by_segment[1] > 0.5 > by_segment[2]


def test_attention_is_kept_by_most(choices: Simulated) -> None:
    awake = choices.answers["awake"].dropna()
    assert 0.94 < (awake == 2).mean() < 1


def test_no_more_options_than_allowed_and_words_where_other_is_chosen(choices: Simulated) -> None:
    ticks = choices.answers[["where_1", "where_2", "where_3"]].dropna()
    assert ticks.sum(axis=1).between(1, 2).all()
    other = choices.answers["where_3"] == 1
    assert choices.answers.loc[other, "where_other"].notna().all()
    assert choices.answers.loc[~other, "where_other"].isna().all()

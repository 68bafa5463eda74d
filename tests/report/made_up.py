"""A study that nobody asked: frozen results small enough to read, rich enough to fill a report."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from persona.analysis.correspondence import correspondence_analysis
from persona.analysis.fit import FactorFit
from persona.analysis.naming import FactorItems
from persona.errors import note, warning
from persona.profiling.aspects import KINDS
from persona.profiling.persona import (
    Aspect,
    AspectQuestion,
    Evidence,
    Figure,
    Form,
    NameMarker,
    NameProposal,
    Persona,
    Prevalence,
    Quote,
    Statement,
    TypicalAnswer,
)
from persona.profiling.result import Cell, Profile, QuestionProfile, Row, SegmentSize, ValueShare
from persona.report.model import (
    FactorSection,
    MapSection,
    MissingCount,
    Quality,
    StudyReport,
    WeightSummary,
)
from persona.segmentation.basis import Column
from persona.segmentation.evidence import Evidence as SegmentEvidence
from persona.segmentation.evidence import lineage, markers
from persona.segmentation.null import compare
from persona.segmentation.stability import Stability, summary
from persona.segmentation.verdict import Verdict

SIZES = (312, 268, 196, 124)
N = sum(SIZES)
NAMES = (
    {"en": "Price first, online", "pl": "Najpierw cena, w internecie"},
    {"en": "Advice in the shop", "pl": "Rada w sklepie"},
    {"en": "Little time, fast delivery", "pl": "Mało czasu, szybka dostawa"},
    {"en": "Loyal to the brand", "pl": "Wierni marce"},
)
ITEMS = {
    "shop_1": {"en": "I compare prices before I buy", "pl": "Porównuję ceny, zanim kupię"},
    "shop_2": {"en": "I wait for a sale", "pl": "Czekam na wyprzedaż"},
    "shop_3": {
        "en": "I like to be advised by somebody who knows the goods",
        "pl": "Lubię, gdy doradza mi ktoś, kto zna towar",
    },
    "shop_4": {"en": "I want to see and touch it first", "pl": "Chcę najpierw zobaczyć i dotknąć"},
    "shop_5": {"en": "It must be there the next day", "pl": "Musi być następnego dnia"},
    "shop_6": {"en": "Shopping is lost time", "pl": "Zakupy to stracony czas"},
}
AGREE = (
    {"en": "Rather agree", "pl": "Raczej się zgadzam"},
    {"en": "Strongly agree", "pl": "Zdecydowanie się zgadzam"},
)


def _cell(value: float | None, base: int, total: float | None, letters: str = "") -> Cell:
    if value is None or base == 0:
        return Cell(None, 0, 0.0, base, float(base), float(base))
    half = 1.96 * (max(value * (100 - value), 400) / base) ** 0.5 if value <= 100 else 3.0
    return Cell(
        value=value,
        count=round(value * base / 100),
        weighted_count=value * base / 100,
        base=base,
        weighted_base=float(base),
        effective_base=base * 0.9,
        low=max(value - half, 0),
        high=min(value + half, 100),
        index=None if not total else 100 * value / total,
        rest=None if total is None else total - (value - total) / 3,
        p_value=0.004,
        p_adjusted=0.012,
        effect=None if total is None else (value - total) / 50,
        letters=letters,
        mark="**" if base < 30 else "*" if base < 100 else "",
    )


def _row(
    variable: str, category: Any, text: dict[str, str], values: tuple[float, ...], **more: Any
) -> Row:
    total = float(np.average(values, weights=SIZES))
    cells = tuple(
        _cell(value, size, total, letters="bD" if value > total * 1.25 else "")
        for value, size in zip(values, SIZES, strict=True)
    )
    return Row(
        variable=variable,
        category=category,
        statistic=more.pop("statistic", "percent"),
        text=text,
        total=replace(_cell(total, N, None), index=100.0),
        cells=cells,
        p_value=0.001,
        p_adjusted=0.003,
        effect_size=0.21,
        **more,
    )


def _question(
    identifier: str, block: str, kind: str, type_: str, text: dict[str, str], rows: Any, **more: Any
) -> QuestionProfile:
    basis = more.pop("role", "descriptor") == "basis"
    return QuestionProfile(
        question=identifier,
        block=block,
        kind=kind,
        role="basis" if basis else "descriptor",
        type=type_,
        text=text,
        section={"who": "who", "expects": "attitudes"}.get(block, "habits"),
        rows=tuple(rows),
        base=N,
        weighted_base=float(N),
        effective_base=N * 0.9,
        tested=not basis,
        why_not_tested="basis" if basis else "",
        chi_square=None if basis else 41.3,
        degrees=None if basis else 9.0,
        p_value=None if basis else 0.0001,
        p_adjusted=None if basis else 0.0004,
        cramers_v=None if basis else 0.18,
        expected_below_5=0.0,
        **more,
    )


def _questions() -> tuple[QuestionProfile, ...]:
    likert = [
        _row(item, None, text, values, statistic="mean")
        for (item, text), values in zip(
            ITEMS.items(),
            (
                (4.5, 3.1, 3.2, 2.6),
                (4.3, 2.9, 2.7, 2.2),
                (2.4, 4.4, 2.5, 3.3),
                (2.6, 4.5, 2.2, 3.4),
                (3.0, 2.6, 4.6, 3.0),
                (3.1, 2.2, 4.4, 2.8),
            ),
            strict=True,
        )
    ]
    return (
        _question(
            "sex",
            "who",
            "demographic",
            "single",
            {"en": "Sex", "pl": "Płeć", "ru": "Пол", "nl": "Geslacht"},
            [
                _row("sex", 1, {"en": "Women", "pl": "Kobiety", "ru": "Женщины"}, (48, 61, 45, 52)),
                _row("sex", 2, {"en": "Men", "pl": "Mężczyźni", "ru": "Мужчины"}, (52, 39, 55, 48)),
            ],
        ),
        _question(
            "age",
            "who",
            "demographic",
            "single",
            {"en": "How old are you?", "pl": "Ile ma Pan/Pani lat?"},
            [
                _row("age", 1, {"en": "18 to 29", "pl": "18–29"}, (38, 9, 31, 12)),
                _row("age", 2, {"en": "30 to 44", "pl": "30–44"}, (34, 21, 44, 24)),
                _row("age", 3, {"en": "45 to 59", "pl": "45–59"}, (19, 34, 19, 33)),
                _row("age", 4, {"en": "60 and over", "pl": "60 i więcej"}, (9, 36, 6, 31)),
            ],
        ),
        _question(
            "shopping",
            "expects",
            "psychographic",
            "grid",
            {
                "en": "How far do you agree with these statements about shopping?",
                "pl": "Na ile zgadza się Pan/Pani z tymi zdaniami o zakupach?",
            },
            likert,
            role="basis",
            scale_minimum=1.0,
            scale_maximum=5.0,
        ),
        _question(
            "channel",
            "behaves",
            "channel",
            "multiple",
            {
                "en": "Where did you buy in the last three months?",
                "pl": "Gdzie Pan/Pani kupował(a) w ostatnich trzech miesiącach?",
            },
            [
                _row(
                    "channel_1",
                    1,
                    {"en": "Online shop", "pl": "Sklep internetowy"},
                    (81, 24, 77, 41),
                ),
                _row(
                    "channel_2",
                    1,
                    {"en": "Shop in town", "pl": "Sklep w mieście"},
                    (33, 79, 29, 62),
                ),
                _row("channel_3", 1, {"en": "Catalogue", "pl": "Katalog"}, (4, 18, 3, 14)),
            ],
        ),
        _question(
            "recommend",
            "behaves",
            "behaviour",
            "nps",
            {
                "en": "How likely are you to recommend us?",
                "pl": "Na ile prawdopodobne, że nas Pan/Pani poleci?",
            },
            [_row("recommend", None, {"en": "NPS", "pl": "NPS"}, (12, 34, 5, 58), statistic="nps")],
            scale_minimum=0.0,
            scale_maximum=10.0,
        ),
    )


def _value(segment: int) -> dict[str, ValueShare]:
    mean = (412.0, 655.0, 530.0, 1240.0)[segment - 1]
    total = mean * SIZES[segment - 1]
    whole = sum(m * n for m, n in zip((412.0, 655.0, 530.0, 1240.0), SIZES, strict=True))
    share, people = total / whole, SIZES[segment - 1] / N
    return {
        "spend": ValueShare(
            variable="spend",
            text={"en": "Spent in the last year", "pl": "Wydatki w ostatnim roku"},
            unit="EUR",
            base=SIZES[segment - 1] - 7,
            mean=mean,
            low=mean * 0.92,
            high=mean * 1.08,
            median=mean * 0.8,
            total=total,
            share=share,
            share_low=share - 0.02,
            share_high=share + 0.02,
            index=100 * share / people,
        )
    }


def _sizes() -> tuple[SegmentSize, ...]:
    return tuple(
        SegmentSize(
            segment=j,
            n=n,
            share=n / N,
            low=n / N - 0.03,
            high=n / N + 0.03,
            weighted_n=float(n),
            effective_n=n * 0.9,
            value=_value(j),
        )
        for j, n in enumerate(SIZES, 1)
    )


def _evidence(question: QuestionProfile, row: Row, segment: int) -> Evidence:
    cell = row.cells[segment - 1]
    assert cell.value is not None
    return Evidence(
        question=question.question,
        variable=row.variable,
        category=row.category,
        question_text=question.text,
        answer_text=row.text,
        statistic=row.statistic,
        value=cell.value,
        low=cell.low,
        high=cell.high,
        total=row.total.value,
        rest=cell.rest,
        index=cell.index,
        effect=cell.effect,
        base=cell.base,
        weighted_base=cell.weighted_base,
        effective_base=cell.effective_base,
        p_adjusted=None if question.role == "basis" else cell.p_adjusted,
        basis=question.role == "basis",
        kind=question.kind,
        question_type=question.type,
        scale_minimum=question.scale_minimum,
        scale_maximum=question.scale_maximum,
        unit=question.unit,
    )


def _form(evidence: Evidence) -> Form:
    rest = evidence.rest or 0.0
    if evidence.statistic != "percent":
        return (
            Form.HIGHER_MEAN
            if evidence.value > rest * 1.1
            else Form.LOWER_MEAN
            if evidence.value < rest * 0.9
            else Form.SAME_MEAN
        )
    if (evidence.low or 0) > 50:
        return Form.MOST_AND_MORE if evidence.value > rest + 10 else Form.MOST
    if (evidence.high or 100) < 10:
        return Form.HARDLY_ANY
    if evidence.value > rest + 10:
        return Form.MORE_THAN_OTHERS
    return Form.LESS_THAN_OTHERS if evidence.value < rest - 10 else Form.AS_LIKELY_AS


def _statements(segment: int) -> tuple[Statement, ...]:
    found = []
    for question in _questions():
        for row in question.rows:
            evidence = _evidence(question, row, segment)
            weight = abs((evidence.index or 100) - 100) / 100
            name = f"{row.variable}={row.category}"
            found.append(Statement(name, question.block, _form(evidence), evidence, weight))
    return tuple(sorted(found, key=lambda statement: -statement.weight))


def _aspects(segment: int) -> tuple[Aspect, ...]:
    """Channels were asked about; needs, motives, a situation and the rest were not."""
    figures = [
        Figure(one.evidence, one.form)
        for one in _statements(segment)
        if one.evidence.question == "channel"
    ]
    figures.sort(key=lambda one: -one.evidence.value)
    text = figures[0].evidence.question_text
    asked = (AspectQuestion("channel", text, "multiple", tuple(figures)),)
    return tuple(
        Aspect(name, name == "channels", asked if name == "channels" else ()) for name in KINDS
    )


def _persona(size: SegmentSize, name: dict[str, str]) -> Persona:
    j = size.segment
    statements = _statements(j)
    markers = tuple(
        NameMarker(statement.id, True, statement.evidence.answer_text)
        for statement in statements[:2]
    )
    return Persona(
        segment=j,
        name=name,
        proposed_name=name,
        named_by_user=j == 1,
        slug=f"{j}-" + name["en"].lower().replace(", ", "-").replace(" ", "-"),
        size=size,
        statements=statements,
        asked={"who": True, "expects": True, "behaves": True, "value": j != 4},
        not_asked=("value",) if j == 4 else (),
        quotes=(
            Quote(
                "why",
                {
                    "en": "Why do you shop where you do?",
                    "pl": "Dlaczego kupuje Pan/Pani właśnie tam?",
                },
                "Because it is cheaper and I can send it back.",
            ),
            Quote(
                "why",
                {
                    "en": "Why do you shop where you do?",
                    "pl": "Dlaczego kupuje Pan/Pani właśnie tam?",
                },
                "W sklepie zawsze ktoś mi doradzi – <b>polecam</b> {{ 7*7 }}",
            ),
        )
        if j < 3
        else (),
        prevalence=Prevalence(
            traits=5,
            exactly=(2.0, 6.0, 14.0, 26.0, 33.0, 19.0),
            at_least=(100.0, 98.0, 92.0, 78.0, 52.0, 19.0),
            base=size.n - 4,
            median=4,
        ),
        stability=(0.91, 0.84, 0.71, 0.55)[j - 1],
        certainty=(0.93, 0.9, 0.84, 0.77)[j - 1],
        verdict="reproducible",
        proposal=NameProposal(markers, name),
        typical=(
            TypicalAnswer(
                "age",
                {"en": "How old are you?", "pl": "Ile ma Pan/Pani lat?"},
                {"en": "30 to 44", "pl": "30–44"},
            ),
            TypicalAnswer("sex", {"en": "Sex", "pl": "Płeć"}, {"en": "Women", "pl": "Kobiety"}),
        ),
        aspects=_aspects(j),
        warnings=(
            warning(
                "segment.unstable",
                "Segment {segment} was found again in few resamples (Jaccard {jaccard}).",
                values={"segment": j, "jaccard": 0.55},
            ),
        )
        if j == 4
        else (),
    )


def _factors() -> FactorSection:
    items = list(ITEMS)
    loadings = pd.DataFrame(
        [[0.78, 0.02, 0.05], [0.71, -0.06, 0.01], [0.03, 0.81, -0.04], [-0.08, 0.74, 0.02],
         [0.06, 0.01, 0.69], [0.02, -0.21, 0.58]],
        index=items,
        columns=["F1", "F2", "F3"],
    )  # fmt: skip
    phi = pd.DataFrame(
        [[1, -0.22, 0.18], [-0.22, 1, -0.35], [0.18, -0.35, 1]],
        index=loadings.columns,
        columns=loadings.columns,
    )
    communalities = pd.Series([0.62, 0.51, 0.67, 0.57, 0.49, 0.41], index=items)
    variance = pd.DataFrame(
        {"F1": [1.14, 0.19, 0.19], "F2": [1.26, 0.21, 0.40], "F3": [0.84, 0.14, 0.54]},
        index=["ss_loadings", "proportion", "cumulative"],
    ).T
    solution = SimpleNamespace(
        loadings=loadings,
        structure=loadings @ phi,
        phi=phi,
        communalities=communalities,
        uniquenesses=1 - communalities,
        variance=variance,
        eigenvalues=np.array([2.41, 1.52, 1.13, 0.44, 0.29, 0.21]),
        scores=None,
        fit=FactorFit(
            0.01,
            9.3,
            4,
            0.054,
            8.1,
            0.041,
            0.0,
            0.076,
            0.97,
            0.99,
            0.012,
            0.02,
            0.03,
            -14.2,
            0.99,
            1408.0,
            15,
        ),
        suggestions=pd.DataFrame(
            {"n_factors": [3, 2], "source": ["Horn 1965; Glorfeld 1995", "Velicer 1976"]},
            index=["parallel", "map"],
        ),
        made_of=tuple(
            FactorItems(f"F{i + 1}", "", (), tuple(items[2 * i : 2 * i + 2]), ()) for i in range(3)
        ),
        reliability={
            f"F{i + 1}": SimpleNamespace(
                items=pd.DataFrame(
                    {"item_rest": [0.61, 0.61], "alpha_if_dropped": [0.55, 0.52]},
                    index=items[2 * i : 2 * i + 2],
                )
            )
            for i in range(3)
        },
        omega={"F1": SimpleNamespace(total=0.8)},
        warnings=(),
        method="minres",
        rotation="oblimin",
    )
    return FactorSection(
        battery="shopping",
        title={"en": "Attitudes to shopping", "pl": "Postawy wobec zakupów"},
        items=ITEMS,
        solution=solution,  # type: ignore[arg-type]
        alpha={"F1": 0.79, "F2": 0.81, "F3": 0.68},
        kmo=0.74,
        bartlett_p=0.00001,
        threshold=(1.16, 1.09, 1.04, 0.98, 0.93, 0.88),
        names={"F1": {"en": "Price", "pl": "Cena"}},
    )


def _map(identifier: str = "segments") -> MapSection:
    draw = np.random.default_rng(5)
    columns = [f"attribute_{i}" for i in range(18)]
    table = pd.DataFrame(
        draw.poisson(draw.uniform(5, 60, (4, 18))),
        index=[str(j) for j in range(1, 5)],
        columns=columns,
    )
    texts: dict[str, dict[str, str]] = {
        column: {"en": f"Attribute number {i}", "pl": f"Cecha numer {i}"}
        for i, column in enumerate(columns)
    }
    return MapSection(
        identifier,
        {"en": "Segments and what sets them apart", "pl": "Segmenty i ich cechy"},
        correspondence_analysis(table),
        texts,
    )


def _segmentation() -> Any:
    draw = np.random.default_rng(11)
    labels = np.repeat(np.arange(1, 5), SIZES)
    probabilities = draw.dirichlet(np.ones(4) * 0.15, N)
    probabilities[np.arange(N), labels - 1] += 3
    probabilities /= probabilities.sum(1, keepdims=True)
    index = pd.Index([f"r{i:04d}" for i in range(1, N + 1)], name="respondent")
    centres = draw.normal(0, 1.1, (4, 2))
    members = centres[labels - 1] + draw.normal(0, 0.6, (N, 2))
    candidates = pd.DataFrame(
        {
            "method": ["mixture"] * 5,
            "k": [2, 3, 4, 5, 6],
            "bic": [15210.2, 14820.4, 14702.8, 14718.1, 14790.6],
            "stability": [0.93, 0.88, 0.86, 0.71, 0.6],
            "smallest_share": [0.41, 0.22, 0.138, 0.07, 0.03],
            "chosen": [False, False, True, False, False],
            "reason": [
                "more segments add much",
                "more segments add much",
                "the evidence supports no more and no fewer",
                "adds little to fewer segments",
                "adds little to fewer segments",
            ],
        }
    )
    columns = _bases(labels, draw)
    stability = _stability(draw)
    return SimpleNamespace(
        labels=pd.Series(labels, index=index, name="segment"),
        probabilities=pd.DataFrame(probabilities, index=index, columns=range(1, 5)),
        k=4,
        method="mixture",
        candidates=candidates,
        stability=stability,
        verdict=Verdict(
            "reproducible",
            "The segments come back in other samples (adjusted Rand index {ari:.2f}), but they "
            "shade into each other: a gain of {gain:.2f} a respondent against {null:.2f} without "
            "segments, {separation:.1f} standard deviations apart. They are a useful way to cut a "
            "continuum.",
            {"ari": 0.86, "gain": 0.21, "null": 0.08, "separation": 1.6},
            compare((2, 4), np.array([0.15, 0.21]), draw.normal(0.08, 0.02, (19, 2)), N),
        ),
        evidence=_segment_evidence(labels, columns, members, index, draw),
        tables=_segment_tables(columns, draw),
        columns=columns,
        unassignable=pd.DataFrame({"reason": []}),
        warnings=(
            warning(
                "segments.twins",
                "The bases {first!r} and {second!r} correlate at {correlation:.2f} and count "
                "twice.",
                remedy="Leave one out, or use factor scores.",
                values={"first": "shop_1", "second": "shop_2", "correlation": 0.93},
            ),
        ),
    )


def _bases(labels: np.ndarray, draw: np.random.Generator) -> tuple[Column, ...]:
    """Answers from 1 to 5 to the six items, higher where a segment is."""
    levels = (1, 2, 3, 4, 5)
    found = []
    for place, item in enumerate(ITEMS):
        high = np.isin(labels, ((1,), (1, 4), (2,), (2, 4), (3,), (3,))[place])
        answers = np.clip(np.round(draw.normal(2.3 + 1.9 * high, 0.8)), 1, 5) - 1
        found.append(Column(item, "ordinal", answers, levels))
    return tuple(found)


def _stability(draw: np.random.Generator) -> Stability:
    pairs = pd.DataFrame(
        {k: np.clip(draw.normal(1 - k / 12, 0.06, 40), 0, 1) for k in range(2, 7)},
    ).rename_axis(index="pair", columns="k")
    segments = pd.DataFrame(
        {
            "jaccard": [0.91, 0.84, 0.71, 0.55],
            "recovered": [1.0, 0.9, 0.4, 0.05],
            "dissolved": [0.0, 0.0, 0.08, 0.45],
            "within": [0.9, 0.8, 0.66, 0.5],
        },
        index=range(1, 5),
    )
    return Stability(0.86, summary(pairs), pairs, segments)


def _segment_evidence(
    labels: np.ndarray,
    columns: tuple[Column, ...],
    members: np.ndarray,
    index: pd.Index,
    draw: np.random.Generator,
) -> SegmentEvidence:
    own = labels - 1
    divisions = {
        2: np.minimum(own, 1),
        3: np.minimum(own, 2),
        4: own,
        5: np.where((own == 0) & (draw.random(N) < 0.3), 4, own),
        6: np.where((own == 1) & (draw.random(N) < 0.4), 5, own),
    }
    divisions[6][:60] = 4
    respondents = pd.DataFrame(members, index=index, columns=["component_1", "component_2"])
    respondents["silhouette"] = np.clip(draw.normal(0.3 - 0.1 * own, 0.2), -0.6, 0.9)
    names = [column.name for column in columns]
    return SegmentEvidence(
        respondents,
        markers(columns, np.eye(4)[own], np.ones(N)),
        lineage(divisions, np.ones(N), own),
        pd.Series([0.9] * 4, index=range(1, 5)),
        pd.DataFrame(draw.normal(0, 0.5, (6, 2)), index=names, columns=["component_1", "2"]),
    )


def _segment_tables(
    columns: tuple[Column, ...], draw: np.random.Generator
) -> dict[str, pd.DataFrame]:
    names = [column.name for column in columns]
    shares = np.sort(draw.dirichlet(np.ones(6)))
    centred = pd.DataFrame(
        [
            (segment, size, size * 1.05, name, value, value - 0.2)
            for segment, size in enumerate((0.347, 0.298, 0.218, 0.138), 1)
            for name, value in zip(names, draw.uniform(2, 4.5, 6), strict=True)
        ],
        columns=["segment", "share", "share_centred", "basis", "value", "value_centred"],
    )
    return {
        "sample": pd.DataFrame(
            {
                "rule": ["60 per basis (Dolnicar et al. 2014)"],
                "needed": [360],
                "have": [N],
                "met": [True],
            }
        ),
        "twins": pd.DataFrame(
            [("shop_1", "shop_2", 0.93)], columns=["first", "second", "correlation"]
        ),
        "bases": pd.DataFrame({"basis": names, "share": shares, "eta_squared": shares}),
        "response_style": pd.DataFrame(
            {"measure": list("abcde"), "value": [0.41, 0.22, 0.5, 0.1, 0.48]}
        ),
        "centred": centred,
    }


def study_report(**changes: Any) -> StudyReport:
    """The whole made-up study; ``changes`` replace parts of it."""
    sizes = _sizes()
    profile = Profile(
        segments=sizes,
        questions=_questions(),
        correction="fdr",
        levels=(0.05, 0.001),
        suppress_below=5,
        weighted=True,
        n=N,
        weighted_n=float(N),
        effective_n=N * 0.9,
        tests=38,
    )
    report = StudyReport(
        id="made_up",
        title={"en": "Shoppers of a shoe shop", "pl": "Klienci sklepu z butami"},
        languages=("en", "pl"),
        fingerprint="0123456789abcdef",
        seed=7,
        quality=Quality(
            rows=912,
            used=N,
            exclusions=(("no answer to any basis question", 9), ("duplicate respondent", 3)),
            missing=(
                MissingCount("sex", {"en": "Sex", "pl": "Płeć"}, 895, refused=5),
                MissingCount(
                    "age",
                    {"en": "How old are you?", "pl": "Ile ma Pan/Pani lat?"},
                    860,
                    dont_know=12,
                    refused=20,
                    empty=6,
                    faulty=2,
                ),
            ),
            problems=(
                warning(
                    "answer.unknown",
                    "The answer {answer!r} is not an option.",
                    sheet="Answers",
                    row=7,
                    column="C",
                    question="sex",
                    found="Femal",
                    values={"answer": "Femal"},
                ),
            ),
        ),
        weights=WeightSummary(True, N, "weight", 1.11, N / 1.11, 1 / 1.11, 0.42, 2.8),
        segmentation=_segmentation(),
        profile=profile,
        personas=tuple(_persona(size, dict(name)) for size, name in zip(sizes, NAMES, strict=True)),
        factors=(_factors(),),
        maps=(_map(),),
        problems=(
            note("factors.rotation", "Factors are allowed to correlate.", values={}),
            warning(
                "sample.small",
                "{n} respondents are fewer than the {needed} that are advised.",
                values={"n": 124, "needed": 200},
            ),
        ),
        manifest={
            "inputs": [{"file": "answers.xlsx", "sha256": "ab" * 32}],
            "versions": {"persona": "0.1.0", "python": "3.11"},
            "options": {"k": "auto"},
            "seed": 7,
        },
        date=dt.date(2026, 3, 31),
        client="Shoe & Sole",
    )
    return replace(report, **changes)

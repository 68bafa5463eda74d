"""Made-up typing tools and answers: any kind of question, any kind of answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from persona.typing_tool import (
    CurvePoint,
    PoolCost,
    SegmentAccuracy,
    Typed,
    TypedSegment,
    TypingAnswer,
    TypingBand,
    TypingEvidence,
    TypingModel,
    TypingQuestion,
    TypingTool,
)

if TYPE_CHECKING:
    from persona.report.model import StudyReport

NASTY = (
    "=1+1", "+SUM(A1)", "-2", "@cmd", "it's", 'a "quoted" word', "both ' and \"", "two\nlines",
    "</script><script>alert(1)</script>", "<b>&amp;</b>", "{{ 7 * 7 }}", "${x}", "*/ -- ; DROP",
    "שלום עולם", "Łódź", "What? *", "~tilde", "a, b; c", "x" * 5000, "back\\slash", "tab\there",
    "100 %", "🙂 smile", "line\u2028separator", "null", "-- comment", "?1 :name %s", "…", "#REF!",
)  # fmt: skip
"""Texts that a form may take for something else."""
KEYWORDS = ("select", "order", "group", "from", "table", "user", "case", "end", "all", "id")
LANGUAGES = ("en", "pl")


def random_tool(
    seed: int,
    *,
    segments: int | None = None,
    questions: int | None = None,
    nasty: bool = False,
    languages: tuple[str, ...] = LANGUAGES,
) -> TypingTool:
    """A tool with scales, nominal and text codes, ticks, and numbers in bands."""
    drawn = np.random.default_rng(seed)
    k = segments or int(drawn.integers(2, 10))
    count = questions or int(drawn.integers(3, 21))
    model = TypingModel(
        segments=tuple(
            TypedSegment(number, _texts(f"Segment {number}", drawn, nasty, languages), 1 / k)
            for number in range(1, k + 1)
        ),
        questions=tuple(_question(place, k, drawn, nasty, languages) for place in range(count)),
        constant=_points(k, drawn),
        uncertain_below=int(drawn.integers(0, 15_000)),
        max_missing=int(drawn.integers(0, count)),
    )
    known = _evidence(k, count, drawn)
    title = {code: f"Study {seed} ({code})" for code in languages}
    return TypingTool(
        f"study-{seed}",
        title,
        languages,
        f"{seed:064x}",
        "0" * 64,
        seed,
        model,
        model,
        known,
        known,
    )


def random_answers(model: TypingModel, n: int, seed: int, *, clean: float = 0.85) -> pd.DataFrame:
    """Answers as people give them: allowed, missing, no answer, out of range, at the edges."""
    drawn = np.random.default_rng(seed)
    columns: dict[str, list[Any]] = {}
    for question in model.questions:
        usual, other = _usual(question, drawn), _other(question)
        chosen = [usual[place] for place in drawn.integers(0, len(usual), n)]
        odd = [other[place] for place in drawn.integers(0, len(other), n)]
        keep = drawn.random(n) < np.where(np.arange(n) % 3 == 0, 1.0, clean)
        columns[question.variable] = [
            one if right else wrong for one, wrong, right in zip(chosen, odd, keep, strict=True)
        ]
    return pd.DataFrame({name: pd.Series(part, dtype=object) for name, part in columns.items()})


def _usual(question: TypingQuestion, drawn: np.random.Generator) -> list[Any]:
    if question.answers:
        return [answer.code for answer in question.answers]
    low = -100.0 if question.minimum is None else question.minimum
    high = 200.0 if question.maximum is None else question.maximum
    edges = [edge for cut in question.cuts for edge in (cut, cut - 0.01, cut + 0.01)]
    inside = [round(float(value), 2) for value in drawn.uniform(low, high, 40)]
    whole = [int(value) for value in drawn.uniform(low + 1, high - 1, 10)]
    return [low, high, *[edge for edge in edges if low <= edge <= high], *inside, *whole]


def _other(question: TypingQuestion) -> list[Any]:
    aside: list[Any] = [code for code, _ in question.no_answer]
    found: list[Any] = [None, *aside, *aside]
    if question.answers:
        text = any(isinstance(answer.code, str) for answer in question.answers)
        return [*found, "no such" if text else 77, "" if text else 1.5][: -1 if text else None]
    if question.minimum is not None:
        found += [question.minimum - 0.01, question.minimum - 1000]
    if question.maximum is not None:
        found += [question.maximum + 0.01, question.maximum * 1000 + 1]
    return found


def _question(
    place: int, k: int, drawn: np.random.Generator, nasty: bool, languages: tuple[str, ...]
) -> TypingQuestion:
    kind = ("scale", "nominal", "texts", "tick", "number")[
        place if place < 5 else int(drawn.integers(0, 5))
    ]
    name = f"{KEYWORDS[place]}" if place < len(KEYWORDS) else f"q{place}_{kind}"
    aside: tuple[tuple[int | str, Any], ...] = ()
    if kind != "tick" and drawn.random() < 0.7:
        code: int | str = "dk" if kind == "texts" else int(drawn.choice([98, 99, -1, -9]))
        aside = ((code, _texts("Don't know", drawn, False, languages)),)
    codes: list[int | str] = []
    if kind == "scale":
        codes = list(range(1, int(drawn.integers(3, 12)) + 1))
    elif kind == "nominal":
        codes = [int(code) for code in drawn.choice(40, int(drawn.integers(2, 9)), replace=False)]
    elif kind == "texts":
        given = ["a", "B b", "07", "o'clock", 'qu"ote', "ż", "=x", "a*", "A?", "1.0"]
        codes = given[: int(drawn.integers(2, len(given) + 1))]
    elif kind == "tick":
        codes = [0, 1]
    answers = tuple(
        TypingAnswer(code, _texts(f"Answer {code} of {name}", drawn, nasty, languages),
                     _points(k, drawn))
        for code in codes
    )  # fmt: skip
    low, high, bands = (None, None, ()) if codes else _bands(k, drawn)
    return TypingQuestion(
        variable=name,
        question=name,
        text=_texts(f"Item {name}", drawn, nasty, languages),
        question_text=_texts(f"Question {name}?", drawn, nasty, languages),
        answers=answers,
        bands=bands,
        missing=_points(k, drawn),
        no_answer=aside,
        minimum=low,
        maximum=high,
        unit="" if codes else "EUR",
    )


def _bands(
    k: int, drawn: np.random.Generator
) -> tuple[float | None, float | None, tuple[TypingBand, ...]]:
    count = int(drawn.integers(0, 6))
    cuts = sorted(
        {round(float(cut), int(drawn.integers(0, 3))) for cut in drawn.uniform(-50, 120, count)}
    )
    edges = [None, *cuts, None]
    bands = tuple(TypingBand(lower, upper, _points(k, drawn)) for lower, upper in pairwise(edges))
    low = -60.5 if drawn.random() < 0.5 else None
    high = 150.0 if drawn.random() < 0.5 else None
    return low, high, bands


def _points(k: int, drawn: np.random.Generator) -> tuple[int, ...]:
    """Mostly of the usual size; now and then small ones, so that sums tie."""
    size = 3 if drawn.random() < 0.3 else 20_000
    return tuple(int(value) for value in drawn.integers(-size, size + 1, k))


def _texts(
    plain: str, drawn: np.random.Generator, nasty: bool, languages: tuple[str, ...]
) -> dict[str, str]:
    def one(code: str) -> str:
        if nasty and drawn.random() < 0.8:
            return f"{NASTY[int(drawn.integers(0, len(NASTY)))]}"
        return f"{plain} ({code})"

    return {code: one(code) for code in languages}


def _evidence(k: int, count: int, drawn: np.random.Generator) -> TypingEvidence:
    confusion = drawn.integers(1, 20, (k, k)) + np.diag(drawn.integers(60, 200, k))
    right = float(np.trace(confusion) / confusion.sum())
    curve = tuple(
        CurvePoint(number, right * number / count, right * number / count - 0.03,
                   right * number / count + 0.03, right * number / count - 0.1)
        for number in range(1, count + 1)
    )  # fmt: skip
    return TypingEvidence(
        curve=curve,
        accuracy=right,
        lower=right - 0.02,
        upper=right + 0.02,
        kappa=right - 0.1,
        chance=1 / k,
        largest=1.2 / k,
        segments=tuple(
            SegmentAccuracy(
                number + 1,
                float(confusion[number, number] / confusion[number].sum()),
                None
                if number == k - 1
                else float(confusion[number, number] / confusion[:, number].sum()),
                int(confusion[number].sum()),
            )
            for number in range(k)
        ),
        confusion=tuple(tuple(float(value) for value in row) for row in confusion),
        uncertain=0.12,
        right_certain=0.9,
        right_uncertain=0.55,
        costs=(
            PoolCost("free", count, right, right - 0.1),
            PoolCost("complete", 2 * count, 0.95, 0.9),
        ),
        folds=10,
        base=int(confusion.sum()),
        coding="categories",
    )


def as_table(answers: pd.DataFrame, person: str = "person_no") -> pd.DataFrame:
    """The answers as a database holds them: one sort of value a column, and who it is."""
    columns: dict[str, Any] = {person: range(len(answers))}
    for name in answers.columns:
        values = answers[name]
        if any(isinstance(value, str) for value in values):
            columns[name] = [None if value is None else str(value) for value in values]
        else:
            columns[name] = pd.to_numeric(values).astype("Float64")
    return pd.DataFrame(columns)


def assert_same(found: pd.DataFrame, typed: Typed) -> None:
    """Segment, second, uncertain and missing of every person, and who left out what."""
    frame = typed.frame
    for name in ("segment", "second"):
        placed = found[name].astype("Float64").fillna(0).to_numpy(dtype=float)
        assert (placed == frame[name].fillna(0).to_numpy(dtype=float)).all(), name
    assert (found["uncertain"].to_numpy(dtype=bool) == frame["uncertain"].to_numpy()).all()
    assert (found["missing"].to_numpy(dtype=int) == frame["missing"].to_numpy()).all()
    for name in {"unanswered", "not_allowed"} & set(found.columns):
        assert found[name].fillna("").tolist() == frame[name].tolist(), name
    if "probability" in found.columns:
        gap = found["probability"].astype(float).to_numpy() - frame["probability"].to_numpy()
        assert np.nanmax(np.abs(gap), initial=0.0) < 1e-9
        assert (np.isnan(gap) == frame["segment"].isna().to_numpy()).all()


def levelled(tool: TypingTool) -> TypingTool:
    """The same tool with the same points for every segment: every sum ties."""
    model = tool.golden
    questions = tuple(
        replace(
            question,
            missing=(5,) * model.k,
            answers=tuple(replace(one, points=(7,) * model.k) for one in question.answers),
            bands=tuple(replace(one, points=(7,) * model.k) for one in question.bands),
        )
        for question in model.questions
    )
    return replace(tool, golden=replace(model, questions=questions, constant=(0,) * model.k))


def report(tool: TypingTool) -> StudyReport:
    """A report around a tool: only what its forms read."""
    from persona.report.model import Quality, StudyReport, WeightSummary

    nothing: Any = None
    return StudyReport(
        id=tool.study,
        title=tool.title,
        languages=tool.languages,
        fingerprint=tool.fingerprint,
        seed=tool.seed,
        quality=Quality(10, 10),
        weights=WeightSummary(False, 10),
        segmentation=nothing,
        profile=nothing,
        personas=(),
        typing=tool,
    )


def bounded(tool: TypingTool, low: float, high: float) -> TypingTool:
    """The same tool with these bounds on every number, and no codes for no answer."""
    questions = tuple(
        replace(question, minimum=low, maximum=high, no_answer=()) if question.bands else question
        for question in tool.golden.questions
    )
    return replace(tool, golden=replace(tool.golden, questions=questions))


def renamed(tool: TypingTool, text: str) -> TypingTool:
    """The same tool whose answers all say the same."""
    said = dict.fromkeys(tool.languages, text)
    questions = tuple(
        replace(question, answers=tuple(replace(one, text=said) for one in question.answers))
        for question in tool.golden.questions
    )
    return replace(tool, golden=replace(tool.golden, questions=questions))

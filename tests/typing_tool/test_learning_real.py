"""Real and imagined studies: accuracy with 5, 8 and 12 questions, beside what others reach."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression

import persona
from persona.study.basis import basis_questions
from persona.typing_tool import type_people
from persona.typing_tool.trial import Trial

if TYPE_CHECKING:
    from persona.study import StudyResult

ROOT = Path(__file__).resolve().parents[2]
PLACES = {
    "coffee_club": ROOT / "examples" / "coffee_club",
    "vacmot": ROOT / "tests" / "studies" / "vacmot",
}


@pytest.fixture(scope="module")
def ran(shared: Path) -> Callable[[str], StudyResult]:
    """Run a study once for all tests of this file."""
    kept: dict[str, StudyResult] = {}
    assert (shared / "data" / "vacmot.csv").is_file()

    def run(name: str) -> StudyResult:
        if name not in kept:
            kept[name] = persona.Study.load(PLACES[name]).run()
        return kept[name]

    return run


Ran = Callable[[str], "StudyResult"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("coffee_club", {5: 0.882, 8: 0.953, 12: 0.955}),
        ("vacmot", {5: 0.808, 8: 0.846, 12: 0.937}),
    ],
)
def test_accuracy_with_five_eight_and_twelve_questions(
    ran: Ran, name: str, expected: dict[int, float]
) -> None:
    tool = ran(name).typing
    assert tool is not None
    found = {point.questions: point.accuracy for point in tool.evidence.curve}
    for questions, accuracy in expected.items():
        assert found[questions] == pytest.approx(accuracy, abs=0.02)
    assert 5 <= len(tool.golden.questions) <= 12
    assert tool.evidence.kappa > 0.9
    inside, outside = tool.evidence.right_uncertain, tool.evidence.right_certain
    assert inside is not None and outside is not None and inside < outside - 0.2


def judges(result: StudyResult) -> dict[str, float]:
    """Accuracy of what others use, on the same parts: figures of everybody, weighted."""
    tool = result.typing
    assert tool is not None
    labels = result.segmentation.labels
    known = labels.notna()
    asked = result.responses.asked.loc[known, list(tool.complete.variables)].astype(float)
    values = asked.fillna(asked.mean()).to_numpy()
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    weights = result.responses.weights[known].to_numpy()
    trial = Trial.of(labels[known].to_numpy(int) - 1, weights, result.segmentation.k, tool.seed)
    segments, weights, part = trial.sample.segments, trial.sample.weights, trial.sample.part
    placed = {name: np.zeros_like(segments) for name in ("logistic", "lda", 5, 8, 12)}
    for fold in range(trial.sample.folds):
        own, out = part != fold, part == fold
        logistic = LogisticRegression(max_iter=2000)
        logistic.fit(values[own], segments[own], sample_weight=weights[own])
        placed["logistic"][out] = logistic.predict(values[out])
        order = stepwise(values[own], segments[own], weights[own], 12)
        for name, columns in (("lda", list(range(values.shape[1]))),
                              *((n, order[:n]) for n in (5, 8, 12))):  # fmt: skip
            lda = LinearDiscriminantAnalysis().fit(values[own][:, columns], segments[own])
            placed[name][out] = lda.predict(values[out][:, columns])
    return {str(name): float(weights @ (one == segments) / weights.sum())
            for name, one in placed.items()}  # fmt: skip


def stepwise(values: np.ndarray, segments: np.ndarray, weights: np.ndarray, size: int) -> list[int]:
    """Stepwise discriminant analysis: the question that lowers Wilks' lambda most, again and again.

    As typing tools of the trade choose their questions.
    """
    share = weights / weights.sum()
    total = np.cov(values.T, aweights=share, bias=True)
    within = sum(
        share[segments == one].sum()
        * np.cov(values[segments == one].T, aweights=share[segments == one], bias=True)
        for one in np.unique(segments)
    )
    order: list[int] = []
    for _ in range(size):
        waiting = [j for j in range(values.shape[1]) if j not in order]
        sets = [np.ix_([*order, j], [*order, j]) for j in waiting]
        lambdas = [np.linalg.slogdet(within[s])[1] - np.linalg.slogdet(total[s])[1] for s in sets]
        order.append(waiting[int(np.argmin(lambdas))])
    return order


@pytest.mark.parametrize("name", list(PLACES))
def test_no_worse_than_discriminant_analysis_and_scikit_learn(ran: Ran, name: str) -> None:
    result = ran(name)
    tool, others = result.typing, judges(result)
    assert tool is not None
    found = {point.questions: point.accuracy for point in tool.evidence.curve}
    for questions in (5, 8, 12):
        assert found[questions] >= others[str(questions)] - 0.015
    assert tool.complete_evidence.accuracy >= others["logistic"] - 0.015
    assert tool.complete_evidence.accuracy >= others["lda"] - 0.015


def test_the_study_gives_the_tool_its_names_and_its_run(ran: Ran) -> None:
    result = ran("coffee_club")
    tool = result.typing
    assert tool is not None
    assert tool.fingerprint == result.run_fingerprint and tool.seed == result.study.file.seed
    assert tool.languages == ("en", "pl")
    for segment, persona_ in zip(tool.golden.segments, result.personas, strict=True):
        assert segment.name == persona_.name and set(segment.name) >= {"en", "pl"}
    basis = set(basis_questions(result.study.file, result.study.questionnaire))
    assert {one.question for one in tool.golden.questions} <= basis
    recognition = result.targeting.recognition
    assert recognition is not None and recognition.overall == tool.evidence.accuracy
    assert recognition.questions == len(tool.golden.questions)


def test_the_tool_places_the_respondents_themselves(ran: Ran) -> None:
    result = ran("coffee_club")
    assert result.typing is not None
    typed = type_people(result.typing.golden, result.responses.asked)
    both = pd.concat([typed.labels, result.segmentation.labels], axis=1).dropna().astype(int)
    assert (both.iloc[:, 0] == both.iloc[:, 1]).mean() > 0.93
    unknown = result.segmentation.labels.isna()
    assert typed.frame.loc[unknown, "missing"].min() > 0

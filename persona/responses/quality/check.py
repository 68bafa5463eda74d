"""All checks of care together: flags and a score per respondent, and a proposal by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from persona.errors import Problem, note, warning
from persona.questionnaire.variables import Measure, Variable
from persona.responses.model import Responses
from persona.responses.quality.batteries import (
    antonym_agreement,
    batteries_of,
    longest_runs,
    outlier_probability,
    response_variability,
    straight_liners,
)
from persona.responses.quality.sameness import (
    copied_texts,
    duplicate_rows,
    gibberish_texts,
    near_duplicates,
)
from persona.responses.quality.timing import seconds_taken

Bools = NDArray[np.bool_]

#: Every check, with what it says of a respondent.
CHECKS: Mapping[str, str] = {
    "speeder": "answered in under {speeder:.0%} of the median time",
    "straight_liner": "gave one answer to all items of a battery",
    "long_run": "gave the same answer to many items in a row",
    "low_variability": "hardly varied the answers over all items",
    "antonyms": "answered items that exclude each other alike",
    "attention": "failed an attention check",
    "duplicate": "gave exactly the answers of an earlier respondent",
    "near_duplicate": "gave nearly all the answers of an earlier respondent",
    "inconsistent": "answered what was not to be shown, or an exclusive option with others",
    "gibberish": "typed words at random",
    "copied_text": "gave a long text that another respondent gave word for word",
    "outlier": "gave an unlikely combination of answers",
    "nonresponse": "left many questions empty",
}


@dataclass(frozen=True)
class QualityRules:
    """When a respondent is flagged, and when leaving out is proposed.

    Parameters
    ----------
    speeder : float
        Share of the median time under which a respondent was too quick.
    long_run : float
        Share of all items of batteries that a run must reach; at least six items.
    antonyms : float
        Correlation over pairs of items that exclude each other (Johnson 2005).
    near_duplicate : float
        Share of equal answers (Kuriakose and Robbins 2016 take .85; .95 spares short scales).
    outlier : float
        Probability of the Mahalanobis distance.
    nonresponse : float
        Share of questions left empty.
    exclude_at : int
        Flags from which leaving out is proposed.
    skip : set of str
        Checks that are not made.
    """

    speeder: float = 0.40
    long_run: float = 0.50
    antonyms: float = -0.03
    near_duplicate: float = 0.95
    outlier: float = 0.001
    nonresponse: float = 0.50
    exclude_at: int = 2
    skip: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Quality:
    """What the checks found.

    Parameters
    ----------
    flags : DataFrame of bool
        One row a respondent, one column a check that could be made.
    score : Series of int
        Flags per respondent.
    measures : DataFrame
        The figures behind the flags.
    proposed : DataFrame
        Columns respondent, row, flags: whom to leave out by rule. Nobody is left out by itself.
    counts : mapping of check to respondents flagged
    not_made : mapping of check to the reason
    warnings : tuple of Problem
    """

    flags: pd.DataFrame
    score: pd.Series
    measures: pd.DataFrame
    proposed: pd.DataFrame
    counts: Mapping[str, int]
    not_made: Mapping[str, str]
    warnings: tuple[Problem, ...]


def check_quality(responses: Responses, rules: QualityRules | None = None) -> Quality:
    """Make every check that the questionnaire and the file allow.

    Thresholds follow Meade and Craig (2012) and Curran (2016); 8 to 12 % careless respondents are
    normal.

    Parameters
    ----------
    responses : Responses
    rules : QualityRules, optional
    """
    rules = rules or QualityRules()
    found = _Found(responses, rules)
    index = responses.frame.index
    flags = pd.DataFrame(found.flags, index=index)
    score = flags.sum(axis=1).astype("int64").rename("score")
    chosen = score >= rules.exclude_at
    proposed = pd.DataFrame(
        {
            "respondent": index[chosen],
            "row": responses.rows[chosen].to_numpy(),
            "flags": [", ".join(flags.columns[row]) for row in flags[chosen].to_numpy(dtype=bool)],
        }
    )
    counts = {name: int(column.sum()) for name, column in found.flags.items()}
    return Quality(
        flags,
        score,
        pd.DataFrame(found.measures, index=index),
        proposed,
        counts,
        found.not_made,
        _said(responses, counts, int(chosen.sum()), rules),
    )


class _Found:
    """Flags and measures, gathered check by check."""

    def __init__(self, responses: Responses, rules: QualityRules) -> None:
        self.responses = responses
        self.rules = rules
        self.n = len(responses.frame)
        self.flags: dict[str, Bools] = {}
        self.measures: dict[str, NDArray[np.generic]] = {}
        self.not_made: dict[str, str] = {name: "left out by the study" for name in rules.skip}
        self._time()
        self._batteries()
        self._attention()
        self._sameness()
        self._texts()
        self._consistency()

    def _flag(self, name: str, flags: Bools) -> None:
        if name not in self.rules.skip:
            self.flags[name] = np.asarray(flags, bool)

    def _skip(self, reason: str, *names: str) -> None:
        for name in names:
            self.not_made.setdefault(name, reason)

    def _time(self) -> None:
        export = self.responses.export
        taken = seconds_taken(export) if export is not None else None
        if taken is None:
            self._skip("the file does not tell how long respondents took", "speeder")
            return
        taken = taken[self.responses.positions]
        self.measures["seconds"] = taken
        median = float(np.nanmedian(taken)) if np.isfinite(taken).any() else np.nan
        self._flag("speeder", taken < self.rules.speeder * median)

    def _batteries(self) -> None:
        batteries = batteries_of(self.responses)
        items = sum(len(battery.items) for battery in batteries)
        if items < 5:
            self._skip(
                "there is no battery of five items",
                "straight_liner",
                "long_run",
                "low_variability",
                "antonyms",
                "outlier",
            )
            return
        count, telling = straight_liners(batteries, self.n)
        self.measures["batteries_straight_lined"] = count
        self._flag("straight_liner", telling)
        runs = longest_runs(batteries, self.n)
        self.measures["longest_run"] = runs
        self._flag("long_run", runs >= max(6, self.rules.long_run * items))
        variability = response_variability(batteries, self.n)
        self.measures["variability"] = variability
        self._flag("low_variability", _far_below(variability))
        agreement, _ = antonym_agreement(batteries, self.n)
        if np.isfinite(agreement).any():
            self.measures["antonyms"] = agreement
            self._flag("antonyms", agreement >= self.rules.antonyms)
        else:
            self._skip("fewer than five pairs of items exclude each other", "antonyms")
        probability = outlier_probability(batteries, self.n)
        if np.isfinite(probability).any():
            self.measures["outlier_probability"] = probability
            self._flag("outlier", probability < self.rules.outlier)
        else:
            self._skip("there are too few respondents for so many items", "outlier")

    def _attention(self) -> None:
        checks = _attention_checks(self.responses)
        if not checks:
            self._skip("the questionnaire declares no attention check", "attention")
            return
        failed = np.zeros(self.n, np.int64)
        for variable, expected in checks:
            given = self.responses.asked[variable]
            failed += (given.notna() & (given.astype(object) != expected)).to_numpy(dtype=np.int64)
        self.measures["attention_failed"] = failed
        self._flag("attention", failed > 0)

    def _sameness(self) -> None:
        codes = _codes(self.responses, words=True)
        if codes.shape[1] < 10:
            self._skip("there are fewer than ten questions", "duplicate", "near_duplicate")
            return
        exact, _ = duplicate_rows(codes)
        self._flag("duplicate", exact)
        lined = self.flags.get("straight_liner", np.zeros(self.n, bool))
        closed = _codes(self.responses, words=False)
        near = near_duplicates(closed, self.rules.near_duplicate, lined)
        self._flag("near_duplicate", near & ~exact)

    def _texts(self) -> None:
        names = [
            v.id
            for v in self.responses.questionnaire.variables
            if v.measure is Measure.TEXT and self.responses.asked[v.id].notna().any()
        ]
        if not names:
            self._skip("there are no verbatims", "gibberish", "copied_text")
            return
        columns = [self.responses.asked[name].tolist() for name in names]
        self._flag("gibberish", gibberish_texts(columns))
        self._flag("copied_text", copied_texts(columns))

    def _consistency(self) -> None:
        inconsistent = self.responses.contradicted.copy()
        inconsistent |= _rows_with(self.responses, {"answer.exclusive"})
        self._flag("inconsistent", inconsistent)
        share = _empty_share(self.responses)
        self.measures["share_empty"] = share
        self._flag("nonresponse", share > self.rules.nonresponse)


def _far_below(values: NDArray[np.float64]) -> Bools:
    """More than three robust standard deviations under the median."""
    known = values[np.isfinite(values)]
    if len(known) < 10:
        return np.zeros(len(values), bool)
    median = float(np.median(known))
    spread = 1.4826 * float(np.median(np.abs(known - median)))
    below: Bools = values < median - 3 * spread
    return below & (spread > 0)


def _attention_checks(responses: Responses) -> list[tuple[str, object]]:
    checks: list[tuple[str, object]] = []
    for question in responses.questionnaire.questions:
        expected = getattr(question, "attention", None)
        if expected is not None and question.id in responses.asked.columns:
            checks.append((question.id, expected))
        for item in getattr(question, "items", ()):
            wanted = getattr(item, "attention", None)
            if wanted is not None and item.id in responses.asked.columns:
                checks.append((item.id, wanted))
    return checks


def asked_variables(responses: Responses) -> list[Variable]:
    """Variables that respondents were to answer, one by one."""
    return [
        variable
        for variable in responses.questionnaire.variables
        if variable.measure not in (Measure.IDENTIFIER, Measure.WEIGHT)
        and not variable.optional
        and not variable.derived
    ]


def _codes(responses: Responses, *, words: bool) -> NDArray[np.int64]:
    """Every answer as a whole number, equal numbers for equal answers; -1 where there is none.

    Without ``words``, verbatims are left out.
    """
    columns = [
        pd.factorize(responses.asked[variable.id], use_na_sentinel=True)[0]
        for variable in asked_variables(responses)
        if responses.asked[variable.id].notna().any()
        and (words or variable.measure is not Measure.TEXT)
    ]
    if not columns:
        return np.empty((len(responses.frame), 0), np.int64)
    return np.stack(columns, axis=1).astype(np.int64)


def _rows_with(responses: Responses, codes: Iterable[str]) -> Bools:
    wanted = set(codes)
    n = responses.export.n if responses.export is not None else 0
    hit = np.zeros(n, bool)
    for fault in responses.faults:
        if fault.problem.code in wanted:
            hit[fault.rows] = True
    return hit[responses.positions]


def _empty_share(responses: Responses) -> NDArray[np.float64]:
    """Share of the questions shown to a respondent that were left empty."""
    states = responses.states
    names = [v.id for v in asked_variables(responses)]
    shown = (states[names] != "not_asked").sum(axis=1).to_numpy(dtype=np.float64)
    empty = (states[names] == "empty").sum(axis=1).to_numpy(dtype=np.float64)
    share: NDArray[np.float64] = empty / np.maximum(shown, 1.0)
    return share


def _said(
    responses: Responses, counts: Mapping[str, int], proposed: int, rules: QualityRules
) -> tuple[Problem, ...]:
    n = len(responses.frame)
    said: list[Problem] = [
        warning(
            f"quality.{name}",
            "{count} respondents {what}.",
            file=str(responses.source.file),
            values={"count": count, "what": CHECKS[name].format(speeder=rules.speeder)},
        )
        for name, count in counts.items()
        if count
    ]
    if proposed:
        said.append(
            note(
                "quality.proposed",
                "Leaving out {count} of {n} respondents ({share:.1%}) with {flags} or more flags "
                "is proposed; they are kept until the study says so.",
                file=str(responses.source.file),
                remedy="Name them in the study file to leave them out.",
                values={
                    "count": proposed,
                    "n": n,
                    "share": proposed / n,
                    "flags": rules.exclude_at,
                },
            )
        )
    return tuple(said)

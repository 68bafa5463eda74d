"""What a report shows of value, of the choice of targets, and of several segmentations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from persona.profiling import (
        AttractivenessPoint,
        BannerBook,
        BasesComparison,
        Criterion,
        EightAnswer,
        Opportunity,
        Scorecard,
        StrategySheet,
        ValueAnalysis,
    )

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Recognition:
    """How well the questions of the basis tell who belongs to which segment.

    Parameters
    ----------
    found : mapping of segment to share (0 to 1)
        Of its members that are put into it when they were not among those learned from.
    overall, chance : float
        Share of all that are put right, and the share that guessing by size would:
        sum of squared shares (Morrison 1969).
    questions, folds, base : int
        Answers asked for, parts of the cross-validation, and respondents.
    """

    found: Mapping[int, float]
    overall: float
    chance: float
    questions: int
    folds: int
    base: int


@dataclass(frozen=True)
class BannerTables:
    """Questions by the columns of one banner, under a title of the user's (may be empty)."""

    title: Texts
    book: BannerBook


@dataclass(frozen=True)
class BasisRun:
    """One of several segmentations of the same respondents.

    ``preset`` is empty for the segments of the study and for bases of the user's own; ``names``
    are what its segments are called, ``shares`` (0 to 1, weighted) and ``counts`` how large they
    are. ``verdict`` is empty where the answers themselves are the segments.
    """

    id: str
    preset: str
    title: Texts
    questions: tuple[str, ...]
    k: int
    method: str
    verdict: str
    names: Mapping[int, Texts]
    shares: Mapping[int, float]
    counts: Mapping[int, int]
    without: int


@dataclass(frozen=True)
class CrossedBases:
    """Two segmentations that the study asks to be crossed.

    ``cells`` has a row a combination: the segments ``first`` and ``second``, ``n``, ``share`` of
    all (weighted) and ``index`` (100 where the two are independent).
    """

    first: str
    second: str
    cells: pd.DataFrame


@dataclass(frozen=True)
class Targeting:
    """Everything about value and the choice of whom to address; empty parts were not asked for.

    ``proposed`` are criteria that the workbook offers and that have no weight yet.
    """

    value: ValueAnalysis | None = None
    needs: tuple[Opportunity, ...] = ()
    recognition: Recognition | None = None
    scorecards: tuple[Scorecard, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    points: tuple[AttractivenessPoint, ...] = ()
    sheets: tuple[StrategySheet, ...] = ()
    targets: tuple[int, ...] = ()
    costs: Mapping[int, float] = field(default_factory=dict)
    answers: tuple[EightAnswer, ...] = ()
    bases: tuple[BasisRun, ...] = ()
    comparison: BasesComparison | None = None
    crossings: tuple[CrossedBases, ...] = ()
    banners: tuple[BannerTables, ...] = ()

    def results(self) -> dict[str, Any]:
        """Every figure for ``results.json``; respondents' own rows are left out."""
        value = self.value
        worth = None
        if value is not None:
            parts = {
                name: getattr(value, name)
                for name in value.__dataclass_fields__
                if name != "customers"
            }
            worth = parts | {"customers_by_tenth": tenths(value)}
        return {
            "value": worth,
            "opportunities": self.needs,
            "recognition": self.recognition,
            "scorecards": self.scorecards,
            "criteria": self.criteria,
            "attractiveness": self.points,
            "targets": self.targets,
            "costs": self.costs,
            "strategy": [_sheet(sheet) for sheet in self.sheets],
            "eight_questions": [_answer(answer) for answer in self.answers],
            "segmentations": self.bases,
            "bases_compared": self.comparison,
            "crossings": self.crossings,
            "banners": [_banner(one) for one in self.banners],
        }


def _banner(tables: BannerTables) -> dict[str, Any]:
    """Tables by their columns: one list a figure, the total first."""
    bases = ("base", "weighted_base", "effective_base")
    figures = (
        "value",
        "count",
        "weighted_count",
        *bases,
        "low",
        "high",
        "index",
        "letters",
        "mark",
    )
    book = tables.book
    return {
        "title": tables.title,
        "columns": book.columns,
        "filters": book.filters,
        "correction": book.correction,
        "levels": book.levels,
        "n": book.n,
        "tests": book.tests,
        "questions": {
            question.question: [
                {"variable": row.variable, "category": row.category, "statistic": row.statistic}
                | {
                    figure: [getattr(cell, figure) for cell in (row.total, *row.cells)]
                    for figure in figures
                }
                for row in question.rows
            ]
            for question in book.questions
        },
    }


def _sheet(sheet: StrategySheet) -> dict[str, Any]:
    """A strategy sheet with its evidence by the ids of statements."""
    return {
        "segment": sheet.segment,
        "target": sheet.target,
        "missing": sheet.missing,
        "fields": {
            one.field: {
                "texts": one.texts,
                "required": one.required,
                "evidence": [statement.id for statement in one.statements],
                "unmet": [need.need for need in one.unmet],
            }
            for one in sheet.fields
        },
    }


def _answer(answer: EightAnswer) -> dict[str, Any]:
    """One of the eight answers; personas and statements, written elsewhere, by their ids."""
    return {
        "question": answer.question,
        "asked": answer.asked,
        "segments": [persona.segment for persona in answer.personas],
        "earners": [one.segment for one in answer.earners],
        "statements": {
            segment: [statement.id for statement in statements]
            for segment, statements in answer.statements.items()
        },
        "uses": answer.uses,
        "needs": [need.need for need in answer.needs],
        "success": answer.success,
    }


@dataclass(frozen=True)
class Tenth:
    """A tenth of the customers, the best first: how many, their mean, and shares of the sum."""

    number: int
    customers: int
    mean: float
    least: float
    share: float
    cumulative: float


def tenths(value: ValueAnalysis) -> tuple[Tenth, ...]:
    """Customers ranked by value in ten groups of equal number, the best first."""
    table = value.customers
    count = len(table)
    if count < 10:
        return ()
    edges = [round(place * count / 10) for place in range(11)]
    found = []
    for number in range(10):
        part = table.iloc[edges[number] : edges[number + 1]]
        found.append(
            Tenth(
                number + 1,
                len(part),
                float(part["value"].mean()),
                float(part["value"].min()),
                float(part["share"].sum()),
                float(part["cumulative"].iloc[-1]),
            )
        )
    return tuple(found)

"""What commonly makes segments that are not there: measured and said."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from persona.errors import Problem, warning
from persona.segmentation.arrays import Array
from persona.segmentation.fit import Data, Fit
from persona.segmentation.planning import Plan
from persona.segmentation.style import response_style

TWINS = 0.9
"""Correlation from which two bases count as the same question asked twice."""

DOMINANT = 0.5
"""Share of the difference between segments above which one basis makes them alone."""

OUTLYING_SHARE, OUTLYING_DISTANCE = 0.02, 6.0
"""Share under which, and standard deviations beyond which, a segment is called outliers."""

JUNK_SHARE = 0.5
"""Share of non-answers in a segment, over the lists that offer one, that marks it as theirs."""

_JUNK = re.compile(
    r"don.?t know|not available|not applicable|no answer|no opinion|refus|n/a\b|^na$|^dk$"
    r"|nie wiem|trudno powiedzie|brak odpowiedzi|nie dotyczy|odmow"
    r"|weet (ik )?niet|geen (antwoord|mening)|niet van toepassing|weiger"
    r"|не знаю|затрудня|нет ответа|отказ|не применимо",
    re.IGNORECASE,
)


def check(
    data: Data, method: str, fit: Fit, made: Plan
) -> tuple[Mapping[str, pd.DataFrame], list[Problem]]:
    """Tables to show and warnings to give for one division.

    Returns
    -------
    tables : mapping
        ``sample`` (respondents that norms ask for), ``bases`` (how much each basis makes of the
        difference), ``twins``, and ``response_style`` and ``centred`` where there are enough
        ordered answers. A column ``segment`` counts from 0 as fitted.
    problems : list of Problem
    """
    sample, problems = sample_size(data, fit.k)
    twins, more = twin_bases(data)
    problems += more
    tables = {"sample": sample, "twins": twins}
    if fit.k < 2:
        return tables, problems
    bases, more = dominance(data, fit)
    tables["bases"], problems = bases, problems + more
    styles, more = response_style(data, method, fit, made)
    tables.update(styles)
    problems += [*more, *junk(data, fit), *outliers(data, fit)]
    return tables, problems


def sample_size(data: Data, k: int) -> tuple[pd.DataFrame, list[Problem]]:
    """Respondents that the literature asks for, and whether there are as many."""
    p = len(data.basis.columns)
    needs = [("60 per basis (Dolnicar et al. 2014)", 60 * p)]
    needs.append(("100 per basis (Dolnicar et al. 2016)", 100 * p))
    if k > 1:
        needs.append(("10 per basis and segment (Qiu & Joe 2015)", 10 * p * k))
    if all(c.kind == "binary" for c in data.basis.columns) and p <= 20:
        needs.append(("2 to the number of bases (Formann 1984)", 2**p))
    table = pd.DataFrame(needs, columns=["rule", "needed"])
    table["have"] = data.n
    table["met"] = table["have"] >= table["needed"]
    if data.n >= 60 * p:
        return table, []
    return table, [
        warning(
            "segments.few_respondents",
            "{p} bases ask for {needed} respondents and there are {n}.",
            remedy="Use fewer bases, for instance factor scores, or trust the segments less.",
            values={"p": p, "needed": 60 * p, "n": data.n},
        )
    ]


def twin_bases(data: Data) -> tuple[pd.DataFrame, list[Problem]]:
    """Pairs of bases that correlate so highly that they count twice."""
    columns = [c for c in data.basis.columns if c.kind != "nominal"]
    rows = []
    if len(columns) > 1:
        values = np.column_stack([c.measured for c in columns])
        seen = ~np.isnan(values)
        filled = np.where(seen, values - np.nanmean(values, axis=0), 0.0)
        cross = (filled * data.weights[:, None]).T @ filled
        square = ((filled**2) * data.weights[:, None]).T @ seen
        close = cross / np.maximum(np.sqrt(square) * np.sqrt(square.T), 1e-300)
        for i, j in zip(*np.triu_indices(len(columns), 1), strict=True):
            if abs(close[i, j]) >= TWINS:
                rows.append((columns[i].name, columns[j].name, float(close[i, j])))
    table = pd.DataFrame(rows, columns=["first", "second", "correlation"])
    problems = [
        warning(
            "segments.twins",
            "The bases {first!r} and {second!r} correlate at {correlation:.2f} and count twice.",
            remedy="Leave one out, or use factor scores.",
            values={"first": str(a), "second": str(b), "correlation": r},
        )
        for a, b, r in rows
    ]
    return table, problems


def segment_means(data: Data, fit: Fit) -> tuple[Array, Array]:
    """Means of the points by segment (k, p), and the weighted sizes (k,)."""
    member = np.eye(fit.k)[fit.labels] * data.weights[:, None]
    size = member.sum(axis=0)
    return member.T @ data.points / np.maximum(size, 1e-300)[:, None], size


def dominance(data: Data, fit: Fit) -> tuple[pd.DataFrame, list[Problem]]:
    """How much of the difference between segments each basis makes, and how well it is divided.

    ``share`` of the sum of squares between segments over all bases; ``eta_squared`` of the
    basis' own variance that lies between segments.
    """
    means, size = segment_means(data, fit)
    grand = data.weights @ data.points / data.weights.sum()
    between = size @ (means - grand) ** 2
    total = data.weights @ (data.points - grand) ** 2
    rows, at = [], 0
    for column, width in zip(data.basis.columns, data.space.blocks, strict=True):
        part = slice(at, at + width)
        rows.append((column.name, between[part].sum(), total[part].sum()))
        at += width
    table = pd.DataFrame(rows, columns=["basis", "between", "total"])
    table["share"] = table["between"] / max(float(table["between"].sum()), 1e-300)
    table["eta_squared"] = table["between"] / table["total"].clip(lower=1e-300)
    table = table[["basis", "share", "eta_squared"]]
    first = table.iloc[int(table["share"].to_numpy().argmax())]
    if len(table) < 3 or first["share"] < DOMINANT:
        return table, []
    return table, [
        warning(
            "segments.dominant",
            "The basis {basis!r} alone makes {share:.0%} of the difference between segments.",
            remedy="Look whether the others matter; standardise, or leave it out.",
            values={"basis": str(first["basis"]), "share": float(first["share"])},
        )
    ]


def junk(data: Data, fit: Fit) -> list[Problem]:
    """Segments whose mark is that they did not answer (don't know, not available)."""
    shares = []
    for column in data.basis.of_kind("nominal", "ordinal"):
        empty = [i for i, level in enumerate(column.levels) if _JUNK.search(str(level))]
        if empty:
            shares.append(np.isin(column.values, empty).astype(float))
    if not shares:
        return []
    own = np.mean(shares, axis=0)
    out = []
    for segment in range(fit.k):
        rows = fit.labels == segment
        weight = data.weights[rows]
        if weight.sum() <= 0:
            continue
        here = float(np.average(own[rows], weights=weight))
        if here >= JUNK_SHARE:
            out.append(
                warning(
                    "segments.junk",
                    "A segment of {n} respondents is marked by answers such as don't know: "
                    "{share:.0%} of its answers to these questions.",
                    remedy="Declare these answers as missing, or leave the questions out.",
                    values={"n": int(rows.sum()), "share": here},
                )
            )
    return out


def outliers(data: Data, fit: Fit) -> list[Problem]:
    """Tiny segments far from everybody else."""
    weighted = np.eye(fit.k)[fit.labels] * data.weights[:, None]
    size = weighted.sum(axis=0)
    means = weighted.T @ data.scores / np.maximum(size, 1e-300)[:, None]
    scatter = (data.scores * data.weights[:, None]).T @ data.scores
    within = (scatter - (means * size[:, None]).T @ means) / size.sum()
    inverse = np.linalg.pinv(within)
    out = []
    for segment in range(fit.k):
        share = float(size[segment] / size.sum())
        if not 0 < share < OUTLYING_SHARE:
            continue
        gaps = np.delete(means, segment, axis=0) - means[segment]
        far = float(np.sqrt(np.einsum("kp,pq,kq->k", gaps, inverse, gaps).min()))
        if far >= OUTLYING_DISTANCE:
            out.append(
                warning(
                    "segments.outliers",
                    "{n} respondents far from all others ({far:.0f} standard deviations) form "
                    "a segment of their own.",
                    remedy="Look at their answers; exclude them if they are faulty.",
                    values={"n": int((fit.labels == segment).sum()), "far": far},
                )
            )
    return out

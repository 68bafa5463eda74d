"""Banner tables: 150 questions by 10 columns, 10,000 weighted respondents, against pandas.

Run it from the checkout: ``python benchmarks/tables.py``. The loop beside it does the same work
one table at a time: weighted counts, percents, effective bases and z tests of all pairs.
"""

from __future__ import annotations

import sys
import time
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from persona.profiling import crosstab

QUESTIONS, PEOPLE, CATEGORIES = 150, 10_000, 5
BANNER = {"sex": 2, "age": 4, "region": 4}


def survey(seed: int = 0) -> pd.DataFrame:
    """Made-up answers with weights; a tenth of the answers is missing."""
    draw = np.random.default_rng(seed)
    columns: dict[str, object] = {
        name: draw.integers(0, size, PEOPLE) for name, size in BANNER.items()
    }
    for number in range(QUESTIONS):
        answers = draw.integers(1, CATEGORIES + 1, PEOPLE).astype(float)
        answers[draw.random(PEOPLE) < 0.1] = np.nan
        columns[f"q{number:03d}"] = answers
    columns["w"] = draw.uniform(0.3, 3.0, PEOPLE)
    return pd.DataFrame(columns)


def loop(frame: pd.DataFrame, questions: list[str]) -> dict[tuple[str, str], pd.DataFrame]:
    """The same tables with pandas, one question and one header at a time."""
    from scipy.stats import norm

    found = {}
    for question in questions:
        for header in BANNER:
            part = frame[[question, header, "w"]].dropna()
            sums = pd.crosstab(part[question], part[header], part["w"], aggfunc="sum").fillna(0)
            base = part.groupby(header)["w"].sum()
            effective = base**2 / part.assign(w=part["w"] ** 2).groupby(header)["w"].sum()
            share = sums / base
            tests = {}
            for a, b in combinations(share.columns, 2):
                pooled = (share[a] * effective[a] + share[b] * effective[b]) / (
                    effective[a] + effective[b]
                )
                error = np.sqrt(pooled * (1 - pooled) * (1 / effective[a] + 1 / effective[b]))
                tests[(a, b)] = 2 * norm.sf(abs((share[a] - share[b]) / error))
            found[(question, header)] = pd.DataFrame(tests, index=share.index)
    return found


def seconds(work: object, *arguments: object) -> tuple[float, object]:
    """CPU seconds of one call, and what it returned."""
    start = time.process_time()
    result = work(*arguments)  # type: ignore[operator]
    return time.process_time() - start, result


def main() -> None:
    """Print both times and their ratio, after seeing that both found the same."""
    frame = survey()
    questions = [f"q{number:03d}" for number in range(QUESTIONS)]
    crosstab(frame.head(200), questions[:2], list(BANNER), weights="w")  # imports are not timed
    loop(frame.head(200), questions[:1])
    own, book = seconds(lambda: crosstab(frame, questions, list(BANNER), weights="w"))
    theirs, tables = seconds(loop, frame, questions)
    p = book.p_values  # type: ignore[attr-defined]
    worst = 0.0
    for (question, header), table in tables.items():  # type: ignore[attr-defined]
        for a, b in table.columns:
            ours = p.loc[question, (f"{header} > {a}", f"{header} > {b}")]
            worst = max(worst, float(np.abs(np.asarray(ours) - table[(a, b)].to_numpy()).max()))
    columns = sum(BANNER.values())
    print(f"{QUESTIONS} questions x {columns} columns, n = {PEOPLE:,}, weighted")
    print(f"persona      {own:8.3f} s CPU (counts, intervals, letters, Rao-Scott, residuals)")
    print(f"pandas loop  {theirs:8.3f} s CPU (counts, percents, z tests)")
    print(f"ratio        {theirs / own:8.1f}")
    print(f"largest difference of p-values {worst:.1e}")


if __name__ == "__main__":
    main()

"""How fast customers are placed, where they are, beside numpy on the same work.

    export PYTHONPATH=. OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
    python benchmarks/placing.py
    python benchmarks/placing.py --rows 100000 1000000 --spark

Made-up customers with twelve answers in a Parquet file are placed in five segments through
`persona.typing_tool.tables` and written to another Parquet file. numpy places them with
`type_people`, batch by batch from the same file, writing nothing. Each size runs in a process of
its own, so that its largest memory is its own; the seed of the customers is 1.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np

from persona.typing_tool import (
    TypedSegment,
    TypingAnswer,
    TypingBand,
    TypingModel,
    TypingQuestion,
    type_people,
)

SEGMENTS, SCALES, SIZES = 5, 10, (100_000, 1_000_000, 10_000_000)
BATCH = 200_000


def made_model() -> TypingModel:
    """Ten scales, one list and one number in bands."""
    draw = np.random.default_rng(7)

    def points() -> tuple[int, ...]:
        return tuple(int(value) for value in draw.integers(-9000, 9000, SEGMENTS))

    def closed(name: str, codes: int) -> TypingQuestion:
        answers = tuple(TypingAnswer(code, {}, points()) for code in range(1, codes + 1))
        return TypingQuestion(name, name, {}, {}, answers, (), points())

    edges = (None, 50.0, 120.0, 400.0, None)
    bands = tuple(TypingBand(low, high, points()) for low, high in pairwise(edges))
    return TypingModel(
        tuple(TypedSegment(number, {}, 0.2) for number in range(1, SEGMENTS + 1)),
        (
            *(closed(f"q{number}", 5) for number in range(SCALES)),
            closed("channel", 7),
            TypingQuestion("spend", "spend", {}, {}, (), bands, points(), (), 0.0, 1e6),
        ),
        points(),
        6931,
        3,
    )


def make_customers(path: Path, rows: int) -> None:
    """A Parquet file; two answers in a hundred are missing."""
    import duckdb

    asked = [
        f"CASE WHEN random() < .02 THEN NULL ELSE 1 + floor(random() * {n})::INT END AS {name}"
        for name, n in [*((f"q{i}", 5) for i in range(SCALES)), ("channel", 7)]
    ]
    with duckdb.connect() as store:
        store.execute("SET threads = 1")
        store.execute("SELECT setseed(0.1)")
        store.execute(
            f"COPY (SELECT i AS id, {', '.join(asked)}, round(exp(3 + 3 * random()), 2) AS spend "
            f"FROM range({rows}) t(i)) TO '{path}' (FORMAT parquet)"
        )


def place(engine: str, path: Path, threads: int) -> dict[str, float]:
    """Seconds, and the largest memory of this process in megabytes."""
    model = made_model()
    before = _megabytes()
    began = time.perf_counter()
    if engine == "numpy":
        counted = _numpy(model, path)
    else:
        counted = _engine(model, path, engine, threads)
    spent = time.perf_counter() - began
    return {"seconds": spent, "before": before, "peak": _megabytes(), "largest": max(counted)}


def _engine(model: TypingModel, path: Path, engine: str, threads: int) -> list[int]:
    from persona.typing_tool.databases import open_table
    from persona.typing_tool.tables import ColumnReading, typed_table

    table = open_table(str(path), engine=engine)
    if engine == "duckdb":
        table.get_backend().raw_sql(f"SET threads = {threads}")
    readings = {
        question.variable: ColumnReading(
            question.variable,
            {a.code: row for row, a in enumerate(question.answers)} or None,
        )
        for question in model.questions
    }
    names = [f"Segment {number}" for number in range(1, SEGMENTS + 1)]
    placed = typed_table(table, model, readings, names, keep=["id"])
    out = path.with_suffix(".placed.parquet")
    placed.to_parquet(str(out))
    out.unlink(missing_ok=True)
    return [0]


def _numpy(model: TypingModel, path: Path) -> list[int]:
    import pyarrow.parquet as parquet

    counts = np.zeros(SEGMENTS + 1, dtype=np.int64)
    for batch in parquet.ParquetFile(path).iter_batches(BATCH, columns=list(model.variables)):
        typed = type_people(model, batch.to_pandas())
        counts += np.bincount(typed.labels.fillna(0).to_numpy(int), minlength=SEGMENTS + 1)
    return counts.tolist()


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _apart(engine: str, path: Path, threads: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", engine, str(path), "--threads", str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--spark", action="store_true", help="also on Spark, on this machine")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(place(arguments.one[0], Path(arguments.one[1]), arguments.threads)))
        return
    engines = ["numpy", "duckdb", *(["spark"] if arguments.spark else [])]
    seconds: dict[str, list[float]] = {engine: [] for engine in engines}
    with tempfile.TemporaryDirectory() as folder:
        for rows in arguments.rows:
            path = Path(folder) / f"{rows}.parquet"
            make_customers(path, rows)
            for engine in engines:
                found = _apart(engine, path, arguments.threads)
                seconds[engine].append(found["seconds"])
                ratio = found["seconds"] / seconds["numpy"][-1]
                print(
                    f"{rows:>11,} by 12  {engine:7} {found['seconds']:7.2f} s  "
                    f"{rows / found['seconds']:>12,.0f} rows a second  {ratio:5.2f} x numpy  "
                    f"peak {found['peak']:6.0f} MB ({found['before']:.0f} before)",
                    flush=True,
                )
            path.unlink()
    for engine, spent in seconds.items():
        if len(spent) > 1:
            slope = np.polyfit(np.log(arguments.rows), np.log(spent), 1)[0]
            print(f"{engine}: time grows with rows to the power {slope:.2f}")


if __name__ == "__main__":
    main()

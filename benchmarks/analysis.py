"""How fast factor and correspondence analysis are beside the packages people use for them.

    python benchmarks/analysis.py [--peers DIR] [--only WORK]

Makes a virtual environment for the peers (ordinalcorr, factor-analyzer on a scikit-learn it still
runs with, prince), runs ours and theirs in processes of their own on one thread, and prints
seconds of processor time (of one draw, for parallel analysis), their ratio, the memory each took
beyond the data, and how our cost grows with respondents and items. Run by hand; nothing here is
part of the tests.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PEERS = (
    "ordinalcorr>=0.9",
    "factor-analyzer>=0.5.1,<0.6",
    "prince>=0.23,<0.24",
    "scikit-learn<1.8",  # factor_analyzer's fit passes an argument that 1.8 took away
    "numpy",
    "pandas",
    "scipy",
)
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
FACTORS = 12
ROOT = Path(__file__).resolve().parents[1]


def answers(n: int, items: int, seed: int = 1) -> Any:
    """Five-point answers with twelve factors, or fewer where there are few items."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    factors = max(1, min(FACTORS, items // 5))
    common = rng.standard_normal((n, factors))
    strength = rng.uniform(0.45, 0.8, items)
    latent = common[:, np.arange(items) % factors] * strength
    latent += rng.standard_normal((n, items)) * np.sqrt(1 - strength**2)
    codes = np.digitize(latent, [-1.3, -0.5, 0.4, 1.2]) + 1
    return pd.DataFrame(codes, columns=[f"q{item + 1}" for item in range(items)])


def questions(n: int, count: int) -> Any:
    """Categorical answers to ``count`` questions of five categories."""
    return answers(n, count).apply(lambda column: "c" + column.astype(str))


# Each piece of work takes its data and gives back a call to time and how many units it does.
Work = Callable[[int, int], tuple[Callable[[], object], float]]


def ours_polychoric(n: int, items: int) -> tuple[Callable[[], object], float]:
    from persona.analysis import polychoric

    frame = answers(n, items)
    return lambda: polychoric(frame), 1


def peer_polychoric(n: int, items: int) -> tuple[Callable[[], object], float]:
    from ordinalcorr import polychoric

    columns = answers(n, items).to_numpy().T.copy()

    def run() -> object:
        return [polychoric(columns[i], columns[j]) for i in range(items) for j in range(i)]

    return run, 1


def _ours_factors(method: Any) -> Work:
    def prepare(n: int, items: int) -> tuple[Callable[[], object], float]:
        import numpy as np

        from persona.analysis.extraction import extract
        from persona.analysis.rotation import rotate

        matrix = np.corrcoef(answers(n, items).to_numpy().T)
        factors = max(1, min(FACTORS, items // 5))

        def run() -> object:
            return rotate(extract(matrix, factors, method).loadings, "oblimin")

        return run, 1

    return prepare


def _peer_factors(method: str) -> Work:
    def prepare(n: int, items: int) -> tuple[Callable[[], object], float]:
        import numpy as np
        from factor_analyzer import FactorAnalyzer

        matrix = np.corrcoef(answers(n, items).to_numpy().T)

        def run() -> object:
            return FactorAnalyzer(
                n_factors=FACTORS, rotation="oblimin", method=method, is_corr_matrix=True
            ).fit(matrix)

        return run, 1

    return prepare


def ours_parallel(n: int, items: int) -> tuple[Callable[[], object], float]:
    from persona.analysis import parallel_analysis

    frame = answers(n, items)
    return lambda: parallel_analysis(frame, draws=500), 500


def loop_parallel(n: int, items: int) -> tuple[Callable[[], object], float]:
    import numpy as np

    draws = 50  # the loop is the same from draw to draw

    def run() -> object:
        rng = np.random.default_rng(0)
        found = [
            np.linalg.eigvalsh(np.corrcoef(rng.standard_normal((n, items)).T)) for _ in range(draws)
        ]
        return np.percentile(found, 95, axis=0)

    return run, draws


def ours_parallel_polychoric(n: int, items: int) -> tuple[Callable[[], object], float]:
    from persona.analysis import parallel_analysis

    frame = answers(n, items)
    return lambda: parallel_analysis(frame, draws=20, correlation="polychoric"), 20


def peer_parallel_polychoric(n: int, items: int) -> tuple[Callable[[], object], float]:
    import numpy as np
    from ordinalcorr import polychoric

    values = answers(n, items).to_numpy()

    def run() -> object:
        shuffled = np.random.default_rng(0).permuted(values, axis=0).T.copy()
        matrix = np.eye(items)
        for i in range(items):
            for j in range(i):
                matrix[i, j] = matrix[j, i] = polychoric(shuffled[i], shuffled[j])
        return np.linalg.eigvalsh(matrix)

    return run, 1


def ours_mca(n: int, items: int) -> tuple[Callable[[], object], float]:
    from persona.analysis import multiple_correspondence_analysis

    frame = questions(n, items)
    return lambda: multiple_correspondence_analysis(frame), 1


def peer_mca(n: int, items: int) -> tuple[Callable[[], object], float]:
    import prince

    frame = questions(n, items)

    def run() -> object:
        fitted = prince.MCA(n_components=5, engine="scipy").fit(frame)
        return fitted.row_coordinates(frame), fitted.column_coordinates(frame)

    return run, 1


# name: (ours, theirs, who they are, respondents, items, ratio to reach)
WORKS: dict[str, tuple[Work, Work, str, int, int, float]] = {
    "polychoric": (ours_polychoric, peer_polychoric, "ordinalcorr", 10_000, 60, 50),
    "minres, oblimin": (
        _ours_factors("minres"), _peer_factors("minres"), "factor_analyzer", 10_000, 60, 10
    ),
    "ML, oblimin": (_ours_factors("ml"), _peer_factors("ml"), "factor_analyzer", 10_000, 60, 10),
    "parallel analysis": (ours_parallel, loop_parallel, "plain loop", 10_000, 60, 10),
    "parallel, polychoric": (
        ours_parallel_polychoric, peer_parallel_polychoric, "ordinalcorr loop", 10_000, 60, 20
    ),
    "MCA": (ours_mca, peer_mca, "prince", 100_000, 40, 5),
}  # fmt: skip

SLOPES: tuple[tuple[str, str, tuple[int, ...], int], ...] = (
    ("polychoric", "respondents", (5_000, 10_000, 20_000, 40_000, 80_000), 40),
    ("polychoric", "items", (15, 30, 60, 120), 10_000),
    ("minres, oblimin", "items", (30, 60, 120), 2_000),
    ("parallel analysis", "respondents", (5_000, 20_000, 80_000), 40),
    ("MCA", "respondents", (12_500, 25_000, 50_000, 100_000), 40),
    ("MCA", "items", (10, 20, 40, 80), 20_000),
)


def measure(work: str, side: str, n: int, items: int) -> dict[str, float]:
    """Best processor seconds a unit of three runs, and the memory the first took."""
    prepare = WORKS[work][0 if side == "ours" else 1]
    run, units = prepare(n, items)
    before = peak_memory(forget=True)
    seconds = []
    for turn in range(3):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
        if turn == 0:
            after = peak_memory()
            if seconds[0] > 5:
                break
    return {"seconds": min(seconds) / units, "memory": after - before}


def peak_memory(forget: bool = False) -> float:
    """Megabytes this process has held at most, on Linux since it was last told to forget."""
    status = Path("/proc/self/status")
    if status.exists():
        if forget:
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        lines = status.read_text(encoding="ascii").splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024**2 if sys.platform == "darwin" else 1024)


def apart(python: str, work: str, side: str, n: int, items: int) -> dict[str, float]:
    """The same in a process of its own, on one thread."""
    command = [python, __file__, "--measure", work, side, str(n), str(items)]
    environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{work}, {side}:\n{done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def peers(folder: Path) -> str:
    """The Python of the peers' environment, made when it is not there."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print(f"making an environment for the peers in {folder} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "-q", *PEERS]
        subprocess.run(install, check=True, stderr=subprocess.DEVNULL)
    return str(python)


def table(python: str, only: str | None) -> bool:
    """Print the ratios of this run; whether each reached what it should."""
    print(f"{'work':<22}{'beside':<18}{'n x p':>12}{'ours s':>10}{'theirs s':>11}"
          f"{'ratio':>8}{'at least':>10}{'ours MB':>9}{'theirs MB':>11}")  # fmt: skip
    reached = True
    for work, (_, _, who, n, items, least) in WORKS.items():
        if only and only not in work:
            continue
        one = apart(sys.executable, work, "ours", n, items)
        two = apart(python, work, "theirs", n, items)
        ratio = two["seconds"] / one["seconds"]
        reached &= ratio >= least
        print(
            f"{work:<22}{who:<18}{f'{n} x {items}':>12}{one['seconds']:>10.3g}"
            f"{two['seconds']:>11.3g}{ratio:>8.0f}{least:>10.0f}{one['memory']:>9.0f}"
            f"{two['memory']:>11.0f}",
            flush=True,
        )
        if work == "MCA":
            share = one["memory"] / max(two["memory"], 1e-9)
            reached &= share <= 0.25
            print(f"{'':<22}memory beside prince: {share:.2f} (at most 0.25)")
    return reached


def slopes(only: str | None) -> None:
    """Print how our cost grows: the slope of ln seconds on ln size."""
    import numpy as np

    print("\nhow our cost grows (1 is in proportion)")
    for work, what, sizes, other in SLOPES:
        if only and only not in work:
            continue
        seconds = []
        for size in sizes:
            n, items = (size, other) if what == "respondents" else (other, size)
            seconds.append(apart(sys.executable, work, "ours", n, items)["seconds"])
        slope = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        shown = ", ".join(f"{size}: {cost:.3g}" for size, cost in zip(sizes, seconds, strict=True))
        print(f"{work:<22}with {what:<12}{slope:>6.2f}   ({shown} s)", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--peers", type=Path, help="folder of the peers' environment")
    parser.add_argument("--only", help="part of a work's name")
    parser.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        work, side, n, items = given.measure
        print(json.dumps(measure(work, side, int(n), int(items))))
        return
    folder = given.peers or Path(tempfile.gettempdir()) / "persona-analysis-peers"
    reached = table(peers(folder), given.only)
    slopes(given.only)
    print("\nall ratios reached" if reached else "\nNOT all ratios reached")
    raise SystemExit(0 if reached else 1)


if __name__ == "__main__":
    main()

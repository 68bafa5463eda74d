"""How well segments are found, beside peers, and how fast.

    export PYTHONPATH=. OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
    python benchmarks/segments.py recovery --seeds 10
    python benchmarks/segments.py speed

``recovery`` draws surveys with planted segments and without any and prints, for ``auto`` and for
each peer, the mean adjusted Rand index, how often the number of segments is right, how often
"none" is said where there is none, and the time. The ceiling is a classifier trained on the
truth, cross-validated. stepmix takes part where it is installed.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import segment_surveys as surveys
from numpy.typing import NDArray

from persona.segmentation import segment, stability
from persona.segmentation.agreement import adjusted_rand
from persona.segmentation.basis import read
from persona.segmentation.fit import prepare
from persona.segmentation.methods import METHODS
from persona.segmentation.parallel import threads

Labels = NDArray[np.intp]
KS = range(2, 9)


def matrix(frame: pd.DataFrame) -> NDArray[np.float64]:
    """What a user of scikit-learn would do: mean imputation, dummies, standard scores."""
    wide = pd.get_dummies(frame, dtype=float)
    wide = wide.fillna(wide.mean())
    return ((wide - wide.mean()) / wide.std().replace(0, 1)).to_numpy()


def _silhouette_k(points: NDArray[np.float64]) -> Labels:
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    best, found = -2.0, np.zeros(len(points), np.intp)
    for k in KS:
        labels = KMeans(k, n_init=10, random_state=0).fit_predict(points)
        value = silhouette_score(points, labels, sample_size=min(2000, len(points)), random_state=0)
        if value > best:
            best, found = value, labels
    return found


def kmeans_items(frame: pd.DataFrame) -> Labels:
    """k-means on items, k by silhouette."""
    return _silhouette_k(matrix(frame))


def kmeans_components(frame: pd.DataFrame) -> Labels:
    """k-means on the components with eigenvalues over one, k by silhouette."""
    from sklearn.decomposition import PCA

    points = matrix(frame)
    values = PCA().fit(points).explained_variance_
    return _silhouette_k(PCA(max(2, int((values > 1).sum()))).fit_transform(points))


def gaussian_bic(frame: pd.DataFrame) -> Labels:
    """Gaussian mixture, number and covariance by BIC."""
    from sklearn.mixture import GaussianMixture

    points = matrix(frame)
    best, found = np.inf, np.zeros(len(points), np.intp)
    for kind in ("full", "tied", "diag", "spherical"):
        for k in (1, *KS):
            model = GaussianMixture(
                k, covariance_type=kind, n_init=3, random_state=0, reg_covar=1e-4
            ).fit(points)
            if (value := model.bic(points)) < best:
                best, found = value, model.predict(points)
    return found


def stepmix_bic(frame: pd.DataFrame) -> Labels:
    """stepmix, number of classes by BIC; answers as categories, amounts as normal."""
    from stepmix.stepmix import StepMix
    from stepmix.utils import get_mixed_descriptor

    basis = read(frame)
    listed = [str(c.name) for c in basis.columns if c.kind != "numeric"]
    coded = pd.DataFrame({str(c.name): c.values for c in basis.columns})
    amounts = [str(c.name) for c in basis.columns if c.kind == "numeric"]
    coded[amounts] = (coded[amounts] - coded[amounts].mean()) / coded[amounts].std()
    gaps = bool(coded.isna().any().any())
    kinds = {"categorical_nan" if gaps else "categorical": listed}
    if amounts:
        kinds["continuous_nan" if gaps else "continuous"] = amounts
    data, descriptor = get_mixed_descriptor(coded, **kinds)
    best, found = np.inf, np.zeros(len(frame), np.intp)
    for k in (1, *KS):
        model = StepMix(
            k, measurement=descriptor, n_init=2, random_state=0, verbose=0, progress_bar=0
        )
        model.fit(data)
        if (value := model.bic(data)) < best:
            best, found = value, model.predict(data)
    return found


def ours(frame: pd.DataFrame) -> Labels:
    """``auto``."""
    return segment(frame).labels.fillna(0).to_numpy(np.intp)


def ceiling(survey: surveys.Survey) -> float:
    """Adjusted Rand index of the better of two classifiers trained on the truth."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.model_selection import cross_val_predict

    points = matrix(survey.frame)
    trees = ExtraTreesClassifier(200, random_state=0)
    return max(
        adjusted_rand(survey.truth, cross_val_predict(model, points, survey.truth, cv=5))
        for model in (LinearDiscriminantAnalysis(), trees)
    )


def peers() -> dict[str, Callable[[pd.DataFrame], Labels]]:
    """Ours first."""
    found: dict[str, Callable[[pd.DataFrame], Labels]] = {
        "persona auto": ours,
        "k-means items": kmeans_items,
        "k-means components": kmeans_components,
        "Gaussian BIC": gaussian_bic,
    }
    try:
        import stepmix  # noqa: F401  (only to see whether it is there)
    except ImportError:
        print("stepmix is not installed and does not take part")
    else:
        found["stepmix BIC"] = stepmix_bic
    return found


def recovery(seeds: int, first: int, only: list[str], alone: bool) -> None:
    """Print the table."""
    runners = {"persona auto": ours} if alone else peers()
    rows = []
    for name, draw in {**surveys.WITH_SEGMENTS, **surveys.WITHOUT}.items():
        if only and not any(part in name for part in only):
            continue
        for seed in range(first, first + seeds):
            survey = draw(np.random.default_rng([seed, 2024]))
            top = ceiling(survey) if survey.k > 1 else np.nan
            for runner, run in runners.items():
                if runner == "stepmix BIC" and len(survey.frame) > 5000:
                    continue
                began = time.perf_counter()
                labels = run(survey.frame)
                spent = time.perf_counter() - began
                k = len(np.unique(labels[labels > 0] if runner == "persona auto" else labels))
                agree = adjusted_rand(survey.truth, labels) if survey.k > 1 else np.nan
                rows.append((name, seed, runner, survey.k, k, agree, top, spent))
        _show(pd.DataFrame(rows[-seeds * len(runners) :], columns=_NAMES), name)
    frame = pd.DataFrame(rows, columns=_NAMES)
    _summary(frame)


_NAMES = ["scenario", "seed", "by", "planted", "found", "ari", "ceiling", "seconds"]


def _show(frame: pd.DataFrame, name: str) -> None:
    frame = frame[frame["scenario"] == name]
    for by, part in frame.groupby("by", sort=False):
        right = (part["planted"] == part["found"]).mean()
        print(
            f"{name:17} {by:19} ari {part['ari'].mean():5.2f}  "
            f"ceiling {part['ceiling'].mean():5.2f}  k right {right:4.0%}  "
            f"found {sorted(part['found'])}  {part['seconds'].mean():6.1f} s",
            flush=True,
        )


def _summary(frame: pd.DataFrame) -> None:
    planted, empty = frame[frame["planted"] > 1], frame[frame["planted"] == 1]
    print()
    for by in frame["by"].unique():
        own, none = planted[planted["by"] == by], empty[empty["by"] == by]
        means = own.groupby("scenario")[["ari", "ceiling"]].mean()
        share = means["ari"] / means["ceiling"]
        print(
            f"{by:19} mean ari {means['ari'].mean():.3f}  of the ceiling "
            f"{means['ari'].mean() / means['ceiling'].mean():.3f}  least {share.min():.2f}  "
            f"k right {(own['planted'] == own['found']).mean():.0%}  "
            f"none said {(none['found'] == 1).mean():.0%}  {own['seconds'].mean():.1f} s"
        )


def _clock(task: Callable[[], object]) -> float:
    began = time.perf_counter()
    task()
    return time.perf_counter() - began


def speed(sample: int) -> None:
    """Print times and ratios, on one thread and on two."""
    generator = np.random.default_rng(3)
    latent, _ = surveys.latent_attitudes(generator, 2000, 30, 4, 1.2)
    frame = surveys.named(surveys.likert(generator, latent))
    data = prepare(read(frame))
    ours_by_threads = {}
    for count in (1, 2):
        with threads(count):
            ours_by_threads[count] = _clock(
                lambda: stability.rand_by_k(
                    data, METHODS["kmeans"], KS, 100, np.random.default_rng(0), {}
                )
            )
    theirs = _clock(lambda: _sklearn_stability(data.points, sample)) * 100 / sample
    for count, spent in ours_by_threads.items():
        auto = _clock(lambda count=count: segment(frame, threads=count))
        print(
            f"{count} thread: stability {spent:.2f} s, scikit-learn loop {theirs:.1f} s "
            f"({theirs / spent:.1f} times); auto {auto:.1f} s ({auto / spent:.1f} times stability)"
        )
    _latent_class_speed(generator)
    for n in (10_000, 100_000):
        latent, _ = surveys.latent_attitudes(generator, n, 20, 4, 1.2)
        large = surveys.named(surveys.likert(generator, latent))
        print(f"auto on {n} by 20: {_clock(lambda frame=large: segment(frame)):.0f} s")


def _sklearn_stability(points: NDArray[np.float64], pairs: int) -> None:
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score

    points = points.astype(np.float32)
    n = len(points)
    for k in KS:
        for pair in range(pairs):
            labels = []
            for side in (0, 1):
                rows = np.random.default_rng([pair, side]).integers(0, n, n)
                model = KMeans(k, n_init=3, random_state=pair).fit(points[rows])
                labels.append(model.predict(points))
            adjusted_rand_score(*labels)


def _latent_class_speed(generator: np.random.Generator) -> None:
    truth = generator.integers(0, 4, 1000)
    chances = generator.dirichlet(np.full(3, 0.8), (4, 10))
    answers = (
        (generator.random((1000, 10, 1)) > chances[truth].cumsum(axis=2)).sum(axis=2).clip(0, 2)
    )
    frame = surveys.named(answers.astype(float))
    data = prepare(read(frame))
    best = {}

    def run() -> None:
        for k in range(1, 9):
            fit = METHODS["latent_class"].fit(data, k, np.random.default_rng(k), {"starts": 20})
            best[k] = fit.log_likelihood

    spent = _clock(run)
    print(f"latent class k = 1..8, 20 starts, 1000 by 10: {spent:.2f} s", end="")
    try:
        from stepmix.stepmix import StepMix
    except ImportError:
        print("; stepmix is not installed")
        return
    other = {}

    def theirs() -> None:
        for k in range(1, 9):
            model = StepMix(
                k,
                measurement="categorical",
                n_init=20,
                random_state=k,
                max_iter=1000,
                verbose=0,
                progress_bar=0,
            )
            model.fit(answers)
            other[k] = model.score(answers) * len(answers)

    peer = _clock(theirs)
    worst = min(best[k] - other[k] for k in best)
    print(
        f"; stepmix {peer:.1f} s ({peer / spent:.0f} times); "
        f"log-likelihood ours less theirs, smallest over k: {worst:+.4f}"
    )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["recovery", "speed"])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--only", nargs="*", default=[], help="parts of names of scenarios")
    parser.add_argument("--alone", action="store_true", help="without peers")
    parser.add_argument("--sample", type=int, default=10, help="pairs timed of the peer's loop")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    if arguments.what == "recovery":
        recovery(arguments.seeds, arguments.first, arguments.only, arguments.alone)
    else:
        speed(arguments.sample)


if __name__ == "__main__":
    main()

"""Factor analysis of a battery of items, from answers to scores."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from persona.analysis.adequacy import adequacy
from persona.analysis.correlation import Correlations, Kind, correlations_of
from persona.analysis.diagnostics import about_solution
from persona.analysis.extraction import Extraction, extract
from persona.analysis.extraction import Method as ExtractionMethod
from persona.analysis.factor_solution import FactorSolution, score_frame
from persona.analysis.fit import fit_indices
from persona.analysis.general_factor import Omega, omega_of
from persona.analysis.items import Items, Missing, Unusable, read_columns, read_items
from persona.analysis.naming import FactorItems, factor_items
from persona.analysis.number_of_factors import (
    DRAWS,
    PERCENTILE,
    ParallelAnalysis,
    largest_number,
    parallel_of,
    suggestions,
)
from persona.analysis.reliability import Alpha, alpha
from persona.analysis.rotation import OBLIQUE, Rotation, rotate
from persona.analysis.rotation import Name as RotationName
from persona.analysis.scores import Method as ScoreMethod
from persona.analysis.scores import Model, determinacy, score_weights
from persona.errors import AnalysisError, Problem, error, warning
from persona.numeric.decompose import signs
from persona.numeric.moments import Array, moments
from persona.numeric.threads import one_thread

__all__ = ["FactorSolution", "factor_analysis"]


@dataclass(frozen=True)
class _Arranged:
    """Loadings, phi and all that follows from them, moved together."""

    loadings: Array
    phi: Array

    def arranged(self) -> _Arranged:
        """Ordered by variance, largest loadings positive."""
        order = np.argsort(-self.variance, kind="stable")
        turned = self.loadings[:, order]
        flip = signs(turned)
        return _Arranged(turned * flip, self.phi[np.ix_(order, order)] * np.outer(flip, flip))

    def towards(self, target: Array) -> _Arranged:
        """In the target's order and with its signs; largest positive where it has none."""
        agreement = np.nansum(target * self.loadings, axis=0)
        flip = np.where(agreement != 0, np.sign(agreement), signs(self.loadings))
        return _Arranged(self.loadings * flip, self.phi * np.outer(flip, flip))

    @property
    def variance(self) -> Array:
        """Sums of squares: diagonal of phi L'L."""
        return np.asarray(np.diag(self.phi @ self.loadings.T @ self.loadings))

    @property
    def reproduced(self) -> Array:
        return self.loadings @ self.phi @ self.loadings.T


def factor_analysis(
    frame: pd.DataFrame,
    n_factors: int | str = "parallel",
    correlation: Kind = "auto",
    method: ExtractionMethod = "minres",
    rotation: RotationName = "oblimin",
    weights: object = None,
    seed: int = 0,
    *,
    scores: ScoreMethod = "regression",
    missing: Missing = "pairwise",
    unusable: Unusable = "refuse",
    labels: Mapping[Hashable, str] | None = None,
    draws: int = DRAWS,
    percentile: float = PERCENTILE,
    starts: int | None = None,
    target: Any = None,
    allow_few: bool = False,
    compare_data: bool = False,
) -> FactorSolution:
    """Factors behind a battery of items.

    Parameters
    ----------
    frame : DataFrame (n, p)
        Numbers or ordered categories, one column an item; NaN marks a missing answer.
    n_factors : int or {"parallel", "map", "empirical_kaiser", "hull", "kaiser",
        "comparison_data"}
        A number, or the rule that chooses it.
    correlation : {"auto", "pearson", "spearman", "polychoric"}
        See :func:`persona.analysis.correlation.correlations`.
    method : {"minres", "ml", "principal_axis", "principal_components"}
    rotation : {"oblimin", "quartimin", "geomin", "promax", "target", "varimax", "quartimax",
        "equamax", "none"}
    weights : sequence (n,), optional
        Tests then rest on Kish's effective number of respondents.
    seed : int
        For parallel analysis and random starts of the rotation.
    scores : {"regression", "bartlett", "ten_berge", "anderson"}
    missing : {"pairwise", "listwise"}
        How correlations treat missing answers; everybody is scored either way.
    unusable : {"refuse", "drop"}
        Items that do not vary or copy another: an error, or left out with a warning.
    labels : mapping, optional
        Short texts of the items, from which names of factors are proposed.
    draws, percentile : int, float
        Of parallel analysis.
    starts : int, optional
        Random starts of the rotation.
    target : array (p, m), optional
        For ``rotation="target"``.
    allow_few : bool
        Go on with fewer respondents than items.
    compare_data : bool
        Show what comparison data suggest too, which takes a second or two.

    Raises
    ------
    AnalysisError
        Items that do not vary or copy another, too few items or respondents, more factors than
        the items allow, an unknown option.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> common = np.repeat(rng.standard_normal((300, 2)), 4, axis=1)
    >>> answers = pd.DataFrame(common + rng.standard_normal((300, 8)), columns=list("abcdefgh"))
    >>> solution = factor_analysis(answers)
    >>> solution.n_factors, solution.scores.shape
    (2, (300, 2))
    """
    items = read_items(frame, weights, missing=missing, unusable=unusable, least=3)
    if items.n < len(items.names) and not allow_few:
        raise AnalysisError(_few(items))
    found = correlations_of(items, correlation, missing)
    parallel = parallel_of(items, found, draws, percentile, seed)
    table = suggestions(found, parallel)
    if compare_data or n_factors == "comparison_data":
        table = _with_comparison_data(table, items, seed)
    count, said = _number(n_factors, table, len(items.names))
    extraction = _pinned_extract(found, count, method)
    goal = None if target is None else np.asarray(target, dtype=float)
    turned = rotate(
        extraction.loadings,
        rotation,
        target=goal,
        starts=starts,
        seed=abs(seed),
    )
    # A target fixes which factor is which; everything else is ordered by variance.
    found_as = _Arranged(turned.loadings, turned.phi)
    free = goal is None or rotation != "target"
    arranged = found_as.arranged() if goal is None or free else found_as.towards(goal)
    options = {
        "n_factors": n_factors,
        "correlation": correlation,
        "scores": scores,
        "missing": missing,
        "unusable": unusable,
        "draws": draws,
        "percentile": percentile,
        "starts": starts,
    }
    solution = _assemble(
        frame, items, found, parallel, table, extraction, turned, arranged, method, rotation,
        scores, labels, options, seed,
    )  # fmt: skip
    return replace(solution, warnings=(*solution.warnings, *said))


def _with_comparison_data(table: pd.DataFrame, items: Items, seed: int) -> pd.DataFrame:
    from persona.analysis.simulated_populations import comparison_data

    found = comparison_data(items.frame(), seed=seed)
    row = pd.DataFrame(
        {"n_factors": [found.n_factors], "source": ["Ruscio & Roche 2012"]},
        index=["comparison_data"],
    )
    return pd.concat([table, row])


@one_thread
def _pinned_extract(found: Correlations, count: int, method: ExtractionMethod) -> Extraction:
    return extract(found.matrix.to_numpy(), count, method)


def _few(items: Items) -> Problem:
    return error(
        "factors.few",
        "There are {n} respondents for {items} items.",
        allowed="more respondents than items, far better ten for each",
        remedy="Collect more answers, take fewer items, or ask for it with allow_few=True.",
        values={"n": items.n, "items": len(items.names)},
    )


def _number(asked: int | str, table: pd.DataFrame, items: int) -> tuple[int, tuple[Problem, ...]]:
    """The number of factors, from the rule or as asked, within what the items allow."""
    most = largest_number(items)
    if isinstance(asked, str):
        if asked not in table.index:
            raise AnalysisError(
                error(
                    "factors.rule",
                    "There is no rule for the number of factors called {rule!r}.",
                    allowed=", ".join(table.index) + ", or a number",
                    values={"rule": asked},
                )
            )
        suggested = int(table["n_factors"].to_dict()[asked])
        if suggested < 1:
            return 1, (
                warning(
                    "factors.none",
                    "The rule {rule} finds no factor in these items; one was extracted all the "
                    "same, to be read with care.",
                    values={"rule": asked},
                ),
            )
        if suggested > most:
            return most, (
                warning(
                    "factors.capped",
                    "The rule {rule} suggests {suggested} factors; {items} items allow {most}.",
                    values={
                        "rule": asked, "suggested": suggested, "items": items, "most": most
                    },
                ),
            )  # fmt: skip
        return suggested, ()
    if not 1 <= int(asked) <= most:
        raise AnalysisError(
            error(
                "factors.number",
                "{items} items do not allow {asked} factors.",
                allowed=f"1 to {most}",
                remedy="Take fewer factors or more items.",
                values={"items": items, "asked": asked},
            )
        )
    return int(asked), ()


def _assemble(
    frame: pd.DataFrame,
    items: Items,
    found: Correlations,
    parallel: ParallelAnalysis,
    table: pd.DataFrame,
    extraction: Extraction,
    turned: Rotation,
    arranged: _Arranged,
    method: str,
    rotation: str,
    score_method: ScoreMethod,
    labels: Mapping[Hashable, str] | None,
    options: Mapping[str, Any],
    seed: int,
) -> FactorSolution:
    """Everything that follows from loadings and phi, with the user's names."""
    index = pd.Index(items.names)
    factors = [f"F{number + 1}" for number in range(arranged.loadings.shape[1])]
    loadings = pd.DataFrame(arranged.loadings, index=index, columns=factors)
    phi = pd.DataFrame(arranged.phi, index=factors, columns=factors)
    communalities = pd.Series(np.diag(arranged.reproduced).copy(), index=index)
    matrix = found.matrix.to_numpy()
    unique = np.asarray(1 - communalities, dtype=np.float64)
    model = Model(matrix, arranged.loadings, arranged.phi, unique)
    weights = score_weights(model, score_method)
    sure = pd.Series(determinacy(model, weights), index=factors)
    made_of = factor_items(loadings, labels)
    measured = adequacy(found)
    reliability = dict(_reliability(items, made_of))
    omegas = dict(_omegas(found, made_of))
    standard = moments(items.values, items.weights)
    solution = FactorSolution(
        loadings=loadings,
        structure=loadings @ phi,
        phi=phi,
        communalities=communalities,
        uniquenesses=1 - communalities,
        variance=_variance_table(arranged.variance, len(index), factors),
        eigenvalues=parallel.observed.rename("eigenvalue"),
        scores=pd.DataFrame(),
        answered=pd.Series(dtype=float),
        determinacy=sure,
        score_weights=pd.DataFrame(weights, index=index, columns=factors),
        fit=fit_indices(matrix, arranged.reproduced, len(factors), found.n_effective),
        suggestions=table,
        parallel=parallel,
        correlation=found,
        adequacy=measured,
        reliability=reliability,
        omega=omegas,
        made_of=made_of,
        method=method,
        rotation=rotation,
        score_method=score_method,
        options=options,
        seed=seed,
        n=items.n,
        n_weighted=items.n_weighted,
        converged=extraction.converged and turned.converged,
        rotation_starts=turned.starts,
        rotation_starts_at_best=turned.starts_at_best,
        warnings=(),
        standardisation=pd.DataFrame(
            {"mean": standard.mean, "deviation": standard.deviation}, index=index
        ),
    )
    values = read_columns(frame, items.names)
    scores, answered, said = score_frame(
        values, frame.index, standard, model, score_method, loadings.columns
    )
    about = about_solution(
        loadings, phi, communalities, sure, made_of,
        oblique=rotation in OBLIQUE, components=method == "principal_components",
    )  # fmt: skip
    return replace(
        solution,
        scores=scores,
        answered=answered,
        warnings=(*measured.warnings, *_about_search(extraction, turned), *about, *said),
    )


def _variance_table(variance: Array, items: int, factors: list[str]) -> pd.DataFrame:
    proportion = variance / items
    return pd.DataFrame(
        {
            "ss_loadings": variance,
            "proportion": proportion,
            "cumulative": np.cumsum(proportion),
            "share_of_explained": variance / max(float(variance.sum()), 1e-300),
        },
        index=factors,
    )


def _about_search(extraction: Extraction, turned: Rotation) -> Iterator[Problem]:
    if not extraction.converged:
        yield warning(
            "factors.not_converged",
            "The extraction did not settle within {steps} steps.",
            remedy="Take fewer factors or another method.",
            values={"steps": extraction.iterations},
        )
    if not turned.converged:
        yield warning("factors.rotation", "The rotation did not settle; its figures are rough.")
    elif turned.starts > 1 and turned.starts_at_best == 1:
        yield warning(
            "factors.unreplicated",
            "Only one of {starts} starts of the rotation reached the best solution.",
            remedy="Ask for more starts.",
            values={"starts": turned.starts},
        )


def _omegas(found: Correlations, made_of: tuple[FactorItems, ...]) -> Iterator[tuple[str, Omega]]:
    for factor in made_of:
        own = [*factor.items, *factor.reversed]
        if len(own) >= 3:
            part = replace(found, matrix=found.matrix.loc[own, own], warnings=())
            yield factor.factor, omega_of(part, 1)


def _reliability(items: Items, made_of: tuple[FactorItems, ...]) -> Iterator[tuple[str, Alpha]]:
    answers = items.frame()
    weights = items.weights if items.weighted else None
    for factor in made_of:
        own = [*factor.items, *factor.reversed]
        if len(own) >= 2:
            # Weights already stand in the order of these rows: labels may repeat.
            yield factor.factor, alpha(answers[own], weights, reverse=factor.reversed)

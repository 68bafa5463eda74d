"""Factor analysis of a battery of items, from answers to scores."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from persona.analysis.adequacy import adequacy
from persona.analysis.arrangement import Arranged, tables_of
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
from persona.numeric.moments import moments
from persona.numeric.threads import one_thread

__all__ = ["FactorSolution", "factor_analysis"]


@one_thread
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
    extraction = extract(found.matrix.to_numpy(), count, method)
    turned, arranged = _turned(extraction, rotation, target, starts, seed)
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
    asked = {
        "suggestions": table,
        "method": method,
        "rotation": rotation,
        "score_method": scores,
        "options": options,
        "seed": seed,
    }
    solution = _assemble(frame, items, found, parallel, extraction, turned, arranged, asked, labels)
    return replace(solution, warnings=(*solution.warnings, *said))


def _turned(
    extraction: Extraction, rotation: RotationName, target: Any, starts: int | None, seed: int
) -> tuple[Rotation, Arranged]:
    """The factors rotated, as found and in order.

    A target fixes which factor is which; everything else is ordered by variance.
    """
    goal = None if target is None else np.asarray(target, dtype=float)
    turned = rotate(extraction.loadings, rotation, target=goal, starts=starts, seed=seed)
    found_as = Arranged(turned.loadings, turned.phi)
    if goal is None or rotation != "target":
        return turned, found_as.arranged()
    return turned, found_as.towards(goal)


def _with_comparison_data(table: pd.DataFrame, items: Items, seed: int) -> pd.DataFrame:
    from persona.analysis.simulated_populations import comparison_data

    found = comparison_data(items.frame(), seed=seed)
    row = pd.DataFrame(
        {"n_factors": [found.n_factors], "source": ["Ruscio & Roche 2012"]},
        index=["comparison_data"],
    )
    return pd.concat([table, row])


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
                    "factors.no_factor",
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
    whole = isinstance(asked, int | float | np.number) and float(asked).is_integer()
    if not whole or not 1 <= int(asked) <= most:
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
    extraction: Extraction,
    turned: Rotation,
    arranged: Arranged,
    asked: Mapping[str, Any],
    labels: Mapping[Hashable, str] | None,
) -> FactorSolution:
    """Everything that follows from loadings and phi, with the user's names.

    ``asked`` holds the fields of the solution that the caller chose.
    """
    tables = tables_of(arranged, pd.Index(items.names))
    scoring, said = _scoring(frame, items, found, tables, asked["score_method"])
    made_of = factor_items(tables["loadings"], labels)
    measured = adequacy(found)
    about = about_solution(
        tables["loadings"],
        tables["phi"],
        tables["communalities"],
        scoring["determinacy"],
        made_of,
        oblique=asked["rotation"] in OBLIQUE,
        components=asked["method"] == "principal_components",
    )
    matrix, factors = found.matrix.to_numpy(), arranged.loadings.shape[1]
    return FactorSolution(
        **tables,
        **scoring,
        **asked,
        eigenvalues=parallel.observed.rename("eigenvalue"),
        fit=fit_indices(matrix, arranged.reproduced, factors, found.n_effective),
        parallel=parallel,
        correlation=found,
        adequacy=measured,
        reliability=dict(_reliability(items, made_of)),
        omega=dict(_omegas(found, made_of)),
        made_of=made_of,
        n=items.n,
        n_weighted=items.n_weighted,
        converged=extraction.converged and turned.converged,
        rotation_starts=turned.starts,
        rotation_starts_at_best=turned.starts_at_best,
        warnings=(*measured.warnings, *_about_search(extraction, turned), *about, *said),
    )


def _scoring(
    frame: pd.DataFrame,
    items: Items,
    found: Correlations,
    tables: Mapping[str, Any],
    method: ScoreMethod,
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Scores of everybody in the frame, how sure they are, and what scoring others takes."""
    loadings = tables["loadings"]
    model = Model(
        found.matrix.to_numpy(),
        loadings.to_numpy(),
        tables["phi"].to_numpy(),
        tables["uniquenesses"].to_numpy(),
    )
    weights = score_weights(model, method)
    standard = moments(items.values, items.weights)
    values = read_columns(frame, items.names)
    scores, answered, said = score_frame(
        values, frame.index, standard, model, method, loadings.columns
    )
    return {
        "scores": scores,
        "answered": answered,
        "determinacy": pd.Series(determinacy(model, weights), index=loadings.columns),
        "score_weights": pd.DataFrame(weights, index=loadings.index, columns=loadings.columns),
        "standardisation": pd.DataFrame(
            {"mean": standard.mean, "deviation": standard.deviation}, index=loadings.index
        ),
    }, said


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

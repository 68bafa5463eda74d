"""What was asked for, checked, and respondents in an order that does not depend on the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from persona.errors import AnalysisError, Problem, error
from persona.segmentation.basis import Basis, Column
from persona.segmentation.fit import Method
from persona.segmentation.methods import METHODS

_QUICK = {"rounds": 3, "shown_starts": 20, "shown_rounds": 1}
"""Under ``auto`` k-means is shown for comparison, so it need not be polished long."""

Progress = Callable[[str, float], None]


FITTED, COMPARED, MEASURED = 0.25, 0.45, 0.9
"""How far the whole is when candidates are fitted, the null is drawn, and stability is known."""


def silent(stage: str, share: float) -> None:
    """The progress nobody asked for."""


@dataclass(frozen=True)
class Plan:
    """A segmentation to be made.

    Parameters
    ----------
    methods : tuple of Method
        The first is the one that suits the bases; the others are shown beside it.
    ks : tuple of int
        Numbers of segments compared.
    asked_k, asked_method
        None where ``auto``.
    """

    methods: tuple[Method, ...]
    ks: tuple[int, ...]
    asked_k: int | None
    asked_method: str | None
    pairs: int
    null_draws: int
    seed: int
    options: Mapping[str, Any]
    progress: Progress = silent

    def generator(self, *path: int) -> np.random.Generator:
        """A generator of its own for each task, whatever else was run before."""
        return np.random.default_rng([self.seed, *path])

    def stage(self, title: str, begin: float, end: float) -> Callable[[float], None]:
        """Progress of one stage, which takes the whole from ``begin`` to ``end``."""
        return lambda share: self.progress(title, begin + (end - begin) * min(share, 1.0))


def plan(
    basis: Basis,
    k: int | str,
    method: str,
    k_range: Sequence[int],
    pairs: int,
    null_draws: int,
    seed: int,
    options: Mapping[str, Any],
    progress: Progress,
) -> Plan:
    """Refuse what cannot be, with every reason at once.

    Raises
    ------
    AnalysisError
        For a number of segments or a seed that is none, more segments than different
        respondents, bases that the method cannot take; PersonaError for an unknown method.
    """
    asked = int(k) if isinstance(k, (int, np.integer)) and not isinstance(k, bool) else None
    faults = _faults(basis, k, asked, seed)
    if faults:
        raise AnalysisError(faults)
    methods = _for_auto(basis) if method == "auto" else (METHODS[method],)
    most = basis.distinct()
    largest = max(1, min(most, basis.n // 10 if basis.n >= 20 else most))
    ks = {int(x) for x in k_range if 1 < int(x) <= largest}
    if asked is not None and asked > 1:
        ks.add(asked)
    return Plan(
        methods,
        () if methods[0].fixed_k else tuple(sorted(ks)),
        asked,
        None if method == "auto" else method,
        pairs,
        null_draws,
        int(seed),
        {**_QUICK, **options} if method == "auto" else options,
        progress,
    )


def _faults(basis: Basis, k: int | str, asked: int | None, seed: int) -> list[Problem]:
    faults: list[Problem] = []
    if k != "auto" and (asked is None or asked < 1):
        faults.append(
            error(
                "segments.k",
                "The number of segments cannot be {k!r}.",
                found=str(k),
                allowed="auto, or a whole number from 1",
                values={"k": str(k)},
            )
        )
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        faults.append(
            error(
                "segments.seed",
                "The seed cannot be {seed!r}.",
                found=str(seed),
                allowed="a whole number from 0",
                values={"seed": str(seed)},
            )
        )
    if asked is not None and asked > 1:
        distinct = basis.distinct()
        if asked > distinct:
            faults.append(
                error(
                    "segments.k_too_large",
                    "{k} segments were asked for, but there are only {distinct} different "
                    "patterns of answers.",
                    remedy="Ask for fewer segments or use more bases.",
                    values={"k": asked, "distinct": distinct},
                )
            )
    return faults


def _for_auto(basis: Basis) -> tuple[Method, ...]:
    """Candidates: first the one that suits the bases best."""
    lists_alone = not basis.of_kind("numeric", "ordinal")
    names = ["latent_class", "mixture"] if lists_alone else ["mixture"]
    return tuple(METHODS[name] for name in [*names, "kmeans"])


def canonical(basis: Basis) -> Basis:
    """Respondents and columns ordered by their content: the order of the file has no effect."""
    columns = sorted(basis.columns, key=lambda column: str(column.name))
    keys = [basis.weights, *(np.nan_to_num(c.values, nan=-1e300) for c in reversed(columns))]
    order = np.lexsort(keys)
    moved = tuple(Column(c.name, c.kind, c.values[order], c.levels) for c in columns)
    return replace(basis, columns=moved, kept=basis.kept[order], weights=basis.weights[order])


def centred(basis: Basis) -> Basis:
    """The mean of each respondent's ordered answers taken out of them (response style).

    Fewer than three ordered columns are left as they are: their mean is no style.
    """
    style = basis.of_kind("ordinal")
    if len(style) < 3:
        return basis
    answers = np.column_stack([c.measured for c in style])
    seen = ~np.isnan(answers)
    own = np.where(seen, answers, 0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    columns = tuple(
        Column(c.name, "numeric", c.measured - own) if c.kind == "ordinal" else c
        for c in basis.columns
    )
    return replace(basis, columns=columns)

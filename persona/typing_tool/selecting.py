"""Choose questions one after the other: each time the one that tells most beside the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persona.typing_tool.coding import Design
from persona.typing_tool.logistic import Logistic, fit_logistic

Floats = NDArray[np.float64]
TIE = 0.05
"""Of a column's variance: what the questions chosen leave of it counts at least so much."""


@dataclass(frozen=True)
class Path:
    """Questions in the order chosen, and the model with the first 1, 2, 3 ... of them.

    ``coefficients`` are (1 + columns, k), the columns question by question in that order.
    """

    order: tuple[int, ...]
    coefficients: tuple[Floats, ...]


def forward(
    design: Design,
    member: Floats,
    weights: Floats,
    size: int,
    ridge: float,
    forced: Sequence[int] = (),
) -> Path:
    """Orthogonal matching pursuit by the score statistic of the logistic model.

    Given a model with some questions, the gain of one more is about g' I^-1 g: g the slope of
    the log-likelihood along its columns, I their information, taken as the product of what is
    left of the columns beside those chosen and the mean spread of the probabilities (a score
    test; Rao 1948). Two points a parameter are taken off, as Akaike (1974) does, so that long
    lists are not chosen for their length alone.

    Parameters
    ----------
    design : Design
        Of those it is learned from.
    member : (n, k) array
    weights : (n,) array
    size : int
        So many questions, or as many as there are.
    ridge : float
    forced : positions of questions
        Chosen before all others.
    """
    left = _Left.of(design, weights)
    total = float(weights.sum())
    start = np.log(np.maximum(weights @ member, 0.5) / total)[None, :]
    fitted = fit_logistic(np.empty((len(member), 0)), member, weights, ridge, start)
    order: list[int] = []
    coefficients: list[Floats] = []
    for _ in range(min(size, len(design.questions))):
        waiting = [j for j in forced if j not in order]
        allowed = np.zeros(len(design.questions), dtype=bool)
        allowed[waiting or range(len(design.questions))] = True
        allowed[order] = False
        gain = np.where(allowed, _gains(design, member, weights, left, fitted), -np.inf)
        best = int(np.argmax(gain))
        order.append(best)
        left = left.without(design.blocks[best])
        columns = design.values[:, design.columns_of(order)]
        more = design.blocks[best].stop - design.blocks[best].start
        begun = np.vstack([fitted.coefficients, np.zeros((more, member.shape[1]))])
        fitted = fit_logistic(columns, member, weights, ridge, begun)
        coefficients.append(fitted.coefficients)
    return Path(tuple(order), tuple(coefficients))


@dataclass(frozen=True)
class _Left:
    """Cross-products of the columns, per unit of weight, beside the intercept and those chosen."""

    products: Floats
    whole: Floats

    @classmethod
    def of(cls, design: Design, weights: Floats) -> _Left:
        matrix, total = design.values, weights.sum()
        mean = weights @ matrix / total
        products = matrix.T @ (weights[:, None] * matrix) / total - np.outer(mean, mean)
        return cls(products, np.maximum(np.diag(products).copy(), 1e-12))

    def without(self, block: slice) -> _Left:
        """What is left when the columns of a question are known."""
        own = self.products[block, block] + np.diag(1e-6 * self.whole[block])
        crossed = self.products[:, block]
        return _Left(self.products - crossed @ np.linalg.solve(own, crossed.T), self.whole)

    def information(self, block: slice) -> Floats:
        floor = TIE * self.whole[block]
        own = self.products[block, block]
        return own + np.diag(np.maximum(floor - np.diag(own), 0.0) + 1e-3 * floor)


def _gains(
    design: Design, member: Floats, weights: Floats, left: _Left, fitted: Logistic
) -> Floats:
    """How much each question would add to twice the log-likelihood, beside its parameters."""
    shares = fitted.probabilities
    slope = design.values.T @ (weights[:, None] * (member - shares))
    mass = weights[:, None] * shares
    spread = np.diag(mass.sum(axis=0)) - shares.T @ mass
    inverse = np.linalg.pinv(spread, rcond=1e-9)
    told = slope @ inverse @ slope.T if len(slope) < 64 else None
    parameters = member.shape[1] - 1
    gains = np.empty(len(design.questions))
    for j, block in enumerate(design.blocks):
        own = slope[block] @ inverse @ slope[block].T if told is None else told[block, block]
        width = block.stop - block.start
        if width == 1:
            floor = max(left.products[block.start, block.start], TIE * left.whole[block.start])
            gains[j] = own[0, 0] / floor
        else:
            gains[j] = np.trace(np.linalg.solve(left.information(block), own))
        gains[j] -= 2 * width * parameters
    return gains

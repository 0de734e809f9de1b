"""Logistic regression with a quadratic penalty on sparse rows of ones: nothing is drawn, so there is no seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_STEPS = 50
CLOSER = 1e-3
"""What a step of Newton leaves of the slope, in its straight approximation."""
EXACT = 1e-7
"""Greatest slope at which the weights are found; a hundredth of a weight is far coarser."""


@dataclass(frozen=True, slots=True)
class Sparse:
    """A matrix of ones at (``row``, ``column``), of ``height`` rows and ``width`` columns; noughts elsewhere."""

    row: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]
    height: int
    width: int

    def times(self, v: Floats) -> Floats:
        """Return the matrix times ``v``, float64[height]."""
        product: Floats = np.bincount(self.row, v[self.column], self.height).astype(np.float64)
        return product

    def turned(self, u: Floats) -> Floats:
        """Return the transposed matrix times ``u``, float64[width]."""
        product: Floats = np.bincount(self.column, u[self.row], self.width).astype(np.float64)
        return product


def least_loss(x: Sparse, y: Floats, weight: Floats, penalty: Floats) -> Floats:
    """Return the weights of the least penalised logistic loss, by Newton's method with conjugate gradients."""
    w: Floats = np.zeros(x.width)
    for _ in range(MOST_STEPS):
        p = 1 / (1 + np.exp(-x.times(w)))
        slope = x.turned(weight * (p - y)) + penalty * w
        if np.abs(slope).max() < EXACT:
            break
        w = w - _newton_step(x, weight * p * (1 - p), penalty, slope)
    return w


def _newton_step(x: Sparse, curve: Floats, penalty: Floats, slope: Floats) -> Floats:
    """Return ``s`` with (x' curve x + penalty) s = slope, by conjugate gradients."""
    s: Floats = np.zeros_like(slope)
    rest, step, size = slope, slope, float(slope @ slope)
    goal = size * CLOSER**2
    while size > goal:
        bent = x.turned(curve * x.times(step)) + penalty * step
        length = size / float(step @ bent)
        s, rest = s + length * step, rest - length * bent
        size, before = float(rest @ rest), size
        step = rest + size / before * step
    return s

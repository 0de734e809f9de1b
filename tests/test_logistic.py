"""The solver of logistic regressions against what can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scripts.logistic import Sparse, least_loss

ONLY_CONSTANT = Sparse(np.arange(10), np.zeros(10, np.int64), 10, 1)


def test_without_features_the_constant_is_the_logarithm_of_the_odds() -> None:
    y = np.array([1.0] * 3 + [0.0] * 7)
    found = least_loss(ONLY_CONSTANT, y, np.full(10, 0.1), np.zeros(1))
    assert found == pytest.approx([math.log(3 / 7)], abs=1e-5)


def test_a_feature_adds_its_odds_ratio_where_nothing_is_penalised() -> None:
    rows = [[0], [0], [0], [0], [0, 1], [0, 1], [0, 1], [0, 1]]
    x = Sparse(np.repeat(np.arange(8), [len(r) for r in rows]), np.concatenate(rows), 8, 2)
    y = np.array([1.0, 0, 0, 0, 1, 1, 1, 0])
    found = least_loss(x, y, np.full(8, 1 / 8), np.zeros(2))
    assert found == pytest.approx([math.log(1 / 3), math.log(9)], abs=1e-4)


def test_a_weighed_row_counts_as_so_many() -> None:
    y = np.array([1.0] + [0.0] * 9)
    weight = np.where(y > 0, 3.0, 1.0)
    assert least_loss(ONLY_CONSTANT, y, weight, np.zeros(1)) == pytest.approx([math.log(3 / 9)], abs=1e-5)


def test_the_slope_is_nought_at_the_answer_and_a_penalty_draws_towards_nought() -> None:
    generator = np.random.default_rng(3)
    held = generator.random((60, 12)) < 0.3
    held[:, 0] = True
    row, column = np.nonzero(held)
    x, y = Sparse(row, column, 60, 12), (generator.random(60) < 0.4).astype(float)
    sizes = []
    for strength in (0.001, 0.1):
        penalty = np.array([0.0] + [strength] * 11)
        w = least_loss(x, y, np.full(60, 1 / 60), penalty)
        p = 1 / (1 + np.exp(-(held @ w)))
        assert np.abs(held.T @ (p - y) / 60 + penalty * w).max() < 1e-6
        sizes.append(float(np.abs(w[1:]).sum()))
    assert sizes[1] < sizes[0] / 2

"""Columns to fields as SciPy assigns them, ties and all, without importing it in the app."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from churnkit.ingest.columns.assignment import best_assignment


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (4, 9), (13, 8), (20, 30), (5, 1), (1, 6)])
@pytest.mark.parametrize("steps", [2, 5, 10_000])
def test_it_is_scipys(shape: tuple[int, int], steps: int) -> None:
    rng = np.random.default_rng(7)
    for _ in range(30):
        worth = rng.integers(0, steps, shape) / steps
        rows, columns = linear_sum_assignment(-worth)
        assert best_assignment(worth.tolist()) == sorted(zip(rows.tolist(), columns.tolist(), strict=True))


def test_constant_worths_pair_equal_places_and_nothing_pairs_nothing() -> None:
    assert best_assignment([[0.0] * 4] * 3) == [(0, 0), (1, 1), (2, 2)]
    assert best_assignment([]) == best_assignment([[]]) == []

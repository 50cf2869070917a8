"""What probabilities say of themselves, against sums over all pairs."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest

from churnkit.metrics import ece
from churnkit.monitoring.expected import ece_by_chance, expected_auc


def _by_pairs(p: list[float]) -> float:
    won = pairs = 0.0
    for left, stayed in permutations(range(len(p)), 2):
        chance = p[left] * (1 - p[stayed])
        pairs += chance
        won += chance * (1.0 if p[left] > p[stayed] else 0.5 if p[left] == p[stayed] else 0.0)
    return won / pairs


@pytest.mark.parametrize("p", [[0.9, 0.1], [0.2, 0.2, 0.7], [0.0, 0.3, 0.3, 0.8, 1.0], [0.5, 0.5]])
def test_expected_auc_is_that_over_all_pairs(p: list[float]) -> None:
    assert expected_auc(p) == pytest.approx(_by_pairs(p))


def test_there_is_none_where_nothing_is_open() -> None:
    assert math.isnan(expected_auc([]))
    assert math.isnan(expected_auc([1.0, 1.0]))


def test_true_probabilities_stay_below_the_chance_bound_and_wrong_ones_do_not() -> None:
    rng = np.random.default_rng(1)
    p = rng.uniform(0.1, 0.9, 800)
    bound = ece_by_chance(p)
    right = [ece((rng.random(800) < p).astype(int), p) for _ in range(100)]
    wrong = ece((rng.random(800) < np.clip(p + 0.15, 0, 1)).astype(int), p)
    assert 0.88 <= np.mean(np.array(right) <= bound) <= 1.0
    assert wrong > bound

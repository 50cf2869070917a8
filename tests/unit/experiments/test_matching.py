"""Pairs of contacted and uncontacted customers by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from churnkit.experiments.matching import _differences, _effect, _logits, _overlap, _pairs, match

TREATED = np.array([True, True, False, False, False])


@pytest.mark.parametrize("scale", [1.0, 0.1])
def test_differences_in_units_of_the_spread_before(scale: float) -> None:
    # Variances 2 of (1, 3) and 4 of (0, 4, 2): a spread of the root of 3. Matched are 1 and 3 with 0.
    values = scale * np.array([[1.0, 7], [3, 7], [0, 7], [4, 7], [2, 7]])
    chosen = np.array([True, True, True, False, False])
    assert _differences(values, TREATED, chosen) == pytest.approx([2 / math.sqrt(3), 0])
    assert _differences(values, TREATED, ~np.ones(5, dtype=bool)).tolist() == [math.inf, math.inf]


def test_overlap_counts_the_contacted_within_the_reach_of_the_others() -> None:
    logit = np.array([-1.0, 0.5, 2.0, 0.0, 1.0])
    assert _overlap(logit, np.array([True, True, True, False, False])) == pytest.approx(1 / 3)
    ends = np.array([0.0, 1.0, 1.1, 0.0, 1.0])
    assert _overlap(ends, np.array([True, True, True, False, False])) == pytest.approx(2 / 3)


def test_effect_takes_out_what_pairs_still_differ_in() -> None:
    # Without a contact the result is 2 x - 3 y + 5, with one 4 more; x and y have means of their own.
    others = np.array([[100.0, 1], [110, 3], [130, 2], [105, 7]])
    away = np.array([[3.0, 1], [0, 2], [1, 0], [2, 2]])
    values = np.vstack([others + away, others])
    outcome = values @ [2.0, -3.0] + 5 + np.repeat([4.0, 0.0], 4)
    pairs = np.array([[0, 4], [1, 5], [2, 6], [3, 7]])
    found = _effect(values, outcome, pairs)
    assert (found.value, found.low, found.high) == pytest.approx((4, 4, 4))


def test_the_caliper_is_in_standard_deviations_of_the_logit() -> None:
    rng = np.random.default_rng(5)
    treated = np.arange(60) % 3 == 0
    features = pd.DataFrame({"a": rng.normal(size=60) + 2.5 * treated, "b": rng.normal(size=60)})
    logit = _logits(features.to_numpy(), treated)
    assert logit.std() > 1.5
    found = match(features, treated, np.zeros(60), caliper_sd=0.2)
    assert found.pairs.tolist() == _pairs(logit, treated, 0.2 * logit.std()).tolist()
    assert len(found.pairs) > len(_pairs(logit, treated, 0.2 / logit.std()))
    assert found.matched_share == len(found.pairs) / 20
    assert found.balance.columns.tolist() == ["feature", "before", "after"]
    assert found.balance.index.tolist() == [0, 1]

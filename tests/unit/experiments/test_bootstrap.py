"""Resampled means: seeded, as many as asked for, and no ratio over a base that may be nothing."""

from __future__ import annotations

import numpy as np

from churnkit.experiments.bootstrap import bootstrap_difference

ARM = np.array([0.0, 0, 5, 10, 20, 0])


def test_a_seed_gives_the_same_interval_and_another_seed_another() -> None:
    base = ARM + 1
    first = bootstrap_difference(ARM, base, seed=1, resamples=100)
    assert bootstrap_difference(ARM, base, seed=1, resamples=100) == first
    assert bootstrap_difference(ARM, base, seed=2, resamples=100) != first


def test_no_ratio_where_more_than_a_tail_of_the_draws_have_no_buyer() -> None:
    # Nobody who pays is drawn in (4/6)^6 = 8.8 % of the draws with two buyers, in (3/6)^6 = 1.6 % with three.
    two, three = np.array([0.0, 0, 0, 0, 9, 9]), np.array([0.0, 0, 0, 9, 9, 9])
    assert bootstrap_difference(ARM, two)[1] is None
    ratio = bootstrap_difference(ARM, three)[1]
    assert ratio is not None
    assert ratio.value == np.float64(35 / 27 - 1)

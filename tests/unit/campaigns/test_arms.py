"""Arms: everybody has the same chance, strata get their share, the seed decides."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.campaigns import HOLDOUT, TREATMENT, assign_arms, strata, value_fifths
from churnkit.errors import DataError, SettingsError


def ids(count: int) -> pd.Series:
    return pd.Series([f"c{n:04d}" for n in range(count)])


def test_fifths_of_equal_masses_and_ties() -> None:
    assert value_fifths([10, 20, 30, 40, 50]).tolist() == [1, 2, 3, 4, 5]
    assert value_fifths([7, 7, 7, 7, 9]).tolist() == [1, 1, 1, 1, 5]
    assert value_fifths([]).tolist() == []


def test_strata_are_tier_by_fifth_and_sort_by_both() -> None:
    found = strata(pd.Series(["low", "high", "medium"]), pd.Series([1.0, 2.0, 3.0]))
    assert found.tolist() == ["3 low, value 1 of 5", "1 high, value 2 of 5", "2 medium, value 4 of 5"]


def test_unknown_tier_is_refused() -> None:
    with pytest.raises(DataError, match="1 customers have another, first 'severe'"):
        strata(pd.Series(["low", "severe"]), pd.Series([1.0, 2.0]))


def test_each_stratum_gets_its_share_and_small_ones_share_a_holdout() -> None:
    stratum = pd.Series(["a"] * 100 + [f"b{n:02d}" for n in range(50)])
    arms = assign_arms(ids(150), stratum, 0.2, seed=3)
    assert (arms[:100] == HOLDOUT).sum() == 20
    assert (arms[100:] == HOLDOUT).sum() == 10
    assert set(arms) == {TREATMENT, HOLDOUT}


def test_everybody_is_held_out_with_the_same_probability() -> None:
    """1,000 seeds, 13 customers in strata of 1, 2, 3 and 7: the chance must be 0.15 for each, 4 standard errors."""
    stratum = pd.Series(list("abbcccddddddd"))
    held = np.zeros(13)
    for seed in range(1000):
        held += assign_arms(ids(13), stratum, 0.15, seed) == HOLDOUT
    assert np.abs(held / 1000 - 0.15).max() < 4 * np.sqrt(0.15 * 0.85 / 1000)


def test_neighbours_are_not_held_out_together_more_or_less_than_others() -> None:
    """Within a stratum who is held out is random: all pairs of the first occur about equally often."""
    stratum = pd.Series(["a"] * 6)
    together = np.zeros((6, 6))
    for seed in range(2000):
        held = assign_arms(ids(6), stratum, 1 / 3, seed) == HOLDOUT
        together += np.outer(held, held)
    pairs = together[np.triu_indices(6, k=1)] / 2000
    assert np.abs(pairs - 1 / 15).max() < 4 * np.sqrt(1 / 15 * 14 / 15 / 2000)


def test_arms_do_not_depend_on_the_order_of_rows() -> None:
    stratum = pd.Series(["a", "b"] * 40)
    straight = assign_arms(ids(80), stratum, 0.25, seed=11)
    shuffled = np.random.default_rng(0).permutation(80)
    again = assign_arms(ids(80).iloc[shuffled], stratum.iloc[shuffled], 0.25, seed=11)
    assert again.tolist() == straight[shuffled].tolist()


def test_another_seed_gives_other_arms() -> None:
    stratum = pd.Series(["a"] * 80)
    one, other = (assign_arms(ids(80), stratum, 0.25, seed) for seed in (1, 2))
    assert one.tolist() != other.tolist()


def test_long_lists_do_not_drift() -> None:
    arms = assign_arms(ids(100_000), pd.Series(["a"] * 100_000), 0.1, seed=5)
    assert (arms == HOLDOUT).sum() == 10_000


def test_nobody_is_held_out_at_zero() -> None:
    assert set(assign_arms(ids(10), pd.Series(["a"] * 10), 0.0, seed=1)) == {TREATMENT}


@pytest.mark.parametrize("share", [-0.1, 0.95, float("nan")])
def test_impossible_share_is_refused(share: float) -> None:
    with pytest.raises(SettingsError, match=r"between 0 and 0\.9"):
        assign_arms(ids(3), pd.Series(["a"] * 3), share, seed=1)


def test_repeated_customer_is_refused() -> None:
    with pytest.raises(DataError, match="1 rows repeat a customer, first 'x'"):
        assign_arms(pd.Series(["x", "y", "x"]), pd.Series(["a"] * 3), 0.5, seed=1)

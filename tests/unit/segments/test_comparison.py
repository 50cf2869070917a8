"""Tests of differences against SciPy's own, Holm by hand, and two groups side by side."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from churnkit.errors import DataError
from churnkit.segments import FIGURES, compare
from churnkit.segments.significance import holm, mann_whitney, welch

RNG = np.random.default_rng(3)
PAIRS = [
    (RNG.normal(0, 1, 40), RNG.normal(0.5, 3, 12)),
    (RNG.integers(0, 4, 30).astype(float), RNG.integers(1, 6, 50).astype(float)),
    (RNG.lognormal(3, 1, 200), RNG.lognormal(3, 1, 9)),
]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_welch_is_scipys(a, b):
    found, known = welch(a, b), stats.ttest_ind(a, b, equal_var=False)
    assert found.p_value == pytest.approx(known.pvalue, rel=1e-9)
    interval = known.confidence_interval(0.95)
    assert (found.low, found.high) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert found.effect == pytest.approx(a.mean() - b.mean())


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_mann_whitney_is_scipys(a, b):
    found, known = mann_whitney(a, b), stats.mannwhitneyu(a, b, method="asymptotic")
    assert found.p_value == pytest.approx(known.pvalue, rel=1e-9)
    assert found.effect == pytest.approx(known.statistic / (len(a) * len(b)))


def test_constants():
    ones, twos = np.ones(9), np.full(9, 2.0)
    assert welch(ones, ones).p_value == 1.0 and welch(ones, twos).p_value == 0.0
    assert mann_whitney(ones, ones).p_value == 1.0 and mann_whitney(ones, ones).effect == 0.5
    assert mann_whitney(twos, ones).effect == 1.0


def test_holm_by_hand():
    # Sorted 0.01, 0.02, 0.03, 0.5: times 4, 3, 2, 1 is 0.04, 0.06, 0.06, 0.5; none below the one before it.
    assert holm(np.array([0.5, 0.01, 0.03, 0.02])) == pytest.approx([0.5, 0.04, 0.06, 0.06])
    assert holm(np.array([0.9, 0.8])) == pytest.approx([1.0, 1.0])
    assert len(holm(np.array([]))) == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_lies_between_the_plain_and_bonferronis(p):
    plain = np.array(p)
    adjusted = holm(plain)
    assert (adjusted >= plain).all() and (adjusted <= np.minimum(plain * len(plain), 1) + 1e-12).all()


def shop(count: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame({figure.name: rng.gamma(2.0, 0.2, count).clip(0, 1) for figure in FIGURES})


def test_only_what_differs_is_more_than_chance():
    customers = shop(200, 1)
    inside = np.arange(200) < 80
    customers.loc[inside, "mean_order_value"] += 0.5
    customers.loc[inside, "p_churn"] += 0.3
    table = compare(customers, inside, ~inside, defining={"recency_days"}).set_index("figure")
    assert set(table.index[table["verdict"] == "more than chance"]) == {"mean_order_value", "p_churn"}
    assert table.loc["recency_days", "verdict"] == "by definition" and np.isnan(
        table["p_holm"]["recency_days"]
    )
    assert table.loc["p_churn", "test"] == "Welch" and table.loc["order_count", "test"] == "Mann-Whitney"
    assert table["p_above"]["mean_order_value"] > 0.8
    assert table["low"]["p_churn"] < 0.3 < table["high"]["p_churn"]
    # The definition is left out of the count of questions.
    smallest = table["p_value"].min()
    assert table["p_holm"].min() == pytest.approx(smallest * (len(FIGURES) - 1))


def test_equal_groups_seldom_differ():
    """Holm's correction: of shops whose groups are drawn by lot, one in twenty at most is told of any difference."""
    shops = 100
    wrong = sum(
        (compare(shop(60, seed), inside, ~inside)["verdict"] == "more than chance").any()
        for seed in range(shops)
        for inside in [np.random.default_rng(seed).permutation(60) < 30]
    )
    assert wrong <= stats.binom.ppf(0.999, shops, 0.05)


def test_missing_values_and_small_groups_are_named():
    customers = shop(40, 2)
    customers.loc[:35, "gap_mean_days"] = np.nan
    inside = np.arange(40) < 20
    table = compare(customers, inside, ~inside).set_index("figure")
    assert table.loc["gap_mean_days", "verdict"] == "too few to tell"
    assert table.loc["gap_mean_days", "customers_a"] == 0 and np.isnan(table["mean_a"]["gap_mean_days"])
    assert table.loc["clv", "customers_b"] == 20


@pytest.mark.parametrize("other", [np.arange(40) < 5, np.zeros(40, dtype=bool)])
def test_groups_that_overlap_or_are_empty(other):
    with pytest.raises(DataError, match="nobody may be in both"):
        compare(shop(40, 2), np.arange(40) < 20, other)

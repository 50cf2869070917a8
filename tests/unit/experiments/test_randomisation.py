"""Whether a contact was random, and matching where it was not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.errors import DataError
from churnkit.experiments.matching import _pairs, match
from churnkit.experiments.randomisation import (
    NotRandomised,
    Randomisation,
    balance,
    check_randomisation,
    standardised_differences,
)


def shop(seed: int, count: int, pull: float) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Customers whose recency decides with ``pull`` on the contact and on what they spend; the contact adds 2."""
    rng = np.random.default_rng(seed)
    features = pd.DataFrame({"recency": rng.normal(size=count), "orders": rng.normal(size=count)})
    treated = rng.random(count) < 1 / (1 + np.exp(-pull * features["recency"].to_numpy() + 0.5))
    spend = 10 + 5 * features["recency"].to_numpy() + rng.normal(size=count) + 2 * treated
    return features, treated, spend


def test_standardised_difference_by_hand() -> None:
    """Means 3 and 2, variances 1 and 4: 1 / sqrt(2.5) = 0.6325; a constant differs by nothing, a gap is left out."""
    values = np.array([[2.0, 7.0], [3.0, 7.0], [4.0, 7.0], [0.0, 7.0], [2.0, 7.0], [4.0, 7.0], [np.nan, 7.0]])
    treated = np.array([True] * 3 + [False] * 4)
    assert standardised_differences(values, treated) == pytest.approx([0.632456, 0.0], abs=1e-6)


def test_balance_names_the_worst_first() -> None:
    features, treated, _ = shop(1, 500, 2.0)
    table = balance(features, treated)
    assert table["feature"].tolist() == ["recency", "orders"]
    assert table["difference"].iloc[0] > 0.5
    assert table["p_value"].iloc[0] < 0.001 < table["p_value"].iloc[1]


@pytest.mark.parametrize("seed", range(3))
def test_random_contact_passes(seed) -> None:
    features, treated, _ = shop(seed, 1000, 0.0)
    found = check_randomisation(features, treated)
    assert found.holds
    assert found.auc == pytest.approx(0.5, abs=0.07)
    found.require()


def test_contact_by_recency_is_refused() -> None:
    features, treated, _ = shop(1, 1000, 1.0)
    found = check_randomisation(features, treated)
    assert found.auc > 0.6
    with pytest.raises(
        NotRandomised,
        match=r"must have been drawn at random.*largest difference is in recency",
    ):
        found.require()


def test_contact_of_the_unusual_is_found_though_the_means_are_equal() -> None:
    rng = np.random.default_rng(2)
    features = pd.DataFrame({"recency": rng.normal(size=1500)})
    treated = np.abs(features["recency"].to_numpy()) + rng.normal(0, 0.3, 1500) > 0.7
    found = check_randomisation(features, treated)
    assert found.auc_p < 0.001


def test_few_customers_cannot_be_checked() -> None:
    features, _, _ = shop(1, 30, 0.0)
    with pytest.raises(DataError, match="found 5 contacted and 25 not"):
        check_randomisation(features, np.arange(30) < 5)


def test_pairs_are_the_nearest_free_ones_within_the_caliper() -> None:
    """The highest chooses first: 3.0 takes 2.8, 2.9 takes 2.5 (2.8 is gone), 1.0 takes 1.1, -4 finds nobody near."""
    logit = np.array([1.0, 3.0, 2.9, -4.0, 2.8, 1.1, 2.5, 9.0])
    treated = np.array([True, True, True, True, False, False, False, False])
    assert _pairs(logit, treated, 0.5).tolist() == [[1, 4], [2, 6], [0, 5]]


def test_pairs_use_every_customer_once() -> None:
    rng = np.random.default_rng(3)
    logit, treated = rng.normal(size=400), np.arange(400) < 150
    pairs = _pairs(logit, treated, 10.0)
    assert sorted(pairs[:, 0]) == list(range(150))
    assert len(set(pairs[:, 1])) == 150
    assert (pairs[:, 1] >= 150).all()
    assert len(_pairs(logit, ~treated, 10.0)) == 150


def test_matching_takes_out_what_was_seen() -> None:
    """The naive difference is far above 2; matched pairs are alike and give about 2."""
    features, treated, spend = shop(4, 3000, 0.5)
    naive = spend[treated].mean() - spend[~treated].mean()
    found = match(features, treated, spend)
    assert naive > 3.5
    assert found.usable
    assert found.effect is not None
    assert found.effect.value == pytest.approx(2.0, abs=0.15)
    assert abs(found.balance.set_index("feature")["before"]["recency"]) > 0.4
    assert found.balance["after"].abs().max() <= 0.1
    assert "What the shop's data do not show may still differ" in found.words()


def test_matching_without_overlap_is_not_offered() -> None:
    rng = np.random.default_rng(5)
    features = pd.DataFrame({"recency": np.concatenate([rng.normal(4, 1, 200), rng.normal(-4, 1, 200)])})
    found = match(features, np.arange(400) < 200, rng.normal(size=400))
    assert not found.usable
    assert found.effect is None
    assert found.overlap < 0.1
    assert found.words().endswith("too far from alike to tell an effect.")


def test_matching_needs_two_arms_and_whole_features() -> None:
    features, treated, spend = shop(1, 50, 0.0)
    with pytest.raises(DataError, match="some must have been contacted and some not"):
        match(features, np.ones(50, dtype=bool), spend)
    with pytest.raises(DataError, match="without missing values"):
        match(features.assign(gap=np.nan), treated, spend)


def test_words_say_the_model_and_the_worst_feature() -> None:
    balance = pd.DataFrame({"feature": ["age"], "difference": [-0.4], "p_value": [0.01]})
    words = Randomisation(0.61, 0.2, balance).words()
    assert "AUC 0.610" in words
    assert "in age: -0.40 standard deviations" in words


def test_balance_holds_three_columns_in_order_of_the_difference() -> None:
    treated = np.arange(40) % 2 == 0
    features = pd.DataFrame({"like": np.arange(40.0) // 2, "unlike": np.arange(40.0) // 2 + 9 * treated})
    table = balance(features, treated)
    assert table.columns.tolist() == ["feature", "difference", "p_value"]
    assert table["feature"].tolist() == ["unlike", "like"]

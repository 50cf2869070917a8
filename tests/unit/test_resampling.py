"""Intervals by drawing customers anew: with everybody counted once, the measures are those of ``metrics``."""

from __future__ import annotations

import numpy as np
import pytest

from churnkit import metrics
from churnkit.metrics.resampling import Money, draws, measures_of


@pytest.mark.parametrize("decimals", [6, 1])
@pytest.mark.parametrize("customers", [7, 250])
def test_everybody_once_gives_the_plain_measures(customers: int, decimals: int) -> None:
    rng = np.random.default_rng(5)
    p = rng.random(customers).round(decimals)
    y = (rng.random(customers) < p).astype(float)
    y[:2] = 0, 1
    value = rng.gamma(1.0, 80.0, customers)
    money = Money(value, contact_cost=3.0, save_rate=0.2)
    found = measures_of(y, p, np.ones((2, customers)), threshold=0.5, money=money)
    calls = metrics.confusion(y, p, 0.5)
    chosen, perfect = (
        metrics.choose_targets(y, q, value, contact_cost=3.0, save_rate=0.2, score=q * value) for q in (p, y)
    )
    plain = {
        "accuracy": calls.accuracy,
        "precision": calls.precision,
        "recall": calls.recall,
        "f1": calls.f1,
        "roc_auc": metrics.roc_auc(y, p),
        "average_precision": metrics.average_precision(y, p),
        "brier": metrics.brier(y, p),
        "log_loss": metrics.log_loss(y, p),
        "ece": metrics.ece(y, p),
        "precision_at_10": metrics.precision_at_k(y, p, 0.1),
        "precision_at_20": metrics.precision_at_k(y, p, 0.2),
        "lift_at_10": metrics.lift_at_k(y, p, 0.1),
        "lift_at_20": metrics.lift_at_k(y, p, 0.2),
        "profit_share": chosen.realised_profit / perfect.realised_profit,
    }
    assert set(found) == set(plain)
    for name, expected in plain.items():
        assert found[name] == pytest.approx([expected, expected]), name


def test_a_customer_drawn_twice_counts_as_two() -> None:
    y, p = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.9, 0.8, 0.7, 0.1])
    weights = np.array([[2.0, 1.0, 0.0, 1.0]])
    twice = np.repeat(np.arange(4), weights[0].astype(int))
    drawn = measures_of(y, p, weights, threshold=0.75)
    written_out = measures_of(y[twice], p[twice], np.ones((1, 4)), threshold=0.75)
    assert {name: float(v[0]) for name, v in drawn.items()} == pytest.approx(
        {name: float(v[0]) for name, v in written_out.items()}
    )


def test_draws_are_as_many_customers_with_replacement() -> None:
    drawn = np.concatenate(list(draws(50, 30, seed=1)))
    assert drawn.shape == (30, 50)
    assert (drawn.sum(axis=1) == 50).all()
    assert drawn.max() > 1
    assert (np.concatenate(list(draws(50, 30, seed=1))) == drawn).all()


def test_the_spread_of_the_draws_is_that_of_the_formula() -> None:
    """DeLong's standard error of the AUC, and the binomial one of accuracy."""
    rng = np.random.default_rng(2)
    p = rng.random(600)
    y = (rng.random(600) < p).astype(float)
    pieces = [measures_of(y, p, weights, threshold=0.5) for weights in draws(600, 400, seed=3)]
    auc = np.concatenate([piece["roc_auc"] for piece in pieces]).std()
    accuracy = np.concatenate([piece["accuracy"] for piece in pieces])
    assert auc == pytest.approx(metrics.roc_auc_variance(y, p) ** 0.5, rel=0.12)
    right = metrics.confusion(y, p, 0.5).accuracy
    assert accuracy.std() == pytest.approx((right * (1 - right) / 600) ** 0.5, rel=0.12)


def test_one_class_alone_leaves_ranks_undefined() -> None:
    found = measures_of([0, 0], [0.2, 0.4], np.ones((1, 2)), threshold=0.5)
    assert np.isnan(found["roc_auc"][0])
    assert np.isnan(found["f1"][0])
    assert found["accuracy"][0] == 1.0

"""MBG/CNBD-k: equal to the MBG/NBD for k = 1, and to simulated shops with regular gaps for more."""

from __future__ import annotations

import math

import numpy as np
import pytest

from churnkit.btyd import MbgNbd, fit_mbgnbd
from churnkit.btyd.histories import Histories
from churnkit.btyd.rhythm import Rhythm, fit_rhythm, log_likelihood_and_score, regularity

TRUTH = Rhythm(r=0.8, alpha_days=20.0, a=0.6, b=2.5, k=3)
HORIZON_DAYS = 60.0


def simulate(shop: Rhythm, customers: int, seed: int) -> tuple[np.ndarray, ...]:
    """x, t_x, age, last gap, whether alive and the number of purchases within the horizon, each (customers,)."""
    rng = np.random.default_rng(seed)
    age = rng.uniform(100, 500, customers)
    rate = rng.gamma(shop.r, 1 / shop.alpha_days, customers)
    drop = rng.beta(shop.a, shop.b, customers)
    now, left = np.zeros(customers), np.full(customers, np.inf)
    x, t_x, last, later = np.zeros((4, customers))
    for _purchase in range(400):
        # A purchase was made at ``now``: whoever drops out makes no more.
        left = np.where((left == np.inf) & (rng.random(customers) < drop), now, left)
        gap = rng.gamma(shop.k, 1 / rate)
        now = np.where(left < np.inf, np.inf, now + gap)
        if (now > age + HORIZON_DAYS).all():
            break
        seen, ahead = now <= age, (now > age) & (now <= age + HORIZON_DAYS)
        x, t_x, last = x + seen, np.where(seen, now, t_x), np.where(seen, gap, last)
        later += ahead
    return x, t_x, age, last, left > age, later


def test_without_regularity_it_is_the_mbg_nbd() -> None:
    x, t_x, age = np.array([0, 0, 1, 4, 30]), np.array([0, 0, 30, 120, 190]), np.array([50, 1, 40, 120, 200])
    ours, chance = Rhythm(0.7, 20.0, 0.4, 1.9, k=1), MbgNbd(0.7, 20.0, 0.4, 1.9)
    np.testing.assert_allclose(ours.p_alive(x, t_x, age), chance.p_alive(x, t_x, age), rtol=1e-9)
    np.testing.assert_allclose(
        ours.p_no_purchase(30, x, t_x, age), chance.p_no_purchase(30, x, t_x, age), rtol=1e-9
    )
    point = np.log([0.7, 20.0, 0.4, 1.9])
    value, _ = log_likelihood_and_score(point, Histories.read(x, t_x, age), 1)
    np.testing.assert_allclose(value, chance.log_likelihood(x, t_x, age), rtol=1e-9)


@pytest.mark.parametrize("k", [1, 3])
def test_score_is_the_derivative_of_the_log_likelihood(k) -> None:
    histories = Histories.read([0, 1, 4, 30], [0, 0.3, 1.2, 1.9], [0.5, 0.4, 1.2, 2.0])
    point = np.log([0.7, 0.2, 0.4, 1.9])
    _, score = log_likelihood_and_score(point, histories, k)
    for position, step in enumerate(1e-5 * np.eye(4)):
        above, _ = log_likelihood_and_score(point + step, histories, k)
        below, _ = log_likelihood_and_score(point - step, histories, k)
        np.testing.assert_allclose(score[position], (above - below) / 2e-5, rtol=1e-6, atol=1e-7)


def test_forecasts_agree_with_brute_force() -> None:
    x, t_x, age, _, alive, later = simulate(TRUTH, 40_000, seed=1)
    forecasts = {
        "p_no_purchase": (TRUTH.p_no_purchase(HORIZON_DAYS, x, t_x, age), later == 0),
        "p_alive": (TRUTH.p_alive(x, t_x, age), alive),
    }
    for name, (predicted, actual) in forecasts.items():
        for group in np.array_split(np.argsort(predicted, kind="stable"), 8):
            error = float(np.std(actual[group] - predicted[group])) / math.sqrt(group.size)
            assert abs(actual[group].mean() - predicted[group].mean()) < 4 * error + 1e-9, name


def test_fit_recovers_the_parameters_and_tells_the_late_from_the_slow_better_than_chance_does() -> None:
    x, t_x, age, last, _, later = simulate(TRUTH, 6_000, seed=2)
    k = regularity(x, t_x, last)
    assert k == TRUTH.k
    chance = fit_mbgnbd(x, t_x, age)
    fitted = fit_rhythm(x, t_x, age, k, np.array([chance.r, chance.alpha_days, chance.a, chance.b]))
    found = [fitted.r, fitted.alpha_days, fitted.a, fitted.b]
    np.testing.assert_allclose(found, [TRUTH.r, TRUTH.alpha_days, TRUTH.a, TRUTH.b], rtol=0.25)
    losses = [
        -np.mean(np.log(np.where(later == 0, p, 1 - p)))
        for p in (model.p_no_purchase(HORIZON_DAYS, x, t_x, age) for model in (fitted, chance))
    ]
    assert losses[0] < losses[1] - 0.01


def test_regular_gaps_show_drop_out_that_chance_hides() -> None:
    x, t_x, age, *_ = simulate(TRUTH, 2_000, seed=3)
    from_none = fit_rhythm(x, t_x, age, 3, np.array([1.0, 60.0, 0.0, 1.0]))
    from_some = fit_rhythm(x, t_x, age, 3, np.array([1.0, 60.0, 0.5, 2.0]))
    assert from_none.a == pytest.approx(from_some.a, rel=0.01) and from_none.a > 0.3


@pytest.mark.parametrize("k", [1, 2])
def test_regularity_is_that_of_the_last_gaps(k) -> None:
    x, t_x, _, last, *_ = simulate(Rhythm(0.8, 20.0, 0.6, 2.5, k), 3_000, seed=4)
    assert regularity(x, t_x, last) == k


def test_a_few_customers_or_unknown_gaps_are_no_rhythm() -> None:
    x, t_x, last = np.full(29, 4.0), np.full(29, 40.0), np.full(29, 10.0)
    assert regularity(x, t_x, last) == 1
    assert regularity(np.full(100, 4.0), np.full(100, 40.0), np.full(100, np.nan)) == 1
    assert regularity(np.full(30, 4.0), np.full(30, 40.0), np.full(30, 10.0)) == 3

"""Purchases in a later window: identities, and a simulation of the purchase process itself."""

import numpy as np
import pytest

from churnkit.btyd import MbgNbd
from churnkit.forecast.process_ahead import Pace, p_purchase_between

MODEL = MbgNbd(r=0.8, alpha_days=40.0, a=0.7, b=2.5)
HISTORIES = (
    np.array([0, 2, 7, 30, 1], dtype=float),
    np.array([0, 90, 300, 500, 20], dtype=float),
    np.array([10, 120, 310, 510, 400], dtype=float),
)


def test_from_now_it_is_the_closed_form():
    found = p_purchase_between(MODEL, 0.0, 45.0, *HISTORIES)
    np.testing.assert_allclose(found, 1 - MODEL.p_no_purchase(45.0, *HISTORIES), atol=1e-6)


@pytest.mark.parametrize("dropout", [(0.7, 2.5), (0.05, 0.3), (8.0, 30.0), (0.0, 1.0)])
def test_later_windows_have_fewer_buyers_and_no_dropout_has_none_fewer(dropout):
    model = MbgNbd(0.8, 40.0, *dropout)
    found = [p_purchase_between(model, start, 60.0, *HISTORIES) for start in (0.0, 30.0, 90.0, 400.0)]
    assert (np.diff(found, axis=0) <= 1e-12).all()
    if dropout[0] == 0:
        np.testing.assert_allclose(found[-1], found[0])
    else:
        assert (found[-1] < found[0]).all()
    assert (np.array(found) >= 0).all() and (np.array(found) <= 1).all()


def test_against_a_simulation_of_new_customers():
    """Customers who have just bought for the first time: rate, drop-out and every purchase drawn one by one."""
    rng = np.random.default_rng(4)
    count, start, length = 200_000, 50.0, 80.0
    rate = rng.gamma(MODEL.r, 1 / MODEL.alpha_days, count)
    dropout = rng.beta(MODEL.a, MODEL.b, count)
    alive = rng.random(count) >= dropout
    now, bought = np.zeros(count), np.zeros(count, dtype=bool)
    while alive.any():
        now[alive] += rng.exponential(1 / rate[alive])
        inside = now <= start + length
        bought |= alive & inside & (now > start)
        alive &= inside & (rng.random(count) >= dropout)
    exact = p_purchase_between(MODEL, start, length, np.zeros(1), np.zeros(1), np.zeros(1))[0]
    assert exact == pytest.approx(bought.mean(), abs=4 * np.sqrt(exact * (1 - exact) / count))


def pace(p_churn=None, model=MODEL):
    p = MODEL.p_no_purchase(60.0, *HISTORIES) if p_churn is None else np.array(p_churn)
    return Pace(model, HISTORIES, p, 60)


def test_orders_of_the_kept_and_the_lost_make_up_everybodys():
    found = pace()
    for days in (20.0, 60.0, 61.0, 365.0):
        silent = found.p_silent
        mixed = (1 - silent) * found.orders_if_kept(days) + silent * found.orders_if_lost(days)
        np.testing.assert_allclose(mixed, found.orders(days), rtol=1e-9)
    assert (found.orders_if_lost(60.0) == 0).all()
    assert (found.orders_if_kept(60.0) >= 1 - 1e-9).all()


def test_who_is_kept_orders_more_than_who_is_lost():
    found = pace()
    assert (found.orders_if_kept(365.0) > found.orders_if_lost(365.0)).all()


def test_buying_agrees_with_the_model_at_the_horizon():
    found = pace([0.1, 0.5, 0.9, 0.2, 1.0])
    np.testing.assert_allclose(found.buys_within(60.0), 1 - found.p_churn)
    shares = [found.buys_within(d) for d in (0.0, 10.0, 30.0, 60.0)]
    assert (shares[0] == 0).all()
    assert (np.diff(shares, axis=0) >= 0).all()


def test_without_a_fit_the_pace_goes_on():
    found = pace([0.5] * 5, model=None)
    assert found.orders(90.0).tolist() == [1.5] * 5
    assert found.stays(200.0).tolist() == [1.0] * 5
    np.testing.assert_allclose(found.buys_within(60.0), 0.5)

"""From a rule to values: parts, bounds and intervals by hand."""

from __future__ import annotations

import numpy as np
import pytest

from churnkit.clv import discount_factor
from churnkit.config import Money
from tests.unit.clv.made_year import customers, made_model, made_rule


def test_value_is_the_mean_of_kept_and_lost():
    rows = customers([200.0])
    p, spend = np.array([0.25]), np.array([40.0])
    year = made_model().values(rows, p, spend, Money())
    # Pace 40 x 365 / 73 = 200, of it half, and a quarter of 200; lost: half of 200, in full up to even odds.
    assert year.clv_if_kept == pytest.approx([150.0])
    assert year.clv_if_lost == pytest.approx([100.0])
    assert year.clv == pytest.approx([0.75 * 150 + 0.25 * 100])
    # In the second bin: half to one and a half times.
    assert year.clv_low == pytest.approx(year.clv * 0.5) and year.clv_high == pytest.approx(year.clv * 1.5)


def test_margin_and_discount_multiply_everything():
    rows, p, spend = customers([200.0, 90.0]), np.array([0.25, 0.9]), np.array([40.0, 10.0])
    plain = made_model().values(rows, p, spend, Money())
    money = Money(margin=0.4, annual_discount_rate=0.2)
    priced = made_model().values(rows, p, spend, money)
    factor = 0.4 * discount_factor(money)
    for name in ("clv", "clv_low", "clv_high", "clv_if_kept", "clv_if_lost"):
        np.testing.assert_allclose(getattr(priced, name), factor * getattr(plain, name))
    assert 1 / 1.2 < discount_factor(money) < 1 and discount_factor(Money()) == 1


def test_a_returned_fortune_is_worth_no_more_than_a_newcomer():
    # Whatever spend is forecast for them: net 0, net below 0 and net 2.90.
    rows = customers([0.0, -500.0, 2.9], [0, 0, 219])
    year = made_model().values(rows, np.full(3, 0.1), np.full(3, 170_000.0), Money())
    # Known for 219 days, three horizons: a quarter of the newcomer's 50.
    np.testing.assert_allclose(year.clv_if_kept, [50.0, 50.0, 3 * 2.9 + 12.5])


def test_lost_is_never_above_kept():
    rule = made_rule(kept=made_rule().lost, lost=made_rule(level=1.0).kept)
    model = made_model(kept=rule.kept, lost=rule.lost)
    year = model.values(customers([10.0, 500.0]), np.array([0.01, 0.5]), np.array([90.0, 1.0]), Money())
    # Who is lost buys nothing in the first 73 of 365 days.
    assert year.clv_if_lost[0] == pytest.approx(0.8 * year.clv_if_kept[0])
    assert year.clv_if_lost[1] < 0.8 * year.clv_if_kept[1]


def test_who_buys_nothing_for_a_year_brings_nothing_in_it():
    model = made_model(horizon_days=375)
    year = model.values(customers([10.0, 500.0]), np.array([0.01, 0.9]), np.array([90.0, 1.0]), Money())
    assert (year.clv_if_kept > 0).all() and not year.clv_if_lost.any()

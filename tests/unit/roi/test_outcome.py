"""Chance in a campaign by hand: every way that a contact can end, its probability and its money."""

from __future__ import annotations

import numpy as np
import pytest

from churnkit.results.campaign_money import Assumptions
from churnkit.roi.outcome import _break_even, _chance, _means, _net, _Parts, _range
from churnkit.roi.sums import SumTable

ONE = {"p": [0.5], "f": [1.0], "v": [100.0], "o": [40.0]}
THREE = {"p": [0.5, 0.2, 0.9], "f": [1.0, 0.6, 0.3], "v": [100.0, 250.0, 30.0], "o": [40.0, 60.0, 20.0]}


def table(customers: dict[str, list[float]], level_sd: float = 0.0) -> SumTable:
    p, f, v, o = (np.array(customers[name]) for name in "pfvo")
    return SumTable(p, f, v, o, level_sd)


def chance(
    customers: dict[str, list[float]], a: Assumptions, spend_cv: float, value_factor: float = 1.0
) -> dict[str, float]:
    """Variances of the sums over these customers, given the level, the save rate and the error of value."""
    sums = table(customers).drawn(np.ones(len(customers["p"]), dtype=bool))
    found = _chance(a, sums, np.array([a.save_rate]), np.array([value_factor]), spend_cv)
    return {
        name: float(np.asarray(getattr(found, name))[0]) ** 2 for name in ("saves", "revenue", "cost", "net")
    }


def enumerated(
    customers: dict[str, list[float]], a: Assumptions, spend_cv: float, value_factor: float = 1.0
) -> dict[str, float]:
    """The same by adding up over the three ends of each contact: saved, stays and redeems, nothing."""
    total = dict.fromkeys(("saves", "revenue", "cost", "net"), 0.0)
    for p, f, v, o in zip(*(customers[name] for name in "pfvo"), strict=True):
        saved, redeems = a.reach * a.save_rate * f * p, a.reach * a.stayers_redeem * (1 - p)
        spend, given = value_factor * (1 - a.returns_anyway) * v, a.discount * o
        # Money of (saved, redeems); the variance of the spend itself comes on top where the customer is saved.
        ends = {
            "saves": (1.0, 0.0, 0.0),
            "revenue": (spend, 0.0, spend),
            "cost": (given, given, 0.0),
            "net": (a.margin * spend - given, -given, a.margin * spend),
        }
        for name, (if_saved, if_redeems, spent) in ends.items():
            mean = saved * if_saved + redeems * if_redeems
            square = saved * (if_saved**2 + (spend_cv * spent) ** 2) + redeems * if_redeems**2
            total[name] += square - mean**2
    return total


def test_what_is_given_away_to_the_saved_lowers_the_spread_of_the_net() -> None:
    # Saved with 0.2: 100 less 20. Stays and redeems with 0.3: -20. Mean 10, square 0.2 x 6400 + 0.3 x 400 = 1400.
    a = Assumptions(contact_cost=0.0, save_rate=0.4, discount=0.5, stayers_redeem=0.6)
    found = chance(ONE, a, spend_cv=0.0)
    assert found["net"] == pytest.approx(1300, rel=1e-5)
    # Were revenue and discount not to go together it would be the sum of both, 1600 and 100.
    assert found["revenue"] == pytest.approx(0.2 * 0.8 * 100**2, rel=1e-5)
    assert found["cost"] == pytest.approx(0.5 * 0.5 * 20**2, rel=1e-5)
    assert found["saves"] == pytest.approx(0.2 * 0.8, rel=1e-5)


def test_redeemers_alone_make_the_spread_that_the_discount_makes() -> None:
    # Nobody is saved; 0.3 redeem 20: 0.3 x 0.7 x 400.
    a = Assumptions(contact_cost=0.0, save_rate=0.0, discount=0.5, stayers_redeem=0.6)
    found = chance(ONE, a, spend_cv=0.0)
    assert found["net"] == found["cost"] == pytest.approx(84, rel=1e-5)
    assert found["saves"] == found["revenue"] == 0


def test_own_spend_adds_its_variance_where_a_customer_is_saved() -> None:
    # 0.2 x 100 squared on top of the 1300 and 1600.
    a = Assumptions(contact_cost=0.0, save_rate=0.4, discount=0.5, stayers_redeem=0.6)
    found = chance(ONE, a, spend_cv=1.0)
    assert found["net"] == pytest.approx(3300, rel=1e-5)
    assert found["revenue"] == pytest.approx(3600, rel=1e-5)


@pytest.mark.parametrize("spend_cv", [0.0, 0.7])
def test_variances_are_those_of_every_end_of_every_contact(spend_cv: float) -> None:
    a = Assumptions(
        contact_cost=3.0,
        save_rate=0.3,
        discount=0.25,
        stayers_redeem=0.4,
        reach=0.8,
        margin=0.6,
        returns_anyway=0.1,
    )
    found = chance(THREE, a, spend_cv, value_factor=1.3)
    assert found == pytest.approx(enumerated(THREE, a, spend_cv, value_factor=1.3), rel=1e-5)


def test_means_by_hand() -> None:
    # Reached 0.5; saved 0.5 x 0.4 x 0.5 = 0.1; redeem as stayers 0.5 x 0.6 x 0.5 = 0.15; 20 off an order.
    a = Assumptions(
        contact_cost=3.0,
        save_rate=0.4,
        discount=0.5,
        stayers_redeem=0.6,
        reach=0.5,
        margin=0.5,
        returns_anyway=0.2,
    )
    found = _means(a, table(ONE).expected(np.array([True])), 0.4, 2.0)
    assert found.saves == pytest.approx(0.1)
    assert found.revenue == pytest.approx(0.1 * 2 * 0.8 * 100)
    assert found.discount_to_stayers == pytest.approx(3.0)
    assert found.cost == pytest.approx(3 + 0.1 * 20 + 3)
    assert found.net == pytest.approx(0.5 * 16 - 8)


def test_net_is_lopsided_only_while_its_spread_is_within_the_value_kept() -> None:
    means = _Parts(1.0, np.array([40.0]), 5.0, np.array([15.0]))
    # The value is 0.5 x 40 = 20: a spread of 20 is on the bar and lopsided, one just above it is symmetric.
    at, above = (
        _net(means, _Parts(0.0, 0.0, 0.0, np.array([sd])), 0.5, np.array([-1.5])) for sd in (20.0, 20.01)
    )
    # Cube of 1 - 1/9 - 1.5/3 = 7/18, times 20, less the 5 that it costs.
    assert at == pytest.approx([20 * (7 / 18) ** 3 - 5])
    assert above == pytest.approx([15 - 1.5 * 20.01])


def test_a_range_leaves_a_tenth_on_either_side_and_holds_its_value() -> None:
    drawn = np.arange(101.0)
    assert (_range(50, drawn).low, _range(50, drawn).high) == pytest.approx((10, 90))
    assert _range(5, drawn).low == 5
    assert _range(95, drawn).high == 95


@pytest.mark.parametrize(("cost", "expected"), [(29.0, 35 / 60), (54.0, 1.0), (54.01, None)])
def test_break_even_up_to_everybody_saved(cost: float, expected: float | None) -> None:
    # Sunk: the contact and 0.6 x 0.5 x 20 = 6 to stayers. A full save rate brings 0.5 x (0.8 x 0.9 x 200 - 24) = 60.
    customers = {"p": [0.5], "f": [1.0], "v": [200.0], "o": [40.0]}
    a = Assumptions(contact_cost=cost, discount=0.6, stayers_redeem=0.5, margin=0.8, returns_anyway=0.1)
    found = _break_even(a, table(customers).expected(np.array([True])))
    assert found == (None if expected is None else pytest.approx(expected))

"""What comes of a campaign: expected money, and the interval in which 8 of 10 such campaigns would end.

Four things are uncertain and drawn together: the level of churn that all customers share, the error of value that
they share, the save rate (a beta distribution around the assumption), and who of them happens to be saved and how
much they then spend. The first two have the size of the errors at the shop's own past cutoffs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from churnkit.roi.assumptions import Assumptions
from churnkit.roi.draws import FloatArray, beta_quantiles, draws, skewed
from churnkit.roi.sums import (
    ONE,
    ORDER,
    ORDER_SQUARE,
    VALUE,
    VALUE_ORDER,
    VALUE_SQUARE,
    ExpectedSums,
    Sums,
)
from churnkit.roi.uncertainty import Uncertainty

COVERAGE = 0.8
_QUANTILES = ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2)


@dataclass(frozen=True)
class Range:
    """The expected value and the 80 % interval around it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Outcome:
    """A campaign's result in money (saves in customers, ``roi`` as net over cost: 6.22 for 622 %).

    Attributes
    ----------
    contacted
        Customers contacted.
    contact_cost
        Cost of the contacts alone, which is certain.
    cost
        Contacts and discounts.
    discount_to_stayers
        Expected discount given to customers who would have bought anyway.
    saves
        Customers who stay because of the campaign.
    revenue_protected
        Revenue of the saved customers' next 365 days.
    net
        Revenue protected times the margin, minus ``cost``.
    roi
        None where nothing is spent.
    break_even_save_rate
        Save rate at which the expected net is 0; None where none up to 100 % pays, and where nobody is contacted.
    p_profit
        Probability that ``net`` ends above 0.
    """

    contacted: int
    contact_cost: float
    cost: Range
    discount_to_stayers: float
    saves: Range
    revenue_protected: Range
    net: Range
    roi: Range | None
    break_even_save_rate: float | None
    p_profit: float


def simulate(
    expected: ExpectedSums, drawn: Sums, assumptions: Assumptions, uncertainty: Uncertainty
) -> Outcome:
    """The outcome for customers with these sums: as expected, and one row for each draw."""
    point = _means(assumptions, expected.plain, expected.p, assumptions.save_rate, 1.0)
    random = draws()
    save_rate = beta_quantiles(assumptions.save_rate, assumptions.save_rate_weight, random.save_rate)
    log_sd = uncertainty.value_log_sd
    value_factor = np.exp(log_sd * random.value - log_sd**2 / 2)
    means = _means(assumptions, drawn.plain, drawn.p, save_rate, value_factor)
    chance = _chance(assumptions, drawn, save_rate, value_factor, uncertainty.spend_cv)
    count = expected.plain[ONE]
    saves = np.minimum(skewed(means.saves, chance.saves, random.chance), count)
    revenue = skewed(means.revenue, chance.revenue, random.chance)
    worst = assumptions.contact_cost * count + assumptions.discount * expected.plain[ORDER]
    net = np.maximum(_net(means, chance, assumptions.margin, random.chance), -worst)
    cost = np.maximum(means.cost + chance.cost * random.chance, assumptions.contact_cost * count)
    spends = bool(point.cost > 0)
    return Outcome(
        contacted=round(float(count)),
        contact_cost=float(assumptions.contact_cost * count),
        cost=_range(point.cost, cost),
        discount_to_stayers=float(point.discount_to_stayers),
        saves=_range(point.saves, saves),
        revenue_protected=_range(point.revenue, revenue),
        net=_range(point.net, net),
        roi=_range(point.net / point.cost, net / np.maximum(means.cost, 1e-300)) if spends else None,
        break_even_save_rate=_break_even(assumptions, expected),
        p_profit=float((net > 0).mean()),
    )


@dataclass(frozen=True)
class _Parts:
    """Means of a campaign's parts, or their standard deviations; one figure each, or one a draw."""

    saves: Any
    revenue: Any
    cost: Any
    net: Any
    discount_to_stayers: Any = 0.0


def _means(a: Assumptions, plain: FloatArray, p: FloatArray, save_rate: Any, value_factor: Any) -> _Parts:
    """From sums of shape (3,) and scalars, or (m, 6) and (m,): the parts are scalars or (m,)."""
    saved, redeem = a.reach * save_rate, a.reach * a.stayers_redeem
    revenue = saved * value_factor * (1 - a.returns_anyway) * p[..., VALUE]
    to_stayers = a.discount * redeem * (plain[ORDER] - p[..., ORDER])
    cost = a.contact_cost * plain[ONE] + a.discount * saved * p[..., ORDER] + to_stayers
    return _Parts(saved * p[..., ONE], revenue, cost, a.margin * revenue - cost, to_stayers)


def _chance(
    a: Assumptions, sums: Sums, save_rate: FloatArray, value_factor: FloatArray, spend_cv: float
) -> _Parts:
    """Standard deviations given level, value and save rate.

    With w the chance to be saved (saved x p) and u that to redeem as a stayer (redeem x (1 - p)), a customer's
    net is v - d o with w, -d o with u and 0 otherwise; variances are sums of E[x^2] - E[x]^2. ``extra`` is
    saved - redeem, so that E[x] = p (saved v - extra d o) - redeem d o.
    """
    saved, redeem = a.reach * save_rate, a.reach * a.stayers_redeem
    extra, d, p, pp, oo = saved - redeem, a.discount, sums.p, sums.pp, sums.plain[ORDER_SQUARE]
    factor = value_factor * (1 - a.returns_anyway)
    g = a.margin * factor
    wider = 1 + spend_cv**2
    saves = saved * p[:, ONE] - saved**2 * pp[:, ONE]
    revenue = factor**2 * (wider * saved * p[:, VALUE_SQUARE] - saved**2 * pp[:, VALUE_SQUARE])
    redeemed_square = (
        redeem**2 * oo + 2 * redeem * extra * p[:, ORDER_SQUARE] + extra**2 * pp[:, ORDER_SQUARE]
    )
    cost = d**2 * (redeem * oo + extra * p[:, ORDER_SQUARE] - redeemed_square)
    second = saved * (
        g**2 * wider * p[:, VALUE_SQUARE] - 2 * g * d * p[:, VALUE_ORDER] + d**2 * p[:, ORDER_SQUARE]
    )
    second = second + redeem * d**2 * (oo - p[:, ORDER_SQUARE])
    first = (
        saved**2 * g**2 * pp[:, VALUE_SQUARE]
        - 2 * saved * g * extra * d * pp[:, VALUE_ORDER]
        + d**2 * redeemed_square
    )
    first = first - 2 * redeem * d * saved * g * p[:, VALUE_ORDER]
    roots = (np.sqrt(np.maximum(v, 0.0)) for v in (saves, revenue, cost, second - first))
    return _Parts(*roots)


def _net(means: _Parts, chance: _Parts, margin: float, normal: FloatArray) -> FloatArray:
    """Skewed to the right like the value kept, except where that hardly counts beside the discounts."""
    value = margin * means.revenue
    lopsided = means.net + skewed(value, chance.net, normal) - value
    return np.where(chance.net <= value, lopsided, means.net + chance.net * normal)


def _range(point: float, drawn: FloatArray) -> Range:
    value = float(point)
    low, high = np.quantile(drawn, _QUANTILES)
    return Range(value, min(float(low), value), max(float(high), value))


def _break_even(a: Assumptions, sums: ExpectedSums) -> float | None:
    """Net is a straight line in the save rate: minus the sunk cost, plus what each point of it brings."""
    sunk = a.contact_cost * sums.plain[ONE]
    sunk = sunk + a.reach * a.stayers_redeem * a.discount * (sums.plain[ORDER] - sums.p[ORDER])
    slope = a.reach * (a.margin * (1 - a.returns_anyway) * sums.p[VALUE] - a.discount * sums.p[ORDER])
    return float(sunk / slope) if sums.plain[ONE] > 0 and slope > 0 and sunk <= slope else None

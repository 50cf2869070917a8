"""What comes of a campaign: expected money, and the interval in which 8 of 10 such campaigns would end.

Four things are uncertain and drawn together: the level of churn that all customers share, the error of value that
they share, the save rate (a beta distribution around the assumption), and who of them happens to be saved and how
much they then spend. The first two have the size of the errors at the shop's own past cutoffs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.results.interval import Interval
from churnkit.roi.draws import FloatArray, beta_quantiles, draws, skewed
from churnkit.roi.profit import profit
from churnkit.roi.sums import DrawnSums, ExpectedSums
from churnkit.roi.uncertainty import Uncertainty

COVERAGE = 0.8
_QUANTILES = ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2)


def simulate(
    expected: ExpectedSums, drawn: DrawnSums, assumptions: Assumptions, uncertainty: Uncertainty
) -> Outcome:
    """The outcome for customers with these sums: as expected, and one row for each draw."""
    point = _means(assumptions, expected, assumptions.save_rate, 1.0)
    random = draws()
    save_rate = beta_quantiles(assumptions.save_rate, assumptions.save_rate_weight, random.save_rate)
    log_sd = uncertainty.value_log_sd
    value_factor = np.exp(log_sd * random.value - log_sd**2 / 2)
    means = _means(assumptions, drawn, save_rate, value_factor)
    chance = _chance(assumptions, drawn, save_rate, value_factor, uncertainty.spend_cv)
    count = expected.count
    saves = np.minimum(skewed(means.saves, chance.saves, random.chance), count)
    revenue = skewed(means.revenue, chance.revenue, random.chance)
    worst = assumptions.contact_cost * count + assumptions.discount * expected.o
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


def _means(a: Assumptions, sums: ExpectedSums | DrawnSums, save_rate: Any, value_factor: Any) -> _Parts:
    saved, redeem = a.reach * save_rate, a.reach * a.stayers_redeem
    revenue = saved * value_factor * (1 - a.returns_anyway) * sums.p_f_v
    to_stayers = a.discount * redeem * (sums.o - sums.p_o)
    contacts, discount = a.contact_cost * sums.count, a.discount * saved * sums.p_f_o + to_stayers
    net = profit(revenue, discount, a.margin, contacts)
    return _Parts(saved * sums.p_f, revenue, contacts + discount, net, to_stayers)


def _chance(
    a: Assumptions, sums: DrawnSums, save_rate: FloatArray, value_factor: FloatArray, spend_cv: float
) -> _Parts:
    """Standard deviations given level, value and save rate.

    A customer is saved with probability s f p (s = ``saved``), which brings g v less the discount d o, redeems as
    a stayer with r (1 - p) (r = ``redeem``), which costs d o, and else does nothing. Variances are sums of
    E[x^2] - E[x]^2, where E[x] = p (s f g v - (s f - r) d o) - r d o.
    """
    s, r, d = a.reach * save_rate, a.reach * a.stayers_redeem, a.discount
    factor = value_factor * (1 - a.returns_anyway)
    g = a.margin * factor
    wider = 1 + spend_cv**2
    saves = s * sums.p_f - s**2 * sums.pp_ff
    revenue = factor**2 * (wider * s * sums.p_f_vv - s**2 * sums.pp_ff_vv)

    redeemed = s * sums.p_f_oo + r * (sums.oo - sums.p_oo)
    p_extra_oo = s * sums.p_f_oo - r * sums.p_oo
    pp_extra_oo = s**2 * sums.pp_ff_oo - 2 * s * r * sums.pp_f_oo + r**2 * sums.pp_oo
    redeemed_squared = pp_extra_oo + 2 * r * p_extra_oo + r**2 * sums.oo
    cost = d**2 * (redeemed - redeemed_squared)

    second = s * g * (g * wider * sums.p_f_vv - 2 * d * sums.p_f_vo) + d**2 * redeemed
    pp_cross = s**2 * sums.pp_ff_vo - s * r * sums.pp_f_vo
    first = s**2 * g**2 * sums.pp_ff_vv - 2 * g * d * (pp_cross + r * s * sums.p_f_vo)
    first = first + d**2 * redeemed_squared
    roots = (np.sqrt(np.maximum(v, 0.0)) for v in (saves, revenue, cost, second - first))
    return _Parts(*roots)


def _net(means: _Parts, chance: _Parts, margin: float, normal: FloatArray) -> FloatArray:
    """Skewed to the right like the value kept, except where that hardly counts beside the discounts."""
    value = margin * means.revenue
    lopsided = means.net + skewed(value, chance.net, normal) - value
    net: FloatArray = np.where(chance.net <= value, lopsided, means.net + chance.net * normal)
    return net


def _range(point: float, drawn: FloatArray) -> Interval:
    value = float(point)
    low, high = np.quantile(drawn, _QUANTILES)
    return Interval(value, min(float(low), value), max(float(high), value))


def _break_even(a: Assumptions, sums: ExpectedSums) -> float | None:
    """Net is a straight line in the save rate: minus the sunk cost, plus what each point of it brings."""
    sunk = a.contact_cost * sums.count + a.reach * a.stayers_redeem * a.discount * (sums.o - sums.p_o)
    slope = a.reach * (a.margin * (1 - a.returns_anyway) * sums.p_f_v - a.discount * sums.p_f_o)
    return float(sunk / slope) if sums.count > 0 and slope > 0 and sunk <= slope else None

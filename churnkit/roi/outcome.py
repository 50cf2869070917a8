"""What comes of a campaign: expected money, and the interval in which 8 of 10 such campaigns would end.

Four things are uncertain and drawn together: the level of churn that all customers share, the error of value that
they share, the save rate (a beta distribution around the assumption), and who of them happens to be saved and how
much they then spend. The first two have the size of the errors at the shop's own past cutoffs. Of a few customers each
is drawn by himself, and of many the most valuable; sums over the others need their mean and spread alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.results.interval import Interval
from churnkit.roi.draws import Drawn, FloatArray, Shared, beta_quantiles, draws, skewed
from churnkit.roi.few import FEW, LARGEST, draw_each
from churnkit.roi.profit import profit
from churnkit.roi.sums import DrawnSums, ExpectedSums, SumTable
from churnkit.roi.uncertainty import Uncertainty

COVERAGE = 0.8
_QUANTILES = ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2)


def simulate(
    table: SumTable, chosen: np.ndarray, assumptions: Assumptions, uncertainty: Uncertainty
) -> Outcome:
    """The outcome for the customers in ``chosen``, booleans of shape (n,): as expected, and one row for each draw."""
    expected = table.expected(chosen)
    point = _means(assumptions, expected, assumptions.save_rate, 1.0)
    shared = _shared(table, assumptions, uncertainty)
    rows = np.flatnonzero(chosen)
    if len(rows) <= FEW:
        drawn = _drawn_each(table, rows, assumptions, shared, uncertainty)
    else:
        largest = rows[np.argpartition(-table.value[rows], LARGEST)[:LARGEST]]
        others = chosen.copy()
        others[largest] = False
        drawn = _drawn_each(table, largest, assumptions, shared, uncertainty)
        drawn += _drawn_by_sums(table.drawn(others), assumptions, shared, uncertainty)
    roi = drawn.net / np.maximum(drawn.mean_cost, 1e-300)
    return Outcome(
        contacted=round(float(expected.count)),
        contact_cost=float(assumptions.contact_cost * expected.count),
        cost=_range(point.cost, drawn.cost),
        discount_to_stayers=float(point.discount_to_stayers),
        saves=_range(point.saves, drawn.saves),
        revenue_protected=_range(point.revenue, drawn.revenue),
        net=_range(point.net, drawn.net),
        roi=_range(point.net / point.cost, roi) if point.cost > 0 else None,
        break_even_save_rate=_break_even(assumptions, expected),
        p_profit=float((drawn.net > 0).mean()),
    )


def _shared(table: SumTable, a: Assumptions, uncertainty: Uncertainty) -> Shared:
    random, log_sd = draws(), uncertainty.value_log_sd
    return Shared(
        level_shift=table.level_shift,
        value_factor=np.exp(log_sd * random.value - log_sd**2 / 2),
        save_rate=beta_quantiles(a.save_rate, a.save_rate_weight, random.save_rate),
    )


def _drawn_each(
    table: SumTable, rows: np.ndarray, a: Assumptions, shared: Shared, uncertainty: Uncertainty
) -> Drawn:
    figures = (table.p_churn[rows], table.savable[rows], table.value[rows], table.order_value[rows])
    return draw_each(*figures, a, shared, uncertainty.spend_cv)


def _drawn_by_sums(sums: DrawnSums, a: Assumptions, shared: Shared, uncertainty: Uncertainty) -> Drawn:
    normal = draws().chance
    means = _means(a, sums, shared.save_rate, shared.value_factor)
    chance = _chance(a, sums, shared.save_rate, shared.value_factor, uncertainty.spend_cv)
    contacts = a.contact_cost * sums.count
    return Drawn(
        saves=np.minimum(skewed(means.saves, chance.saves, normal), sums.count),
        revenue=skewed(means.revenue, chance.revenue, normal),
        cost=np.maximum(means.cost + chance.cost * normal, contacts),
        net=np.maximum(_net(means, chance, a.margin, normal), -contacts - a.discount * sums.o),
        mean_cost=means.cost,
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

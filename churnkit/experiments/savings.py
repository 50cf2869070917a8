"""Who was kept and what it brought: the measured save rate, and the money against the promise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from churnkit.errors import DataError
from churnkit.experiments.intervals import FloatArray, ratio_of_proportions
from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.results.interval import Interval
from churnkit.results.readout_figures import Realised, SaveRate
from churnkit.roi import profit, redeemed

_MIN_WEIGHT, _MAX_WEIGHT = 1.0, 1e6
_Z = 1.959963984540054


def with_save_rate(assumptions: Assumptions, measured: SaveRate) -> Assumptions:
    """The assumptions of the next plan: the measured save rate, within 0 and 1, and how sure it is."""
    held = min(max(measured.rate.value, 0.0), 1.0)
    return replace(assumptions, save_rate=held, save_rate_weight=measured.weight)


def save_rate(
    bought: int,
    treated: int,
    bought_without: int,
    held_out: int,
    *,
    reach: float = 1.0,
    savable: float = 1.0,
) -> SaveRate | None:
    """Save rate from purchases in the two arms: ``(1 - churn treated / churn held out) / (reach x savable)``.

    The held-out who did not buy are those who would have left; the treated who did not are those who left all the
    same. The interval is that of the ratio of the two (:func:`ratio_of_proportions`).

    Parameters
    ----------
    bought, treated, bought_without, held_out
        Customers with a purchase in the window and all customers, treated and held out.
    reach, savable
        Share of the contacted that saw the message; mean part of the save rate that holds for those about to leave
        (``CampaignPlan.members["savable"]`` weighted by ``p_churn``). Both in (0, 1].

    Returns
    -------
    SaveRate or None
        None when every held-out customer bought: nobody was about to leave.
    """
    if not (0 < reach <= 1 and 0 < savable <= 1):
        raise DataError(
            f"Measuring the save rate: reach {reach!r} and savable {savable!r} must be in (0, 1]."
        )
    ratio = ratio_of_proportions(treated - bought, treated, held_out - bought_without, held_out)
    if ratio is None:
        return None
    rate = ratio.times(-1.0, 1.0).times(1 / (reach * savable))
    deviation = (rate.high - rate.low) / (2 * _Z)
    held = min(max(rate.value, 0.05), 0.95)
    weight = held * (1 - held) / deviation**2 - 1 if deviation > 0 else _MAX_WEIGHT
    return SaveRate(rate=rate, weight=min(max(weight, _MIN_WEIGHT), _MAX_WEIGHT))


def discounts_taken(
    members: pd.DataFrame, bought: np.ndarray, treated: np.ndarray, assumptions: Assumptions
) -> FloatArray:
    """Money of the campaign's discount that each customer is expected to have taken, shape (n,); 0 if not contacted.

    Results tell what was paid, not what was given. Of the contacted who bought, those whom the contact kept use the
    discount, and of the others the assumed share: how likely one is of the former, the plan's own probabilities say.

    Parameters
    ----------
    members
        Of the plan, shape (n,): ``p_churn``, ``savable`` and ``mean_order_value``, money at usual prices.
    bought, treated
        Booleans, shape (n,).
    """
    a = assumptions
    p, savable, order = (members[c].to_numpy(dtype=float) for c in ("p_churn", "savable", "mean_order_value"))
    saved = a.reach * a.save_rate * savable * p
    buying = saved + 1 - p
    use = np.divide(
        redeemed(p, saved, a.reach * a.stayers_redeem), buying, out=np.zeros_like(p), where=buying > 0
    )
    return np.where(bought & treated, a.discount * use * np.maximum(order, 0.0), 0.0)


def realised(
    conversion: Interval,
    revenue: Interval | None,
    gain: Interval | None,
    treated: int,
    assumptions: Assumptions,
    promise: Outcome,
    discounts: float | None = None,
) -> Realised:
    """Money from the measured differences per customer; intervals are those of the differences.

    Parameters
    ----------
    conversion, revenue, gain
        Difference between the arms in the share that bought, in money paid per customer, and in profit per customer
        before the contacts (``roi.profit``).
    treated
        Customers who were contacted.
    discounts
        Money of all discounts that they took.
    """
    cost = assumptions.contact_cost * treated
    saves = conversion.times(treated)
    net = None if gain is None else gain.times(treated, -cost)
    promised = promise.saves.value
    value = promise.revenue_protected.value / promised if promised > 0 else 0.0
    to_saved = promise.cost.value - promise.contact_cost - promise.discount_to_stayers
    discount = to_saved / promised if promised > 0 else 0.0
    scale = treated / promise.contacted if promise.contacted else 1.0
    sunk = cost + scale * promise.discount_to_stayers
    year = saves.times(profit(value, discount, assumptions.margin), -sunk)
    spent = sunk + discount * max(saves.value, 0.0)
    return Realised(
        saves=saves,
        window_revenue=None if revenue is None else revenue.times(treated),
        window_net=net,
        window_discounts=discounts,
        window_roi=net.times(1 / cost) if net is not None and cost > 0 else None,
        year_net=year,
        year_roi=year.value / spent if spent > 0 else None,
        contact_cost=cost,
    )

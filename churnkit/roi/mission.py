"""The simple campaign formula: every target counts as lost without us, and all are worth the average."""

from __future__ import annotations

import math
from dataclasses import dataclass

from churnkit.errors import SettingsError


@dataclass(frozen=True)
class SimpleCampaign:
    """Targets, saved customers, money and return of a campaign by the simple formula.

    ``saved`` need not be whole; ``roi`` is net over cost (6.22 for 622 %), None where nothing is spent.
    """

    targets: int
    cost: float
    saved: float
    revenue_protected: float
    net: float
    roi: float | None


def simple_campaign(targets: int, save_rate: float, mean_clv: float, cost_each: float) -> SimpleCampaign:
    """Cost = targets x cost each; saved = targets x save rate; revenue = saved x mean CLV; net = revenue - cost.

    It flatters a campaign: it takes every target for a customer who would have left, so discounts to those who
    would have stayed cost nothing. Show it beside ``Planner.outcome`` only, and labelled as the simple formula.

    Parameters
    ----------
    targets
        Customers contacted, >= 0.
    save_rate
        Share of the targets who stay because of the contact, 0 to 1.
    mean_clv, cost_each
        Money, >= 0.

    Raises
    ------
    SettingsError
        If a number lies outside its range.

    Examples
    --------
    >>> found = simple_campaign(1000, save_rate=0.35, mean_clv=165.0, cost_each=8.0)
    >>> (found.cost, found.saved, found.net, round(found.roi, 2))
    (8000.0, 350.0, 49750.0, 6.22)
    """
    money_holds = math.isfinite(mean_clv) and math.isfinite(cost_each) and min(mean_clv, cost_each) >= 0
    if targets < 0 or not 0 <= save_rate <= 1 or not money_holds:
        raise SettingsError(
            "Computing a campaign by the simple formula: targets, mean CLV and cost must be at least 0 and the save"
            f" rate between 0 and 1; found {targets} targets, save rate {save_rate!r}, mean CLV {mean_clv!r}, cost"
            f" {cost_each!r} each.",
            "Correct the numbers.",
        )
    cost = targets * cost_each
    saved = targets * save_rate
    revenue = saved * mean_clv
    net = revenue - cost
    return SimpleCampaign(targets, cost, saved, revenue, net, net / cost if cost > 0 else None)

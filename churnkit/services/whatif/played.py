"""What a campaign on paper comes to: the account of it, and what it changes for the customers it is about."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from churnkit.results.campaign_money import Outcome
from churnkit.results.interval import Interval
from churnkit.roi import SimpleCampaign


@dataclass(frozen=True)
class Play:
    """One campaign, looked at from all sides.

    Attributes
    ----------
    outcome
        The honest account, with intervals.
    group
        What it changes for all who come into question.
    curve
        ``customers`` and expected ``net`` (money) for a chart.
    optimum, optimum_net
        How many contacts bring most, and how much; 0 when none pays.
    recommended
        The fewest contacts that bring most of that (see ``services.decide.recommendation``).
    simple
        The simple formula on the same targets, with their mean value and mean cost.
    """

    outcome: Outcome
    group: GroupEffect
    curve: pd.DataFrame
    optimum: int
    optimum_net: float
    recommended: int
    simple: SimpleCampaign


@dataclass(frozen=True)
class GroupEffect:
    """The customers who come into question, without the campaign and with it.

    Attributes
    ----------
    customers, contacted
        How many come into question, and how many of them are contacted.
    stay, stay_with
        How many of them are expected to buy within the horizon.
    year, year_with
        Money that all of them together are expected to bring in the next 365 days, after margin; with the campaign its
        cost is taken off.
    """

    customers: int
    contacted: int
    stay: float
    stay_with: Interval
    year: float
    year_with: Interval

    def year_each(self) -> tuple[float, Interval]:
        """``year`` and ``year_with`` for one customer, on average."""
        return self.year / self.customers, self.year_with.times(1 / self.customers)

"""Who is proposed nowhere for a while: somebody spoke to them lately, or a campaign has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from churnkit.errors import NotFoundError
from churnkit.store import Store
from churnkit.text import figures


@dataclass(frozen=True)
class LeftAlone:
    """Customers whom no list proposes.

    Attributes
    ----------
    contacted
        The day of the last contact by the work list, by customer, no longer ago than ``quiet_days``.
    in_campaign
        Name of a planned or running campaign by customer: its holdout is not to be spoken to either.
    """

    contacted: dict[str, date]
    in_campaign: dict[str, str]
    quiet_days: int

    def __contains__(self, customer_id: object) -> bool:
        return customer_id in self.contacted or customer_id in self.in_campaign

    def __bool__(self) -> bool:
        return bool(self.contacted or self.in_campaign)

    def others(self, customer_ids: pd.Series) -> np.ndarray:
        """Which of the customers may be proposed, booleans of their number."""
        known = {*self.contacted, *self.in_campaign}
        free: np.ndarray = ~customer_ids.isin(known).to_numpy()
        return free

    def words(self, customer_ids: pd.Series) -> str:
        """How many of the customers are left out and why; empty where none is."""
        contacted = int(customer_ids.isin(set(self.contacted)).sum())
        busy = int(customer_ids.isin(set(self.in_campaign) - set(self.contacted)).sum())
        told = []
        if contacted:
            days = figures.days(self.quiet_days)
            told.append(f"{figures.counted(contacted, 'customer')} spoken to within {days}")
        if busy:
            told.append(f"{figures.counted(busy, 'customer')} in a campaign that is planned or under way")
        return f"Left out: {' and '.join(told)}." if told else ""


def left_alone(store: Store, shop_id: str, today: date | None = None) -> LeftAlone:
    """Who of a shop's customers is left alone ``today``; of somebody else's shop only those of own campaigns."""
    busy = store.campaigns.busy_customers()
    try:
        days = store.shops.get(shop_id).shop_settings.quiet_days
        entries = store.worklist.of_shop(shop_id)
    except NotFoundError:
        return LeftAlone({}, busy, 0)
    earliest = (today or date.today()) - timedelta(days=days)
    contacted = {
        one.customer_id: one.contacted_on
        for one in entries
        if one.contacted_on is not None and one.contacted_on > earliest
    }
    return LeftAlone(contacted, busy, days)

"""Today's customers as the months ahead see them: their pace, what an order brings, and how they become fewer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from churnkit.btyd.histories import FloatArray
from churnkit.clv import YEAR_DAYS
from churnkit.errors import DataError
from churnkit.forecast.past_survival import PastSurvival
from churnkit.forecast.process_ahead import Pace
from churnkit.text import figures

_FEWEST_ORDERS = 1e-12


@dataclass(frozen=True)
class ShopAhead:
    """The customers as arrays of shape (n,), in the order of ``pace``.

    Attributes
    ----------
    per_order, per_order_if_kept
        Revenue of an order: such that the horizon's add up to the expected spend, and such that a year's add up
        to the value of a customer who buys within the horizon.
    gone
        Chance to have dropped out for good already, at most ``p_churn``.
    saved
        Chance of each customer to be saved by an action; 0 without one.
    survival
        How a day's customers became fewer in the past; None where the past does not show it.
    """

    pace: Pace
    p_churn: FloatArray
    recency_days: FloatArray
    per_order: FloatArray
    per_order_if_kept: FloatArray
    gone: FloatArray
    saved: FloatArray
    survival: PastSurvival | None = None

    @classmethod
    def of(
        cls,
        scored_rows: pd.DataFrame,
        customers: pd.DataFrame,
        horizon_days: int,
        *,
        margin: float = 1.0,
        survival: PastSurvival | None = None,
    ) -> ShopAhead:
        """Without an action; parameters as of :func:`churnkit.forecast.outlook`.

        Raises
        ------
        DataError
            If a customer is in one table only.
        """
        known = _figures(scored_rows, customers)
        p = known["p_churn"]
        pace = Pace.of(scored_rows, p, horizon_days)
        year = np.maximum(pace.orders_if_kept(YEAR_DAYS), _FEWEST_ORDERS)
        return cls(
            pace=pace,
            p_churn=p,
            recency_days=scored_rows["recency_days"].to_numpy(dtype=float),
            per_order=known["expected_spend"] / np.maximum(pace.orders(horizon_days), _FEWEST_ORDERS),
            per_order_if_kept=known["clv_if_kept"] / margin / year,
            gone=np.clip(1 - np.nan_to_num(known["p_alive"], nan=1.0), 0.0, p),
            saved=np.zeros_like(p),
            survival=survival,
        )

    def only(self, some: NDArray[np.bool_], survival: PastSurvival | None) -> ShopAhead:
        """Some of the customers, booleans of shape (n,), who become fewer as ``survival`` says."""
        known = (self.pace.known[0][some], self.pace.known[1][some], self.pace.known[2][some])
        return ShopAhead(
            pace=Pace(self.pace.model, known, self.p_churn[some], self.pace.horizon_days),
            p_churn=self.p_churn[some],
            recency_days=self.recency_days[some],
            per_order=self.per_order[some],
            per_order_if_kept=self.per_order_if_kept[some],
            gone=self.gone[some],
            saved=self.saved[some],
            survival=survival,
        )

    def revenue(self, start_days: float, end_days: float) -> float:
        """Expected revenue of the days between, without action."""
        orders = self.pace.orders(end_days) - self.pace.orders(start_days)
        return float((self.per_order * orders).sum()) * self.fading((start_days + end_days) / 2)

    def fading(self, days: float) -> float:
        """Share of the purchases that the process expects beyond the threshold which the past makes believable, 0 to 1.

        A process that knows no drop-out has everybody go on for ever.
        """
        if self.survival is None or days <= self.pace.horizon_days or self.pace.tells_dropout:
            return 1.0
        return self.survival.at(days - self.pace.horizon_days)

    @cached_property
    def _kept(self) -> float:
        return float((1 - self.p_churn).sum())

    def stays(self, days: float) -> FloatArray:
        """Chance to be active ``days`` from now over that at the threshold, 0 to 1, in sum as the past shows it."""
        later = days - self.pace.horizon_days
        each = self.pace.stays(later)
        if self.survival is None:
            return each
        left = float(((1 - self.p_churn) * each).sum())
        scale = self.survival.at(later) * self._kept / left if left > 0 else 1.0
        return np.minimum(scale * each, 1.0)

    def lost_with(self, days: float) -> FloatArray:
        """Revenue within ``days`` that is lost with each customer who leaves: if kept less if lost."""
        orders = np.maximum(self.pace.orders_if_kept(days) - self.pace.orders_if_lost(days), 0.0)
        return self.per_order_if_kept * orders

    def extra_revenue(self, days: float) -> FloatArray:
        """What the action adds within ``days``: the saved customers' orders less those they would have placed later."""
        return self.saved * self.lost_with(days)

    def active(self, days: float) -> FloatArray:
        """Probability that, after ``days``, the last purchase lies at most a horizon back."""
        horizon_days = self.pace.horizon_days
        if days <= horizon_days:
            still = self.recency_days + days <= horizon_days
            return np.where(still, 1.0, self.pace.buys_within(days))
        return (1 - self.p_churn) * self.stays(days)

    def extra_active(self, days: float) -> FloatArray:
        """Added probability to be active. Who is saved buys at once and then stays or goes like everybody."""
        horizon_days = self.pace.horizon_days
        if days <= horizon_days:
            return self.saved * (self.recency_days + days > horizon_days)
        return self.saved * self.stays(days)


def _figures(scored_rows: pd.DataFrame, customers: pd.DataFrame) -> dict[str, FloatArray]:
    by_id = customers.set_index("customer_id")
    ids = scored_rows["customer_id"]
    one_each = len(by_id) == len(ids) and by_id.index.is_unique
    if not one_each or (by_id.index.get_indexer(pd.Index(ids)) < 0).any():
        raise DataError(
            f"Forecasting the next months: {figures.count(len(ids))} customers were scored and"
            f" {figures.count(len(by_id))} have figures; they must be the same.",
            "Start the analysis again.",
        )
    columns = ["p_churn", "p_alive", "expected_spend", "clv_if_kept"]
    wanted = by_id.reindex(columns=columns).loc[ids]
    return {name: wanted[name].to_numpy(dtype=float) for name in columns}

"""The next months of the customers who are there now: how many stay active, what they bring, with and without action."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from churnkit.btyd.histories import FloatArray
from churnkit.clv import YEAR_DAYS
from churnkit.config import Money
from churnkit.errors import DataError
from churnkit.forecast.months import Month, months_after
from churnkit.forecast.outlook_words import how_it_is_told, outlook_words, what_action_does
from churnkit.forecast.past_survival import PastSurvival
from churnkit.forecast.process_ahead import Pace
from churnkit.results.evidence.months_ahead import MonthAhead, Outlook
from churnkit.text import figures

_NORMAL_QUANTILE = 1.2815515655446004
_FEWEST_ORDERS = 1e-12


@dataclass(frozen=True)
class _Shop:
    """The customers as arrays of shape (n,), in the order of ``pace``.

    Attributes
    ----------
    per_order, per_order_if_kept
        Revenue of an order: such that the horizon's add up to the expected spend, and such that a year's add up
        to the value of a customer who buys within the horizon.
    saved
        Chance of each customer to be saved by the action.
    survival
        How a day's customers became fewer in the past; None where the past does not show it.
    """

    pace: Pace
    p_churn: FloatArray
    recency_days: FloatArray
    per_order: FloatArray
    per_order_if_kept: FloatArray
    saved: FloatArray
    survival: PastSurvival | None = None

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

    def extra_revenue(self, days: float) -> FloatArray:
        """What the action adds within ``days``: the saved customers' orders less those they would have placed later."""
        orders = np.maximum(self.pace.orders_if_kept(days) - self.pace.orders_if_lost(days), 0.0)
        return self.saved * self.per_order_if_kept * orders

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


def outlook(
    scored_rows: pd.DataFrame,
    customers: pd.DataFrame,
    horizon_days: int,
    scoring: datetime,
    currency: str | None,
    total_ratio_sd: float,
    targets: Sequence[str],
    save_rate: float,
    months: int = 6,
    *,
    margin: float = 1.0,
    gone_success: float = Money.gone_success,
    survival: PastSurvival | None = None,
    year_revenue: float | None = None,
) -> Outlook:
    """Active customers and revenue by calendar month, existing customers only.

    Parameters
    ----------
    scored_rows
        Panel rows of the scoring cutoff: ``customer_id``, ``repeat_count``, ``t_x_days``, ``tenure_days``,
        ``recency_days``.
    customers
        ``customer_id``, ``p_churn``, ``expected_spend`` (revenue within the horizon), ``clv_if_kept`` (money
        after ``margin``), ``p_alive`` (may be missing); the same customers in any order.
    total_ratio_sd
        Standard deviation of the logarithm of actual over forecast total spend (``roi.Uncertainty.total_log_sd``).
    targets, save_rate
        Ids of the contacted customers; share of the would-be leavers among them who stay.
    gone_success
        Success with those of them who are gone for good already, as a share of ``save_rate``.
    survival
        See :func:`churnkit.forecast.past_survival.past_survival`; None where the past shows no rate.
    year_revenue
        Forecast revenue of all customers in the next 365 days, which the months are parts of; None leaves them as the
        expected spend of the horizon and the pace make them.
    months
        Whole calendar months from ``scoring`` on.

    Raises
    ------
    DataError
        If a customer is in one table only.
    """
    figures = _figures(scored_rows, customers)
    p = figures["p_churn"]
    targeted = scored_rows["customer_id"].isin(list(targets)).to_numpy()
    gone = np.clip(1 - np.nan_to_num(figures["p_alive"], nan=1.0), 0.0, p)
    pace = Pace.of(scored_rows, p, horizon_days)
    year = np.maximum(pace.orders_if_kept(YEAR_DAYS), _FEWEST_ORDERS)
    shop = _Shop(
        pace=pace,
        p_churn=p,
        recency_days=scored_rows["recency_days"].to_numpy(dtype=float),
        per_order=figures["expected_spend"] / np.maximum(pace.orders(horizon_days), _FEWEST_ORDERS),
        per_order_if_kept=figures["clv_if_kept"] / margin / year,
        saved=targeted * save_rate * (p - (1 - gone_success) * gone),
        survival=survival,
    )
    ahead = months_after(scoring, months)
    bounds = [m.start_days for m in ahead[:1]] + [m.end_days for m in ahead]
    share = _share_of(year_revenue, shop.revenue(0.0, float(YEAR_DAYS)))
    revenue = [share * shop.revenue(start, end) for start, end in pairwise(bounds)]
    extra = np.diff([shop.extra_revenue(days).sum() if days > 0 else 0.0 for days in bounds])
    rows = tuple(
        _row(shop, month, r, float(e), total_ratio_sd)
        for month, r, e in zip(ahead, revenue, extra, strict=True)
    )
    active_now = int((shop.recency_days <= horizon_days).sum())
    return Outlook(
        months=rows,
        active_now=active_now,
        words=outlook_words(rows, active_now, len(targets) > 0, currency),
        assumptions=(
            *how_it_is_told(pace, survival is not None, parts_of_a_year=year_revenue is not None),
            *what_action_does(len(targets), save_rate, gone_success, knows_gone=bool(gone.any())),
        ),
    )


def _share_of(year_revenue: float | None, shape: float) -> float:
    """The factor that makes months of a year add up to its forecast: the pace only tells how it is spread."""
    return 1.0 if year_revenue is None or shape <= 0 else year_revenue / shape


def _figures(scored_rows: pd.DataFrame, customers: pd.DataFrame) -> dict[str, FloatArray]:
    by_id = customers.set_index("customer_id")
    ids = scored_rows["customer_id"]
    if len(by_id) != len(ids) or not ids.isin(by_id.index).all():
        raise DataError(
            f"Forecasting the next months: {figures.count(len(ids))} customers were scored and"
            f" {figures.count(len(by_id))} have figures; they must be the same.",
            "Start the analysis again.",
        )
    columns = ["p_churn", "p_alive", "expected_spend", "clv_if_kept"]
    wanted = by_id.reindex(columns=columns).loc[ids]
    return {name: wanted[name].to_numpy(dtype=float) for name in columns}


def _row(shop: _Shop, month: Month, revenue: float, extra: float, total_ratio_sd: float) -> MonthAhead:
    # Errors of the level last: beyond the horizon they are taken to grow like a random walk's.
    sd = total_ratio_sd * math.sqrt(max(1.0, month.end_days / shop.pace.horizon_days))
    active = float(shop.active(month.end_days).sum())
    return MonthAhead(
        month=month.label,
        active_customers=active,
        revenue=revenue,
        revenue_low=revenue * math.exp(-_NORMAL_QUANTILE * sd),
        revenue_high=revenue * math.exp(_NORMAL_QUANTILE * sd),
        active_with_action=active + float(shop.extra_active(month.end_days).sum()),
        revenue_with_action=revenue + extra,
    )

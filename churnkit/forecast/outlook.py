"""The next months of the customers who are there now: how many stay active, what they bring, with and without action."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from churnkit.btyd.histories import FloatArray
from churnkit.clv import YEAR_DAYS
from churnkit.config import Money
from churnkit.errors import DataError
from churnkit.forecast.months import Month, months_after
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
    """

    pace: Pace
    p_churn: FloatArray
    recency_days: FloatArray
    per_order: FloatArray
    per_order_if_kept: FloatArray
    saved: FloatArray

    def revenue(self, days: float) -> FloatArray:
        """Expected revenue within ``days`` without action."""
        return self.per_order * self.pace.orders(days)

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
        return (1 - self.p_churn) * self.pace.stays(days - horizon_days)

    def extra_active(self, days: float) -> FloatArray:
        """Added probability to be active. Who is saved buys at once and then stays or goes like everybody."""
        horizon_days = self.pace.horizon_days
        if days <= horizon_days:
            return self.saved * (self.recency_days + days > horizon_days)
        return self.saved * self.pace.stays(days - horizon_days)


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
    )
    ahead = months_after(scoring, months)
    bounds = [m.start_days for m in ahead[:1]] + [m.end_days for m in ahead]
    revenue = np.diff([shop.revenue(days).sum() if days > 0 else 0.0 for days in bounds])
    extra = np.diff([shop.extra_revenue(days).sum() if days > 0 else 0.0 for days in bounds])
    rows = tuple(
        _row(shop, month, float(r), float(e), total_ratio_sd)
        for month, r, e in zip(ahead, revenue, extra, strict=True)
    )
    active_now = int((shop.recency_days <= horizon_days).sum())
    return Outlook(
        months=rows,
        active_now=active_now,
        words=_words(rows, active_now, len(targets) > 0, currency),
        assumptions=tuple(_assumptions(shop.pace, len(targets), save_rate, gone_success)),
    )


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


def _words(rows: Sequence[MonthAhead], active_now: int, acts: bool, currency: str | None) -> str:
    last = rows[-1]
    total = sum(row.revenue for row in rows)
    span = f"{figures.month(rows[0].month)} to {figures.month(last.month)}"
    text = (
        f"Without action, {figures.count(last.active_customers)} of today's customers are still active at the end of"
        f" {figures.month(last.month)}, after {figures.count(active_now)} now, and they bring"
        f" {figures.money(total, currency)} from {span}."
    )
    if acts:
        more = sum(row.revenue_with_action for row in rows) - total
        kept = last.active_with_action - last.active_customers
        text += (
            f" With the recommended campaign it is {figures.count(kept)} active customers and"
            f" {figures.money(more, currency)} more."
        )
    return f"{text} New customers are not counted."


def _assumptions(pace: Pace, contacted: int, save_rate: float, gone_success: float) -> list[str]:
    sentences = [
        "Customers who have bought already, and nobody new.",
        f"Active means a purchase within the last {figures.days(pace.horizon_days)}.",
        "Whole calendar months; the rest of the current month is left out.",
        (
            "Beyond the threshold, customers go on buying and dropping out as the purchase process (MBG/NBD) that was"
            " fitted to this shop expects; within it, revenue adds up to the expected spend."
            if pace.model is not None
            else "Too few customers came back to tell how they drop out, so the pace within the threshold is carried"
            " forward: the later months are too high rather than too low."
        ),
        "The band holds in 8 of 10 cases if totals are off as they were in the past; beyond the threshold it widens"
        " with the square root of time, which the past cannot show.",
        "No season is assumed.",
    ]
    if contacted:
        sentences.append(
            f"With action: of the would-be leavers among the {figures.count(contacted)} contacted,"
            f" {figures.percent(save_rate)} stay ({figures.percent(save_rate * gone_success)} of those who are gone for good"
            " already), less what they would have bought later anyway. Costs and discounts are not deducted here."
        )
    return sentences

"""The next months of the customers who are there now: how many stay active, what they bring, with and without action."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from churnkit.clv import YEAR_DAYS
from churnkit.config import Money
from churnkit.forecast.months import Month, months_after
from churnkit.forecast.outlook_words import how_it_is_told, outlook_words, what_action_does
from churnkit.forecast.past_survival import PastSurvival
from churnkit.forecast.shop_ahead import ShopAhead
from churnkit.results.evidence.months_ahead import MonthAhead, Outlook

_NORMAL_QUANTILE = 1.2815515655446004


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
    shop = ShopAhead.of(scored_rows, customers, horizon_days, margin=margin, survival=survival)
    targeted = _among(targets, scored_rows["customer_id"])
    shop = replace(shop, saved=targeted * save_rate * (shop.p_churn - (1 - gone_success) * shop.gone))
    ahead = months_after(scoring, months)
    bounds = [m.start_days for m in ahead[:1]] + [m.end_days for m in ahead]
    revenue, evenly = _revenue(shop, bounds, year_revenue)
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
            *how_it_is_told(shop.pace, survival is not None, year_revenue is not None, evenly=evenly),
            *what_action_does(len(targets), save_rate, gone_success, knows_gone=bool(shop.gone.any())),
        ),
    )


def _among(targets: Sequence[str], ids: pd.Series) -> NDArray[np.bool_]:
    return pd.Index(dict.fromkeys(targets), dtype="str").get_indexer(pd.Index(ids)) >= 0


def _revenue(
    shop: ShopAhead, bounds: Sequence[float], year_revenue: float | None
) -> tuple[list[float], bool]:
    """Revenue between each two of the days, and whether a year's forecast was spread evenly over its days.

    The pace only tells how a year is spread. Where it expects nothing, as after a few days without anybody's second
    order, each day gets its part: months of nothing would contradict the year that they belong to.
    """
    spans = list(pairwise(bounds))
    paced = [shop.revenue(start, end) for start, end in spans]
    if year_revenue is None:
        return paced, False
    shape = shop.revenue(0.0, float(YEAR_DAYS))
    if shape > 0:
        return [year_revenue / shape * one for one in paced], False
    return [year_revenue * (end - start) / YEAR_DAYS for start, end in spans], year_revenue != 0


def _row(shop: ShopAhead, month: Month, revenue: float, extra: float, total_ratio_sd: float) -> MonthAhead:
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

"""Last year's revenue beside the next one's: the figures that an owner holds every other one against."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
from ibis import _

from churnkit.clv import discount_factor
from churnkit.clv.bands import NORMAL_QUANTILE
from churnkit.clv.year.words import tests_in_words
from churnkit.config import Money
from churnkit.results.found import Found, Missing
from churnkit.results.money_strip import MoneyFigure, MoneyStrip
from churnkit.results.year_forecast import YearForecast
from churnkit.roi import Uncertainty
from churnkit.segments.standing import ACTIVE
from churnkit.services.analyse.evidence.standing import UNPROVEN, active_totals
from churnkit.services.analyse.history import History
from churnkit.text import figures

YEAR_DAYS = 365


@dataclass(frozen=True)
class PastRevenue:
    """Revenue net of returns in the last ``days`` (365 at most) before the scoring date, in money.

    ``by_customer`` is that of each customer with a purchase or a return in these days; ``total`` is their sum, with
    customers who only returned something.
    """

    days: int
    total: float
    by_customer: pd.Series


def past_revenue(history: History) -> PastRevenue:
    """What the shop took in its last 365 days, or in all its history where that is shorter."""
    days = min(YEAR_DAYS, max(history.history_days, 1))
    since = history.scoring - timedelta(days=days)
    found = (
        history.transactions.filter((_.ordered_at >= since) & (_.ordered_at < history.scoring))
        .group_by("customer_id")
        .aggregate(revenue=_.amount.sum().round(4))
        .to_pyarrow()
        .to_pandas()
        .set_index("customer_id")["revenue"]
    )
    return PastRevenue(days, float(found.sum()), found)


def money_strip(
    customers: pd.DataFrame,
    revenue: PastRevenue,
    uncertainty: Uncertainty | None,
    year: Found[YearForecast] | Missing,
    money: Money,
) -> MoneyStrip:
    """Last year, next year and what is at risk; ``customers`` as ``scored_customers`` makes them.

    Parameters
    ----------
    uncertainty
        Errors of past forecasts of the horizon; None where nothing could be tested.
    year
        How the year was forecast, and so how far its totals reach; missing in older runs.
    """
    active = customers["status"] == ACTIVE
    span = "365 days" if revenue.days == YEAR_DAYS else f"{figures.days(revenue.days)} that the file covers"
    clv = customers["clv"].to_numpy(dtype=float) / (money.margin * discount_factor(money))
    reach = NORMAL_QUANTILE * year.value.rule.spread if isinstance(year, Found) else math.inf
    how = (
        f" {year.value.words} {tests_in_words(year.value.backtests)}".rstrip()
        if isinstance(year, Found)
        else ""
    )
    tested = isinstance(year, Found) and any(test.days >= YEAR_DAYS for test in year.value.backtests)
    spent = customers["spend_last_year"].to_numpy(dtype=float)

    def forecast(inside: pd.Series, words: str) -> MoneyFigure:
        value = float(clv[inside.to_numpy()].sum())
        known = math.isfinite(reach) and value > 0
        return MoneyFigure(
            value=value,
            low=value * math.exp(-reach) if known else None,
            high=value * math.exp(reach) if known else None,
            kind="tested" if tested else "forecast",
            words=words + how,
        )

    def measured(value: float, words: str) -> MoneyFigure:
        return MoneyFigure(value=value, low=None, high=None, kind="measured", words=words)

    return MoneyStrip(
        days=revenue.days,
        revenue=measured(revenue.total, f"Net of returns, of the last {span}, all customers."),
        revenue_active=measured(
            float(np.sum(spent[active.to_numpy()])), f"Of the last {span}: of customers who are active today."
        ),
        forecast=forecast(
            active, "The next 365 days of the customers who are active today, without new ones."
        ),
        forecast_lapsed=forecast(~active, "The next 365 days of the customers who have lapsed."),
        at_risk=_at_risk(customers, uncertainty),
        margin=money.margin,
    )


def _at_risk(customers: pd.DataFrame, uncertainty: Uncertainty | None) -> Found[MoneyFigure] | Missing:
    if customers["risk_tier"].isna().all():
        return Missing(UNPROVEN)
    risk = active_totals(customers, uncertainty)[1]
    return Found(
        MoneyFigure(
            value=risk.value, low=risk.low, high=risk.high, kind="forecast", words=risk.interval_words
        )
    )

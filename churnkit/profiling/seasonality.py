"""Seasonality and trend of order counts.

Strength follows Wang, Smith and Hyndman (2006, Data Mining and Knowledge Discovery 13, 335-364): with an STL
decomposition into trend T, seasonal S and remainder R, F_trend = 1 - Var(R) / Var(T + R) and
F_seasonal = 1 - Var(R) / Var(S + R), not below 0. Two things differ, because few periods are the rule here
and the plain formula then finds strong seasons in pure noise (0.6 on four weeks, 1.0 on two years). The
seasonal figure is the same in every period, and the variances are divided by the degrees of freedom that
trend and season leave, as an adjusted R squared does: on noise both strengths are then near 0, whatever the
length.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from churnkit.results.profile import Rhythm, Trend
from churnkit.text.figures import percent, score

Period = Literal["week", "year"]
Direction = Literal["rising", "falling", "unclear"]

WEEK_DAYS = 7
MIN_DAYS_FOR_WEEKLY = 4 * WEEK_DAYS
MONTHS_A_YEAR = 12
MIN_WEEKS_FOR_TREND = 8
WEEKS_A_MONTH = 365.25 / 12 / 7
STRONG = 0.6
VISIBLE = 0.4


def weekly(daily_orders: pd.Series) -> Rhythm:
    """Strength of the weekly rhythm from orders a day (every calendar day), at least four weeks of them."""
    if len(daily_orders) < MIN_DAYS_FOR_WEEKLY:
        return _skipped(
            "week", f"{MIN_DAYS_FOR_WEEKLY} days are needed, the history has {len(daily_orders)}."
        )
    return _strengths("week", daily_orders.to_numpy(dtype=float), WEEK_DAYS, robust=True)


def yearly(monthly_orders: pd.Series) -> Rhythm:
    """Strength of the yearly rhythm from orders a complete month; two years of them or nothing is claimed."""
    needed = 2 * MONTHS_A_YEAR
    if len(monthly_orders) < needed:
        return _skipped(
            "year",
            f"{needed} complete months are needed to tell a season from a trend, the history has"
            f" {len(monthly_orders)}.",
        )
    return _strengths("year", monthly_orders.to_numpy(dtype=float), MONTHS_A_YEAR, robust=False)


def trend(weekly_orders: pd.Series) -> Trend:
    """Robust slope of orders a complete week: Theil-Sen with its 95 % interval.

    ``share_per_month`` (``low``, ``high``) is the change per month as a share of the mean; ``direction`` is
    ``rising`` or ``falling`` if the interval excludes zero, else ``unclear``.
    """
    weeks = len(weekly_orders)
    mean = float(weekly_orders.mean()) if weeks else 0.0
    if weeks < MIN_WEEKS_FOR_TREND or mean == 0:
        words = f"{MIN_WEEKS_FOR_TREND} complete weeks with orders are needed, the history has {weeks}."
        return Trend(status="skipped", direction=None, share_per_month=None, low=None, high=None, words=words)
    from scipy.stats import theilslopes

    fit = theilslopes(weekly_orders.to_numpy(dtype=float), np.arange(weeks), alpha=0.95)
    slope, low, high = (float(value) * WEEKS_A_MONTH / mean for value in (fit[0], fit[2], fit[3]))
    direction: Direction = "rising" if low > 0 else "falling" if high < 0 else "unclear"
    if direction == "unclear":
        words = "Orders a week neither rise nor fall beyond chance."
    else:
        moving = "rise" if direction == "rising" else "fall"
        words = f"Orders {moving} by some {percent(abs(slope))} of their mean a month."
    return Trend(
        status="measured", direction=direction, share_per_month=slope, low=low, high=high, words=words
    )


def _skipped(period: Period, why: str) -> Rhythm:
    return Rhythm(status="skipped", period=period, f_trend=None, f_seasonal=None, words=why)


def _strengths(period: Period, counts: np.ndarray, length: int, *, robust: bool) -> Rhythm:
    from statsmodels.tsa.seasonal import STL

    number = len(counts)
    # A seasonal window far longer than the series makes the season the same in every period; it is worked out
    # at the ends only, else the time would grow with the square of the length.
    window = {"seasonal": 10 * number + 1, "seasonal_deg": 0, "seasonal_jump": number}
    parts = STL(counts, period=length, robust=robust, **window).fit()
    # A local line over one and a half periods, STL's trend, has about two parameters for each such stretch.
    trend_freedom = max(1.0, 2 * number / (1.5 * length))
    season_freedom = length - 1
    noise = parts.resid.var() / (number - 1 - trend_freedom - season_freedom)
    with_trend = (parts.trend + parts.resid).var() / (number - 1 - season_freedom)
    with_season = (parts.seasonal + parts.resid).var() / (number - 1 - trend_freedom)
    negligible = 1e-12 * (1.0 + float(counts.mean()) ** 2) / number
    f_trend = max(0.0, 1.0 - float(noise / with_trend)) if with_trend > negligible else 0.0
    f_seasonal = max(0.0, 1.0 - float(noise / with_season)) if with_season > negligible else 0.0
    if f_seasonal >= STRONG:
        words = f"Strong rhythm over the {period}"
    elif f_seasonal >= VISIBLE:
        words = f"Visible rhythm over the {period}"
    else:
        words = f"Little rhythm over the {period}"
    return Rhythm(
        status="measured",
        period=period,
        f_trend=f_trend,
        f_seasonal=f_seasonal,
        words=f"{words} (strength {score(f_seasonal, 2)} of 1).",
    )

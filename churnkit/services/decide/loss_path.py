"""The churn rate of the months ahead and what is lost with those who leave, from a run's files: some tenths of a second."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from churnkit.clv import YEAR_DAYS
from churnkit.forecast import PastSurvival, past_survival
from churnkit.forecast.months import months_after
from churnkit.forecast.shop_ahead import ShopAhead
from churnkit.results.evidence.standing_now import Estimate
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.loss_path import LossPath, MonthLost
from churnkit.text import figures


def loss_path(results: Results) -> LossPath:
    """Of the customers who are active now, without action; who lapses and comes back counts as active again.

    Money is the value at risk, spread over the year as those who leave would have spent it: after 365 days the cumulative
    loss is the value at risk itself.
    """
    question, risk = results.summary.question, results.evidence.revenue_at_risk
    horizon_days, silences = question.horizon_days, results.silences()
    everybody = ShopAhead.of(
        results.scored().reset_index(drop=True),
        results.customers,
        horizon_days,
        margin=results.summary.settings.money.margin,
        survival=None,
    )
    survival = past_survival(silences, horizon_days, returning=False)
    shop = everybody.only(everybody.recency_days <= horizon_days, survival)
    ahead = months_after(question.cutoff, len(results.evidence.outlook.months))
    days = [ahead[0].start_days, *(month.end_days for month in ahead)]
    active = [float(shop.active(one).sum()) for one in days]
    active_now = len(shop.p_churn)
    months = tuple(
        _month(label.label, pair, active_now, share, risk)
        for label, pair, share in zip(ahead, pairwise(active), pairwise(_spread(shop, days)), strict=True)
    )
    return LossPath(
        months=months,
        active_now=active_now,
        no_money=risk.reason if isinstance(risk, Missing) else None,
        words=_words(months, active_now, survival, days[-1] - horizon_days, results),
    )


def _spread(shop: ShopAhead, days: list[float]) -> list[float]:
    """Share (0 to 1) of the year's loss that has come by each day."""
    year = float((shop.p_churn * shop.lost_with(YEAR_DAYS)).sum())
    by_day = [float((shop.p_churn * shop.lost_with(one)).sum()) if one > 0 else 0.0 for one in days]
    shares = np.maximum.accumulate(by_day) / year if year > 0 else np.zeros(len(days))
    return [float(min(share, 1.0)) for share in shares]


def _month(
    label: str,
    active: tuple[float, float],
    active_now: int,
    of_risk: tuple[float, float],
    risk: Found[Estimate] | Missing,
) -> MonthLost:
    before, after = active
    value = risk.value if isinstance(risk, Found) else None
    total, low, high = (math.nan, None, None) if value is None else (value.value, value.low, value.high)
    return MonthLost(
        month=label,
        active_customers=after,
        churn_rate=1 - after / before if before > 0 else 0.0,
        left_share=1 - after / active_now if active_now else 0.0,
        loss=total * (of_risk[1] - of_risk[0]),
        cumulative=total * of_risk[1],
        cumulative_low=math.nan if low is None else low * of_risk[1],
        cumulative_high=math.nan if high is None else high * of_risk[1],
    )


def _words(
    months: tuple[MonthLost, ...],
    active_now: int,
    survival: PastSurvival | None,
    beyond_days: float,
    results: Results,
) -> tuple[str, ...]:
    """``beyond_days``: how far the months reach beyond the threshold."""
    first, last, risk = months[0], months[-1], results.evidence.revenue_at_risk
    told = [
        f"Of the {figures.count(active_now)} customers active now, {figures.percent(last.left_share)} are expected to be"
        f" silent for more than {figures.days(results.horizon_days)} at the end of {figures.month(last.month)}. They become"
        f" {figures.percent(first.churn_rate)} fewer in {figures.month(first.month)} and"
        f" {figures.percent(last.churn_rate)} fewer in {figures.month(last.month)}."
    ]
    if survival is not None and beyond_days > 0:
        reach = min(float(survival.days[-1]), beyond_days)
        left = figures.count(100 * survival.at(reach))
        told.append(
            "Who comes back counts as active again. That is counted on this shop's past dates: of 100 customers who were"
            f" still active one threshold after a date, {left} were active another {figures.days(reach)} later."
        )
    if isinstance(risk, Missing):
        return (*told, risk.reason)
    lost, whole = (
        figures.short_money(value, results.currency) for value in (last.cumulative, risk.value.value)
    )
    return (*told, f"With those who leave, {lost} is lost by then, of {whole} at risk over 365 days.")

"""The customer's own rhythm, and what changed lately."""

from __future__ import annotations

import numpy as np

from churnkit.explain.facts import Facts
from churnkit.explain.sentence_values import now_against_before
from churnkit.explain.sentences.statement import (
    LOYALTY,
    RISK,
    Condition,
    Statement,
    contradicting,
    said,
    unknown,
)

_LAST = r"gap_last_days|gap_trend"
_USUAL = r"gap_(mean|max|min)_days"
_SPREAD = r"gap_cv|gap_std_days|gap_max_days"
_ANY_GAP = r"gap_.*"


def _with_rhythm(condition: Condition) -> Condition:
    return lambda facts: facts.has_rhythm & condition(facts)


def _without_rhythm(condition: Condition) -> Condition:
    return lambda facts: ~facts.has_rhythm & condition(facts)


def _last_gap_longer(facts: Facts) -> np.ndarray:
    return facts["gap_last_days"] >= 1.25 * facts["gap_mean_days"]


def _last_gap_shorter(facts: Facts) -> np.ndarray:
    return facts["gap_last_days"] <= 0.8 * facts["gap_mean_days"]


def _long_gaps(facts: Facts) -> np.ndarray:
    return facts.above("gap_mean_days")


def _short_gaps(facts: Facts) -> np.ndarray:
    return facts.below("gap_mean_days")


def _irregular(facts: Facts) -> np.ndarray:
    return facts.above("gap_cv") & (facts.shown("gap_max_days") > facts.shown("gap_min_days"))


RHYTHM = (
    said(
        RISK,
        _LAST,
        _with_rhythm(_last_gap_longer),
        "Came back only after {gap_last_days} last time; {gap_mean_days} is usual",
    ),
    said(
        RISK,
        _USUAL,
        _with_rhythm(_long_gaps),
        "Buys only every {gap_mean_days}; the typical customer every {typical_gap_mean_days}",
    ),
    said(
        RISK,
        _SPREAD,
        _with_rhythm(_irregular),
        "Buys at irregular intervals: from {gap_min_days} to {gap_max_days}",
    ),
    said(
        RISK,
        _ANY_GAP,
        _without_rhythm(_long_gaps),
        "Took {gap_mean_days} to come back after the first purchase",
    ),
    said(
        LOYALTY,
        _LAST,
        _with_rhythm(_last_gap_shorter),
        "Came back after {gap_last_days} last time; {gap_mean_days} is usual",
    ),
    said(
        LOYALTY,
        _USUAL,
        _with_rhythm(_short_gaps),
        "Buys every {gap_mean_days}; the typical customer every {typical_gap_mean_days}",
    ),
    said(
        LOYALTY,
        _SPREAD,
        _with_rhythm(lambda facts: facts.below("gap_cv")),
        "Buys regularly, about every {gap_mean_days}",
    ),
    said(
        LOYALTY,
        _ANY_GAP,
        _without_rhythm(_short_gaps),
        "Came back {gap_mean_days} after the first purchase",
    ),
    contradicting(_ANY_GAP, "{gap_mean_days} between purchases on average"),
    unknown("Too few orders to know a rhythm"),
)

_SOME_TIMES = 1.9


def _now_against_before(trend: str, amount: str, low: float, high: float) -> Condition:
    """Where a / b, rounded as it is written, lies in (low, high], and the amount of late is no net return."""

    def condition(facts: Facts) -> np.ndarray:
        ratio = np.round(now_against_before(facts[trend]), 2)
        return (ratio > low) & (ratio <= high) & (facts[amount] > 0)

    return condition


def _changed(what: str, verb: str, more: str, days: int) -> tuple[Statement, ...]:
    """Less, more, or several times as much in the last ``days`` days as before; nothing at all is left to recency."""
    trend, amount = f"{what}_trend_{days}d", f"{what}_{days}d"
    change = f"{verb} {{{trend}:change}}{more} in the last {days} days than in the {days} before"
    times = f"{verb} {{{trend}:times}} as {more.strip() or 'much'} in the last {days} days as in the {days} before"
    return (
        said(RISK, trend, _now_against_before(trend, amount, 0.0, 0.99), change),
        said(LOYALTY, trend, _now_against_before(trend, amount, 1.0, _SOME_TIMES), change),
        said(LOYALTY, trend, _now_against_before(trend, amount, _SOME_TIMES, 1e6), times),
        said(
            LOYALTY,
            trend,
            lambda facts: (facts[trend] == 1) & (facts["tenure_days"] > 2 * days) & (facts[amount] > 0),
            f"Buys again: active in the last {days} days, not in the {days} before",
        ),
    )


_LAST_ORDER = "last_order_value_ratio"

TREND = (
    *_changed("spend", "Spent", "", 90),
    *_changed("spend", "Spent", "", 180),
    *_changed("orders", "Ordered", " often", 90),
    *_changed("orders", "Ordered", " often", 180),
    said(
        RISK,
        _LAST_ORDER,
        lambda facts: facts[_LAST_ORDER] < 0.95,
        "Last order was only {last_order_value}; {monetary_mean} is usual",
    ),
    said(
        LOYALTY,
        _LAST_ORDER,
        lambda facts: facts[_LAST_ORDER] > 1.05,
        "Last order was {last_order_value}; {monetary_mean} is usual",
    ),
    contradicting(r"spend_trend_\d+d", "Spent {spend_90d} in the last 90 days"),
    contradicting(r"orders_trend_\d+d", "{orders_90d:order} in the last 90 days"),
    contradicting(_LAST_ORDER, "Last order was {last_order_value}"),
    unknown("The change of late"),
)

"""When the customer last bought, how often, and since when."""

from __future__ import annotations

import numpy as np

from churnkit.explain.facts import Facts
from churnkit.explain.sentences.statement import (
    LOYALTY,
    RISK,
    Statement,
    contradicting,
    higher,
    lower,
    said,
    unknown,
)

_COUNTED = (
    r"order_count.*|repeat_.*|purchase_days|months_active|active_month_share|line_count|orders_per_month"
)
# Where there is one purchase, none of late, or an end to many, much else counts as recency.
_AWAY = (
    r"recency_.*|overdue_.*|p_alive|btyd_.*|tenure_days|t_x_days|.*_trend_\d+d|last_order_value_ratio"
    rf"|(orders|lines|spend)_(decay_)?\d{{3,}}d|{_COUNTED}"
)
_FRESH = r"(orders|lines|spend)_(decay_)?\d+d"
# Few in any shop where the typical customer has no fewer.
_FEW = 2


def _on_time(facts: Facts) -> np.ndarray:
    return facts.has_rhythm & (facts.shown("recency_days") <= facts.shown("gap_mean_days"))


def _later_than_last_time(facts: Facts) -> np.ndarray:
    return ~facts.has_rhythm & (facts.shown("recency_days") > facts.shown("gap_last_days"))


def _few_orders(facts: Facts) -> np.ndarray:
    few: np.ndarray = (facts["order_count"] == _FEW) & ~facts.above("order_count")
    return few


def _one_order(facts: Facts) -> np.ndarray:
    one: np.ndarray = facts["order_count"] == 1
    return one


RECENCY = (
    said(
        RISK,
        _AWAY,
        lambda facts: facts.overdue,
        "Has not bought for {recency_days}; usually buys every {gap_mean_days}",
    ),
    said(
        RISK,
        _AWAY,
        _later_than_last_time,
        "Has not bought for {recency_days}; last time came back after {gap_last_days}",
    ),
    said(
        RISK,
        _AWAY,
        lambda facts: facts.above("recency_days") & facts.well_above("recency_days"),
        "Has not bought for {recency_days}; the typical customer bought {typical_recency_days:ago}",
    ),
    higher(RISK, _AWAY, "recency_days", "Has not bought for {recency_days}"),
    said(
        RISK,
        _FRESH,
        lambda facts: facts.below("orders_90d") & (facts["orders_90d"] == 0),
        "No order in the last 90 days; the typical customer has {typical_orders_90d}",
    ),
    said(
        RISK,
        _FRESH,
        lambda facts: facts.below("orders_90d") & (facts["orders_90d"] > 0),
        "Only {orders_90d:order} in the last 90 days; the typical customer has {typical_orders_90d}",
    ),
    said(LOYALTY, _AWAY, _on_time, "Bought {recency_days:ago}; usually buys every {gap_mean_days}"),
    said(
        LOYALTY,
        _AWAY,
        lambda facts: facts.below("recency_days") & facts.well_below("recency_days"),
        "Bought {recency_days:ago}; the typical customer {typical_recency_days:ago}",
    ),
    lower(LOYALTY, _AWAY, "recency_days", "Bought {recency_days:ago}"),
    higher(
        LOYALTY,
        _FRESH,
        "orders_90d",
        "{orders_90d:order} in the last 90 days; the typical customer has {typical_orders_90d:none}",
    ),
    contradicting(_AWAY, "Bought {recency_days:ago}"),
    contradicting(_FRESH, "{orders_90d:order} in the last 90 days"),
    unknown("The time since the last purchase"),
)

# The purchase process counts here where it means the number, and so does what else one order says.
_NUMBER = rf"{_COUNTED}|p_alive|btyd_.*|(orders|lines|spend)_(decay_)?\d\d?d"
_LONG = r"(orders|lines)_(decay_)?\d{3,}d"
_RHYTHM = r"gap_.*"


def _in_window(days: int, span: str) -> tuple[Statement, ...]:
    """Orders in a long window; a window without any counts as time away."""
    orders, features = f"orders_{days}d", rf"(orders|lines)_(decay_)?{days}d"
    ordered = f"{{{orders}:order}} in the last {span}"
    return (
        said(
            RISK,
            features,
            lambda facts: facts.below(orders) & (facts[orders] > 0),
            f"Only {ordered}; the typical customer has {{typical_{orders}}}",
        ),
        higher(LOYALTY, features, orders, f"{ordered}; the typical customer has {{typical_{orders}:none}}"),
        contradicting(features, ordered),
    )


FREQUENCY = (
    said(RISK, rf"{_NUMBER}|{_LONG}", _one_order, "Only 1 order so far"),
    said(RISK, _RHYTHM, _one_order, "Only 1 order so far: too few to know a rhythm"),
    said(
        RISK,
        _RHYTHM,
        lambda facts: (facts["order_count"] > 1) & (facts["purchase_days"] == 1),
        "All {order_count:order} on one day: too few to know a rhythm",
    ),
    said(
        RISK,
        _NUMBER,
        lambda facts: facts.below("order_count") & (facts["order_count"] > 1),
        "Only {order_count:order} so far; the typical customer has {typical_order_count}",
    ),
    said(RISK, rf"{_NUMBER}|{_LONG}", _few_orders, "Only {order_count:order} so far"),
    higher(
        LOYALTY,
        _NUMBER,
        "order_count",
        "{order_count:order} so far; the typical customer has {typical_order_count}",
    ),
    *_in_window(180, "180 days"),
    *_in_window(365, "12 months"),
    contradicting(_NUMBER, "{order_count:order} so far"),
    contradicting(_LONG, "{order_count:order} so far"),
    contradicting(_RHYTHM, "{order_count:order} so far: too few to know a rhythm"),
    unknown("The number of orders"),
)

_SINCE = rf"{_AWAY}|{_FRESH}"
_NEW_DAYS = 90

LIFETIME = (
    said(
        RISK,
        _SINCE,
        lambda facts: facts.well_below("tenure_days") & (facts["tenure_days"] <= _NEW_DAYS),
        "New customer: first bought {tenure_days:span} ago",
    ),
    said(
        RISK,
        _SINCE,
        lambda facts: facts.well_below("tenure_days") & (facts["tenure_days"] > _NEW_DAYS),
        "First bought only {tenure_days:span} ago; the typical customer {typical_tenure_days:span} ago",
    ),
    said(
        LOYALTY,
        _SINCE,
        lambda facts: facts.well_above("tenure_days"),
        "Customer for {tenure_days:span}; the typical customer for {typical_tenure_days:span}",
    ),
    contradicting(_SINCE, "First bought {tenure_days:span} ago"),
    unknown("The time as a customer"),
)

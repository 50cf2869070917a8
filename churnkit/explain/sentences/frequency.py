"""How often the customer buys: the number of orders, those of late, and the own rhythm."""

from __future__ import annotations

import numpy as np

from churnkit.explain.facts import Facts
from churnkit.explain.sentences.statement import (
    ANY,
    LOYALTY,
    RISK,
    Condition,
    Statement,
    bare,
    higher,
    lower,
    said,
    unremarkable,
)

_NUMBER = (
    r"order_count.*|repeat_.*|purchase_days|months_active|active_month_share|line_count|orders_per_month"
    r"|p_alive|btyd_.*"
)
_LAST = r"gap_last_days|gap_trend"
_USUAL = r"gap_(mean|max|min)_days"
_SPREAD = r"gap_cv|gap_std_days|gap_max_days"
_ANY_GAP = r"gap_.*"
# Few in any shop where the typical customer has no more.
_FEW = 2


def _few_as_most(facts: Facts) -> np.ndarray:
    orders = facts["order_count"]
    few: np.ndarray = (orders <= _FEW) & (orders == facts.typical("order_count"))
    return few


def _all_on_one_day(facts: Facts) -> np.ndarray:
    one_day: np.ndarray = (facts["order_count"] > 1) & (facts["purchase_days"] == 1)
    return one_day


def _with_rhythm(condition: Condition) -> Condition:
    return lambda facts: facts.has_rhythm & condition(facts)


def _without_rhythm(condition: Condition) -> Condition:
    return lambda facts: ~facts.has_rhythm & condition(facts)


def _in_window(days: int, span: str, short: str) -> tuple[Statement, ...]:
    """Orders in a window, ``short`` for those inside it that say the same; a window without any is time away."""
    orders, features = f"orders_{days}d", rf"(orders|lines)_(decay_)?({short})d"
    ordered = f"{{{orders}:order}} in the last {span}; the typical customer has {{typical_{orders}:none}}"
    return (
        said(
            RISK,
            features,
            lambda facts: facts.well_below(orders) & (facts[orders] > 0),
            f"Only {ordered}",
        ),
        higher(LOYALTY, features, orders, ordered),
    )


def _changed(days: int, features: str) -> tuple[Statement, ...]:
    """Fewer or more orders than before, beside the shop's where it points the same way."""
    now, before = f"orders_{days}d", f"orders_before_{days}d"
    own = f"{{{now}:order}} in the last {days} days, {{{before}:none}} in the {days} before"
    shop = f"{own}; the typical customer has {{typical_{now}}}"

    def fewer(facts: Facts) -> np.ndarray:
        return facts[before] >= 1.25 * facts[now]

    def more(facts: Facts) -> np.ndarray:
        return facts[before] <= 0.8 * facts[now]

    return (
        said(RISK, features, lambda facts: fewer(facts) & facts.below(now), shop),
        said(RISK, features, fewer, own),
        said(LOYALTY, features, lambda facts: more(facts) & facts.above(now), shop),
        said(LOYALTY, features, more, own),
    )


_TO_DATE = "{order_count:order} so far; the typical customer has {typical_order_count}"
_OFTEN = "every {gap_mean_days}; the typical customer every {typical_gap_mean_days}"
_CAME_BACK = "{gap_last_days} last time; {gap_mean_days} is usual"
_AFTER_FIRST = (
    "{gap_mean_days} after the first purchase; the typical customer buys every {typical_gap_mean_days}"
)

_RHYTHM = (
    said(
        RISK,
        _LAST,
        _with_rhythm(lambda facts: facts["gap_last_days"] >= 1.25 * facts["gap_mean_days"]),
        f"Came back only after {_CAME_BACK}",
    ),
    said(RISK, _USUAL, _with_rhythm(lambda facts: facts.well_above("gap_mean_days")), f"Buys only {_OFTEN}"),
    said(
        RISK,
        _SPREAD,
        _with_rhythm(lambda facts: facts.above("gap_cv") & facts.well_above("gap_max_days")),
        "Once stayed away for {gap_max_days} between two purchases; the typical customer for"
        " {typical_gap_max_days}",
    ),
    said(
        RISK,
        _ANY_GAP,
        _without_rhythm(lambda facts: facts.well_above("gap_mean_days")),
        f"Came back only {_AFTER_FIRST}",
    ),
    said(
        LOYALTY,
        _LAST,
        _with_rhythm(lambda facts: facts["gap_last_days"] <= 0.8 * facts["gap_mean_days"]),
        f"Came back after {_CAME_BACK}",
    ),
    said(LOYALTY, _USUAL, _with_rhythm(lambda facts: facts.well_below("gap_mean_days")), f"Buys {_OFTEN}"),
    said(
        LOYALTY,
        _SPREAD,
        _with_rhythm(lambda facts: facts.below("gap_cv") & facts.well_below("gap_max_days")),
        "Never stayed away for more than {gap_max_days}; the typical customer for {typical_gap_max_days}",
    ),
    said(
        LOYALTY,
        _ANY_GAP,
        _without_rhythm(lambda facts: facts.well_below("gap_mean_days")),
        f"Came back {_AFTER_FIRST}",
    ),
)

FREQUENCY = (
    said(RISK, ANY, _all_on_one_day, "All {order_count:order} on one day: too few to know a rhythm"),
    lower(RISK, rf"{_NUMBER}|{_ANY_GAP}", "order_count", f"Only {_TO_DATE}"),
    said(RISK, _NUMBER, _few_as_most, "Only {order_count:order} so far; the typical customer has no more"),
    higher(LOYALTY, _NUMBER, "order_count", _TO_DATE),
    *_changed(90, r"orders_trend_90d|orders_(decay_)?(30|60|90)d"),
    *_changed(180, "orders_trend_180d"),
    *_in_window(90, "90 days", "30|60|90"),
    *_in_window(180, "180 days", "180"),
    *_in_window(365, "12 months", "365"),
    *_RHYTHM,
    *unremarkable(_ANY_GAP, "gap_mean_days", RISK, f"Usually buys {_OFTEN}"),
    *unremarkable(ANY, "order_count", LOYALTY, _TO_DATE),
    bare(ANY, "{order_count:order} so far"),
)

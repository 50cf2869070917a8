"""When the customer last bought, and since when."""

from __future__ import annotations

import numpy as np

from churnkit.explain.facts import Facts
from churnkit.explain.sentences.statement import (
    ANY,
    LOYALTY,
    RISK,
    bare,
    higher,
    lower,
    said,
    unremarkable,
)


def _well_overdue(facts: Facts) -> np.ndarray:
    late: np.ndarray = facts.has_rhythm & (facts["recency_days"] >= 1.25 * facts["gap_mean_days"])
    return late


def _on_time(facts: Facts) -> np.ndarray:
    return facts.has_rhythm & (facts.shown("recency_days") <= facts.shown("gap_mean_days"))


def _later_than_last_time(facts: Facts) -> np.ndarray:
    return ~facts.has_rhythm & (facts["recency_days"] >= 1.25 * facts["gap_last_days"])


_LAST = "Last purchase {recency_days:ago}"
_OWN_GAP = f"{_LAST}; usually buys every {{gap_mean_days}}"
_SHOP = f"{_LAST}; the typical customer {{typical_recency_days:ago}}"

RECENCY = (
    said(RISK, ANY, _well_overdue, _OWN_GAP),
    said(RISK, ANY, _later_than_last_time, f"{_LAST}; last time came back after {{gap_last_days}}"),
    higher(RISK, ANY, "recency_days", _SHOP),
    said(LOYALTY, ANY, _on_time, _OWN_GAP),
    lower(LOYALTY, ANY, "recency_days", _SHOP),
    *unremarkable(ANY, "recency_days", RISK, _SHOP),
    bare(ANY, _LAST),
)

_NEW_DAYS = 90


def _seldom_for_so_long(facts: Facts) -> np.ndarray:
    """A long time as a customer speaks for leaving where the orders are thinly spread over it."""
    pace = facts["order_count"] * facts.typical("tenure_days")
    typical_pace = facts.typical("order_count") * facts["tenure_days"]
    seldom: np.ndarray = facts.above("tenure_days") & (pace <= 0.8 * typical_pace)
    return seldom


_TYPICAL = "; the typical customer {typical_tenure_days:span} ago"

LIFETIME = (
    said(
        RISK,
        ANY,
        lambda facts: facts.well_below("tenure_days") & (facts["tenure_days"] <= _NEW_DAYS),
        f"New customer: first bought {{tenure_days:span}} ago{_TYPICAL}",
    ),
    said(
        RISK,
        ANY,
        _seldom_for_so_long,
        "Only {order_count:order} in {tenure_days:span}; the typical customer {typical_order_count} in"
        " {typical_tenure_days:span}",
    ),
    lower(RISK, ANY, "tenure_days", f"First bought only {{tenure_days:span}} ago{_TYPICAL}"),
    higher(
        LOYALTY,
        ANY,
        "tenure_days",
        "Customer for {tenure_days:span}; the typical customer for {typical_tenure_days:span}",
    ),
    *unremarkable(ANY, "tenure_days", LOYALTY, f"First bought {{tenure_days:span}} ago{_TYPICAL}"),
    bare(ANY, "First bought {tenure_days:span} ago"),
)

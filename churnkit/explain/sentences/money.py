"""What the customer spends, and at which prices."""

from __future__ import annotations

import numpy as np

from churnkit.explain.facts import Facts
from churnkit.explain.sentences.statement import (
    ANY,
    LOYALTY,
    RISK,
    Statement,
    bare,
    higher,
    lower,
    said,
    unremarkable,
)

_TOTAL = r"monetary_total.*|gross_total|spend_(\d|decay_|per_).*|btyd_expected_spend"
_EACH = r"monetary_mean.*|order_value_.*|last_order_value|btyd_order_value"
_LAST_ORDER = r"last_order_value_ratio"
_REDUCED_ORDERS = r"discount_order_share"
_REDUCTION = r"discount_(share|total)"
_MOSTLY = 0.5


def _changed(days: int) -> tuple[Statement, ...]:
    """Spent less or more than before; nothing at all is time away."""
    now, before, features = f"spend_{days}d", f"spend_before_{days}d", rf"spend_trend_{days}d"
    template = f"Spent {{{now}}} in the last {days} days, {{{before}}} in the {days} before"

    def less(facts: Facts) -> np.ndarray:
        fell: np.ndarray = (facts[now] > 0) & (facts[before] >= 1.25 * facts[now])
        return fell

    def more(facts: Facts) -> np.ndarray:
        rose: np.ndarray = (facts[before] > 0) & (facts[before] <= 0.8 * facts[now])
        return rose

    return said(RISK, features, less, template), said(LOYALTY, features, more, template)


_IN_ALL = "{monetary_total}; the typical customer {typical_monetary_total}"
_AN_ORDER = "{monetary_mean} an order; the typical customer {typical_monetary_mean}"
_REDUCED = "{discount_order_share} of orders; the typical customer {typical_discount_order_share}"
_OFF = "{discount_share} off on average; the typical customer {typical_discount_share}"
_USUAL = "{last_order_value}; {monetary_mean} is usual"

MONEY = (
    said(
        RISK,
        ANY,
        lambda facts: (facts.shown("monetary_total") <= 0) & (facts["gross_total"] > 0),
        "Has returned all of the {gross_total} bought",
    ),
    said(
        RISK,
        _TOTAL,
        lambda facts: facts.well_below("monetary_total") & (facts.shown("monetary_total") > 0),
        f"Has spent only {_IN_ALL}",
    ),
    lower(RISK, _EACH, "monetary_mean", f"Spends only {_AN_ORDER}"),
    higher(LOYALTY, _TOTAL, "monetary_total", f"Has spent {_IN_ALL}"),
    higher(LOYALTY, _EACH, "monetary_mean", f"Spends {_AN_ORDER}"),
    *_changed(90),
    *_changed(180),
    said(RISK, _LAST_ORDER, lambda facts: facts[_LAST_ORDER] <= 0.8, f"Last order was only {_USUAL}"),
    said(LOYALTY, _LAST_ORDER, lambda facts: facts[_LAST_ORDER] >= 1.25, f"Last order was {_USUAL}"),
    said(
        RISK,
        _REDUCED_ORDERS,
        lambda facts: facts.well_above("discount_order_share") & (facts["discount_order_share"] >= _MOSTLY),
        f"Buys mostly with a discount: {_REDUCED}",
    ),
    higher(RISK, _REDUCTION, "discount_share", f"Buys at {_OFF}"),
    lower(LOYALTY, _REDUCED_ORDERS, "discount_order_share", f"Seldom needs a discount: {_REDUCED}"),
    lower(LOYALTY, _REDUCTION, "discount_share", f"Buys at only {_OFF}"),
    *unremarkable(_EACH, "monetary_mean", LOYALTY, f"Spends {_AN_ORDER}"),
    *unremarkable(_REDUCED_ORDERS, "discount_order_share", RISK, f"A discount on {_REDUCED}"),
    *unremarkable(_REDUCTION, "discount_share", RISK, f"Buys at {_OFF}"),
    *unremarkable(ANY, "monetary_total", LOYALTY, f"Has spent {_IN_ALL}"),
    bare(ANY, "Has spent {monetary_total} so far"),
)

"""What the customer spends, buys and returns, at which prices and when."""

from __future__ import annotations

import numpy as np

from churnkit.explain.facts import Facts
from churnkit.explain.sentences.statement import (
    EITHER,
    LOYALTY,
    RISK,
    Condition,
    contradicting,
    higher,
    lower,
    said,
    unknown,
)

_MOSTLY = 0.5
_SELDOM = 0.2

_TOTAL = r"monetary_total.*|gross_total|spend_.*|btyd_expected_spend"
_EACH = r"monetary_mean.*|order_value_.*|last_order_value|btyd_order_value"

MONEY = (
    said(
        RISK,
        _TOTAL,
        lambda facts: facts.shown("monetary_total") <= 0,
        "Has returned all that was bought, by value",
    ),
    said(
        RISK,
        _TOTAL,
        lambda facts: facts.below("monetary_total") & (facts.shown("monetary_total") > 0),
        "Has spent only {monetary_total}; the typical customer {typical_monetary_total}",
    ),
    lower(
        RISK,
        _EACH,
        "monetary_mean",
        "Spends only {monetary_mean} an order; the typical customer {typical_monetary_mean}",
    ),
    higher(
        LOYALTY,
        _TOTAL,
        "monetary_total",
        "Has spent {monetary_total}; the typical customer {typical_monetary_total}",
    ),
    higher(
        LOYALTY,
        _EACH,
        "monetary_mean",
        "Spends {monetary_mean} an order; the typical customer {typical_monetary_mean}",
    ),
    contradicting(_TOTAL, "Has spent {monetary_total} so far"),
    contradicting(_EACH, "Spends {monetary_mean} an order"),
    unknown("The amount spent"),
)


def _share_at_least(name: str, share: float) -> Condition:
    return lambda facts: facts[name] >= share


def _share_at_most(name: str, share: float) -> Condition:
    return lambda facts: facts[name] <= share


def _has_category(facts: Facts) -> np.ndarray:
    return facts.has_category


_VARIETY = r"product_count|products_per_order|category_count|new_products_last_order"
_AGAIN = r"repeat_lines|repeat_product_share|product_lines"
_SIZE = r"lines_per_order|quantity_.*"
_TASTE = r"product_factor_\d+"
_FAVOURITE = r"favourite_.*"

PRODUCTS = (
    lower(
        RISK,
        _VARIETY,
        "product_count",
        "Has bought only {product_count:different product}; the typical customer {typical_product_count}",
    ),
    lower(
        RISK,
        _AGAIN,
        "repeat_product_share",
        "Seldom buys the same product again ({repeat_product_share} of items); the typical customer"
        " {typical_repeat_product_share}",
    ),
    lower(
        RISK,
        _SIZE,
        "lines_per_order",
        "Small orders: {lines_per_order} items each; the typical customer {typical_lines_per_order}",
    ),
    higher(
        LOYALTY,
        _VARIETY,
        "product_count",
        "Has bought {product_count:different product}; the typical customer {typical_product_count}",
    ),
    higher(
        LOYALTY,
        _AGAIN,
        "repeat_product_share",
        "Buys the same products again ({repeat_product_share} of items); the typical customer"
        " {typical_repeat_product_share}",
    ),
    higher(
        LOYALTY,
        _SIZE,
        "lines_per_order",
        "Large orders: {lines_per_order} items each; the typical customer {typical_lines_per_order}",
    ),
    said(EITHER, _FAVOURITE, _has_category, "Spends most on {favourite_category}"),
    said(EITHER, _TASTE, lambda facts: facts.known("recency_days"), "Buys a certain mix of products"),
    contradicting(_VARIETY, "Has bought {product_count:different product}"),
    contradicting(_AGAIN, "{repeat_product_share} of items are products bought before"),
    contradicting(_SIZE, "{lines_per_order} items an order"),
    unknown("What is bought"),
)

_REDUCED_ORDERS = r"discount_order_share"
_REDUCTION = r"discount_(share|total)"

DISCOUNTS = (
    said(
        RISK,
        _REDUCED_ORDERS,
        _share_at_least("discount_order_share", _MOSTLY),
        "Buys mostly with a discount ({discount_order_share} of orders)",
    ),
    higher(
        RISK,
        _REDUCTION,
        "discount_share",
        "Buys at {discount_share} off on average; the typical customer at {typical_discount_share} off",
    ),
    said(
        LOYALTY,
        _REDUCED_ORDERS,
        _share_at_most("discount_order_share", _SELDOM),
        "Seldom needs a discount ({discount_order_share} of orders)",
    ),
    lower(
        LOYALTY,
        _REDUCTION,
        "discount_share",
        "Buys at only {discount_share} off on average; the typical customer at {typical_discount_share} off",
    ),
    contradicting(_REDUCED_ORDERS, "A discount on {discount_order_share} of orders"),
    contradicting(_REDUCTION, "Buys at {discount_share} off on average"),
    unknown("The discounts received"),
)

_RETURNED = r"refund_.*|return_share"

RETURNS = (
    said(
        RISK,
        _RETURNED,
        lambda facts: facts.shown("return_share") > 0,
        "Returned {return_share} of what was bought, by value",
    ),
    said(LOYALTY, _RETURNED, lambda facts: facts["return_share"] == 0, "Has returned nothing"),
    contradicting(_RETURNED, "Returned {return_share} of what was bought, by value"),
    unknown("The returns"),
)

TIMING = (
    said(
        EITHER,
        "weekend_share",
        _share_at_least("weekend_share", _MOSTLY),
        "Buys mostly at weekends ({weekend_share} of orders)",
    ),
    said(
        EITHER,
        "weekend_share",
        _share_at_most("weekend_share", _SELDOM),
        "Buys mostly on weekdays ({weekend_share} of orders at weekends)",
    ),
    said(
        EITHER,
        "evening_share",
        _share_at_least("evening_share", _MOSTLY),
        "Buys mostly in the evening ({evening_share} of orders)",
    ),
    said(
        EITHER,
        "evening_share",
        _share_at_most("evening_share", _SELDOM),
        "Seldom buys in the evening ({evening_share} of orders)",
    ),
    said(EITHER, "hour_mean", lambda facts: facts.known("hour_mean"), "Orders {hour_mean} on average"),
    contradicting("weekend_share", "{weekend_share} of orders at weekends"),
    contradicting("evening_share", "{evening_share} of orders in the evening"),
    unknown("The day and hour of the orders"),
)

"""What the customer buys and returns, and when."""

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
    neutral,
    said,
    unremarkable,
)

_VARIETY = r"product_count|products_per_order|category_count|new_products_last_order"
_AGAIN = r"repeat_lines|repeat_product_share|product_lines"
_SIZE = r"lines_per_order|quantity_.*"
_FAVOURITE = r"favourite_.*"

_PRODUCTS = "{product_count:different product}; the typical customer {typical_product_count}"
_BOUGHT_BEFORE = "({repeat_product_share} of items); the typical customer {typical_repeat_product_share}"
_ITEMS = "items an order: {lines_per_order}; the typical customer {typical_lines_per_order}"
_MOST = "Spends most on {favourite_category}"

PRODUCTS = (
    lower(RISK, _VARIETY, "product_count", f"Has bought only {_PRODUCTS}"),
    lower(RISK, _AGAIN, "repeat_product_share", f"Seldom buys the same product again {_BOUGHT_BEFORE}"),
    lower(RISK, _SIZE, "lines_per_order", f"Few {_ITEMS}"),
    higher(LOYALTY, _VARIETY, "product_count", f"Has bought {_PRODUCTS}"),
    higher(LOYALTY, _AGAIN, "repeat_product_share", f"Buys the same products again {_BOUGHT_BEFORE}"),
    higher(LOYALTY, _SIZE, "lines_per_order", f"Many {_ITEMS}"),
    neutral(_FAVOURITE, f"{_MOST} ({{favourite_share}} of the money)"),
    *unremarkable(_AGAIN, "repeat_product_share", LOYALTY, f"Products bought before {_BOUGHT_BEFORE}"),
    *unremarkable(ANY, "product_count", LOYALTY, f"Has bought {_PRODUCTS}"),
    bare(_FAVOURITE, _MOST),
    bare(ANY, "Has bought {product_count:different product}"),
)


def _returns_nothing(facts: Facts) -> np.ndarray:
    nothing: np.ndarray = (facts["return_share"] == 0) & (facts.typical("return_share") > 0)
    return nothing


_RETURNED = "Returned {return_share} of what was bought, by value"
_RETURNED_HERE = f"{_RETURNED}; the typical customer {{typical_return_share}}"

RETURNS = (
    said(
        RISK,
        ANY,
        lambda facts: facts.well_above("return_share") & (facts["return_share"] > 0),
        _RETURNED_HERE,
    ),
    said(
        LOYALTY,
        ANY,
        _returns_nothing,
        "Has returned nothing; the typical customer {typical_return_share} of what was bought",
    ),
    *unremarkable(ANY, "return_share", RISK, _RETURNED_HERE),
    bare(ANY, _RETURNED),
)


SEASON = tuple(
    build(features, f"{own}{shop}")
    for features, own, theirs in (
        ("weekend_share", "{weekend_share} of orders at weekends", "{typical_weekend_share}"),
        ("evening_share", "{evening_share} of orders in the evening", "{typical_evening_share}"),
        ("hour_mean", "Orders {hour_mean} on average", "{typical_hour_mean}"),
    )
    for build, shop in ((neutral, f"; the typical customer {theirs}"), (bare, ""))
)

"""Words for the codes that profile and tournament write."""

from __future__ import annotations

from collections.abc import Mapping

from churnkit.results.profile import CheckOutcome, RungName
from churnkit.text.figures import short_money

OUTCOME_WORDS: Mapping[CheckOutcome, str] = {
    "fail": "Problem",
    "warn": "Note",
    "pass": "Fine",
    "not_applicable": "Not in file",
    "skipped": "Too little",
}
COLUMN_WORDS = {
    "customer_id": "Customer",
    "ordered_at": "Date",
    "amount": "Amount",
    "order_id": "Order",
    "product_id": "Product",
    "product_name": "Product name",
    "category": "Category",
    "quantity": "Quantity",
    "unit_price": "Unit price",
    "discount": "Discount",
    "currency": "Currency",
}
RUNG_WORDS: Mapping[RungName, str] = {"models": "Trained models", "btyd": "BG/NBD", "rules": "Simple rules"}
TIER_WORDS = {"high": "High risk", "medium": "Medium risk", "low": "Low risk"}


def axis_money(value: float, currency: str | None) -> str:
    """A round amount at an axis: as short as it can be."""
    return short_money(value, currency).replace(".00", "")

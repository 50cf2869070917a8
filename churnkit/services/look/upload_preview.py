"""What the upload page shows of a file before it is read: its columns, what they may mean, what is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from churnkit.ingest import CONTACT_FIELDS, FIELDS, IDENTITY, MONEY, PRESETS, ColumnInfo, Inspection

# Fields in the order in which a person thinks of an order; the rest is on demand.
MAIN_FIELDS = (
    "customer_id",
    "email",
    "ordered_at",
    "order_id",
    "amount",
    "order_total",
    "quantity",
    "unit_price",
)
MORE_FIELDS = tuple(name for name in FIELDS if name not in MAIN_FIELDS)

FIELD_TITLES = {
    "customer_id": "Customer",
    "email": "E-mail",
    "phone": "Phone",
    "order_id": "Order number",
    "ordered_at": "Order date",
    "time": "Time of day",
    "product_id": "Product number",
    "product_name": "Product name",
    "category": "Category",
    "quantity": "Quantity",
    "unit_price": "Unit price",
    "amount": "Amount of the row",
    "order_total": "Total of the order",
    "order_subtotal": "Subtotal of the order",
    "discount": "Discount",
    "refunded": "Refunded",
    "currency": "Currency",
    "status": "Order status",
    "item_status": "Line status",
    "event_type": "Sale or refund",
    "cancelled": "Cancelled",
    "captured": "Payment taken",
    "customer_name": "Name",
    "first_name": "First name",
    "last_name": "Last name",
    "city": "City",
    "state": "State",
    "zip": "Postcode",
    "country": "Country",
    "channel": "Sales channel",
    "consent": "Consent to be written to",
}


@dataclass(frozen=True)
class FieldChoice:
    """One field of the mapping as the page offers it; ``confidence`` 0..1, None where nothing was suggested."""

    field: str
    title: str
    meaning: str
    column: str | None
    confidence: float | None
    reason: str


def preset_titles() -> dict[str, str]:
    """Names and titles of the shop systems whose exports are known, with a word where no real file proved it."""
    return {
        preset.name: preset.title if preset.proven else f"{preset.title} (not yet proven by a real file)"
        for preset in PRESETS
    }


def field_choices(inspection: Inspection, fields: Sequence[str]) -> list[FieldChoice]:
    """What is preselected for each of ``fields``, and why."""
    suggested = {item.field: item for item in inspection.suggestions}
    choices = []
    for name in fields:
        item = suggested.get(name)
        choices.append(
            FieldChoice(
                name,
                FIELD_TITLES[name],
                FIELDS[name],
                inspection.mapping.columns.get(name),
                item.confidence if item else None,
                item.reason if item else "",
            )
        )
    return choices


def check_mapping(columns: Mapping[str, str], known: Sequence[ColumnInfo]) -> list[str]:
    """What is missing or cannot be in a mapping, in sentences, without reading the file; empty if nothing is."""
    found = []
    if not set(columns) & set(IDENTITY):
        found.append(
            "Choose the column that says who bought: a customer number, an e-mail or a phone number."
        )
    if "ordered_at" not in columns:
        found.append("Choose the column with the order's date.")
    if not set(columns) & set(MONEY):
        found.append(
            "Choose the column with the money: the row's amount, the order's total, or a unit price."
        )
    by_column: dict[str, list[str]] = {}
    for name, column in columns.items():
        if name in CONTACT_FIELDS:
            continue
        by_column.setdefault(column, []).append(FIELD_TITLES[name])
    for column, titles in by_column.items():
        if len(titles) > 1:
            found.append(f"The column “{column}” is chosen twice: {' and '.join(titles)}.")
    looks = {info.name: info for info in known}
    for name in ("ordered_at", *MONEY, "quantity"):
        info = looks.get(columns.get(name, ""))
        if info is not None and info.filled_share == 0:
            found.append(f"{FIELD_TITLES[name]}: the column “{info.name}” is empty.")
    return found

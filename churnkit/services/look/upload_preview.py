"""What the upload page shows of a file before it is read: its columns, what they may mean, what is still open."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from churnkit.errors import ChurnkitError
from churnkit.ingest import FIELDS, IDENTITY, MONEY, PRESETS, ColumnInfo, ColumnMapping, Inspection
from churnkit.store import Store

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
    """Names and titles of the shop systems whose exports are known."""
    return {preset.name: preset.title for preset in PRESETS}


def field_choices(
    inspection: Inspection, saved: ColumnMapping | None, fields: Sequence[str]
) -> list[FieldChoice]:
    """What to preselect for each of ``fields``: the mapping used last time for this header, else the suggestion."""
    suggested = {item.field: item for item in inspection.suggestions}
    choices = []
    for name in fields:
        item = suggested.get(name)
        if saved is not None:
            column, confidence = saved.columns.get(name), None
            reason = "as you chose last time" if column else ""
        else:
            column = inspection.mapping.columns.get(name)
            confidence = item.confidence if item else None
            reason = item.reason if item else ""
        choices.append(FieldChoice(name, FIELD_TITLES[name], FIELDS[name], column, confidence, reason))
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


def open_questions(answer: Inspection | ChurnkitError) -> list[str]:
    """What must be settled before a file can be read with columns that were looked at, in sentences."""
    asked = (answer,) if isinstance(answer, ChurnkitError) else answer.questions
    return [f"{one.message} {one.remedy}" for one in asked]


def header_hash(inspection: Inspection) -> str:
    """A fingerprint of the file's header, by which a mapping is found again."""
    names = [info.name for info in inspection.columns]
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()


def saved_mapping(store: Store, inspection: Inspection) -> ColumnMapping | None:
    """The mapping used last for a file with this header, if its columns are all there."""
    known = store.mappings.of_header(header_hash(inspection))
    if known is None:
        return None
    columns = {info.name for info in inspection.columns}
    mapped = {name: column for name, column in known.items() if name in FIELDS and column in columns}
    return ColumnMapping(mapped) if mapped else None


def save_choice(store: Store, inspection: Inspection, mapping: ColumnMapping) -> None:
    """Keep a mapping for the next file with this header."""
    store.mappings.save(header_hash(inspection), dict(mapping.columns), used_at=datetime.now(UTC))

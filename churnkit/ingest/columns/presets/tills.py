"""Tills: Square, Lightspeed, SumUp."""

from __future__ import annotations

from churnkit.ingest.columns.export_rules import Preset, Rules

_SQUARE = {
    "customer_id": ("Customer ID",),
    "order_id": ("Transaction ID",),
    "ordered_at": ("Date",),
    "time": ("Time",),
    "amount": ("Net Sales",),
    "event_type": ("Event Type",),
    "status": ("Transaction Status",),
}

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="square_transactions",
        title="Square transactions",
        fingerprint=(
            "Date",
            "Time",
            "Gross Sales",
            "Net Sales",
            "Total Collected",
            "Transaction ID",
            "Event Type",
        ),
        columns={**_SQUARE, "discount": ("Discounts",), "refunded": ("Partial Refunds",)},
        rules=Rules(zone_column="Time Zone"),
        notes=("Money is net sales: without tax, tips and gift cards.",),
    ),
    Preset(
        name="square_items",
        title="Square items",
        fingerprint=("Date", "Time", "Item", "Qty", "Gross Sales", "Net Sales", "Transaction ID"),
        columns={
            **_SQUARE,
            "product_id": ("SKU",),
            "product_name": ("Item",),
            "category": ("Category",),
            "quantity": ("Qty",),
            "discount": ("Discounts",),
        },
        rules=Rules(zone_column="Time Zone"),
        notes=("Money is net sales: without tax and tips.",),
    ),
)

"""Shopify: its own export of orders, and that of the app Matrixify."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from churnkit.ingest.cells import StatusClass
from churnkit.ingest.columns.export_rules import Preset, Rules

_SHOPIFY_STATUSES: Mapping[str, StatusClass] = MappingProxyType(
    {
        "paid": "keep",
        "partially_paid": "keep",
        "partially paid": "keep",
        "partially_refunded": "keep",
        "partially refunded": "keep",
        "refunded": "cancelled",
        "voided": "cancelled",
    }
)
_SHOPIFY_ORDER = {
    # Written by the source for shops whose plan shows no addresses.
    "customer_id": ("Customer ID",),
    "email": ("Email",),
    "phone": ("Phone", "Billing Phone"),
    "order_id": ("Name",),
    "ordered_at": ("Created at", "Paid at"),
    "refunded": ("Refunded Amount",),
    "currency": ("Currency",),
    "status": ("Financial Status",),
    "cancelled": ("Cancelled at",),
}
# Tips are lines in the shop's language, and no part of Subtotal.
_TIPS = frozenset(
    ("tip", "trinkgeld", "pourboire", "propina", "mancia", "gorjeta", "fooi", "dricks", "drikkepenge")
)
# Orders taken by telephone or at the door often have the number there alone.
_OTHER_PHONES = ("Billing Phone", "Shipping Phone")
_SHOPIFY_NOTE = "Shopify states no date for refunds: they are taken off the order, at the order's own date."

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="shopify",
        title="Shopify orders",
        fingerprint=("Name", "Financial Status", "Lineitem quantity", "Lineitem price"),
        columns={
            **_SHOPIFY_ORDER,
            "product_id": ("Lineitem sku",),
            "product_name": ("Lineitem name",),
            "quantity": ("Lineitem quantity",),
            "unit_price": ("Lineitem price",),
            "discount": ("Discount Amount",),
            "order_subtotal": ("Subtotal",),
        },
        rules=Rules(
            first_row_only=True,
            once_per_order=frozenset({"discount", "refunded", "order_subtotal"}),
            tip_names=_TIPS,
            status_words=_SHOPIFY_STATUSES,
            other_phones=_OTHER_PHONES,
        ),
        notes=(
            "Money is the lines' value less their share of the order's discount, so that an order comes to its Subtotal;"
            " shipping, tips and taxes are left out.",
            _SHOPIFY_NOTE,
        ),
    ),
    Preset(
        name="shopify_totals",
        title="Shopify orders without lines",
        fingerprint=("Name", "Financial Status", "Created at", "Total"),
        without=("Lineitem price",),
        columns={**_SHOPIFY_ORDER, "order_total": ("Total",)},
        rules=Rules(
            first_row_only=True,
            once_per_order=frozenset({"order_total", "refunded"}),
            status_words=_SHOPIFY_STATUSES,
            other_phones=_OTHER_PHONES,
        ),
        notes=("Money is the order's total with shipping and taxes.", _SHOPIFY_NOTE),
    ),
    Preset(
        name="matrixify",
        title="Shopify orders by Matrixify",
        fingerprint=(
            "Name",
            "Line: Type",
            "Line: Quantity",
            "Processed At|Created At",
            "Customer: Email|Email",
        ),
        columns={
            "customer_id": ("Customer: ID",),
            "email": ("Email", "Customer: Email"),
            "phone": ("Phone", "Customer: Phone"),
            "order_id": ("Name", "ID"),
            "ordered_at": ("Processed At", "Created At"),
            "product_id": ("Line: SKU", "Line: Variant SKU", "Line: Product ID"),
            "product_name": ("Line: Title", "Line: Name"),
            "quantity": ("Line: Quantity",),
            "amount": ("Line: Total",),
            "currency": ("Currency",),
            "status": ("Payment: Status",),
            "cancelled": ("Cancelled At",),
            "event_type": ("Line: Type",),
        },
        totals={
            "unit_price": ("Line: Price",),
            "discount": ("Line: Discount",),
            "order_total": ("Price: Total Line Items", "Price: Subtotal", "Price: Total"),
        },
        rules=Rules(
            first_row_only=True,
            once_per_order=frozenset({"order_total"}),
            status_words={**_SHOPIFY_STATUSES, "refunded": "keep"},
            kind_words={
                "refund line": "return",
                "line item": "sale",
                "refund": "left_out",
                "ship": "left_out",
                "discount": "left_out",
                "trans": "left_out",
                "fulfil": "left_out",
                "tip": "left_out",
                "tax": "left_out",
                "gift": "left_out",
            },
        ),
        notes=("Money is the total of the lines with goods; shipping lines and transactions are left out.",),
        proven=False,
    ),
)

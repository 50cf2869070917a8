"""Marketplaces: Amazon, eBay, Etsy, Mercado Libre, Rakuten."""

from __future__ import annotations

from churnkit.ingest.columns.export_rules import Preset, Rules

_AMAZON = {
    "email": ("buyer-email",),
    "order_id": ("order-id", "amazon-order-id"),
    "ordered_at": ("purchase-date",),
    "product_id": ("sku", "asin"),
    "product_name": ("product-name", "item-name"),
    "quantity": ("quantity-purchased", "quantity"),
    "amount": ("item-price",),
    "currency": ("currency",),
    "status": ("order-status",),
    "item_status": ("item-status",),
}

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="amazon_all_orders",
        title="Amazon All Orders report",
        fingerprint=("amazon-order-id", "purchase-date", "order-status", "item-price"),
        without=("buyer-email",),
        refusal="This report names no buyer, so one customer's orders cannot be told from another's and churn"
        " cannot be computed from it.",
        remedy="Request the Orders report (order-id, order-item-id, buyer-email …) in Seller Central and use"
        " that.",
    ),
    Preset(
        name="amazon_orders",
        title="Amazon Orders report",
        fingerprint=("order-id|amazon-order-id", "purchase-date", "buyer-email", "item-price"),
        columns=_AMAZON,
        notes=(
            "Amazon masks buyers' e-mail addresses, each marketplace in its own way: a buyer on two of them"
            " counts as two customers.",
        ),
    ),
    Preset(
        name="ebay",
        title="eBay orders",
        fingerprint=("Sales Record Number", "Buyer Username", "Sold For", "Sale Date"),
        columns={
            "customer_id": ("Buyer Username",),
            "order_id": ("Order Number", "Sales Record Number"),
            "ordered_at": ("Sale Date",),
            "product_id": ("Custom Label", "Item Number"),
            "product_name": ("Item Title",),
            "quantity": ("Quantity",),
            "unit_price": ("Sold For",),
        },
        rules=Rules(first_row_only=True, heading_rows=True),
        notes=("Money is price times quantity, without shipping and taxes.",),
    ),
)

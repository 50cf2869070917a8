"""WooCommerce: order-export plugins, and the Analytics table that names nobody."""

from __future__ import annotations

from churnkit.ingest.columns.export_rules import Preset, Rules

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="woocommerce_plugin",
        title="WooCommerce orders from an order-export plugin",
        fingerprint=("order_id", "order_number", "date", "order_total", "customer_user", "billing_email"),
        columns={
            "customer_id": ("customer_user",),
            "email": ("billing_email",),
            "order_id": ("order_id",),
            "ordered_at": ("date", "order_date"),
            "amount": ("order_total",),
            "refunded": ("refunded_total", "order_total_refunded", "total_refunded"),
            "currency": ("order_currency", "currency"),
            "status": ("status", "order_status"),
        },
        rules=Rules(zero_is_guest=True, day_first=False),
        notes=(
            "Money is the order's total with shipping and taxes; items are packed into single cells and"
            " not used.",
        ),
    ),
    Preset(
        name="woocommerce_lines",
        title="WooCommerce orders with their lines",
        fingerprint=(
            "order_id",
            "order_number",
            "customer_user",
            "billing_email",
            "line_total",
            "product_name",
        ),
        columns={
            "customer_id": ("customer_user",),
            "email": ("billing_email",),
            "phone": ("billing_phone",),
            "order_id": ("order_id",),
            "ordered_at": ("date",),
            "product_id": ("product_id",),
            "product_name": ("product_name",),
            "quantity": ("quantity",),
            "amount": ("line_total",),
            "refunded": ("refunded_total",),
            "currency": ("order_currency",),
            "status": ("status",),
        },
        rules=Rules(zero_is_guest=True, day_first=False, once_per_order=frozenset({"refunded"})),
        notes=(
            "Money is the lines' value as the shop shows it; shipping and fees are left out.",
            "WooCommerce states no date for refunds here: they are taken off the order, at the order's own date.",
        ),
        proven=False,
    ),
    Preset(
        name="woocommerce_analytics",
        title="WooCommerce Analytics",
        fingerprint=(
            "Date",
            "Order #",
            "Status",
            "Customer",
            "Customer type",
            "Product(s)",
            "Items sold",
            "Net sales",
        ),
        refusal="It names customers by first and last name only: no e-mail address and no customer id. Two"
        " people of one name would become one customer, and a guest without a name is lost.",
        remedy="Export the orders with an order-export plugin that writes billing_email and customer_user"
        " (for example 'Order Export & Order Import' or 'Advanced Order Export'), and use that file.",
    ),
)

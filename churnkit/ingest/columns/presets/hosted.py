"""Shop systems that run at their maker: BigCommerce, Squarespace, Wix, Ecwid, Nuvemshop/Tiendanube."""

from __future__ import annotations

from churnkit.ingest.columns.export_rules import Preset, Rules

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="bigcommerce",
        title="BigCommerce orders",
        fingerprint=("Order ID", "Customer ID", "Order Date", "Order Status", "Order Total (inc tax)"),
        columns={
            "customer_id": ("Customer ID",),
            "email": ("Customer Email",),
            "order_id": ("Order ID",),
            "ordered_at": ("Order Date",),
            "time": ("Order Time",),
            "amount": ("Order Total (inc tax)",),
            "refunded": ("Refund Amount",),
            "currency": ("Order Currency Code",),
            "status": ("Order Status",),
        },
        rules=Rules(zero_is_guest=True),
        notes=("Money is the order's total with shipping and taxes.",),
    ),
)

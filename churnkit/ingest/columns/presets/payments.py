"""Payment services, whose rows are payments: Stripe, PayPal, Mollie."""

from __future__ import annotations

from churnkit.ingest.columns.export_rules import Preset

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="stripe",
        title="Stripe charges",
        fingerprint=(
            "id",
            "Created date (UTC)|Created (UTC)",
            "Amount",
            "Amount Refunded",
            "Currency",
            "Status",
        ),
        columns={
            "customer_id": ("Customer ID",),
            "email": ("Customer Email", "Card Email", "Email"),
            "order_id": ("id",),
            "ordered_at": ("Created date (UTC)", "Created (UTC)"),
            "amount": ("Amount",),
            "refunded": ("Amount Refunded",),
            "currency": ("Currency",),
            "status": ("Status",),
            "captured": ("Captured",),
        },
        notes=("Stripe writes UTC; hours of the day are UTC hours.",),
    ),
)

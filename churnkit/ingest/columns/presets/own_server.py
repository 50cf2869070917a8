"""Shop systems on a server of the shop's own: Magento, PrestaShop, Shopware, OpenCart."""

from __future__ import annotations

from churnkit.ingest.columns.export_rules import Preset, Rules

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="magento",
        title="Magento order grid",
        fingerprint=("ID", "Purchase Point", "Purchase Date", "Grand Total (Base)", "Status"),
        columns={
            "email": ("Customer Email",),
            "order_id": ("ID",),
            "ordered_at": ("Purchase Date",),
            "amount": ("Grand Total (Base)",),
            "refunded": ("Total Refunded",),
            "status": ("Status",),
        },
        rules=Rules(status_words={"closed": "cancelled"}),
        notes=("Money is the grand total in the shop's base currency, with shipping and taxes.",),
    ),
)

"""Merchandise management, accounting and research data: JTL, Odoo, UCI Online Retail."""

from __future__ import annotations

from churnkit.ingest.columns.export_rules import Preset, Rules

_UCI_SERVICES = frozenset(
    (
        "POST",
        "DOT",
        "D",
        "M",
        "C2",
        "C3",
        "S",
        "B",
        "BANK CHARGES",
        "AMAZONFEE",
        "CRUK",
        "PADS",
        "ADJUST",
        "ADJUST2",
    )
)

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="online_retail",
        title="UCI Online Retail",
        fingerprint=(
            "InvoiceNo|Invoice",
            "StockCode",
            "Quantity",
            "InvoiceDate",
            "UnitPrice|Price",
            "Customer ID",
        ),
        columns={
            "customer_id": ("Customer ID",),
            "order_id": ("InvoiceNo", "Invoice"),
            "ordered_at": ("InvoiceDate",),
            "product_id": ("StockCode",),
            "product_name": ("Description",),
            "quantity": ("Quantity",),
            "unit_price": ("UnitPrice", "Price"),
        },
        rules=Rules(bad_debt_prefix="A", service_codes=_UCI_SERVICES),
    ),
)

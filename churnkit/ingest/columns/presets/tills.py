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
    Preset(
        name="lightspeed",
        title="Lightspeed Retail (X-Series) sales history",
        fingerprint=("Receipt Number", "Line Type", "Customer Code", "Register|Outlet", "Total|Subtotal"),
        columns={
            "customer_id": ("Customer Code",),
            "order_id": ("Receipt Number",),
            "ordered_at": ("Date", "Sale Date"),
            "product_id": ("Sku",),
            "product_name": ("Details", "Product"),
            "quantity": ("Quantity",),
            "amount": ("Subtotal", "Total"),
            "status": ("Status",),
            "event_type": ("Line Type",),
        },
        rules=Rules(
            first_row_only=True,
            kind_words={"sale line": "sale", "payment": "left_out", "sale": "left_out", "return": "left_out"},
        ),
        notes=("Money is the subtotal of the sale lines, without sales tax.",),
        proven=False,
    ),
    Preset(
        name="sumup",
        title="SumUp transactions",
        fingerprint=(
            "Transaction ID|Transaktions-ID|ID transazione|Numéro de transaction|ID de transacción",
            "Card type|Kartentyp|Tipo di carta|Type de carte|Tipo de tarjeta",
            "Payout ID|Auszahlungs-ID|Payout|Auszahlung|Pagamento ID|ID du versement|ID de pago",
        ),
        refusal="It names no buyer: the e-mail address in it belongs to the account that took the payment, and a"
        " card's last four digits are shared by many people.",
        remedy="A card terminal does not know who pays. Use the orders of a SumUp Online Store or the invoices of SumUp"
        " (Profile > Reports > Invoices), whose rows carry the customer's e-mail address, or the sales of a till in"
        " which customers are chosen.",
    ),
)

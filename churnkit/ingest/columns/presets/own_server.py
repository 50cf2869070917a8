"""Shop systems on a server of the shop's own: Magento, PrestaShop, Shopware, OpenCart."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from churnkit.ingest.cells import StatusClass
from churnkit.ingest.columns.export_rules import Preset, Rules

# Numbers of the states that an installation brings along; a shop's own states are asked.
_PRESTASHOP_STATES: Mapping[str, StatusClass] = MappingProxyType(
    {
        **dict.fromkeys(("2", "3", "4", "5", "9", "11", "13"), "keep"),
        **dict.fromkeys(("1", "8", "10", "12"), "unpaid"),
        **dict.fromkeys(("6", "7"), "cancelled"),
    }
)
_SHOPWARE_STATES: Mapping[str, StatusClass] = MappingProxyType(
    {
        **dict.fromkeys(("0", "1", "2", "3", "5", "6", "7", "8", "9", "10", "11", "12"), "keep"),
        **dict.fromkeys(("open", "offen", "in_progress", "completed", "done"), "keep"),
        **dict.fromkeys(("-1", "4", "20", "35"), "cancelled"),
    }
)
_OPENCART_STATES: Mapping[str, StatusClass] = MappingProxyType(
    {
        **dict.fromkeys(("2", "3", "5", "15"), "keep"),
        **dict.fromkeys(("0", "1", "8", "10", "14"), "unpaid"),
        **dict.fromkeys(("7", "9", "11", "12", "13", "16"), "cancelled"),
    }
)

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
    Preset(
        name="prestashop_grid",
        title="PrestaShop's list of orders",
        fingerprint=(
            "ID",
            "Reference|Référence|Referencia|Riferimento|Referência|Referentie|Bestellnr.|Referenz|Indeks|Kod",
            "New client|New customer|Nouveau client|Nuevo cliente|Nuovo cliente|Novo cliente|Nieuwe klant|Neukunde"
            "|Neuer Kunde|Nowy klient|Nový zákazník",
            "Customer|Client|Cliente|Klant|Kunde|Klient|Zákazník",
            "Total|Totale|Totaal|Gesamt|Gesamtbetrag|Gesamtsumme|Razem|Suma|Celkem",
        ),
        without=("Email", "id_customer", "Customer ID"),
        refusal="It names customers by a shortened name only (A. DUPONT): two people of one name would become one"
        " customer. 'New client' says yes or no, not who.",
        remedy="In PrestaShop, open Advanced Parameters > Database > SQL Manager, add the query SELECT o.id_order,"
        " o.reference, o.id_customer, c.email, o.date_add, o.total_paid_tax_incl, o.valid, o.current_state FROM"
        " ps_orders o JOIN ps_customer c ON c.id_customer = o.id_customer, export its result as CSV and use that file.",
    ),
    Preset(
        name="prestashop_sql",
        title="PrestaShop orders by the SQL Manager",
        fingerprint=(
            "id_order",
            "id_customer|email",
            "date_add|invoice_date",
            "total_paid|total_paid_tax_incl|total_paid_real|total_products_wt|total_products|unit_price_tax_incl",
        ),
        columns={
            "customer_id": ("id_customer",),
            "email": ("email", "customer_email"),
            "order_id": ("id_order", "reference"),
            "ordered_at": ("date_add", "invoice_date"),
            "product_id": ("product_reference", "product_id", "id_product"),
            "product_name": ("product_name",),
            "quantity": ("product_quantity",),
            "unit_price": ("unit_price_tax_incl", "product_price_wt", "unit_price_tax_excl"),
            "currency": ("iso_code", "currency"),
            "status": ("current_state", "order_state", "osname", "state", "state_name"),
            "captured": ("valid",),
        },
        totals={
            "order_total": (
                "total_paid_tax_incl",
                "total_paid",
                "total_paid_real",
                "total_products_wt",
                "total_products",
            )
        },
        rules=Rules(
            once_per_order=frozenset({"order_total"}), zero_is_guest=True, status_words=_PRESTASHOP_STATES
        ),
        notes=("Where the file has no product lines, money is what was paid, with shipping and taxes.",),
        proven=False,
    ),
    Preset(
        name="shopware",
        title="Shopware orders",
        fingerprint=(
            "orderNumber|order_number|orderId|number|Bestellnummer",
            "orderTime|orderDateTime|order_date_time",
            "customerId|customerNumber|customerEmail|order_customer_email|orderCustomer.email",
            "invoiceAmount|amountTotal|amount_total|price",
        ),
        columns={
            "customer_id": ("customerNumber", "customerId", "order_customer_customer_number"),
            "email": ("customerEmail", "order_customer_email", "orderCustomer.email", "email"),
            "order_id": ("orderNumber", "order_number", "orderId", "number", "Bestellnummer"),
            "ordered_at": ("orderTime", "orderDateTime", "order_date_time"),
            "product_id": ("articleNumber", "articleordernumber", "line_items_product_number"),
            "product_name": ("articleName", "line_items_label"),
            "quantity": ("quantity", "line_items_quantity"),
            "unit_price": ("price", "line_items_unit_price"),
            "order_total": ("invoiceAmount", "amountTotal", "amount_total"),
            "currency": ("currency", "currency_iso_code"),
            "status": ("status", "state", "stateMachineState.name", "order_state"),
            "item_status": ("cleared", "paymentStatus", "payment_status"),
        },
        rules=Rules(
            first_row_only=True,
            once_per_order=frozenset({"order_total"}),
            status_words=_SHOPWARE_STATES,
        ),
        notes=("Money is the order's amount with shipping and taxes, shared over its lines by their price.",),
        proven=False,
    ),
    Preset(
        name="opencart",
        title="OpenCart orders",
        fingerprint=(
            "order_id",
            "date_added",
            "email|customer_id",
            "total",
            "order_status_id|order_status|status",
            "store_name|firstname|currency_code|invoice_no|customer",
        ),
        columns={
            "customer_id": ("customer_id",),
            "email": ("email",),
            "phone": ("telephone",),
            "order_id": ("order_id",),
            "ordered_at": ("date_added",),
            "product_id": ("model", "product_id", "sku"),
            "product_name": ("name", "product_name"),
            "quantity": ("quantity",),
            "unit_price": ("price",),
            "order_total": ("total",),
            "currency": ("currency_code",),
            "status": ("order_status", "order_status_id", "status"),
        },
        rules=Rules(
            zero_is_guest=True, once_per_order=frozenset({"order_total"}), status_words=_OPENCART_STATES
        ),
        notes=("Money is the order's total with shipping and taxes.",),
        proven=False,
    ),
)

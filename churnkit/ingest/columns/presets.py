"""The table of order exports of known shop systems: header, columns and the rules of their rows."""

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
    "email": ("Email",),
    "phone": ("Phone", "Billing Phone"),
    "order_id": ("Name",),
    "ordered_at": ("Created at", "Paid at"),
    "refunded": ("Refunded Amount",),
    "currency": ("Currency",),
    "status": ("Financial Status",),
    "cancelled": ("Cancelled at",),
}
_SHOPIFY_NOTE = "Shopify states no date for refunds: they are taken off the order, at the order's own date."

_SQUARE = {
    "customer_id": ("Customer ID",),
    "order_id": ("Transaction ID",),
    "ordered_at": ("Date",),
    "time": ("Time",),
    "amount": ("Net Sales",),
    "event_type": ("Event Type",),
    "status": ("Transaction Status",),
}

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
        },
        rules=Rules(
            first_row_only=True,
            once_per_order=frozenset({"discount", "refunded"}),
            status_words=_SHOPIFY_STATUSES,
            strict_statuses=True,
        ),
        notes=(
            "Money is the lines' value less their share of the order's discount; shipping and taxes are"
            " left out.",
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
            strict_statuses=True,
        ),
        notes=("Money is the order's total with shipping and taxes.", _SHOPIFY_NOTE),
    ),
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

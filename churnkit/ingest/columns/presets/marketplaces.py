"""Marketplaces: Amazon, eBay, Etsy, Mercado Libre, Rakuten."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from churnkit.ingest.cells import StatusClass
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

# 800 and 900 wait for a cancellation, and are cancelled.
_RAKUTEN_STATUSES: Mapping[str, StatusClass] = MappingProxyType(
    {
        **dict.fromkeys(("100", "200", "300", "400", "500", "600", "700"), "keep"),
        **dict.fromkeys(("800", "900", "キャンセル確定待ち", "キャンセル確定", "キャンセル"), "cancelled"),
        **dict.fromkeys(
            (
                "注文確認待ち",
                "楽天処理中",
                "発送待ち",
                "変更確定待ち",
                "発送済",
                "支払手続き中",
                "支払手続き済",
            ),
            "keep",
        ),
    }
)

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
    Preset(
        name="etsy",
        title="Etsy orders",
        fingerprint=("Sale Date", "Order ID", "Buyer User ID", "Order Value"),
        columns={
            "customer_id": ("Buyer User ID",),
            "order_id": ("Order ID",),
            "ordered_at": ("Sale Date",),
            "amount": ("Order Value",),
            "discount": ("Discount Amount",),
            "currency": ("Currency",),
            "status": ("Status",),
        },
        rules=Rules(less_discount=True, day_first=False),
        notes=(
            "Money is the order value less its discount: what buyers paid for goods, without shipping and sales tax.",
            "Guests have no Buyer User ID: Etsy does not say which of their orders belong together, so they are left out.",
        ),
    ),
    Preset(
        name="etsy_items",
        title="Etsy order items",
        fingerprint=("Sale Date", "Item Name", "Buyer", "Quantity", "Price", "Listing ID|Transaction ID"),
        columns={
            "customer_id": ("Buyer User ID", "Buyer"),
            "order_id": ("Order ID",),
            "ordered_at": ("Sale Date",),
            "product_id": ("SKU", "Listing ID"),
            "product_name": ("Item Name",),
            "quantity": ("Quantity",),
            "unit_price": ("Price",),
            "discount": ("Discount Amount",),
            "currency": ("Currency",),
        },
        rules=Rules(less_discount=True, day_first=False),
        notes=("Money is price times quantity less the discount, without shipping and sales tax.",),
        proven=False,
    ),
    Preset(
        name="mercado_libre",
        title="Mercado Libre / Mercado Livre sales",
        fingerprint=(
            "# de venta|N.º de venda|Nº de venda|N° de venta|Número de venta",
            "Fecha de venta|Data da venda|Data de venda",
            "Unidades",
            "Ingresos por productos*|Receita por produtos*|Precio unitario de venta*|Preço unitário de venda*",
        ),
        columns={
            "customer_id": ("Tipo y número de documento", "DNI", "CPF", "RFC", "RUT", "Comprador"),
            "order_id": ("# de venta", "N.º de venda", "Nº de venda", "N° de venta", "Número de venta"),
            "ordered_at": ("Fecha de venta", "Data da venda", "Data de venda"),
            "product_id": ("SKU", "# de publicación", "# de anúncio"),
            "product_name": ("Título de la publicación", "Título do anúncio"),
            "quantity": ("Unidades",),
            "unit_price": ("Precio unitario de venta*", "Preço unitário de venda*"),
            "status": ("Estado",),
        },
        totals={"amount": ("Ingresos por productos*", "Receita por produtos*")},
        notes=(
            "Money is the listing's price times units, before Mercado Libre's charges. The row above the products of a"
            " package has no price and is left out.",
        ),
        proven=False,
    ),
    Preset(
        name="rakuten",
        title="Rakuten Ichiba (RMS) orders",
        fingerprint=(
            "注文番号|受注番号",
            "注文日時|注文日",
            "注文者メールアドレス|メールアドレス",
            "単価|商品合計金額|合計金額|請求金額",
        ),
        columns={
            "email": ("注文者メールアドレス", "メールアドレス"),
            "order_id": ("注文番号", "受注番号"),
            "ordered_at": ("注文日時", "注文日"),
            "time": ("注文時間",),
            "product_id": ("商品管理番号", "商品番号", "商品ID"),
            "product_name": ("商品名",),
            "quantity": ("個数",),
            "unit_price": ("単価",),
            "discount": ("店舗発行クーポン利用額",),
            "status": ("ステータス", "注文ステータス", "受注ステータス"),
        },
        totals={"order_total": ("商品合計金額", "合計金額", "請求金額")},
        rules=Rules(
            once_per_order=frozenset({"discount", "order_total"}),
            status_words=_RAKUTEN_STATUSES,
            less_discount=True,
        ),
        notes=("Money is price times pieces less the shop's own coupons, without shipping.",),
        proven=False,
    ),
)

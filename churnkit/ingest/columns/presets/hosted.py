"""Shop systems that run at their maker: BigCommerce, Squarespace, Wix, Ecwid, Nuvemshop/Tiendanube."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from churnkit.ingest.cells import StatusClass
from churnkit.ingest.columns.export_rules import Preset, Rules

_NUVEMSHOP_STATUSES: Mapping[str, StatusClass] = MappingProxyType(
    {
        **dict.fromkeys(
            ("confirmado", "parcialmente pago", "recibido", "parcialmente recibido", "parcialmente pagado"),
            "keep",
        ),
        **dict.fromkeys(("parcialmente reembolsado", "aberto", "abierta", "abierto"), "keep"),
        **dict.fromkeys(("arquivado", "arquivada", "archivada", "cerrada", "fechado", "encerrado"), "keep"),
        **dict.fromkeys(
            ("pendente", "pendiente", "recusado", "rechazado", "autorizado", "expirado"), "unpaid"
        ),
        **dict.fromkeys(("cancelado", "cancelada", "anulado", "estornado", "reembolsado"), "cancelled"),
    }
)

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
    Preset(
        name="squarespace",
        title="Squarespace orders",
        fingerprint=("Order ID", "Financial Status", "Lineitem quantity", "Lineitem price"),
        columns={
            "email": ("Email",),
            "order_id": ("Order ID",),
            "ordered_at": ("Created at", "Paid at"),
            "product_id": ("Lineitem sku",),
            "product_name": ("Lineitem name",),
            "quantity": ("Lineitem quantity",),
            "unit_price": ("Lineitem price",),
            "discount": ("Discount Amount",),
            "refunded": ("Amount Refunded",),
            "currency": ("Currency",),
            "status": ("Financial Status",),
            "cancelled": ("Cancelled at",),
        },
        rules=Rules(
            first_row_only=True, once_per_order=frozenset({"discount", "refunded"}), less_discount=True
        ),
        notes=(
            "Money is the lines' value less their share of the order's discount, without shipping and taxes.",
        ),
        proven=False,
    ),
    Preset(
        name="wix",
        title="Wix Stores orders",
        fingerprint=(
            "Order number",
            "Date created",
            "Contact email|Customer email|Email",
            "Total|Price|Net amount",
        ),
        columns={
            "email": ("Contact email", "Customer email", "Email"),
            "order_id": ("Order number",),
            "ordered_at": ("Date created",),
            "time": ("Time",),
            "product_id": ("SKU",),
            "product_name": ("Item",),
            "quantity": ("Qty",),
            "unit_price": ("Price",),
            "order_total": ("Total",),
            "refunded": ("Refunded amount",),
            "currency": ("Currency",),
            "status": ("Payment status",),
        },
        rules=Rules(first_row_only=True, once_per_order=frozenset({"order_total", "refunded"})),
        notes=("Money is the order's total with shipping and taxes, shared over its items by their price.",),
        proven=False,
    ),
    Preset(
        name="ecwid",
        title="Ecwid orders",
        fingerprint=(
            "order_number|Order number|Order #|orderNumber",
            "email|customer_email",
            "payment_status|paymentStatus",
            "fulfillment_status|fulfillmentStatus",
            "total|order_total",
        ),
        without=("Lineitem price",),
        columns={
            "customer_id": ("customer_id", "customerId"),
            "email": ("email", "customer_email"),
            "order_id": ("order_number", "Order number", "Order #", "orderNumber"),
            "ordered_at": ("date", "order_date", "create_date", "createDate", "created"),
            "time": ("time", "order_time"),
            "product_id": ("sku", "product_sku"),
            "product_name": ("name", "product_name"),
            "quantity": ("quantity",),
            "unit_price": ("price",),
            "order_total": ("total", "order_total"),
            "refunded": ("refunded_amount", "refundedAmount"),
            "currency": ("currency",),
            "status": ("payment_status", "paymentStatus"),
        },
        rules=Rules(
            first_row_only=True, once_per_order=frozenset({"order_total", "refunded"}), zero_is_guest=True
        ),
        notes=("Money is the order's total with shipping and taxes, shared over its items by their price.",),
        proven=False,
    ),
    Preset(
        name="nuvemshop",
        title="Nuvemshop / Tiendanube sales",
        fingerprint=(
            "Número do Pedido|Número de orden|Número del pedido|Número de pedido",
            "Status do Pagamento|Estado del pago",
            "Nome do comprador|Nombre del comprador",
            "Total|Subtotal|Subtotal de productos",
        ),
        columns={
            "email": ("E-mail",),
            "phone": ("Telefone", "Teléfono"),
            "order_id": ("Número do Pedido", "Número de orden", "Número del pedido", "Número de pedido"),
            "ordered_at": ("Data", "Fecha"),
            "product_id": ("SKU",),
            "product_name": ("Nome do Produto", "Nombre del producto"),
            "quantity": ("Quantidade Comprada", "Cantidad del producto"),
            "unit_price": ("Valor do Produto", "Precio del producto"),
            "discount": ("Desconto", "Descuento"),
            "currency": ("Moeda", "Moneda"),
            "status": ("Status do Pagamento", "Estado del pago"),
            "item_status": ("Status do Pedido", "Estado de la orden", "Estado del pedido"),
            "cancelled": ("Data e hora do cancelamento", "Fecha y hora de cancelación"),
        },
        totals={"order_total": ("Subtotal", "Subtotal de productos", "Total")},
        rules=Rules(
            first_row_only=True,
            once_per_order=frozenset({"discount", "order_total"}),
            status_words=_NUVEMSHOP_STATUSES,
            less_discount=True,
            day_first=True,
        ),
        notes=("Money is the products' value less their share of the order's discount, without shipping.",),
    ),
)

"""Squarespace, Wix, Ecwid and Nuvemshop/Tiendanube in files small enough to add up by hand."""

# The lines of an export are as long as they are.
# ruff: noqa: E501

from __future__ import annotations

import datetime as dt

import pytest


def test_squarespace_has_the_order_on_its_first_row(read_text):
    read = read_text("""
        Order ID,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Amount Refunded,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Cancelled at
        1,ann@x.org,PAID,2025-01-05 10:00:00 +0000,FULFILLED,USD,100.00,5.00,0,0.00,95.00,TEN,10.00,2025-01-05 10:00:00 +0000,2,Mug,30.00,MUG,Ann A,
        1,,,,,,,,,,,,,,1,Bowl,40.00,BWL,,
        2,bob@x.org,PAID,2025-02-06 10:00:00 +0000,PENDING,USD,20.00,5.00,0,5.00,25.00,,0.00,2025-02-06 10:00:00 +0000,1,Mug,20.00,MUG,Bob B,
        3,bob@x.org,PAID,2025-03-17 10:00:00 +0000,CANCELED,USD,20.00,5.00,0,0.00,25.00,,0.00,2025-03-17 10:00:00 +0000,1,Mug,20.00,MUG,Bob B,2025-03-18 10:00:00 +0000
    """)
    assert read.result.preset == "squarespace"
    assert read.amounts() == [("1", "ann@x.org", 54.0), ("1", "ann@x.org", 36.0), ("2", "bob@x.org", 15.0)]
    assert read.dropped() == {"cancelled": 1}


def test_wix_shares_the_total_over_the_items(read_text):
    read = read_text("""
        Order number,Date created,Time,Total order quantity,Contact email,Item,Variant,SKU,Qty,Quantity refunded,Price,Payment status,Payment method,Total,Currency,Refunded amount
        10001,2025-01-05,10:30,3,ann@x.org,Mug,,MUG,2,0,30.00,Paid,Card,110.00,EUR,0
        10001,,,,,Bowl,,BWL,1,0,40.00,,,,,
        10002,2025-02-16,11:00,1,bob@x.org,Mug,,MUG,1,0,30.00,Unpaid,Cash,35.00,EUR,0
        10003,2025-03-17,12:00,1,bob@x.org,Mug,,MUG,1,0,30.00,Paid,Card,35.00,EUR,5.00
    """)
    assert read.result.preset == "wix"
    assert read.amounts() == [
        ("10001", "ann@x.org", 66.0),
        ("10001", "ann@x.org", 44.0),
        ("10003", "bob@x.org", 30.0),
    ]
    assert read.rows["ordered_at"].iloc[0] == dt.datetime(2025, 1, 5, 10, 30)
    assert read.dropped() == {"unpaid": 1}


def test_ecwid_customer_0_is_a_guest_with_an_email(read_text):
    read = read_text("""
        order_number,date,email,customer_id,payment_status,fulfillment_status,currency,total,sku,name,quantity,price
        A1,2025-01-05 10:00,ann@x.org,77,PAID,SHIPPED,EUR,50.00,M,Mug,1,45.00
        A2,2025-02-16 11:00,bob@x.org,0,PAID,PROCESSING,EUR,20.00,M,Mug,1,15.00
        A3,2025-03-17 12:00,bob@x.org,0,AWAITING_PAYMENT,AWAITING_PROCESSING,EUR,20.00,M,Mug,1,15.00
    """)
    assert read.result.preset == "ecwid"
    assert read.amounts() == [("A1", "77", 50.0), ("A2", "bob@x.org", 20.0)]


NUVEMSHOP = {
    "Portuguese": """
        Número do Pedido;E-mail;Data;Status do Pedido;Status do Pagamento;Moeda;Subtotal;Desconto;Valor do Frete;Total;Nome do comprador;Nome do Produto;Valor do Produto;Quantidade Comprada;SKU
        1001;ana@x.org;04/01/2025 06:11:36;Aberto;Confirmado;BRL;R$ 1.300,00;R$ 130,00;R$ 15,00;R$ 1.185,00;Ana;Mesa;R$ 1.000,00;1;M
        1001;;;;;;;;;;;Copo;R$ 150,00;2;C
        1002;rui@x.org;05/02/2025 06:11:36;Cancelado;Recusado;BRL;R$ 20,00;R$ 0,00;R$ 15,00;R$ 35,00;Rui;Copo;R$ 20,00;1;C
        1003;rui@x.org;16/03/2025 06:11:36;Arquivado;Confirmado;BRL;R$ 20,50;R$ 0,00;R$ 15,00;R$ 35,50;Rui;Copo;R$ 20,50;1;C
        1004;rui@x.org;17/03/2025 06:11:36;Aberto;Pendente;BRL;R$ 20,50;R$ 0,00;R$ 15,00;R$ 35,50;Rui;Copo;R$ 20,50;1;C
        1005;rui@x.org;18/03/2025 06:11:36;Aberto;Reembolsado;BRL;R$ 20,50;R$ 0,00;R$ 15,00;R$ 35,50;Rui;Copo;R$ 20,50;1;C
    """,
    "Spanish": """
        Número de orden;Email;Fecha;Estado de la orden;Estado del pago;Moneda;Subtotal de productos;Descuento;Costo de envío;Total;Nombre del comprador;Nombre del producto;Precio del producto;Cantidad del producto;SKU;Fecha y hora de cancelación
        1001;ana@x.org;04/01/2025 06:11:36;Abierta;Recibido;ARS;1300;130.00;15;1185;Ana;Mesa;1000;1;M;
        1001;ana@x.org;;;;;;;;;;Copo;150;2;C;
        1002;rui@x.org;05/02/2025 06:11:36;Cancelada;Anulado;ARS;20;0.00;15;35;Rui;Copo;20;1;C;06/02/2025 10:00:00
        1003;rui@x.org;16/03/2025 06:11:36;Cerrada;Recibido;ARS;20.5;0.00;15;35.5;Rui;Copo;20.5;1;C;
        1004;rui@x.org;17/03/2025 06:11:36;Abierta;Pendiente;ARS;20.5;0.00;15;35.5;Rui;Copo;20.5;1;C;
        1005;rui@x.org;18/03/2025 06:11:36;Abierta;Reembolsado;ARS;20.5;0.00;15;35.5;Rui;Copo;20.5;1;C;
    """,
}


@pytest.mark.parametrize("language", NUVEMSHOP)
def test_nuvemshop_counts_paid_orders_less_their_discount(read_text, language):
    for damage in (str, lambda text: text.replace("ú", "\ufffd").replace("ó", "\ufffd")):
        read = read_text(damage(NUVEMSHOP[language]))
        assert read.result.preset == "nuvemshop"
        assert read.amounts() == [
            ("1001", "ana@x.org", 900.0),
            ("1001", "ana@x.org", 270.0),
            ("1003", "rui@x.org", 20.5),
        ]
        assert sum(read.dropped().values()) == 3


def test_nuvemshop_without_lines_is_the_subtotal_less_the_discount(read_text):
    read = read_text("""
        Número do Pedido;E-mail;Data;Status do Pedido;Status do Pagamento;Subtotal;Desconto;Valor do Frete;Total;Nome do comprador
        1001;ana@x.org;04/01/2025 06:11:36;Aberto;Confirmado;100,00;10,00;15,00;105,00;Ana
        1002;rui@x.org;15/02/2025 06:11:36;Aberto;Confirmado;20,50;0,00;15,00;35,50;Rui
    """)
    assert read.amounts() == [("1001", "ana@x.org", 90.0), ("1002", "rui@x.org", 20.5)]


def test_a_known_header_over_other_cells_is_judged_by_the_cells(read_text):
    read = read_text("""
        Order ID,Customer ID,Customer Name,Customer Email,Order Date,Order Status,Order Total (inc tax),Amount
        101,7,Ann A,ann@x.org,2025-01-05,Completed,see invoice,100.00
        102,8,Bob B,bob@x.org,2025-02-16,Completed,see invoice,50.00
        103,7,Ann A,ann@x.org,2025-03-17,Completed,see invoice,25.00
    """)
    assert read.result.preset is None
    assert read.rows["amount"].tolist() == [100.0, 50.0, 25.0]
    assert any("header is that of BigCommerce" in note for note in read.result.notes)

"""Etsy, Mercado Libre and Rakuten in files small enough to add up by hand."""

# The lines of an export are as long as they are.
# ruff: noqa: E501

from __future__ import annotations

import datetime as dt

import pytest

from churnkit.ingest import OpenQuestions

ETSY = """
    Sale Date,Order ID,Buyer User ID,Full Name,Number of Items,Currency,Order Value,Coupon Code,Discount Amount,Shipping Discount,Shipping,Sales Tax,Order Total,Status,Card Processing Fees,Order Net,Adjusted Order Total,Adjusted Net Order Amount,Buyer
    01/05/2023,1,user1,Ann A,1,USD,17,TEN,4.25,0,4.13,0,16.88,,0.76,16.12,0,0,Ann A
    02/06/2023,2,,Guest G,1,USD,20,,0,0,4.13,0,24.13,,0.76,16.12,0,0,Guest G
    03/07/2023,3,user2,Bob B,2,USD,34,TEN,0.5,0,4.13,0,16.88,,0.76,16.12,0,0,Bob B
    12/31/2023,4,user1,Ann A,1,USD,10,,0,0,4.13,0,14.13,,0.76,16.12,0,12.00,Ann A
"""


def test_etsy_orders_are_the_value_less_the_discount_by_buyer_id(read_text):
    read = read_text(ETSY)
    assert read.result.preset == "etsy"
    assert read.amounts() == [("1", "user1", 12.75), ("3", "user2", 33.5), ("4", "user1", 10.0)]
    assert read.rows["ordered_at"].tolist()[0] == dt.datetime(2023, 1, 5)
    assert read.dropped() == {"no_customer": 1}


def test_etsy_items_are_price_times_quantity_less_the_discount(read_text):
    read = read_text("""
        Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Discount Amount,Shipping Discount,Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Order ID,SKU
        08/14/25,Card,coolbuyer42,2,$5.00,,1.00,,$4.50,$0.62,$10.00,USD,4001,9001,3001,FOX
        08/14/25,Sticker,coolbuyer42,1,$3.00,,0.00,,$4.50,$0.62,$3.00,USD,4002,9002,3001,STK
        08/25/25,Card,marion_b,1,$5.00,,0.00,,$4.50,$0.62,$5.00,USD,4003,9001,3002,FOX
    """)
    assert read.result.preset == "etsy_items"
    assert read.amounts() == [
        ("3001", "coolbuyer42", 9.0),
        ("3001", "coolbuyer42", 3.0),
        ("3002", "marion_b", 5.0),
    ]


def test_etsy_items_with_names_alone_are_asked_and_the_answer_reads_them(read_text):
    text = """
        Sale Date,Item Name,Buyer,Quantity,Price,Discount Amount,Transaction ID,Listing ID,Order ID
        08/14/25,Card,Ann Amber,2,5.00,0.00,4001,9001,3001
        08/25/25,Card,Bob Berg,1,5.00,0.00,4003,9001,3002
    """
    with pytest.raises(OpenQuestions, match="'Buyer' says who bought, and it holds names") as asked:
        read_text(text)
    (question,) = asked.value.questions
    assert question.choices[0].answer == {"customer_id": "Buyer"}
    assert len(read_text(text, mapping={"customer_id": "Buyer"}).rows) == 2


def test_mercado_libre_is_the_unit_price_times_units_without_rows_of_packages(read_text):
    read = read_text("""
        # de venta,Fecha de venta,Estado,Unidades,Ingresos por productos (ARS),Cargo por venta e impuestos,Total (ARS),SKU,Título de la publicación,Precio unitario de venta de la publicación (ARS),Comprador,DNI
        2001,2025-01-05 10:00,Entregado,2,200.00,-20.00,180.00,A,Taza,100.00,Ana Gómez,11111111
        2002,2025-02-06 11:00,Entregado,,,,,,,,Luis Paz,22222222
        2003,2025-02-06 11:00,Entregado,1,50.50,-5.00,45.50,B,Vaso,50.50,Luis Paz,22222222
        2004,2025-03-17 11:00,Cancelada por el comprador,1,50.50,,,B,Vaso,50.50,Luis Paz,22222222
    """)
    assert read.result.preset == "mercado_libre"
    assert read.amounts() == [("2001", "11111111", 200.0), ("2003", "22222222", 50.5)]


def test_rakuten_takes_coupons_off_once_an_order_and_leaves_cancelled_ones_out(read_text):
    read = read_text("""
        注文番号,ステータス,注文日時,注文者メールアドレス,商品名,商品番号,商品管理番号,単価,個数,商品合計金額,送料合計,合計金額,店舗発行クーポン利用額
        1-1,500,2025-01-05 10:00:00,a@x.jp,茶碗,A,cup,1000,2,2300,500,2800,230
        1-1,500,2025-01-05 10:00:00,a@x.jp,皿,B,dish,300,1,2300,500,2800,230
        1-2,900,2025-02-06 10:00:00,a@x.jp,皿,B,dish,300,1,300,500,800,0
        1-3,700,2025-03-17 10:00:00,b@x.jp,皿,B,dish,300,2,600,500,1100,0
    """)
    assert read.result.preset == "rakuten"
    assert read.amounts() == [("1-1", "a@x.jp", 1800.0), ("1-1", "a@x.jp", 270.0), ("1-3", "b@x.jp", 600.0)]
    assert read.dropped() == {"cancelled": 1}

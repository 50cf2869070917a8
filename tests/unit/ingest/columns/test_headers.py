"""Headers and the fields that they are nearest to."""

from __future__ import annotations

import pytest

from churnkit.ingest.columns.header_likeness import header_score
from churnkit.ingest.columns.synonyms import HEADERS, header_key, normalise_header


@pytest.mark.parametrize(
    ("header", "words", "key"),
    [
        ("CustomerID", "customer id", "customerid"),
        ("Numéro_Client", "numero client", "numeroclient"),
        ("Order #", "order no", "orderno"),
        ("  Straße-Nr. ", "strasse nr", "strassenr"),
        ("Numer zamówienia", "numer zamowienia", "numerzamowienia"),
        ("Imię_i_ŁAZIENKA", "imie i lazienka", "imieilazienka"),
        ("SİPARİŞ Tutarı", "siparis tutari", "siparistutari"),
        ("ΗμερομηνίαΠαραγγελίας", "ημερομηνια παραγγελιασ", "ημερομηνιαπαραγγελιασ"),
        ("ДатаПлатежа / Приём", "дата платежа прием", "датаплатежаприем"),
        ("ﾒｰﾙｱﾄﾞﾚｽ（１）", "メールアドレス 1", "メールアドレス1"),
        ("電話 № 3", "電話 no 3", "電話no3"),
    ],
)
def test_normalised_headers(header, words, key):
    assert normalise_header(header) == words
    assert header_key(header) == key


@pytest.mark.parametrize(
    ("field", "headers"),
    [
        (
            "customer_id",
            [
                "Customer ID",
                "Kundennummer",
                "N° client",
                "Código de cliente",
                "Codice cliente",
                "Klantnummer",
            ],
        ),
        ("customer_id", ["cust_id", "Customer Number", "Customr ID", "CUSTOMERID", "user_id"]),
        ("email", ["E-Mail-Adresse", "Customer e-mail", "Correo electrónico", "Courriel", "billing_email"]),
        (
            "order_id",
            ["Bestellnummer", "Numéro de commande", "Número de pedido", "Numero ordine", "Ordernummer"],
        ),
        (
            "ordered_at",
            [
                "Bestelldatum",
                "Date de commande",
                "Fecha de compra",
                "Data ordine",
                "Data do pedido",
                "Besteldatum",
            ],
        ),
        ("ordered_at", ["order_purchase_timestamp", "Order Dat", "Date", "created_at", "TransactionDate"]),
        ("quantity", ["Menge", "Quantité", "Cantidad", "Quantità", "Quantidade", "Aantal", "Qty"]),
        (
            "unit_price",
            [
                "Einzelpreis",
                "Prix unitaire",
                "Precio unitario",
                "Prezzo unitario",
                "Preço unitário",
                "Stukprijs",
            ],
        ),
        ("amount", ["Umsatz", "Montant", "Importe", "Importo", "Valor", "Bedrag", "Net Sales"]),
        (
            "order_total",
            ["Gesamtbetrag", "Montant total", "Total pedido", "Totale ordine", "Valor total", "Totaalbedrag"],
        ),
        (
            "product_id",
            ["Artikelnummer", "Référence produit", "Código producto", "Codice articolo", "SKU", "StockCode"],
        ),
    ],
)
def test_headers_in_seven_languages_are_nearest_to_their_field(field, headers):
    for header in headers:
        scores = {name: header_score(name, header)[0] for name in HEADERS}
        assert scores[field] == max(scores.values()) >= 0.75, (header, scores)


@pytest.mark.parametrize(
    ("field", "header"),
    [
        ("ordered_at", "Ship Date"),
        ("ordered_at", "Customer birth date"),
        ("customer_id", "Customer Name"),
        ("amount", "Shipping amount"),
        ("order_total", "Total tax"),
        ("order_id", "Order status"),
        ("currency", "Exchange Rate"),
    ],
)
def test_headers_that_only_sound_like_a_field(field, header):
    assert header_score(field, header)[0] < 0.6


# A shop's header in each language: order, date, customer, product, quantity, price, total, status.
SHOPS = {
    "Czech": (
        "Číslo objednávky;Datum objednávky;Zákaznické číslo;Název produktu;"
        "Množství;Jednotková cena;Celkem s DPH;Stav objednávky"
    ),
    "Polish": (
        "Nr zamówienia;Data złożenia zamówienia;Numer klienta;Nazwa towaru;"
        "Ilość;Cena jednostkowa;Wartość zamówienia;Stan zamówienia"
    ),
    "Russian": (
        "Номер заказа;Дата заказа;Код клиента;Наименование товара;"
        "Кол-во;Цена за ед.;Сумма заказа;Статус заказа"
    ),
    "Greek": (
        "Αριθμός Παραγγελίας;Ημερομηνία;Κωδικός Πελάτη;Περιγραφή είδους;"
        "Ποσότητα;Τιμή μονάδας;Συνολικό ποσό;Κατάσταση"
    ),
    "Turkish": ("SİPARİŞ NO;SİPARİŞ TARİHİ;Müşteri No;Ürün Adı;Adet;Birim Fiyat;Toplam Tutar;Sipariş Durumu"),
    "Swedish": ("Ordernummer;Orderdatum;Kundnr;Artikelbenämning;Antal;Styckpris;Ordersumma;Orderstatus"),
    "Norwegian": ("Ordrenummer;Ordredato;Kundenummer;Varenavn;Antall;Stykkpris;Ordresum;Ordrestatus"),
    "Danish": ("Ordrenr.;Købsdato;Kundenr.;Varetekst;Antal;Stykpris;Ordrebeløb;Betalingsstatus"),
    "Finnish": (
        "Tilausnumero;Tilauspäivä;Asiakasnumero;Tuotenimi;Määrä;Yksikköhinta;Tilauksen summa;Tilauksen tila"
    ),
    "Hungarian": (
        "Rendelésszám;Rendelés dátuma;Ügyfélszám;Termék neve;Mennyiség;Egységár;Végösszeg;Rendelés állapota"
    ),
    "Romanian": (
        "Nr. comandă;Data comenzii;Cod client;Denumire produs;"
        "Cantitate;Preț unitar;Total de plată;Stare comandă"
    ),
    "Portuguese": (
        "Número da encomenda;Data da encomenda;Código de cliente;Nome do artigo;"
        "Qtd.;Preço unitário;Valor da encomenda;Estado da encomenda"
    ),
    "Japanese": ("受注番号;受注日;会員番号;商品名;数量;単価;請求金額;受注状態"),
    "simplified": ("订单编号;下单时间;会员编号;商品名称;购买数量;商品单价;实付金额;订单状态"),
    "Korean": ("주문번호;주문일시;회원번호;상품명;주문수량;판매가;총결제금액;주문상태"),
    "traditional": ("訂單編號;訂單日期;會員編號;商品名稱;數量;單價;訂單金額;訂單狀態"),
}
FIELDS = (
    "order_id",
    "ordered_at",
    "customer_id",
    "product_name",
    "quantity",
    "unit_price",
    "order_total",
    "status",
)


@pytest.mark.parametrize("language", SHOPS)
def test_headers_of_a_shop_in_each_language(language):
    for field, header in zip(FIELDS, SHOPS[language].split(";"), strict=True):
        scores = {name: header_score(name, header)[0] for name in HEADERS}
        assert scores[field] == max(scores.values()) >= 0.75, (header, scores)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("送料合計", "order_total"),
        ("利用ポイント", "amount"),
        ("Koszt dostawy", "amount"),
        ("Data wysłania", "ordered_at"),
        ("Дата доставки", "ordered_at"),
        ("Стоимость доставки", "amount"),
        ("Kargo tutarı", "amount"),
        ("Datum doručení", "ordered_at"),
        ("Kundens adress", "customer_id"),
        ("Город клиента", "customer_id"),
        ("Müşteri şehir", "customer_id"),
    ],
)
def test_what_is_near_in_letters_only(header, field):
    assert header_score(field, header)[0] < 0.6

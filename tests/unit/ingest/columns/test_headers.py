"""Headers and the fields that they are nearest to."""

from __future__ import annotations

import pytest

from churnkit.ingest.columns.suitability import header_score
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

"""PayPal, Mollie, SumUp, Lightspeed, Matrixify, JTL and Odoo in files small enough to add up by hand."""

# The lines of an export are as long as they are.
# ruff: noqa: E501

from __future__ import annotations

import datetime as dt

import pytest

from churnkit.ingest import OpenQuestions


def test_paypal_in_german(read_text):
    read = read_text("""
        "Datum","Uhrzeit","Zeitzone","Beschreibung","Währung","Brutto","Entgelt","Netto","Guthaben","Transaktionscode","Absender E-Mail-Adresse","Name"
        "04.01.2025","06:11:36","Europe/Berlin","Website-Zahlung","EUR","1.205,00","-0,35","1.204,65","0,00","TX1","ann@x.org","Ann A"
        "15.02.2025","06:11:36","Europe/Berlin","Website-Zahlung","EUR","20,50","-0,35","20,15","0,00","TX2","bob@x.org","Bob B"
        "16.02.2025","06:11:36","Europe/Berlin","Allgemeine Abbuchung","EUR","-1.000,00","0,00","-1.000,00","0,00","TX3","shop@x.org",""
        "17.02.2025","06:11:36","Europe/Berlin","Rückzahlung","EUR","-20,50","0,35","-20,15","0,00","TX4","bob@x.org","Bob B"
    """)
    assert read.result.preset == "paypal"
    assert read.amounts() == [
        ("TX1", "ann@x.org", 1205.0),
        ("TX2", "bob@x.org", 20.5),
        ("TX4", "bob@x.org", -20.5),
    ]
    assert read.rows["ordered_at"].iloc[0] == dt.datetime(2025, 1, 4, 6, 11, 36)


def test_paypal_in_english_leaves_out_what_is_no_payment(read_text):
    read = read_text("""
        "Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address","To Email Address","Transaction ID","Reference Txn ID"
        "01/14/2025","14:30:00","PST","Ann A","Express Checkout Payment","Completed","USD","1,500.00","-58.80","1,441.20","ann@x.org","shop@x.org","T1",""
        "02/15/2025","14:30:00","PST","Bob B","Website Payment","Pending","USD","20.00","-0.80","19.20","bob@x.org","shop@x.org","T2",""
        "02/16/2025","14:30:00","PST","","General Currency Conversion","Completed","USD","-100.00","0.00","-100.00","shop@x.org","","T3",""
        "02/17/2025","14:30:00","PST","Bank","General Withdrawal","Completed","USD","-500.00","0.00","-500.00","shop@x.org","","T4",""
        "02/18/2025","14:30:00","PST","Bob B","Website Payment","Completed","USD","30.00","-0.80","29.20","bob@x.org","shop@x.org","T5",""
        "02/19/2025","14:30:00","PST","Bob B","Payment Refund","Completed","USD","-10.00","0.30","-9.70","shop@x.org","bob@x.org","T6","T5"
        "02/20/2025","14:30:00","PST","Host","PreApproved Payment Bill User Payment","Completed","USD","-15.00","0.00","-15.00","shop@x.org","host@y.org","T7",""
    """)
    assert read.result.preset == "paypal"
    # A refund is the buyer's, to whom it goes; what the shop pays to its host is nobody's purchase.
    assert read.amounts() == [
        ("T1", "ann@x.org", 1500.0),
        ("T5", "bob@x.org", 30.0),
        ("T6", "bob@x.org", -10.0),
    ]
    assert read.dropped() == {"no_purchase": 3, "unpaid": 1}


def test_mollie_knows_who_paid_from_a_bank_account(read_text):
    read = read_text("""
        Date,Payment method,Currency,Amount,Status,ID,Description,Consumer name,Consumer bank account,Consumer BIC,Settlement currency,Settlement amount,Settlement reference,Amount refunded
        2025-01-05 10:12:00,ideal,EUR,100.00,paidout,tr_1,Order 1001,Jan N,NL01BANK01,BANKNL2A,EUR,100.00,1.1,
        2025-02-16 11:00:00,creditcard,EUR,50.00,paidout,tr_2,Order 1002,,,,EUR,50.00,1.1,
        2025-03-17 11:00:00,ideal,EUR,40.00,paid,tr_3,Order 1003,Eva M,NL01BANK02,BANKNL2A,EUR,40.00,1.1,15.00
        2025-03-18 11:00:00,ideal,EUR,40.00,expired,tr_4,Order 1004,Eva M,NL01BANK02,BANKNL2A,EUR,40.00,1.1,
    """)
    assert read.result.preset == "mollie"
    assert read.amounts() == [("tr_1", "NL01BANK01", 100.0), ("tr_3", "NL01BANK02", 25.0)]
    assert read.dropped() == {"no_customer": 1, "unpaid": 1}


def test_sumup_names_no_buyer(read_text):
    with pytest.raises(OpenQuestions, match="names no buyer") as asked:
        read_text("""
            E-Mail,Datum,Transaktions-ID,Zahlungsart,Status,Kartentyp,Letzte 4 Ziffern,Betrag inkl. MwSt.,Netto,Auszahlung,Auszahlungsdatum,Auszahlungs-ID
            bar@x.ch,2025-01-31 19:56:55,T4,Umsatz,Erfolgreich,MASTERCARD,**** 1234,12.00,11.00,11.80,2025-02-01,P1
        """)
    assert asked.value.questions[0].refusal == "sumup"


def test_lightspeed_counts_the_sale_lines(read_text):
    read = read_text("""
        Date,Receipt Number,Line Type,Customer Code,Customer Name,Note,Quantity,Subtotal,Sales Tax,Discount,Loyalty,Total,Paid,Details,Register,User,Status,Sku
        2025-01-05 10:00:00,1,Sale,ANN-1,Ann A,,3,100.00,10.00,0,0,110.00,110.00,,Main,Eva,Closed,
        ,1,Sale Line,,,,2,60.00,6.00,0,0,66.00,,Mug,,,,MUG
        ,1,Sale Line,,,,1,40.00,4.00,0,0,44.00,,Bowl,,,,BWL
        ,1,Payment,,,,,,,,,,110.00,Cash,,,,
        2025-02-16 10:00:00,2,Sale,BOB-1,Bob B,,1,20.00,2.00,0,0,22.00,22.00,,Main,Eva,Closed,
        ,2,Sale Line,,,,1,20.00,2.00,0,0,22.00,,Mug,,,,MUG
    """)
    assert read.result.preset == "lightspeed"
    assert read.amounts() == [("1", "ANN-1", 60.0), ("1", "ANN-1", 40.0), ("2", "BOB-1", 20.0)]


def test_matrixify_counts_goods_and_their_refunds(read_text):
    read = read_text("""
        ID,Name,Email,Processed At,Currency,Payment: Status,Cancelled At,Price: Total,Customer: ID,Customer: Email,Line: Type,Line: Title,Line: SKU,Line: Quantity,Line: Price,Line: Discount,Line: Total
        1,#1,ann@x.org,2025-01-05 10:00:00 +0100,EUR,paid,,95.00,77,ann@x.org,Line Item,Mug,MUG,2,30.00,-6.00,54.00
        1,#1,,,,,,,,,Line Item,Bowl,BWL,1,40.00,-4.00,36.00
        1,#1,,,,,,,,,Shipping Line,Post,,,5.00,,5.00
        1,#1,,,,,,,,,Transaction,,,,,,
        2,#2,bob@x.org,2025-02-16 10:00:00 +0100,EUR,partially_refunded,,40.00,78,bob@x.org,Line Item,Mug,MUG,2,20.00,0,40.00
        2,#2,,,,,,,,,Refund Line,Mug,MUG,-1,20.00,0,-20.00
    """)
    assert read.result.preset == "matrixify"
    assert read.amounts() == [("#1", "77", 54.0), ("#1", "77", 36.0), ("#2", "78", 40.0), ("#2", "78", -20.0)]


def test_jtl_counts_articles_only(read_text):
    read = read_text("""
        Auftragsnummer;Kundennummer;Erstelldatum;Positionstyp;Artikelnummer;Artikelname;Menge;VK Brutto
        A1;K1;05.01.2025;Artikel;M;Tasse;2;30,00
        A1;K1;05.01.2025;Versandposition;;Versand;1;5,00
        A2;K2;16.02.2025;Artikel;M;Tasse;1;20,50
    """)
    assert read.result.preset == "jtl"
    assert read.amounts() == [("A1", "K1", 60.0), ("A2", "K2", 20.5)]


def test_odoo_leaves_quotations_out_and_asks_whether_names_are_customers(read_text):
    text = """
        Order Reference,Creation Date,{customer},Salesperson,Total,Status
        S0001,2025-01-05 10:00:00,{a},Eva,100.00,Sales Order
        S0002,2025-02-16 10:00:00,{b},Eva,50.00,Quotation
        S0003,2025-03-17 10:00:00,{b},Eva,20.50,Sales Order
    """
    read = read_text(text.format(customer="Customer/ID", a="7", b="8"))
    assert read.result.preset == "odoo"
    assert read.amounts() == [("S0001", "7", 100.0), ("S0003", "8", 20.5)]
    with pytest.raises(OpenQuestions, match="holds names") as asked:
        read_text(text.format(customer="Customer", a="Ann Amber", b="Berg und Sohn"))
    assert asked.value.questions[0].choices[0].answer == {"customer_id": "Customer"}


def test_several_currencies_with_a_conversion_of_their_own_offer_it_first(read_text):
    text = """
        id,Created date (UTC),Amount,Amount Refunded,Currency,Converted Amount,Converted Amount Refunded,Converted Currency,Captured,Status,Customer Email
        ch_1,2026-01-05 10:00:00,20.00,0,eur,20.00,0,eur,true,Paid,ann@x.org
        ch_2,2026-02-05 10:00:00,30.00,0,usd,27.00,0,eur,true,Paid,ann@x.org
        ch_3,2026-03-05 10:00:00,40.00,10.00,usd,36.00,9.00,eur,true,Paid,bob@x.org
    """
    with pytest.raises(OpenQuestions, match="several currencies") as asked:
        read_text(text)
    choice = asked.value.questions[0].choices[0]
    assert (choice.rows, choice.amount) == (3, 83.0)
    read = read_text(text, mapping=choice.answer)
    assert read.amounts() == [
        ("ch_1", "ann@x.org", 20.0),
        ("ch_2", "ann@x.org", 27.0),
        ("ch_3", "bob@x.org", 27.0),
    ]
    assert read.result.currency == "EUR"

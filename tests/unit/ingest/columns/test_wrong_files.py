"""Files that are no orders say what they are; whatever may be orders is never turned away for it."""

# The lines of an export are as long as they are.
# ruff: noqa: E501

from __future__ import annotations

import pytest

from churnkit.ingest import OpenQuestions

WRONG = {
    "customer_list shopify": """
        First Name,Last Name,Email,Accepts Email Marketing,Address1,City,Province Code,Country,Zip,Phone,Total Spent,Total Orders,Tags
        Ann,A,ann@x.org,yes,Road 1,Bonn,NW,DE,53111,,125.40,3,vip
        Bob,B,bob@x.org,no,Road 2,Bonn,NW,DE,53111,,0.00,0,
        Cy,C,cy@x.org,yes,Road 3,Bonn,NW,DE,53111,,10.00,1,
    """,
    "customer_list woocommerce": """
        Name,Username,Last Active,Sign Up,Email,Orders,Total Spend,AOV,Country,City
        Ann A,ann,2025-01-05 10:00:00,2023-01-05 10:00:00,ann@x.org,3,125.40,41.80,DE,Bonn
        Bob B,bob,2025-02-06 11:00:00,2023-02-05 10:00:00,bob@x.org,1,20.00,20.00,DE,Bonn
        Cy C,cy,2025-03-07 12:00:00,2023-03-05 10:00:00,cy@x.org,2,30.50,15.25,DE,Bonn
    """,
    "customer_list nuvemshop": """
        Nome completo;CPF/CNPJ;E-mail;Telefone de Contato;Cidade;Total Consumido (BRL);Número de Compras;Última Compra;Data;Cadastrado
        Ana Souza;111;ana@x.org;1;Rio;189.80;2;20/08/2026;16/09/2025;SIM
        Rui Lima;222;rui@x.org;2;Rio;10.00;1;21/08/2026;17/09/2025;NÃO
        Eva Reis;333;eva@x.org;3;Rio;0.00;0;;18/09/2025;NÃO
    """,
    "customer_list german": """
        Kundennummer;Anrede;Vorname;Nachname;E-Mail;Kunde seit;Anzahl Bestellungen;Gesamtumsatz
        K1;Frau;Ann;Amann;ann@x.org;05.01.2023;3;125,40
        K2;Herr;Bob;Berg;bob@x.org;06.02.2023;1;20,00
        K3;Herr;Cy;Cora;cy@x.org;17.03.2023;2;30,50
    """,
    "customer_list rfm": """
        customer_id,recency,frequency,monetary,rfm_segment
        101,12,3,125.40,Champions
        102,200,1,20.00,Lost
        103,30,2,30.50,Loyal
    """,
    "customer_list without ids": """
        recency,history_segment,history,mens,newbie,channel,segment,visit,spend
        10,2) $100 - $200,142.44,1,0,Phone,Womens E-Mail,0,0
        6,3) $200 - $350,329.08,1,1,Web,No E-Mail,0,0
        7,2) $100 - $200,180.65,0,1,Web,Womens E-Mail,1,12.5
    """,
    "product_list shopify": """
        Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Price,Image Src
        mug,Mug,<p>Mug</p>,Us,Cups,a,true,Size,S,MUG-S,100,12.50,http://x/1
        mug,,,,,,,Size,L,MUG-L,120,14.50,http://x/2
        tee,Tee,<p>Tee</p>,Us,Wear,b,true,Size,M,TEE-M,90,24.00,http://x/3
    """,
    "product_list german": """
        Artikelnummer;Bezeichnung;Hersteller;EAN;Lagerbestand;VK Brutto;Kategorie;Beschreibung
        A1;Tasse;Wir;4001;5;12,50;Küche;Schöne Tasse
        A2;Hemd;Wir;4002;3;24,00;Mode;Schönes Hemd
    """,
    "payouts shopify": """
        Payout Date,Status,Charges,Refunds,Adjustments,Reserved Funds,Fees,Retried Amount,Total,Currency
        2025-01-05,paid,100.00,0.00,0.00,0.00,-2.90,0.00,97.10,EUR
        2025-01-06,paid,210.50,-10.00,0.00,0.00,-5.90,0.00,194.60,EUR
    """,
    "payouts stripe": """
        id,Amount,Created (UTC),Currency,Arrival Date (UTC),Status,Description,Destination
        po_1,97.10,2025-01-05 10:00,eur,2025-01-07 00:00,paid,STRIPE PAYOUT,ba_1
        po_2,194.60,2025-01-06 10:00,eur,2025-01-08 00:00,paid,STRIPE PAYOUT,ba_1
    """,
    "labelled_table telco": """
        customerID,gender,tenure,Contract,MonthlyCharges,TotalCharges,Churn
        7590-VH,Female,1,Month-to-month,29.85,29.85,No
        5575-GN,Male,34,One year,56.95,1889.50,No
        3668-QP,Male,2,Month-to-month,53.85,108.15,Yes
    """,
    "labelled_table dated": """
        CustomerId,JoinDate,Balance,NumOfProducts,Exited
        15634602,2015-01-05,0.00,1,1
        15647311,2016-03-06,83807.86,1,0
        15619304,2017-04-17,159660.80,3,1
    """,
    "subscriptions stripe": """
        id,Customer ID,Customer Email,Plan,Quantity,Currency,Interval,Amount,Status,Created (UTC),Current Period End (UTC),Canceled At (UTC)
        sub_1,cus_1,ann@x.org,basic,1,eur,month,29.00,canceled,2024-04-18 05:19,,2024-05-09 23:57
        sub_2,cus_2,bob@x.org,basic,1,eur,month,29.00,active,2024-06-29 05:25,2025-06-29 05:25,
        sub_3,cus_2,bob@x.org,basic,1,eur,month,29.00,canceled,2024-02-01 22:21,,2024-05-14 15:04
        sub_4,cus_3,cy@x.org,basic,1,eur,month,29.00,active,2025-02-19 01:54,2025-03-19 01:54,
    """,
    "subscriptions german": """
        Kundennummer;Tarif;Vertragsbeginn;Kündigungsdatum;Preis;Status
        K1;Basis;05.01.2024;09.05.2024;29,00;gekündigt
        K2;Basis;17.02.2024;;29,00;aktiv
        K3;Plus;18.03.2024;;39,00;aktiv
    """,
    "bank_statement german": """
        Buchungstag;Wertstellung;Auftraggeber;Verwendungszweck;IBAN;Betrag;Kontostand
        05.01.2025;06.01.2025;Ann Amann;RE 1001;DE1;20,00;120,00
        06.01.2025;07.01.2025;Bob Berg;RE 1002;DE2;30,50;150,50
        17.01.2025;18.01.2025;Stadtwerke;Strom;DE3;-80,00;70,50
    """,
    "bank_statement english": """
        Date,Description,Debit,Credit,Balance
        2025-01-05,TRANSFER FROM A,,20.00,120.00
        2025-01-06,TRANSFER FROM B,,30.50,150.50
        2025-01-17,POWER,80.00,,70.50
    """,
    "web_analytics": """
        Date,Sessions,Users,Bounce rate,Transactions,Revenue
        2025-01-05,100,90,0.45,3,120.50
        2025-01-06,110,95,0.40,2,80.25
    """,
    "shipping_list": """
        Name,Email,Street,City,Tracking Number,Carrier,Ship Date,Weight (kg)
        Ann A,ann@x.org,Road 1,Bonn,T1,DHL,2025-01-05,1.5
        Bob B,bob@x.org,Road 2,Bonn,T2,DHL,2025-01-06,0.7
    """,
    "abandoned_carts": """
        Email,Created,Abandoned checkout URL,Recovery status,Total
        ann@x.org,2025-01-05 10:00,http://x/1,Not recovered,20.00
        bob@x.org,2025-01-06 10:00,http://x/2,Recovered,30.50
    """,
    "reviews": """
        Email,Product,Rating,Review title,Review body,Date
        ann@x.org,Mug,5,Great,Love it,2025-01-05
        bob@x.org,Tee,3,Fine,Okay,2025-01-06
    """,
    "mailing_list": """
        Email Address,First Name,MEMBER_RATING,OPTIN_TIME,LEID,EUID
        ann@x.org,Ann,4,2023-01-05 10:00:00,1,a1
        bob@x.org,Bob,2,2023-02-05 10:00:00,2,b2
    """,
    "sales_report": """
        Month,Orders,Gross sales,Discounts,Returns,Net sales
        2025-01-01,10,1000.50,-10.00,0.00,990.50
        2025-02-01,12,1200.50,-20.00,-5.00,1175.50
    """,
}

ORDERS = {
    "orders with everything beside": """
        Order ID,Customer ID,Order Date,Total,Tracking Number,Carrier,Weight,Subscription,Balance,Rating,Review,Newsletter,Gender,Churn
        1,C1,2025-01-05,20.00,T1,DHL,1.5,no,0,5,good,yes,f,0
        2,C2,2025-01-06,30.50,T2,DHL,0.5,no,0,4,good,no,m,0
        3,C1,2025-02-07,10.00,T3,DHL,0.7,no,0,5,good,yes,f,0
    """,
    "each customer once": """
        order_id,email,first name,last name,phone,newsletter,created_at,total
        1,ann@x.org,Ann,A,1,yes,2025-01-05,20.00
        2,bob@x.org,Bob,B,2,no,2025-01-06,30.50
    """,
    "no order number": """
        customer_id,gender,category,date,amount,total orders,newsletter
        C1,f,a,2025-01-05,20.00,3,yes
        C2,m,a,2025-01-06,30.50,1,no
        C1,f,b,2025-02-07,10.00,3,yes
        C1,f,b,2025-03-17,12.00,3,yes
    """,
    "charges of subscriptions": """
        id,Customer ID,Amount,Currency,Created (UTC),Status,Description,Subscription,Plan
        ch_1,cus_1,29.00,eur,2024-04-18 05:19,succeeded,Basic,sub_1,basic
        ch_2,cus_1,29.00,eur,2024-05-18 05:19,succeeded,Basic,sub_1,basic
        ch_3,cus_2,29.00,eur,2024-05-19 05:19,succeeded,Basic,sub_2,basic
        ch_4,cus_2,29.00,eur,2024-06-19 05:19,failed,Basic,sub_2,basic
    """,
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_no_orders_says_what_it_is(read_text, name):
    with pytest.raises(OpenQuestions) as problem:
        read_text(WRONG[name])
    (question,) = problem.value.questions
    assert question.refusal == name.split()[0]
    assert question.choices == ()
    assert "Export" in question.remedy


@pytest.mark.parametrize("name", ORDERS)
def test_orders_are_never_turned_away_for_what_stands_beside_them(read_text, name):
    try:
        read_text(ORDERS[name])
    except OpenQuestions as asked:
        assert [question.refusal for question in asked.questions] == [""] * len(asked.questions)


def test_the_message_counts_and_the_remedy_knows_the_menus_of_the_shop(read_text):
    with pytest.raises(OpenQuestions, match="a list of 3 customers") as problem:
        read_text(WRONG["customer_list shopify"])
    assert "Open Orders in the admin." in problem.value.remedy
    with pytest.raises(OpenQuestions, match=r"'Churn' is 'Yes' for 1 of them \(33"):
        read_text(WRONG["labelled_table telco"])
    with pytest.raises(OpenQuestions, match="2 active, 2 canceled"):
        read_text(WRONG["subscriptions stripe"])


def test_a_whole_mapping_reads_even_a_file_that_is_no_orders(read_text):
    read = read_text(
        WRONG["customer_list woocommerce"],
        preset="none",
        mapping={"email": "Email", "order_datetime": "Last Active", "order_total": "Total Spend"},
    )
    assert len(read.rows) == 3

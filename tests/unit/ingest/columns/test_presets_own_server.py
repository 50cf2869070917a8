"""PrestaShop, Shopware and OpenCart in files small enough to add up by hand."""

# The lines of an export are as long as they are.

from __future__ import annotations

import pytest

from churnkit.ingest import OpenQuestions


@pytest.mark.parametrize(
    "header",
    [
        "ID;Référence;Nouveau client;Livraison;Client;Total;Paiement;État;Date",
        "ID;Reference;New client;Delivery;Customer;Total;Payment;Status;Date",
        "ID;Referencia;Nuevo cliente;Entrega;Cliente;Total;Pago;Estado;Fecha",
        "ID;Referenz;Neukunde;Lieferung;Kunde;Gesamt;Zahlung;Status;Datum",
        "ID;R?f?rence;Nouveau client;Livraison;Client;Total;Paiement;?tat;Date",
    ],
)
def test_the_list_of_prestashop_is_refused_for_its_names(read_text, header):
    with pytest.raises(OpenQuestions, match="shortened name only") as asked:
        read_text(f"{header}\n1001;XKB1;0;France;A. DUPONT;205,00 €;Carte;Livré;04/01/2025 06:11:36\n")
    (question,) = asked.value.questions
    assert question.refusal == "prestashop_grid"
    assert "SQL Manager" in question.remedy


def test_the_list_of_prestashop_is_read_where_the_mapping_says_that_names_do(read_text):
    read = read_text(
        """
        ID;Référence;Nouveau client;Client;Total;État;Date
        1;XKB1;0;A. DUPONT;205,00 €;Livré;04/01/2025 06:11:36
        2;XKB2;0;B. MARTIN;20,50 €;Livré;14/02/2025 06:11:36
        """,
        mapping={"customer_id": "Client", "order_datetime": "Date", "order_total": "Total", "order_id": "ID"},
    )
    assert read.amounts() == [("1", "A. DUPONT", 205.0), ("2", "B. MARTIN", 20.5)]


def test_prestashop_by_sql(read_text):
    read = read_text("""
        id_order;reference;id_customer;email;date_add;total_paid_tax_incl;valid;current_state
        1;AAA;7;ann@x.org;2025-01-05 10:00:00;100.00;1;5
        2;BBB;8;bob@x.org;2025-02-16 10:00:00;50.00;0;6
        3;CCC;8;bob@x.org;2025-03-17 10:00:00;20.50;1;2
        4;DDD;8;bob@x.org;2025-03-18 10:00:00;20.50;0;8
    """)
    assert read.result.preset == "prestashop_sql"
    assert read.amounts() == [("1", "7", 100.0), ("3", "8", 20.5)]


def test_prestashop_by_sql_with_lines(read_text):
    read = read_text("""
        id_order;id_customer;date_add;total_paid;product_reference;product_name;product_quantity;unit_price_tax_incl
        1;7;2025-01-05 10:00:00;105.00;M;Mug;2;30.00
        1;7;2025-01-05 10:00:00;105.00;B;Bowl;1;40.00
        3;8;2025-03-17 10:00:00;25.50;M;Mug;1;20.50
    """)
    assert read.amounts() == [("1", "7", 60.0), ("1", "7", 40.0), ("3", "8", 20.5)]


def test_shopware_5_and_6(read_text):
    read = read_text("""
        orderId;number;customerId;status;cleared;invoiceAmount;invoiceShipping;orderTime;currency;articleNumber;articleName;price;quantity
        1;20001;7;2;12;110.00;10.00;2025-01-05 10:00:00;EUR;M;Mug;30.00;2
        1;20001;7;2;12;110.00;10.00;2025-01-05 10:00:00;EUR;B;Bowl;40.00;1
        2;20002;8;4;35;20.00;0;2025-02-16 10:00:00;EUR;B;Bowl;20.00;1
        3;20003;8;2;12;20.00;0;2025-03-17 10:00:00;EUR;B;Bowl;20.00;1
    """)
    assert read.result.preset == "shopware"
    assert read.amounts() == [("1", "7", 66.0), ("1", "7", 44.0), ("3", "8", 20.0)]
    read = read_text("""
        id;order_number;order_date_time;order_customer_email;amount_total;amount_net
        a;10001;2025-01-05 10:00:00;ann@x.org;110.00;92.44
        b;10002;2025-02-16 10:00:00;bob@x.org;20.00;16.81
    """)
    assert read.amounts() == [("10001", "ann@x.org", 110.0), ("10002", "bob@x.org", 20.0)]


def test_opencart_counts_orders_once_and_knows_its_states(read_text):
    read = read_text("""
        order_id,invoice_no,store_name,customer_id,firstname,lastname,email,telephone,total,order_status_id,currency_code,date_added
        1,0,Shop,7,Ann,A,ann@x.org,1,110.0000,5,USD,2025-01-05 10:00:00
        2,0,Shop,0,Bob,B,bob@x.org,2,20.0000,3,USD,2025-02-16 10:00:00
        3,0,Shop,7,Ann,A,ann@x.org,1,30.0000,7,USD,2025-03-17 10:00:00
        4,0,Shop,7,Ann,A,ann@x.org,1,30.0000,0,USD,2025-03-18 10:00:00
    """)
    assert read.result.preset == "opencart"
    assert read.amounts() == [("1", "7", 110.0), ("2", "bob@x.org", 20.0)]

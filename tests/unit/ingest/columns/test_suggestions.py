"""Suggested mappings, and everything that a file can leave open."""

from __future__ import annotations

import pytest

from churnkit.config import IngestSettings
from churnkit.errors import MappingError
from churnkit.ingest import OpenQuestions, Reading, ingest, inspect

MISSION = {
    "customer_id": "CustomerID",
    "order_id": "InvoiceNo",
    "order_datetime": "InvoiceDate",
    "product_id": "StockCode",
    "quantity": "Quantity",
    "unit_price": "UnitPrice",
}

GERMAN = """
Bestellnummer;Bestelldatum;Kundennummer;Artikelnummer;Bezeichnung;Menge;Einzelpreis;Status
""" + "".join(
    f"B{100 + i};{1 + i % 28:02d}.{1 + i % 12:02d}.2025;{(i * 7) % 23:05d};A{i % 5};Tasse {i % 5};{1 + i % 3};"
    f"{9 + i % 5},50;{'Storniert' if i % 10 == 9 else 'Abgeschlossen'}\n"
    for i in range(60)
)


def test_a_german_export_needs_no_help(read_text):
    read = read_text(GERMAN)
    assert dict(read.result.mapping.columns) == {
        "order_id": "Bestellnummer",
        "ordered_at": "Bestelldatum",
        "customer_id": "Kundennummer",
        "product_id": "Artikelnummer",
        "product_name": "Bezeichnung",
        "quantity": "Menge",
        "unit_price": "Einzelpreis",
        "status": "Status",
    }
    assert read.dropped() == {"cancelled": 6}
    assert read.rows["customer_id"].iloc[0] == "00000"
    assert read.rows["amount"].iloc[0] == pytest.approx(9.5)


def test_inspect_gives_confidence_reason_and_preview(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(GERMAN.lstrip(), encoding="utf-8")
    seen = inspect(path, tmp_path / "work", Reading(settings=IngestSettings(preview_rows=7)))
    assert seen.questions == ()
    assert seen.row_count == 60
    assert len(seen.preview) == 7
    assert seen.preview.columns.tolist()[0] == "Bestellnummer"
    by_field = {item.field: item for item in seen.suggestions}
    assert by_field["ordered_at"].column == "Bestelldatum"
    assert 0.9 <= by_field["ordered_at"].confidence <= 1
    assert "dates" in by_field["ordered_at"].reason
    assert {info.name: info.looks_like for info in seen.columns}["Einzelpreis"] == "numbers with decimals"
    assert seen.preset is None
    assert "semicolon" in seen.format_words


def test_inspect_reports_questions_instead_of_raising(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("id,when,what\n1,2025-01-01,x\n2,2025-01-02,y\n", encoding="utf-8")
    seen = inspect(path, tmp_path / "work")
    assert {question.field for question in seen.questions} >= {"customer_id", "amount"}


def test_ids_go_before_email_and_email_before_names(read_text):
    lines = "".join(
        f"{i},2025-{1 + i % 12:02d}-05,Ann Lee {'AB'[i % 2]},{'' if i == 3 else i % 4},p{i % 4}@x.org,{10 + i}.50\n"
        for i in range(24)
    )
    read = read_text("Order,Date,Customer Name,Customer ID,Customer Email,Amount\n" + lines)
    assert read.result.mapping.columns["customer_id"] == "Customer ID"
    assert read.result.mapping.columns["email"] == "Customer Email"
    assert read.rows["customer_id"].tolist() == [str(i % 4) for i in range(24)]
    assert read.mended() == {"other_identity": 1, "one_person": 1}


def test_a_customer_column_of_email_addresses_is_lower_cased(read_text):
    read = read_text("""
        customer,date,amount
        Ann@X.org,2025-01-05,10.50
        ann@x.org,2025-02-05,11.50
        BOB@x.org,2025-03-05,12.50
    """)
    assert read.rows["customer_id"].tolist() == ["ann@x.org", "ann@x.org", "bob@x.org"]
    assert read.mended() == {"email_lower_case": 2}


def test_names_alone_are_refused_unless_the_user_insists(read_text):
    text = """
        Order,Date,Customer,Total
        1,2025-01-05,Ann Lee,10.50
        2,2025-02-05,Bob Ray,11.50
        3,2025-03-05,Ann Lee,12.50
    """
    with pytest.raises(MappingError, match="names") as problem:
        read_text(text)
    assert "e-mail" in problem.value.remedy
    read = read_text(
        text,
        mapping={
            "customer_id": "Customer",
            "order_datetime": "Date",
            "order_total": "Total",
            "order_id": "Order",
        },
    )
    assert len(read.rows) == 3


def test_no_customer_no_date_no_money(read_text):
    with pytest.raises(MappingError) as problem:
        read_text("""
            colour,size
            red,L
            blue,M
        """)
    for words in ("who bought", "dates of orders", "money"):
        assert words in problem.value.message


def test_two_equally_good_dates_are_asked(read_text):
    text = "Customer ID,Order Date,Invoice Date,Amount\n" + "".join(
        f"{i % 5},2025-{1 + i % 9:02d}-05,2025-{9 - i % 8:02d}-05,{i}.50\n" for i in range(1, 30)
    )
    with pytest.raises(MappingError, match="'Order Date', 'Invoice Date'"):
        read_text(text)
    read = read_text(text, mapping={"order_datetime": "Invoice Date"})
    assert read.result.mapping.columns["ordered_at"] == "Invoice Date"
    assert read.result.mapping.columns["customer_id"] == "Customer ID"


def test_day_and_month_are_asked_where_both_fit(read_text):
    text = "Customer ID,Date,Amount\n" + "".join(
        f"{i % 5},{1 + (i * 5) % 12:02d}/{1 + (i * 7) % 12:02d}/2025,{i}.50\n" for i in range(1, 30)
    )
    with pytest.raises(MappingError, match="day/month as well as month/day") as problem:
        read_text(text)
    assert "day_first" in problem.value.remedy
    assert read_text(text, day_first=True).rows["ordered_at"].iloc[0].month == 8
    assert read_text(text, mapping={"day_first": False}).rows["ordered_at"].iloc[0].month == 6


def test_day_and_month_are_decided_by_the_files_order(read_text):
    text = "Customer ID,Date,Amount\n" + "".join(
        f"{i % 5},{1 + i % 12:02d}/{1 + i // 12:02d}/2025,{i + 1}.50\n" for i in range(60)
    )
    read = read_text(text)
    assert read.rows["ordered_at"].iloc[13].to_pydatetime().strftime("%Y-%m-%d") == "2025-02-02"
    assert any("sorted" in note for note in read.result.notes)


def test_day_and_month_are_decided_by_the_future(read_text):
    text = "Customer ID,Date,Amount\n" + "".join(
        f"{i % 5},{11 - i % 3:02d}/{1 + (i * 7) % 12:02d}/2026,{i + 1}.50\n" for i in range(40)
    )
    read = read_text(text)
    assert read.rows["ordered_at"].dt.month.max() == 11
    assert any("future" in note for note in read.result.notes)


def test_the_decimal_separator_is_asked_where_nothing_decides(read_text):
    text = "Customer ID,Date,Amount\n" + "".join(
        f'{i % 5},2025-01-{i:02d},"{i},{i}00"\n' for i in range(1, 10)
    )
    with pytest.raises(MappingError, match="thousands or decimals"):
        read_text(text)
    assert read_text(text, decimal=",").rows["amount"].iloc[0] == pytest.approx(1.1)
    assert read_text(text, mapping={"decimal": "."}).rows["amount"].iloc[0] == pytest.approx(1100)


def test_a_repeated_amount_may_be_the_orders_total(read_text):
    lines = "".join(
        f"o{i},c{i % 7},2025-{1 + i % 12:02d}-05,sku{j},{20 + i}.50\n" for i in range(40) for j in range(2)
    )
    text = "Order ID,Customer ID,Order Date,SKU,Amount\n" + lines
    with pytest.raises(MappingError, match="repeats on every line"):
        read_text(text)
    once = read_text(text, mapping={"order_total": "Amount"})
    assert once.rows["amount"].sum() == pytest.approx(sum(20.5 + i for i in range(40)))
    assert once.mended() == {"order_total_shared": 80}
    lines_read = read_text(text, mapping={"amount": "Amount"})
    assert lines_read.rows["amount"].sum() == pytest.approx(2 * sum(20.5 + i for i in range(40)))


def test_a_total_that_varies_within_an_order_is_the_lines(read_text):
    lines = "".join(
        f"o{i},c{i % 7},2025-{1 + i % 12:02d}-05,sku{j},{20 + i + j}.50\n"
        for i in range(40)
        for j in range(2)
    )
    read = read_text("Order ID,Customer ID,Order Date,SKU,Total\n" + lines)
    assert "amount" in read.result.mapping.columns
    assert read.rows["amount"].sum() == pytest.approx(sum(20.5 + i + j for i in range(40) for j in range(2)))


def test_quantity_times_price_goes_before_a_repeated_order_total(read_text):
    lines = "".join(
        f"o{i},c{i % 7},2025-{1 + i % 12:02d}-05,sku{j},{1 + j},{10 + i}.50,{3 * (10.5 + i):.2f}\n"
        for i in range(40)
        for j in range(2)
    )
    read = read_text("Order ID,Customer ID,Order Date,SKU,Quantity,Unit Price,Order Total\n" + lines)
    assert "order_total" not in read.result.mapping.columns
    assert read.rows["amount"].sum() == pytest.approx(sum(3 * (10.5 + i) for i in range(40)))


def test_a_price_that_grows_with_the_quantity_is_asked(read_text):
    text = "Order ID,Customer ID,Order Date,Quantity,Price\n" + "".join(
        f"o{i},c{i % 17},2025-{1 + i % 12:02d}-05,{1 + i % 6},{(1 + i % 6) * 12.5:.2f}\n" for i in range(200)
    )
    with pytest.raises(MappingError, match="grows with"):
        read_text(text)
    assert read_text(text, mapping={"amount": "Price"}).rows["amount"].iloc[5] == pytest.approx(75)


def test_the_customer_is_who_repeats_over_orders(read_text):
    """As in Olist's data: one customer_id an order, and another column for the person."""
    text = "order_id,customer_id,customer_unique_id,order_purchase_timestamp,payment_value\n" + "".join(
        f"o{i},k{i},u{i % 30},2025-{1 + i % 12:02d}-05 10:00:00,{10 + i}.50\n" for i in range(120)
    )
    read = read_text(text)
    assert read.result.mapping.columns["customer_id"] == "customer_unique_id"
    assert read.rows["customer_id"].nunique() == 30


def test_two_columns_of_one_header_that_name_other_people_are_asked_about(read_text):
    rows = [f"Anna {i % 29},{100 + i % 37},{1000 + i},2024-0{1 + i % 9}-11,{10 + i}.5" for i in range(120)]
    with pytest.raises(MappingError) as asked:
        read_text("\n".join(["Customer,Customer,Order,Date,Amount", *rows]))
    assert "'Customer' (29 customers" in asked.value.message
    assert "'Customer_2' (37 customers" in asked.value.message


def test_the_order_is_what_groups_lines(read_text):
    """As in Etsy's export: a Transaction ID for each line, an Order ID for them together."""
    text = "Sale Date,Buyer Username,Transaction ID,Order ID,Item Total\n" + "".join(
        f"2025-{1 + i % 12:02d}-05,b{i // 2 % 20},{9000 + i},{100 + i // 2},{10 + i}.50\n" for i in range(80)
    )
    read = read_text(text)
    assert read.result.mapping.columns["order_id"] == "Order ID"


def test_small_whole_amounts_beside_a_price_may_be_pieces(read_text):
    """As in Ta-Feng's data, where AMOUNT is the number of pieces."""
    text = "CUSTOMER_ID,TRANSACTION_DT,PRODUCT_ID,AMOUNT,SALES_PRICE\n" + "".join(
        f"{i % 9:05d},2025-{1 + i % 12:02d}-05,{i % 7},{1 + i % 3},{20 + i}\n" for i in range(80)
    )
    with pytest.raises(MappingError, match="money or pieces"):
        read_text(text)
    read = read_text(text, mapping={"quantity": "AMOUNT", "unit_price": "SALES_PRICE"})
    assert read.rows["amount"].iloc[1] == pytest.approx(2 * 21)


def test_a_refund_flag_is_no_money(read_text):
    text = "Order ID,Customer ID,Order Date,Amount,Refunded\n" + "".join(
        f"o{i},c{i % 9},2025-{1 + i % 12:02d}-05,{10 + i}.50,{int(i % 10 == 0)}\n" for i in range(60)
    )
    read = read_text(text)
    assert "refunded" not in read.result.mapping.columns
    assert any("only 0 and 1" in note for note in read.result.notes)
    flagged = read_text(text, mapping={"cancelled": "Refunded"})
    assert flagged.dropped() == {"cancelled": 6}


def test_a_file_without_a_header_is_mapped_by_its_cells(read_text):
    lines = "".join(
        f"{i % 61:05d} 2025{1 + i % 12:02d}{1 + i % 28:02d} {1 + i % 4} {(1 + i % 4) * 9.99 + i % 7:.2f}\n"
        for i in range(400)
    )
    read = read_text(lines)
    assert set(read.result.mapping.columns) == {"customer_id", "ordered_at", "quantity", "amount"}
    assert read.rows["customer_id"].iloc[0] == "00000"
    assert any("no header" in note for note in read.result.notes)


def test_without_a_header_a_product_of_two_columns_is_the_money(read_text):
    bought = [
        (f"{i % 41:05d};2025-{1 + i % 12:02d}-{1 + i % 28:02d}", 9.5 + i % 7, 1 + i % 4) for i in range(90)
    ]
    read = read_text(
        "".join(f"{head};{price:.2f};{pieces};{pieces * price:.2f}\n" for head, price, pieces in bought)
    )
    columns = read.result.mapping.columns
    assert [columns[name] for name in ("unit_price", "quantity", "amount")] == [
        "column_3",
        "column_4",
        "column_5",
    ]


def test_without_a_header_a_price_or_a_total_is_asked_with_both_sums(read_text):
    lines = "".join(
        f"{i % 41:05d};2025-{1 + i % 12:02d}-{1 + i % 28:02d};{9.5 + (i * 5) % 13:.2f};{1 + i % 4}\n"
        for i in range(120)
    )
    with pytest.raises(OpenQuestions, match="price of one") as problem:
        read_text(lines)
    (question,) = problem.value.questions
    rows = sum(9.5 + (i * 5) % 13 for i in range(120))
    pieces = sum((1 + i % 4) * (9.5 + (i * 5) % 13) for i in range(120))
    assert [choice.amount for choice in question.choices] == [rows, pieces]
    assert read_text(lines, mapping=question.choices[1].answer).rows["amount"].sum() == pytest.approx(pieces)


def test_cents_are_a_hundredth(read_text):
    text = "Order ID,Customer ID,Order Date,amount_cents\n" + "".join(
        f"o{i},c{i % 9},2025-{1 + i % 12:02d}-05,{1000 + 37 * i}\n" for i in range(60)
    )
    read = read_text(text)
    assert read.rows["amount"].iloc[:2].tolist() == [10.0, 10.37]
    assert any("divided by 100" in note for note in read.result.notes)


def test_refunds_that_are_off_the_total_already_are_not_taken_off_again(read_text):
    rows = [(i, 20.0 + i, 5.0, 10.0 if i % 10 == 0 else 0.0) for i in range(60)]
    text = "Order ID,Customer ID,Order Date,Subtotal,Shipping,Refunded Amount,Total\n" + "".join(
        f"o{i},c{i % 9},2025-{1 + i % 12:02d}-05,{goods},{shipping},{back},{goods + shipping - back}\n"
        for i, goods, shipping, back in rows
    )
    read = read_text(text)
    assert read.rows["amount"].sum() == pytest.approx(
        sum(goods + shipping - back for _, goods, shipping, back in rows)
    )
    assert any("off 'Total' already" in note for note in read.result.notes)


def test_a_partial_mapping_file_is_completed(read_text):
    text = "Customer ID,Order Date,Amount,Betrag 2\n" + "".join(
        f"{i % 5},2025-{1 + i % 9:02d}-05,{i}.50,{i}.25\n" for i in range(1, 30)
    )
    read = read_text(text, mapping={"amount": "Betrag 2"})
    assert read.result.mapping.columns == {
        "customer_id": "Customer ID",
        "ordered_at": "Order Date",
        "amount": "Betrag 2",
    }


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"customer_id": "who", "order_datetime": "what", "amount": "money"}, "no dates"),
        ({"customer_id": "who", "order_datetime": "when", "amount": "what"}, "no numbers"),
        ({"customer_id": "who", "order_datetime": "when", "amount": "nothing"}, "no column 'nothing'"),
    ],
)
def test_a_mapping_to_unsuitable_columns(read_text, mapping, message):
    with pytest.raises(MappingError, match=message):
        read_text(
            """
            who,when,money,what
            a,2025-01-05,1.50,red mug
            b,2025-02-05,2.50,blue mug
            """,
            mapping=mapping,
            preset="none",
        )


def test_a_mapping_file_goes_before_the_preset(read_text):
    text = """
        InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
        1,A,a,2,2010-12-01 08:26:00,2.5,17850,UK
        2,B,b,1,2010-12-02 08:26:00,4.0,17850,UK
    """
    assert read_text(text, mapping=MISSION).rows["amount"].tolist() == [5.0, 4.0]
    total = read_text(text, mapping={"order_total": "UnitPrice"})
    assert total.result.preset == "online_retail"
    assert total.rows["amount"].tolist() == [2.5, 4.0]


def test_cdnow_master_needs_no_mapping(real_data, tmp_path):
    result = ingest(real_data / "cdnow_master.txt", tmp_path)
    assert dict(result.mapping.columns) == {
        "customer_id": "customer_id",
        "ordered_at": "date",
        "quantity": "number_of_cds",
        "amount": "dollar_value",
    }
    assert result.row_count_in == 69_659
    assert result.ledger.rows("zero_amount") == 80
    assert result.row_count_kept == 69_659 - 80
    assert not result.has_order_id
    assert not result.has_time
    assert sum(month.amount for month in result.understood.months) == pytest.approx(2_500_315.63)


def test_cdnow_sample_has_two_names_for_its_customers(real_data, tmp_path):
    result = ingest(real_data / "cdnow_sample.txt", tmp_path)
    assert result.mapping.columns["customer_id"] == "column_1"
    assert result.row_count_in == 6_919
    assert any("column_1, column_2 name the same customers" in note for note in result.notes)


def test_a_table_without_orders_is_refused(real_data, tmp_path):
    with pytest.raises(MappingError, match="who bought"):
        ingest(real_data / "hillstrom.csv", tmp_path)

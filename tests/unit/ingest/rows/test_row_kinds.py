"""Rows that are no purchases: kinds of rows by contents, subtotals, columns of yes and no."""

from __future__ import annotations

import pytest

from churnkit.ingest import OpenQuestions

HEADER = "Order ID,Email,Order Date,Total"


def lines(extra, count=60, header="Kind"):
    """Orders of 20 customers with one more column, whose cells ``extra`` gives by place."""
    rows = [
        f"{1000 + i},k{i % 20}@example.org,2025-{1 + i % 9:02d}-{1 + i % 28:02d},{20 + i % 7}.50,{extra(i)}"
        for i in range(count)
    ]
    return "\n".join([f"{HEADER},{header}", *rows]) + "\n"


@pytest.mark.parametrize(
    ("header", "kinds", "left_out"),
    [
        ("event", ("page_view", "add_to_cart", "purchase"), 40),
        ("what", ("pv", "buy", "fav"), 40),
        ("event_name", ("session_start", "purchase", "begin_checkout"), 40),
        ("Vorgang", ("Rechnung", "Auszahlung", "Gebühr"), 40),
        ("操作", ("購入", "閲覧", "カート"), 40),
    ],
)
def test_rows_of_other_kinds_are_no_purchases_whatever_the_header(read_text, header, kinds, left_out):
    read = read_text(lines(lambda i: kinds[i % 3], header=header))
    assert read.dropped() == {"no_purchase": left_out}
    assert any("no purchases" in note for note in read.result.notes)


def test_credit_notes_as_positive_amounts_are_refunds(read_text):
    read = read_text(lines(lambda i: "Credit note" if i % 10 == 9 else "Invoice", header="Item"))
    assert (read.rows["amount"] < 0).sum() == 6
    assert read.mended()["refund_sign"] == 6


@pytest.mark.parametrize(
    ("kinds", "unknown"), [(("Sale", "Refund", "Zorg"), "Zorg"), (("Invoice", "Payment"), "Payment")]
)
def test_unknown_kinds_are_asked(read_text, kinds, unknown):
    with pytest.raises(OpenQuestions) as asked:
        read_text(lines(lambda i: kinds[i % len(kinds)], header="Type"))
    (question,) = asked.value.questions
    assert (question.field, question.option) == ("row_kinds", "--row-kind")
    assert repr(unknown) in question.message
    answers = [choice.answer["row_kinds"][unknown.lower()] for choice in question.choices]
    assert sorted(answers) == ["left_out", "return", "sale"]
    assert all(choice.amount for choice in question.choices)


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Payment method", ("Invoice", "Bank transfer", "PayPal")),
        ("Payment type", ("Invoice", "Transfer")),
        ("Sales channel", ("Online", "POS", "Wholesale")),
        ("Shipping method", ("Delivery", "Pickup", "Post")),
        ("Customer type", ("new", "returning")),
        ("Customer status", ("Active", "Cancelled")),
        ("Newsletter", ("confirmed", "cancelled")),
    ],
)
def test_other_columns_of_few_words_take_nothing_out(read_text, header, values):
    assert read_text(lines(lambda i: values[i % len(values)], header=header)).dropped() == {}


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        ("Cancelled", "yes", "no"),
        ("is_refunded", "TRUE", "FALSE"),
        ("Storniert", "ja", "nein"),
        ("Test order", "1", "0"),
        ("Cancelled at", "2025-11-01", ""),
    ],
)
def test_columns_of_yes_and_no_and_of_a_date_take_orders_back(read_text, header, yes, no):
    read = read_text(lines(lambda i: yes if i % 10 == 9 else no, header=header))
    assert read.dropped() == {"unpaid" if header == "Test order" else "cancelled": 6}


def blocks(subtotal):
    """Rows of six customers; behind each block what ``subtotal`` makes of (customer, last date, sum)."""
    rows, place = ["Customer no,Invoice,Date,Article,Amount"], 0
    for customer in range(6):
        total = 0.0
        for _ in range(5):
            place += 1
            money = 10 + place * 1.25
            total += money
            date = f"2025-{1 + place % 9:02d}-{1 + place % 28:02d}"
            rows.append(f"C{customer},{1000 + place},{date},Mug,{money:.2f}")
        rows.append(subtotal(f"C{customer}", date, f"{total:.2f}"))
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    "subtotal",
    [
        lambda who, date, money: f"Total {who},,,,{money}",
        lambda who, date, money: f"{who},,{date},Subtotal,{money}",
        lambda who, date, money: f"{who},,{date},,{money}",
        lambda who, date, money: f"{who} Summe,,{date},,{money}",
        lambda who, date, money: f"合計,,,,{money}",
        lambda who, date, money: f"{who},Razem,{date},,{money}",
    ],
)
def test_subtotals_are_no_sales(read_text, subtotal):
    read = read_text(blocks(subtotal))
    assert read.dropped() == {"summary_row": 6}
    assert len(read.rows) == 30


def test_names_with_the_word_stay(read_text):
    named = "Customer ID,Invoice,Date,Article,Amount\n" + "".join(
        f"{'Total Energies' if i % 8 == 0 else 'C' + str(i % 7)},{i},2025-0{1 + i % 9}-{1 + i % 28:02d},"
        f"{'Total' if i % 4 else 'Total Gym'},{10 + i}.25\n"
        for i in range(40)
    )
    read = read_text(named, mapping=NAMED)
    assert len(read.rows) == 40


NAMED = {
    "customer_id": "Customer ID",
    "order_id": "Invoice",
    "order_datetime": "Date",
    "product_name": "Article",
    "amount": "Amount",
}


def documents(header, sale, credit):
    rows = [
        f"{place};{credit if place % 10 == 9 else sale};2025-03-{1 + place % 28:02d};K{place % 9};10.00"
        for place in range(60)
    ]
    return f"order id;{header};date;customer id;amount\n" + "\n".join(rows) + "\n"


def test_credit_notes_of_sap_give_money_back(read_text):
    assert (
        sum(amount for *_, amount in read_text(documents("FKART", "F2", "RE")).amounts()) == 54 * 10 - 6 * 10
    )


def test_codes_of_documents_are_asked_about(read_text):
    with pytest.raises(OpenQuestions, match="'RE'"):
        read_text(documents("Belegart", "RE", "GS"))

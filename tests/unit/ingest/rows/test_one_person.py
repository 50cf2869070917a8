"""One person under several ids, addresses and numbers, typed by different people."""

from __future__ import annotations

import pytest

ACCEPT = ("rows_kept", "money_kept", "one_customer")
MAIL = {"email": "mail", "order_id": "order", "order_datetime": "when", "amount": "money"}
PHONE = {"phone": "tel", "order_id": "order", "order_datetime": "when", "amount": "money"}
ALL = {"customer_id": "who", "email": "mail", "phone": "tel"} | {
    key: MAIL[key] for key in ("order_id", "order_datetime", "amount")
}


def customers(read_text, head, lines, mapping):
    """The customers of rows that are days apart."""
    rows = "".join(
        f"{line};{place};2025-{1 + place % 12:02d}-{1 + place % 28:02d};{10 + place}.50\n"
        for place, line in enumerate(lines)
    )
    return read_text(f"{head};order;when;money\n{rows}", mapping=mapping, accepted=ACCEPT)


@pytest.mark.parametrize(
    "spellings",
    [
        ["+880 1712-345678", "01712345678", "8801712345678", "00880 1712 345678", "'+8801712345678"],
        ["+49 (0)171 234567", "0171/234567", "0049171234567", "+49 171 234 567", "0171-234567 x12"],
        ["+7 912 345-67-89", "8 (912) 345-67-89", "9123456789"],
        ["+36 20 123 4567", "06 20 123 4567"],
        ["+1 (202) 555-0143", "202-555-0143", "12025550143", "2025550143.0"],
        ["+45 12 34 56 87", "12345687"],
        ["+39 02 1234568", "02 1234568"],
        ["０９０-1234-5678", "+81 90 1234 5678"],
    ],
)
def test_one_number_in_many_spellings_is_one_customer(read_text, spellings):
    others = ["0171 9999123", "+44 7911 123456"]
    read = customers(read_text, "tel", [*spellings, *others], PHONE)
    assert read.rows["customer_id"].nunique() == 3
    assert read.rows["customer_id"].iloc[0] == spellings[0]


def test_a_number_of_nobody_names_nobody(read_text):
    read = customers(
        read_text,
        "tel",
        ["0171 2345671", "000000000", "1234567890", "9999999999", "-", "0171 2345671"],
        PHONE,
    )
    assert read.rows["customer_id"].tolist() == ["0171 2345671"] * 2
    assert read.dropped() == {"placeholder_customer": 4}


def test_different_numbers_stay_apart(read_text):
    numbers = ["+49 171 2345671", "+43 171 2345672", "0171 2345673", "2345671", "49171234567"]
    assert customers(read_text, "tel", numbers, PHONE).rows["customer_id"].nunique() == 5


def test_addresses_as_people_type_them(read_text):
    typed = [
        "ann@x.org",
        "ANN@X.org",
        "mailto:ann@x.org",
        "ann@x.org.",
        "Ann Lee <ann@x.org>",
        "ａｎｎ@x.org",
        "ann @x.org",
    ]
    read = customers(read_text, "mail", [*typed, "bob@x.org", "a.nn@x.org"], MAIL)
    assert read.rows["customer_id"].tolist()[:6] == ["ann@x.org"] * 6
    assert read.rows["customer_id"].tolist()[7:] == ["bob@x.org", "a.nn@x.org"]
    assert read.mended()["one_person"] >= 4


def test_dots_make_no_difference_to_google_alone(read_text):
    read = customers(
        read_text,
        "mail",
        ["j.doe@gmail.com", "jdoe@gmail.com", "j.doe@googlemail.com", "j.doe@x.org", "jdoe@x.org"],
        MAIL,
    )
    assert read.rows["customer_id"].tolist() == ["j.doe@gmail.com"] * 3 + ["j.doe@x.org", "jdoe@x.org"]
    assert read.mended() == {"one_person": 2}


def test_id_address_and_number_that_stand_together_are_one_person(read_text):
    """A guest who registers later, and then calls."""
    lines = [";ann@x.org;0171 2345671", "7;ann@x.org;", ";;+49 171 2345671", "8;bob@x.org;", ";;0171 2345671"]
    read = customers(read_text, "who;mail;tel", lines, ALL)
    assert read.rows["customer_id"].tolist() == ["7", "7", "7", "8", "7"]
    assert read.mended()["one_person"] == 3
    assert sum(entry.rows for entry in read.result.ledger.entries if entry.reason == "one_person") == 3


def test_the_shops_own_number_joins_nobody(read_text):
    lines = [f";a{place}@x.org;0800 1234599" for place in range(30)]
    read = customers(read_text, "who;mail;tel", lines, ALL)
    assert read.rows["customer_id"].nunique() == 30
    assert any("0800 1234599" in note for note in read.result.notes)


def test_an_address_that_a_form_fills_in_is_nobodys(read_text):
    """Cash on delivery: the form wants an address, the shop types its own, and the number says who it is."""
    lines = [f"noemail@shop.com;0171 23456{place:02d}" for place in range(30)]
    read = customers(read_text, "mail;tel", lines, {**MAIL, "phone": "tel"})
    assert read.rows["customer_id"].nunique() == 30


def test_orders_without_a_number_are_told_apart_by_the_minute(read_text):
    read = read_text(
        """
        who,when,money
        a,2025-01-05 09:10:00,3
        a,2025-01-05 09:10:00,4
        a,2025-01-05 17:40:00,4
        b,2025-01-06 00:00:00,4
        """,
        mapping={"customer_id": "who", "order_datetime": "when", "amount": "money"},
        accepted=ACCEPT,
    )
    assert read.rows["order_id"].tolist() == [
        "a@2025-01-05 09:10",
        "a@2025-01-05 09:10",
        "a@2025-01-05 17:40",
        "b@2025-01-06",
    ]
    assert any("at one minute" in note for note in read.result.notes)

"""Contacts from the shop's own file: found, carried beside the transactions, never among them."""

from __future__ import annotations

import pandas as pd
import pytest

HEAD = "Customer ID;First Name;Surname;E-mail;Phone;Newsletter;Country;Store;Order;Date;Amount"


def export(rows):
    """Two customers who buy month after month, and ``rows`` of ones that matter."""
    usual = [
        f"C{place % 2};Ann{place % 2};Smith;a{place % 2}@shop.com;+447911123{place % 2}00;yes;GB;web;O{place};"
        f"2025-{1 + place // 2:02d}-{1 + place % 2:02d};{10 + place}.50"
        for place in range(20)
    ]
    return "\n".join([HEAD, *usual, *rows])


def contacts(read):
    """By customer."""
    return pd.read_parquet(read.result.contacts).set_index("customer_id")


def test_the_latest_that_is_not_blank_counts(read_text):
    read = read_text(
        export(
            [
                "C9;Bea;;;;no;;till;P1;2025-03-01;5.00",
                "C9;;Jones;b@shop.com;;;FR;;P2;2025-04-01;5.00",
                "C9;Beatrix;;;;yes;;web;P3;2025-02-01;5.00",
            ]
        ),
        accepted=("rows_kept", "money_kept", "one_customer"),
    )
    found = contacts(read).loc["C9"]
    assert found["first_name"] == "Bea"
    assert found["last_name"] == "Jones"
    assert found["email"] == "b@shop.com"
    assert found["country"] == "FR"
    assert found["channel"] == "till"
    assert not found["consent"]
    assert pd.isna(found["phone"])


def test_nothing_of_them_is_in_the_transactions(read_text):
    read = read_text(export([]), accepted=("rows_kept", "money_kept", "one_customer"))
    assert set(read.rows.columns) == {
        "order_id",
        "customer_id",
        "ordered_at",
        "amount",
        "is_return",
        "source_row",
    }
    assert contacts(read).loc["C0", "email"] == "a0@shop.com"
    assert "never into a forecast" in read.result.notes[-1]


def test_a_consent_that_is_not_understood_is_missing_and_a_left_out_row_says_nothing(read_text):
    read = read_text(
        export(
            [
                "C8;Cy;;c@shop.com;;perhaps;;web;P1;2025-03-01;5.00",
                "C7;Di;;d@shop.com;;yes;;web;P2;2025-03-02;",
            ]
        ),
        accepted=("rows_kept", "money_kept", "one_customer"),
    )
    found = contacts(read)
    assert pd.isna(found.loc["C8", "consent"])
    assert "C7" not in found.index


def test_an_address_of_nobody_is_no_contact(read_text):
    head = "mail;order;when;money\n"
    rows = "".join(f"a{n}@x.com;{n};2025-{1 + n % 12:02d}-05;{10 + n}.50\n" for n in range(24))
    read = read_text(
        head + rows + "guest;99;2025-02-03;7.00\n",
        mapping={"email": "mail", "order_id": "order", "order_datetime": "when", "amount": "money"},
        accepted=("rows_kept", "money_kept", "one_customer"),
    )
    assert contacts(read)["email"].tolist() == sorted(f"a{n}@x.com" for n in range(24))


def test_a_mapping_names_another_column(read_text):
    read = read_text(
        export([]),
        mapping={"customer_name": "Surname", "consent": "Newsletter"},
        accepted=("rows_kept", "money_kept", "one_customer"),
    )
    found = contacts(read)
    assert found.loc["C1", "customer_name"] == "Smith"
    assert "last_name" in found


def test_a_file_without_any_leaves_none(read_text):
    rows = "".join(f"C{n % 3};{n};2025-{1 + n % 12:02d}-05;{10 + n}.50\n" for n in range(24))
    read = read_text(
        "Customer ID;Order;Date;Amount\n" + rows, accepted=("rows_kept", "money_kept", "one_customer")
    )
    assert read.result.contacts is None
    assert not (read.result.transactions.parent / "contacts.parquet").exists()


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Accepts Marketing", "consent"),
        ("Billing Zip", "zip"),
        ("Rechnung PLZ", "zip"),
        ("Nombre del cliente", "customer_name"),
        ("Prénom", "first_name"),
        ("Sales Channel", "channel"),
    ],
)
def test_headers_of_shops(read_text, header, field):
    rows = "".join(
        f"C{n % 3};{'yes' if n % 3 else 'no'};{n};2025-{1 + n % 12:02d}-05;{10 + n}.50\n" for n in range(24)
    )
    read = read_text(
        f"Customer ID;{header};Order;Date;Amount\n{rows}",
        accepted=("rows_kept", "money_kept", "one_customer"),
    )
    assert read.result.mapping.columns[field] == header
    assert field in contacts(read)

"""Money in cents of a program, in yen, and discounts per cent; addresses that name nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

ReadText = Callable[..., Any]


def charges(currency: str = "usd", start: str = "ch") -> str:
    end = ",succeeded"
    rows = [
        f"{start}_{place},charge,{1999 + place},{500 if place == 3 else 0},{currency},"
        f"{1730000000 + 90000 * place},cus_{place % 9}x{end}"
        for place in range(40)
    ]
    return "id,object,amount,amount_refunded,currency,created,customer,status\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("currency", "start", "first"), [("usd", "ch", 19.99), ("jpy", "ch", 1999.0), ("usd", "order", 1999.0)]
)
def test_stripes_programs_write_cents(read_text: ReadText, currency: str, start: str, first: float) -> None:
    read = read_text(charges(currency, start), mapping={"order_id": "id"})
    assert read.amounts()[0][2] == first
    assert any("in hundredths, as Stripe's" in note for note in read.result.notes) == (first < 100)


def test_nobody_pays_yen_with_a_decimal_comma(read_text: ReadText) -> None:
    rows = "\n".join(
        f'{place},M{place % 5},2025-03-{1 + place % 28:02d},"¥{1 + place % 8},{344 + place}"'
        for place in range(40)
    )
    read = read_text(f"order id,customer id,date,total\n{rows}\n")
    assert read.amounts()[0][2] == 1344.0


def test_a_discount_with_the_sign_of_per_cent(read_text: ReadText) -> None:
    rows = "\n".join(
        f"{place};M{place % 5};2025-03-{1 + place % 28:02d};2;{10 + place % 6}.00;{(0, 5, 25)[place % 3]}%"
        for place in range(40)
    )
    read = read_text(f"order;customer;date;qty;price;discount %\n{rows}\n")
    assert [amount for *_, amount in read.amounts()[:3]] == [20.0, 20.9, 18.0]


def test_a_guests_address_is_nobodys(read_text: ReadText) -> None:
    rows = "\n".join(
        f"{place},{'guest@shop.example' if place % 8 == 0 else f'a{place % 5}@x.example'},2025-03-{1 + place % 28:02d},9.50"
        for place in range(40)
    )
    read = read_text(f"order,email,date,total\n{rows}\n")
    assert read.dropped() == {"placeholder_customer": 5}


def test_two_notations_in_one_column(read_text: ReadText) -> None:
    cells = ['"1.234,50"', '"1,234.50"', '"12,5"', "99.90"]
    rows = "\n".join(
        f"{place},M{place % 5},2025-03-{1 + place % 28:02d},{cells[place % 4]}" for place in range(60)
    )
    read = read_text(f"order id,customer id,date,total\n{rows}\n")
    assert [amount for *_, amount in read.amounts()[:4]] == [1234.5, 1234.5, 12.5, 99.9]

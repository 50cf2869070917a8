"""What is written in any locale can be read back with its signs: nothing is lost, and nothing read as another number."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnkit.text import figures
from churnkit.text.currencies import minor_units
from churnkit.text.locale import using
from churnkit.text.locale_style import Locale
from churnkit.text.locale_table import LOCALES

EXAMPLES = settings(deadline=None, derandomize=True, max_examples=80)
EVERY = pytest.mark.parametrize("here", LOCALES.values(), ids=lambda one: one.code)
AMOUNTS = st.floats(-1e12, 1e12, allow_nan=False)
CURRENCIES = st.sampled_from(["GBP", "EUR", "JPY", "KWD", "CHF", "SEK", "BRL", "S/.", None])


def read(text: str, here: Locale) -> float:
    """The number in a figure, by the locale's signs; what is no digit of it is left out."""
    found = re.search(rf"\d[\d{re.escape(here.group)}]*(?:{re.escape(here.decimal)}\d+)?", text)
    assert found is not None, text
    number = float(found[0].replace(here.group, "").replace(here.decimal, "."))
    return -number if "-" in text[: found.start()] else number


@EVERY
@EXAMPLES
@given(value=AMOUNTS, digits=st.integers(0, 4), currency=CURRENCIES)
def test_numbers_and_amounts(here: Locale, value: float, digits: int, currency: str | None) -> None:
    with using(here.code):
        assert read(figures.count(value), here) == pytest.approx(round(value), abs=1)
        assert read(figures.decimal(value, digits), here) == float(f"{value:.{digits}f}")
        assert read(figures.score(value, digits), here) == float(f"{value:.{digits}f}")
        assert read(figures.signed(value, digits), here) == float(f"{value:.{digits}f}")
        amount = figures.money(value, currency)
    cents = (
        minor_units(currency)
        if round(abs(round(value, 6)), minor_units(currency)) < figures.WHOLE_FROM
        else 0
    )
    assert read(amount.replace(currency or "\0", ""), here) == float(f"{round(value, 6):.{cents}f}")


@EVERY
@EXAMPLES
@given(share=st.floats(-3, 3, allow_nan=False), amount=st.floats(1e4, 9e11))
def test_shares_and_short_amounts(here: Locale, share: float, amount: float) -> None:
    with using(here.code):
        assert read(figures.percent(share), here) == pytest.approx(figures.percent_number(share))
        short = figures.short_money(amount)
    size = next((step for step, word in here.steps if word and short.endswith(word) and amount >= step), 1.0)
    assert read(short, here) * size == pytest.approx(amount, rel=0.051)


@EVERY
@EXAMPLES
@given(day=st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_days(here: Locale, day: date) -> None:
    with using(here.code):
        text, month = figures.day(day), figures.month(day.isoformat()[:7])
    numbers = sorted(int(one) for one in re.findall(r"\d+", text))
    named = "{mon}" in here.day
    assert numbers == sorted([day.day, day.year] if named else [day.day, day.month, day.year])
    assert str(day.year) in month
    assert (here.months[day.month - 1] in text) == named


@EVERY
def test_no_two_months_are_one(here: Locale) -> None:
    assert len(set(here.months)) == 12

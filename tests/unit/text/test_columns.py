"""The registry of columns, and how currencies, Excel and charts are told to write."""

from __future__ import annotations

from collections import Counter

import pytest

from churnkit.text import columns
from churnkit.text.columns import COLUMNS, CUSTOMERS, Column, column
from churnkit.text.currencies import minor_units, symbol
from churnkit.text.hover import hover
from churnkit.text.number_formats import excel_format
from churnkit.text.terms import TERMS


def test_every_key_is_there_once_and_every_term_is_known() -> None:
    twice = [key for key, number in Counter(one.key for one in columns._ALL).items() if number > 1]
    assert twice == []
    assert all(key == one.key for key, one in COLUMNS.items())
    assert {one.term for one in COLUMNS.values() if one.term} <= set(TERMS)
    assert len({one.name for one in CUSTOMERS}) == len(CUSTOMERS)


def test_a_title_may_be_the_terms() -> None:
    assert column("p_churn").title == TERMS["p_churn"].title == "Churn probability"
    assert column("clv").title == "Value of a year"
    assert column("p_churn").help == TERMS["p_churn"].meaning


def test_a_note_stands_before_the_meaning() -> None:
    assert column("test_ece").help == f"On the last window. {TERMS['ece'].meaning}"
    assert column("expected_cost").help == ""


@pytest.mark.parametrize(
    ("key", "hint"), [("reason", "ledger.reason"), ("nonsense", "churnkit/text/columns")]
)
def test_an_unknown_column_says_what_is_like_it(key: str, hint: str) -> None:
    with pytest.raises(KeyError, match=hint):
        column(key)


@pytest.mark.parametrize(
    ("one", "value", "text"),
    [
        (Column(key="a", kind="text", heading="A"), "x", "x"),
        (Column(key="a", kind="flag", heading="A"), False, "no"),
        (Column(key="a", kind="count", heading="A"), 1204.4, "1,204"),
        (Column(key="a", kind="number", heading="A", digits=1), 2.04, "2"),
        (Column(key="a", kind="ratio", heading="A"), 12.4, "12"),
        (Column(key="a", kind="score", heading="A", digits=3), 0.8, "0.800"),
        (Column(key="a", kind="money", heading="A"), 150.5, "150.50\u202fCHF"),
        (Column(key="a", kind="share", heading="A"), 0.154, "15.4\u202f%"),
        (Column(key="a", kind="days", heading="A"), 93.6, "94"),
        (Column(key="a", kind="day", heading="A"), "2011-12-09", "9 Dec 2011"),
    ],
)
def test_cells(one: Column, value: object, text: str) -> None:
    assert one.write(value, "CHF") == text


def test_units() -> None:
    assert [column(key).unit for key in ("clv", "p_churn", "recency_days", "segment")] == [
        "the analysis' currency",
        "0 to 1",
        "days",
        "",
    ]


@pytest.mark.parametrize(
    ("currency", "digits"),
    [
        ("JPY", 0),
        ("jpy", 0),
        ("KRW", 0),
        ("CLP", 0),
        ("₩", 0),
        ("KWD", 3),
        ("CLF", 4),
        ("GBP", 2),
        ("¥", 2),
        (None, 2),
    ],
)
def test_minor_units(currency: str | None, digits: int) -> None:
    # Yuan and yen share a sign; only one of them has no cents.
    assert minor_units(currency) == digits


def test_signs() -> None:
    assert [symbol(one) for one in ("gbp", "CHF", "R$", None)] == ["£", "", "R$", ""]


@pytest.mark.parametrize(
    ("value", "currency", "expected"),
    [
        (150.5, "GBP", '"£"#,##0.00'),
        (-150.5, "GBP", '"£"#,##0.00'),
        (1150.5, "GBP", '"£"#,##0'),
        (150.5, "JPY", '"¥"#,##0'),
        (150.5, "KWD", '#,##0.000"\u202fKWD"'),
        (150.5, 'a"b', '"ab"#,##0.00'),
    ],
)
def test_excel_formats_of_money(value: float, currency: str, expected: str) -> None:
    assert excel_format(column("clv"), value, currency) == expected


def test_hover_names_what_a_number_is() -> None:
    assert hover("%{x:count} of %{customdata[0]:share}: %{y:money}", "KWD") == (
        "%{x:,.0f} of %{customdata[0]:.1~%}: %{y:,.3f}\u202fKWD"
    )
    assert hover("%{x|day}: %{text}<extra>%{y}</extra>") == "%{x|%-d %b %Y}: %{text}<extra>%{y}</extra>"
    with pytest.raises(KeyError, match="nonsense"):
        hover("%{x:nonsense}")

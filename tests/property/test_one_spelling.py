"""One value has one spelling: in a sentence, in a table on screen, in PDF and HTML, in Excel and in a reason."""

from __future__ import annotations

import html
import io
import re
from datetime import datetime
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from churnkit.explain.catalogue import feature_value
from churnkit.reports.document import ReportDocument, Section
from churnkit.reports.html import render_html
from churnkit.reports.pdf import render_pdf
from churnkit.reports.sections.registry_table import registry_table
from churnkit.reports.xlsx import Sheet, write_xlsx
from churnkit.text import figures
from churnkit.text.columns import COLUMNS, Column, column
from churnkit.text.currencies import minor_units
from churnkit.ui.tables import written

EXAMPLES = settings(deadline=None, derandomize=True, max_examples=60)

CURRENCIES = st.sampled_from(
    ["GBP", "EUR", "USD", "JPY", "KRW", "KWD", "CHF", "CLP", "R$", "kr", "S/.", None]
)
AMOUNTS = st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 0.05)
SHARES = st.floats(0, 1) | st.sampled_from([0.0, 0.0004, 0.154, 0.1995, 0.2, 0.5, 0.99, 0.9994, 0.99999, 1.0])
COUNTS = st.integers(0, 10**9)
KEYS = {
    "clv": AMOUNTS,
    "value_at_risk": AMOUNTS,
    "p_alive": SHARES,
    "p_churn": SHARES,
    "order_count": COUNTS,
    "recency_days": COUNTS,
    "overdue_ratio": st.floats(0, 1e4),
    "expected_orders": st.floats(0, 1e4),
    "roc_auc": SHARES,
    "log_loss": st.floats(0, 10),
}
VALUES = st.one_of([st.tuples(st.just(key), values) for key, values in KEYS.items()])


def on_screen(one: Column, value: Any, currency: str | None) -> str:
    """What a cell of ``ui.table`` shows, without its bar."""
    styled = written(pd.DataFrame({one.name: [value]}), [one], currency)
    cells = styled._translate(False, False)["body"][0]
    return str(next(cell["display_value"] for cell in cells if cell["type"] == "td")).rstrip("━\u2002")


def in_excel(one: Column, value: Any, currency: str | None) -> str:
    """The text that Excel shows for a cell, by its value and its number format."""
    data = write_xlsx([Sheet("S", (one,), [[value]], currency=currency)], title="t")
    cell = openpyxl.load_workbook(io.BytesIO(data)).active["A2"]
    return as_excel_shows(cell.value, cell.number_format)


def as_excel_shows(value: Any, number_format: str) -> str:
    """The few number formats that are used, carried out."""
    if isinstance(value, datetime):
        return f"{value.day} {value:%b %Y}" + (f", {value:%H:%M}" if number_format.endswith("hh:mm") else "")
    form = re.fullmatch(r'(?:"([^"]*)")?(#,##0(?:\.(0+))?)?(?:"([^"]*)")?(%?)', number_format)
    assert form is not None, number_format
    before, digits, decimals, after, percent = form.groups(default="")
    number = f"{abs(value) * (100 if percent else 1):,.{len(decimals)}f}" if digits else ""
    return f"{'-' if value < 0 else ''}{before}{number}{after}{percent}"


@EXAMPLES
@given(VALUES, CURRENCIES)
def test_tables_of_pages_reports_and_workbook_agree(found: tuple[str, Any], currency: str | None) -> None:
    key, value = found
    one = column(key)
    text = one.write(value, currency)
    table = registry_table({key: 1.0}, [{one.name: value}], currency=currency)
    assert table.rows == ((text,),)
    assert in_excel(one, value, currency) == text
    assert on_screen(one, value, currency) == text


@EXAMPLES
@given(AMOUNTS, SHARES, st.integers(2, 10**6), CURRENCIES)
def test_a_reason_says_what_a_table_says(
    amount: float, share: float, days: int, currency: str | None
) -> None:
    assert feature_value("monetary_total", amount, currency) == column("clv").write(amount, currency)
    assert feature_value("return_share", share) == column("p_alive").write(share)
    assert feature_value("recency_days", days) == f"{column('recency_days').write(days)} days"
    assert feature_value("order_count", days) == column("order_count").write(days)


@EXAMPLES
@given(AMOUNTS, CURRENCIES)
def test_an_amount_has_its_currencys_decimals_and_sign(amount: float, currency: str | None) -> None:
    text = figures.money(amount, currency)
    decimals = re.search(r"\.(\d+)(?!.*\d)", text.replace(currency or "", ""))
    expected = minor_units(currency) if round(abs(amount), minor_units(currency)) < figures.WHOLE_FROM else 0
    assert len(decimals[1] if decimals else "") == expected
    assert text.startswith("-") == (round(amount, expected) < 0)


@pytest.mark.parametrize(
    ("key", "moment", "text"),
    [
        ("last_purchase_at", datetime(2011, 12, 9, 12, 50), "9 Dec 2011"),
        ("order.ordered_at", datetime(2011, 12, 9, 12, 50), "9 Dec 2011, 12:50"),
    ],
)
def test_dates(key: str, moment: datetime, text: str) -> None:
    one = column(key)
    assert one.write(moment) == text
    assert on_screen(one, moment, None) == text
    assert in_excel(one, moment, None) == text
    assert registry_table({key: 1.0}, [{one.name: moment}]).rows == ((text,),)


def test_pdf_and_html_print_what_the_tables_hold() -> None:
    lines = [
        {"customer_id": "a", "clv": 150.5, "p_churn": 0.154},
        {"customer_id": "b", "clv": 12_345.6, "p_churn": 0.78},
    ]
    table = registry_table({"customer_id": 1.0, "clv": 1.0, "p_churn": 1.0}, lines, currency="GBP")
    document = ReportDocument("T", "t", (), (Section("s", "S", (table,)),), "T")
    page = html.unescape(render_html(document))
    printed = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(render_pdf(document))).pages)
    for text in ("£150.50", "£12,346", "15.4\u202f%", "78\u202f%"):
        assert text in page
        assert re.sub(r"\s", "", text) in re.sub(r"\s", "", printed)


def test_every_column_can_write_its_kind() -> None:
    examples: dict[str, Any] = {
        "text": "x",
        "month": "2011-12",
        "flag": True,
        "day": datetime(2024, 1, 2),
        "instant": datetime(2024, 1, 2),
    }
    for one in COLUMNS.values():
        assert one.title or one.key == "on_screen"
        assert one.write(examples.get(one.kind, 0.5), "GBP")
        assert one.write(None) == one.write(float("nan")) == figures.UNKNOWN

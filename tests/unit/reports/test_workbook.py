"""The workbook of an analysis, read back."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from churnkit.reports import workbook as made_by
from churnkit.reports.content import ReportContent
from churnkit.reports.workbook import render_workbook
from tests.made_report import bare_content, made_content

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

SHEETS = [
    "Summary",
    "Customers",
    "Models",
    "Forecast quality",
    "Backtest",
    "Backtest by tenth",
    "Drivers",
    "Facts",
    "Rules",
    "Segments",
    "Found groups",
    "Movements",
    "Cohorts",
    "Months ahead",
    "Quality",
    "Left out",
    "Definitions",
]


def customers(number: int = 3) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": ["00123", "=1+1", "Ärger & Söhne"][:number],
            "p_churn": [0.91, 0.5, 0.1][:number],
            "risk_tier": ["high", "medium", "low"][:number],
            "value_at_risk": [100.5, None, 3.0][:number],
            "clv": [120.0, 7.0, 30.0][:number],
            "recency_days": [62, 30, 2][:number],
            "order_count": [4, 2, 9][:number],
            "last_purchase_at": pd.to_datetime(pd.Series(["2025-04-30", None, "2025-06-29"][:number])),
            "segment": ["At risk", None, "Champions"][:number],
            "factor_1": ["+evil", "x" * 40_000, None][:number],
        }
    )


def deciles() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cutoff": [pd.Timestamp("2025-03-02")],
            "decile": [1],
            "customers": [3],
            "expected_churners": [2.5],
            "actual_churners": [2],
        }
    )


def book(content: ReportContent, frame: pd.DataFrame, past: pd.DataFrame) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(render_workbook(content, frame, past)))


@pytest.fixture(scope="module")
def full() -> openpyxl.Workbook:
    return book(made_content(), customers(), deciles())


def head_row(sheet: openpyxl.worksheet.worksheet.Worksheet) -> int:
    return int(sheet.freeze_panes[1:]) - 1


def table(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[dict[str, object]]:
    rows = list(sheet.iter_rows(min_row=head_row(sheet), values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_sheets(full: openpyxl.Workbook) -> None:
    assert full.sheetnames == SHEETS
    for sheet in full:
        assert sheet.freeze_panes


def test_customers_are_all_there_as_they_are_called(full: openpyxl.Workbook) -> None:
    sheet = full["Customers"]
    rows = table(sheet)
    assert [row["Customer"] for row in rows] == ["00123", "'=1+1", "Ärger & Söhne"]
    assert [row["Churn probability"] for row in rows] == [0.91, 0.5, 0.1]
    assert [row["Value at risk"] for row in rows] == [100.5, None, 3]
    assert [row["Last purchase"] for row in rows] == [datetime(2025, 4, 30), None, datetime(2025, 6, 29)]
    assert rows[0]["Main reason"] == "'+evil"
    assert len(str(rows[1]["Main reason"])) == 32_767
    assert sheet.auto_filter.ref == f"A{head_row(sheet)}:J{sheet.max_row}"
    first = sheet[head_row(sheet) + 1]
    assert [cell.number_format for cell in first[:4]] == ["@", '#,##0"\u202f"%', "@", '"€"#,##0.00']


def test_figures_of_the_summary(full: openpyxl.Workbook) -> None:
    found = {row["Figure"]: row["Value"] for row in table(full["Summary"])}
    assert found["Customers"] == 40
    assert found["Active customers expected to leave"] == 0.412
    assert found["Revenue at risk"] == 4711
    assert found["Champion"] == "Blend"
    assert found["  Customers to contact"] == 12


def test_evidence_has_a_sheet_each(full: openpyxl.Workbook) -> None:
    assert next(row["Candidate"] for row in table(full["Models"])) == "Blend"
    assert [row["Champion"] for row in table(full["Models"])] == ["yes", "no", "no"]
    assert table(full["Backtest"])[0]["Date"] == datetime(2025, 3, 2)
    assert [row["Customers of the date"] for row in table(full["Backtest"])] == ["Active"] * 3 + ["All"] * 3
    assert [row["Forecasts"] for row in table(full["Forecast quality"])] == [400, 900]
    assert table(full["Backtest by tenth"])[0]["Expected to leave"] == 2.5
    assert len(table(full["Facts"])) == 14
    assert table(full["Rules"])[0]["Right"] == 0.83
    assert table(full["Left out"])[0]["Rows"] == 5
    assert len(table(full["Quality"])) == 37
    assert len(table(full["Definitions"])) > 10


def test_groups_movements_cohorts_and_months(full: openpyxl.Workbook) -> None:
    segments = table(full["Segments"])
    assert [row["Group"] for row in segments] == ["Champions", "At risk"]
    assert segments[1]["Recoverable, low"] == 270 and segments[1]["What to do"] == "Make a comeback offer."
    assert segments[1]["What drives them"] == "What moves their odds of leaving: how often × 2."
    assert [row["To"] for row in table(full["Movements"])] == ["Loyal", "At risk"]
    assert [row["Share that came back"] for row in table(full["Cohorts"])] == [1, 0.5, 0.4, 1, 0.3]
    assert [row["Lost so far"] for row in table(full["Months ahead"])] == [100, 200]


def test_a_small_shop_says_why_a_sheet_is_empty() -> None:
    found = book(bare_content(reason="Too short."), customers(0), pd.DataFrame())
    assert found.sheetnames == SHEETS
    assert table(found["Customers"]) == []
    assert found["Drivers"]["A2"].value == "Too short."
    assert found["Cohorts"]["A2"].value == found["Movements"]["A2"].value == "Too short."
    assert "No model competed" in found["Models"]["A2"].value


def test_more_customers_than_rows_are_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made_by, "room_for_rows", lambda above: 2)
    sheet = book(made_content(), customers(), deciles())["Customers"]
    assert "A sheet holds 2 of the 3 customers" in sheet["A3"].value
    assert len(table(sheet)) == 2


def test_hostile_text_is_nowhere_a_formula() -> None:
    content = made_content("=1+1", customer="=cmd{}", name="=HYPERLINK(1)")
    for sheet in book(content, customers(), deciles()):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not str(cell.value or "").startswith("=")

"""Reports that write the customer or order on the first row of a block only, and files that only look like one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from churnkit.ingest import Ingested, Reading, ingest

Report = Callable[..., tuple[Ingested, pd.DataFrame]]
HEADER = ["Customer", "Date", "Order no", "Article", "Amount"]
NOW = dt.datetime(2026, 11, 20, 12)


def orders(customers: int = 12, each: int = 3) -> list[list[object]]:
    """Orders of one line, customer by customer, each of them rising in time."""
    return [
        [
            f"K{who:03d}",
            dt.datetime(2026, 1 + n, 1 + who, 9, 30),
            1000 + 10 * who + n,
            f"art {n}",
            5.5 + who + n,
        ]
        for who in range(customers)
        for n in range(each)
    ]


def grouped(rows: Iterable[Sequence[object]], *columns: int) -> list[list[object]]:
    """The rows with the columns blank where they and those before say the same as the row above."""
    last: tuple[object, ...] | None = None
    found = []
    for row in rows:
        key = tuple(row[column] for column in columns)
        found.append([None if key == last and at in columns else cell for at, cell in enumerate(row)])
        last = key
    return found


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """``report(rows, merged=[...])`` -> result and kept rows of a workbook with a title and a header."""

    def read(
        rows: Iterable[Sequence[object]], merged: Sequence[str] = (), header: Sequence[str] = HEADER
    ) -> tuple[Ingested, pd.DataFrame]:
        book = openpyxl.Workbook()
        for row in (["Sales report"], [], header, *rows):
            book.active.append(list(row))
        for cells in merged:
            book.active.merge_cells(cells)
        book.save(tmp_path / "report.xlsx")
        result = ingest(
            tmp_path / "report.xlsx",
            tmp_path / "work",
            Reading(accepted=("rows_kept", "money_kept", "one_customer")),
            now=NOW,
        )
        return result, pd.read_parquet(result.transactions).sort_values("source_row", ignore_index=True)

    return read


def check_whole(rows: pd.DataFrame, wanted: list[list[object]]) -> None:
    assert rows["customer_id"].tolist() == [row[0] for row in wanted]
    assert rows["order_id"].tolist() == [str(row[2]) for row in wanted]
    assert rows["ordered_at"].tolist() == [row[1] for row in wanted]
    assert rows["amount"].sum() == pytest.approx(sum(float(str(row[4])) for row in wanted))


def test_customers_above_their_orders(report: Report) -> None:
    result, rows = report(grouped(orders(), 0))
    check_whole(rows, orders())
    assert result.ledger.rows("filled_above", "mended") == 24
    assert any("'Customer' stands on the first row of a block only: 24 rows" in note for note in result.notes)


def test_subtotals_end_a_block(report: Report) -> None:
    lines = grouped(orders(), 0)
    with_totals: list[list[object]] = []
    for place, line in enumerate(lines):
        with_totals.append(line)
        if place % 3 == 2:
            with_totals.append([f"Total {orders()[place][0]}", None, None, None, 99.0])
    result, rows = report([*with_totals, ["Grand total", None, None, None, 999.0]])
    check_whole(rows, orders())
    assert result.ledger.rows("summary_row") == 13


def test_customers_on_rows_of_their_own(report: Report) -> None:
    blocks: list[list[object]] = []
    for place, (who, *rest) in enumerate(orders()):
        if place % 3 == 0:
            blocks.append([who, None, None, None, None])
        blocks.append([None, *rest])
        if place % 3 == 2:
            blocks.append([f"Total for {who}", None, None, None, 99.0])
    result, rows = report(blocks)
    check_whole(rows, orders())
    assert result.ledger.rows("summary_row") == 24
    assert any("on rows of their own above each block" in note for note in result.notes)


def test_orders_above_their_lines(report: Report) -> None:
    lines = [
        [who, day, number, f"{article} {piece}", float(str(amount)) + piece]
        for who, day, number, article, amount in sorted(orders(), key=lambda row: str(row[1]))
        for piece in range(2)
    ]
    result, rows = report(grouped(lines, 0, 1, 2))
    check_whole(rows, lines)
    assert result.ledger.rows("filled_above", "mended") == 36


def test_customers_above_orders_above_lines(report: Report) -> None:
    lines = [
        [who, day, number, f"{article} {piece}", float(str(amount)) + piece]
        for who, day, number, article, amount in orders()
        for piece in range(2)
    ]
    by_order = grouped(lines, 1, 2)
    _, rows = report([[who, *row[1:]] for (who, *_), row in zip(grouped(lines, 0), by_order, strict=True)])
    check_whole(rows, lines)


def test_merged_cells_are_evidence_enough(report: Report) -> None:
    # Each customer's orders are of one day: nothing but the merged cells tells blocks from guests.
    lines = [[who, dt.datetime(2026, 3, int(str(who)[1:]) + 1), *rest] for who, _, *rest in orders(6)]
    merged = [f"A{4 + 3 * block}:A{6 + 3 * block}" for block in range(6)]
    _, rows = report(grouped(lines, 0), merged)
    assert rows["customer_id"].nunique() == 6
    assert len(rows) == 18


def test_guests_stay_guests(report: Report) -> None:
    by_day = sorted(orders(), key=lambda row: str(row[1]))
    lines = [[None if place % 2 else f"K{place:03d}", *row[1:]] for place, row in enumerate(by_day)]
    result, rows = report(lines)
    assert result.ledger.rows("no_customer") == 18
    assert len(rows) == 18


def test_blanks_beside_an_e_mail_stay_blank(report: Report) -> None:
    header = [*HEADER, "E-mail"]
    lines = [[*row, f"guest{place}@example.org"] for place, row in enumerate(grouped(orders(), 0))]
    result, _ = report(lines, header=header)
    assert result.ledger.rows("filled_above", "mended") == 0


def test_sums_of_a_block_are_not_filled(report: Report) -> None:
    header = [*HEADER, "Customer total"]
    lines = [[*row, 100.5 + place if row[0] else None] for place, row in enumerate(grouped(orders(), 0))]
    result, rows = report(lines, header=header)
    assert len(rows) == 36
    assert any(note.startswith("'Customer' stands on") for note in result.notes)

"""Dates with names of months, weekdays and eras in many languages: a cell and a column are read alike."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest

from churnkit.ingest.cells.date_layouts import date_layout, fits_sql, parse_sql, words_of

NOON = datetime(2024, 3, 5)
AFTERNOON = datetime(2024, 3, 5, 14, 5)
EXACT = datetime(2024, 3, 5, 14, 5, 6)

DATES = {
    "5. März 2024": NOON,
    "Montag, 5. März 2024": NOON,
    "5. März 2024 um 14:05 Uhr": AFTERNOON,
    "5 mars 2024 à 14h05": AFTERNOON,
    "le 5 mars 2024": NOON,
    "5 de marzo de 2024": NOON,
    "05-mar-24": NOON,
    "marzo 5, 2024": NOON,
    "5 mar 2024 14:05 hs.": AFTERNOON,
    "5 de março de 2024 às 14:05": AFTERNOON,
    "5 marzo 2024": NOON,
    "05-mrt-2024": NOON,
    "5 maart 2024 14:05:06": EXACT,
    "5 mars 2024 kl. 14:05": AFTERNOON,
    "5. marts 2024": NOON,
    "5. maaliskuuta 2024 klo 14.05": AFTERNOON,
    "5 marca 2024 r., 14:05": AFTERNOON,
    "wt., 5 mar 2024": NOON,
    "5. března 2024": NOON,
    "2024. március 5.": NOON,
    "2024. 03. 05.": NOON,
    "2024. 3. 5. 오후 2:05": AFTERNOON,
    "5. 3. 2024": NOON,
    "5. 3. 2024 14:05": AFTERNOON,
    "5 martie 2024": NOON,
    "5 Mart 2024 Salı": NOON,
    "5 MART 2024": NOON,
    "5 Μαρτίου 2024": NOON,
    "5 Μαρ 2024": NOON,
    "5/3/2024 2:05:06 μμ": EXACT,
    "5 марта 2024 г., 14:05": AFTERNOON,
    "05 мар. 2024 14:05:06": EXACT,
    "5 березня 2024": NOON,
    "2024年3月5日": NOON,
    "2024年03月05日（火） 14時05分06秒": EXACT,
    "2024年3月5日 下午2:05": AFTERNOON,
    "令和6年3月5日": NOON,
    "民國113年3月5日": NOON,
    "2024/3/5 下午 2:05:06": EXACT,
    "2024-03-05 오후 2:05:06": EXACT,
    "2024년 3월 5일 오후 2:05": AFTERNOON,
    "2024/03/05(火) 14:05": AFTERNOON,
    "05/03/2024 à 14:05": AFTERNOON,
    "mar. 05/03/2024": NOON,
    "05.03.2024 um 14:05 Uhr": AFTERNOON,
    "05/03/2024 2:05:06 p. m.": EXACT,
    "March 5, 2024 2:05 p.m.": AFTERNOON,
}


@pytest.mark.parametrize("cell", DATES)
def test_a_cell_and_its_column(cell: str) -> None:
    layout = date_layout(cell)
    assert layout is not None
    for order in (True, False):
        fits, moment = duckdb.execute(
            f"SELECT {fits_sql('cell', layout)}, {parse_sql('cell', layout, order)} FROM (SELECT $cell AS cell)",
            {"cell": cell},
        ).fetchall()[0]
        assert fits
        assert moment == DATES[cell]


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("5 janv. 2024", 1),
        ("12 ŞUBAT 2024", 2),
        ("3 kwietnia 2024", 4),
        ("3 мая 2024", 5),
        ("1 Μαΐου 2024", 5),
        ("5 iunie 2024", 6),
        ("2 Temmuz 2024", 7),
        ("2 srpna 2024", 8),
        ("2 ağu 2024", 8),
        ("30 wrz 2024", 9),
        ("12 EKİM 2024", 10),
        ("05 Οκτ 2024", 10),
        ("4 listopada 2024", 11),
        ("4 Kasım 2024", 11),
        ("31 grudnia 2024", 12),
        ("31 dez. 2024", 12),
        ("31 ara 2024", 12),
    ],
)
def test_months(written: str, month: int) -> None:
    layout = date_layout(written)
    assert layout is not None
    (moment,) = duckdb.execute(f"SELECT {parse_sql('$cell', layout, True)}", {"cell": written}).fetchall()[0]
    assert moment.month == month


@pytest.mark.parametrize(
    "cell", ["Tee 3 XL", "3 of kind 2024", "Kiste 5/3/2024", "2024年5月", "5 Auflage 2024", "Lot 24 marek"]
)
def test_what_is_no_date(cell: str) -> None:
    assert date_layout(cell) is None


def test_other_cells_of_the_column_do_not_fit() -> None:
    layout = date_layout("3 stycznia 2024")
    assert layout is not None
    cells = ["4 lutego 2024", "4 sztuki 2024", "", None, "31 lutego 2024"]
    found = duckdb.execute(
        f"SELECT {fits_sql('cell', layout)}, {parse_sql('cell', layout, True)} FROM (SELECT unnest($cells) AS cell)",
        {"cells": cells},
    ).fetchall()
    assert [fits for fits, _ in found] == [True, False, False, False, True]
    assert [moment for _, moment in found] == [datetime(2024, 2, 4), None, None, None, None]
    assert words_of(layout, True) == "d month Y"

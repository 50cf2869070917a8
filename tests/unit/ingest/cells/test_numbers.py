"""Numbers as shops write them, one cell at a time and over whole columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pytest

from churnkit.config import IngestSettings
from churnkit.ingest.cells.numbers import NumberFormat, detect_number_format, number_sql
from churnkit.ingest.columns import ColumnMapping
from churnkit.ingest.files.file_format import FileFormat
from churnkit.ingest.files.raw_table import RawTable
from churnkit.ingest.rows.file_currencies import decide_currencies

Table = Callable[..., RawTable]

NARROW, NO_BREAK, MINUS = "\u202f", "\u00a0", "\u2212"


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.fixture
def table(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> Table:
    """``table(cells, sql_type="VARCHAR", delimiter=",")`` -> a raw table with the column ``the "value"``."""

    def make(cells: Sequence[object], sql_type: str = "VARCHAR", delimiter: str = ",") -> RawTable:
        path = tmp_path / "raw.parquet"
        connection.execute(
            f'COPY (SELECT CAST(cell AS {sql_type}) AS "the ""value""", row_number() OVER () AS source_row'
            f" FROM (SELECT unnest($cells) AS cell)) TO '{path}' (FORMAT parquet)",
            {"cells": list(cells)},
        )
        return RawTable(
            connection=connection,
            path=path,
            columns=('the "value"',),
            row_count=len(cells),
            format=FileFormat("delimited", delimiter=delimiter),
        )

    return make


def parse(raw: RawTable, fmt: NumberFormat) -> list[float | None]:
    number = number_sql(raw.columns[0], fmt)
    return [row[0] for row in raw.rows("SELECT {number} FROM {raw} ORDER BY {row}", number=number)]


POINT = [
    ("0", 0.0),
    ("12", 12.0),
    ("12.5", 12.5),
    (".5", 0.5),
    ("5.", 5.0),
    (" 7 ", 7.0),
    ("+5", 5.0),
    ("-5", -5.0),
    ("- 5", -5.0),
    (f"{MINUS}5", -5.0),
    ("5-", -5.0),
    ("(5.00)", -5.0),
    ("($5.00)", -5.0),
    ("$(5.00)", None),
    ("-$5.00", -5.0),
    ("$-5.00", -5.0),
    ("1,234.56", 1234.56),
    ("-1,234.56", -1234.56),
    ("1,234", 1234.0),
    ("¥1,234", 1234.0),
    ("￥1,234", 1234.0),
    ("1,234円", 1234.0),
    ("1,234.50 元", 1234.5),
    ("NT$1,234", 1234.0),
    ("12,000원", 12000.0),
    ("S/ 12.50", 12.5),
    ("1,234,567", 1234567.0),
    ("1,24,000.00", 124000.0),
    ("1 234.56", 1234.56),
    (f"1{NO_BREAK}234.56", 1234.56),
    (f"1{NARROW}234.56", 1234.56),
    ("1'234.50", 1234.5),
    ("1’234.50", 1234.5),
    ("$1,240.00", 1240.0),
    ("$12.50", 12.5),
    ("$ 12.50", 12.5),
    ("US$12.50", 12.5),
    ("R$ 12.50", 12.5),
    ("£.50", 0.5),
    ("12.50 USD", 12.5),
    ("USD 12.50", 12.5),
    ("usd 12.50", 12.5),
    ("12.50USD", 12.5),
    (f"12.50{NO_BREAK}€", 12.5),
    ("Rs. 500", 500.0),
    ("Rs.500", 500.0),
    ("Rs 1,500.50", 1500.5),
    ("CHF 12.-", 12.0),
    ("12.–", 12.0),
    ("5.00 EUR-", -5.0),
    ("5.00 kr.-", -5.0),
    ("Rs.-5.00", -5.0),
    ("'75008", 75008.0),
    ("1e3", 1000.0),
    ("1.5E-2", 0.015),
    ("00012", 12.0),
    ("99999999999999999999", 1e20),
    ("1e999", None),
    ("1e99", 1e99),
    ("inf", None),
    ("1_000", None),
    ("0x1F", None),
    ("12%", None),
    ("12 %", None),
    ("--5", None),
    ("(5", None),
    ("5)", None),
    ("12,50", None),
    ("0,250", None),
    ("1,2,3", None),
    ("12,34,5", None),
    ("12 50", None),
    ("1.234.567", None),
    ("1.234,56", None),
    ("1,234.56.7", None),
    ("5 kg", None),
    ("2 x 5", None),
    ("INV 1001", None),
    ("C536365", None),
    ("2026-01-05", None),
    ("10:30", None),
    ("1/2", None),
    ("$", None),
    (".", None),
    ("abc", None),
    ("٣", None),
]

COMMA = [
    ("1 234,50 zł", 1234.5),
    (f"1{NO_BREAK}234,50{NO_BREAK}zł", 1234.5),
    ("12 345 ₽", 12345.0),
    ("1 234,50 руб.", 1234.5),
    ("500 р.", 500.0),
    ("1 234 Kč", 1234.0),
    ("1 234,- Kč", 1234.0),
    ("1.234,50 TL", 1234.5),
    ("₺1.234,50", 1234.5),
    ("12.000 ₫", 12000.0),
    ("12,50 лв.", 12.5),
    ("12,50 euros", 12.5),
    ("12,50 pln zł", None),
    ("12", 12.0),
    ("12,5", 12.5),
    (",5", 0.5),
    ("5,", 5.0),
    ("-12,50", -12.5),
    ("12,50-", -12.5),
    ("1.234,56", 1234.56),
    ("1.234", 1234.0),
    ("1.234.567", 1234567.0),
    ("1 234,56", 1234.56),
    (f"1{NARROW}234,56", 1234.56),
    ("1'234,50", 1234.5),
    ("€ 12,50", 12.5),
    ("€12,50", 12.5),
    ("12,50 €", 12.5),
    ("5,00 kr.", 5.0),
    ("12,50 zł", 12.5),
    ("R$ 1.234,50", 1234.5),
    ("Rs.5000", 5000.0),
    ("(1.234,50)", -1234.5),
    (f"{MINUS}{NO_BREAK}5,50 €", -5.5),
    ("5,-", 5.0),
    ("1,5e3", 1500.0),
    ("1,234", 1.234),
    ("0.250", None),
    ("12.50", None),
    ("1,234.56", None),
    ("1,234,567", None),
]


@pytest.mark.parametrize(("decimal", "cases"), [(".", POINT), (",", COMMA)])
def test_cells(table: Table, decimal: str, cases: list[tuple[str, float | None]]) -> None:
    raw = table([text for text, _ in cases])
    got = parse(raw, NumberFormat(decimal=decimal))
    wrong = [
        (text, number, expected)
        for (text, expected), number in zip(cases, got, strict=True)
        if number != expected
    ]
    assert wrong == []


EMPTY = [
    "",
    " ",
    NO_BREAK,
    "-",
    "--",
    "—",
    "NA",
    "n/a",
    "N/A",
    "NaN",
    "nan",
    "NULL",
    "null",
    "None",
    "#N/A",
    None,
]


def test_empty_cells_are_not_bad(table: Table) -> None:
    raw = table([*EMPTY, "1", "x"])
    fmt = detect_number_format(raw, 'the "value"')
    assert (fmt.parseable, fmt.empty, fmt.bad, fmt.bad_examples) == (1, len(EMPTY), 1, ("x",))
    assert fmt.share_parsed == 0.5
    assert parse(raw, fmt) == [None] * len(EMPTY) + [1.0, None]


@pytest.mark.parametrize(
    ("cells", "decimal", "ambiguous", "values"),
    [
        (["1", "2"], ".", False, [1, 2]),
        (["1,234", "999"], ".", True, [1234, 999]),
        (["1.234", "999"], ".", True, [1.234, 999]),
        (["1,234", "0.5"], ".", False, [1234, 0.5]),
        (["1,234", "0,5"], ",", False, [1.234, 0.5]),
        (["1.234", "12,50"], ",", False, [1234, 12.5]),
        (["1,234,567", "1,234"], ".", False, [1234567, 1234]),
        (["1.234.567", "1.234"], ",", False, [1234567, 1234]),
        (["0.250", "1.500"], ".", False, [0.25, 1.5]),
        (["0,250", "1,500"], ",", False, [0.25, 1.5]),
        (["1.50", "2.50", "3,50"], ".", False, [1.5, 2.5, None]),
        (["1.50", "3,50"], ".", True, [1.5, None]),
        (["$1,240.00", "($5.00)"], ".", False, [1240, -5]),
        (["0,25", "0,30"], ",", False, [0.25, 0.3]),
    ],
)
def test_the_column_decides(
    table: Table,
    cells: list[str],
    decimal: str,
    ambiguous: bool,
    values: list[float | None],
) -> None:
    raw = table(cells)
    fmt = detect_number_format(raw, 'the "value"')
    assert (fmt.decimal, fmt.ambiguous) == (decimal, ambiguous)
    assert parse(raw, fmt) == values
    assert fmt.parseable + fmt.empty + fmt.bad == len(cells)
    assert bool(fmt.examples) == ambiguous


def test_one_late_cell_decides(table: Table) -> None:
    """A sample would miss it: the column is judged whole."""
    cells = ["1,234"] * 20_000
    cells[12_345] = "0,5"
    fmt = detect_number_format(table(cells), 'the "value"')
    assert (fmt.decimal, fmt.ambiguous, fmt.parseable) == (",", False, 20_000)


def test_ambiguity_names_examples_and_semicolons_hint(table: Table) -> None:
    raw = table(["1,234", "5", "1,234", "2,345"], delimiter=";")
    fmt = detect_number_format(raw, 'the "value"')
    assert fmt.examples == ("1,234", "2,345")
    assert (fmt.decimal, fmt.ambiguous) == (",", True)
    assert "may mean the opposite" in fmt.words()


def test_the_separator_can_be_named(table: Table) -> None:
    raw = table(["1,234", "0.5"])
    fmt = detect_number_format(raw, 'the "value"', decimal=",")
    assert (fmt.decimal, fmt.ambiguous, fmt.bad, fmt.bad_examples) == (",", False, 1, ("0.5",))
    assert parse(raw, fmt) == [1.234, None]


def test_currencies_and_thousands_for_words(table: Table) -> None:
    fmt = detect_number_format(table(["$1,240.00", "$5.00", "£7.00", "3"]), 'the "value"')
    assert fmt.currencies == ("$", "£")
    assert fmt.thousands == ","
    assert fmt.words() == "written 1,234.50, with $ £"


def test_a_rare_currency_beyond_the_sample(table: Table) -> None:
    cells = ["$5.00"] * 20_000
    cells[7_777] = "€6.00"
    assert detect_number_format(table(cells), 'the "value"').currencies == ("$", "€")


def test_a_column_of_text(table: Table) -> None:
    raw = table(["A100", "B200", "", None])
    fmt = detect_number_format(raw, 'the "value"')
    assert (fmt.parseable, fmt.empty, fmt.bad) == (0, 2, 2)
    assert fmt.share_parsed == 0.0
    assert parse(raw, fmt) == [None] * 4


def test_a_column_without_any_value(table: Table) -> None:
    fmt = detect_number_format(table([None, None]), 'the "value"')
    assert (fmt.parseable, fmt.empty, fmt.bad, fmt.share_parsed) == (0, 2, 0, 0.0)


@pytest.mark.parametrize("sql_type", ["TINYINT", "UBIGINT", "FLOAT", "DOUBLE", "DECIMAL(10, 2)"])
def test_typed_columns(table: Table, sql_type: str) -> None:
    raw = table([1, 2, None], sql_type)
    fmt = detect_number_format(raw, 'the "value"')
    assert (fmt.typed, fmt.parseable, fmt.empty, fmt.bad) == (True, 2, 1, 0)
    assert parse(raw, fmt) == [1.0, 2.0, None]
    assert fmt.words() == "numbers"


def test_nan_and_infinity_are_missing(table: Table) -> None:
    raw = table([1.5, float("nan"), float("inf")], "DOUBLE")
    fmt = detect_number_format(raw, 'the "value"')
    assert (fmt.parseable, fmt.empty) == (1, 2)
    assert parse(raw, fmt) == [1.5, None, None]


@pytest.mark.parametrize("sql_type", ["BOOLEAN", "DATE"])
def test_other_types_are_no_numbers(table: Table, sql_type: str) -> None:
    cell = "true" if sql_type == "BOOLEAN" else "2026-01-05"
    fmt = detect_number_format(table([cell], sql_type), 'the "value"')
    assert (fmt.parseable, fmt.bad) == (0, 1)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("5 zł", "PLN"),
        ("5 zł.", "PLN"),
        ("5 Kč", "CZK"),
        ("5 руб.", "RUB"),
        ("5 р", "RUB"),
        ("5 грн", "UAH"),
        ("5 TL", "TRY"),
        ("5円", "JPY"),
        ("R$ 5", "BRL"),
        ("5 SEK", "SEK"),
        ("5 元", "元"),
        ("¥5", "¥"),
    ],
)
def test_the_sign_of_one_currency_is_its_code(table: Table, cell: str, code: str) -> None:
    raw = table([cell, cell])
    money = detect_number_format(raw, raw.columns[0])
    found = decide_currencies(raw, ColumnMapping(), money, IngestSettings())
    assert (found.chosen, found.symbols) == (code, ())


def test_what_an_export_is_usually_in_gives_way_to_what_the_file_says(table: Table) -> None:
    def decided(cell: str, settings: IngestSettings) -> str | None:
        raw = table([cell, cell])
        money = detect_number_format(raw, raw.columns[0])
        return decide_currencies(raw, ColumnMapping(), money, settings, "GBP").chosen

    assert decided("5.00", IngestSettings()) == "GBP"
    assert decided("€5.00", IngestSettings()) == "EUR"
    assert decided("5.00", IngestSettings(currency="USD")) == "USD"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Betrag CHF", "CHF"),
        ("total_eur", "EUR"),
        ("Umsatz (€)", "EUR"),
        ("Kwota [zł]", "PLN"),
        ("Total (USD or EUR)", None),
        ("Total $", None),
        ("Overall total", None),
    ],
)
def test_the_header_of_the_money_may_name_its_currency(table: Table, header: str, code: str | None) -> None:
    raw = table(["5.00", "7.00"])
    money = detect_number_format(raw, raw.columns[0])
    mapping = ColumnMapping({"amount": header})
    assert decide_currencies(raw, mapping, money, IngestSettings()).chosen == code


@pytest.mark.parametrize("cell", ["2 Stk", "2x", "2 pcs.", "2 Stück", "2 ر.س", "\u202d2\u202c"])
def test_pieces_and_signs_without_width_stand_beside_a_number(table: Table, cell: str) -> None:
    raw = table([cell, "12"])
    fmt = detect_number_format(raw, 'the "value"')
    assert parse(raw, fmt) == [2, 12]
    assert "Stk" not in fmt.currencies

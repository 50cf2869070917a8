"""The staged rows -> the canonical Parquet file and the account of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd

from churnkit.errors import DataError
from churnkit.ingest.cells.dates import date_sql
from churnkit.ingest.engine import compose, counted, one_row
from churnkit.ingest.files.raw_table import SOURCE_ROW, RawTable, quote_identifier
from churnkit.ingest.rows.ledger import DROPPED, EXAMPLES, MENDED, LedgerEntry
from churnkit.ingest.rows.pricing import Pricing
from churnkit.ingest.rows.recipe import DateRecipe, Recipe
from churnkit.ingest.rows.repeated_lines import count_duplicates, find_duplicates
from churnkit.ingest.rows.staging import STAGED, TEXTS, possible_mends, stage
from churnkit.text import figures
from churnkit.text.figures import day, instant

# What an example shows of a row, so that a line of the ledger stays readable.
_MAX_CELLS = 12
_MAX_CELL_LENGTH = 60


@dataclass(frozen=True)
class Canonical:
    """What came out of one raw table.

    Attributes
    ----------
    row_count
        Rows in the canonical file.
    currency
        The analysis currency, None where the file names none.
    has_time
        Some order has a time of day other than midnight.
    """

    row_count: int
    currency: str | None
    has_time: bool
    entries: tuple[LedgerEntry, ...]
    notes: tuple[str, ...]


def write_canonical(
    connection: duckdb.DuckDBPyConnection, recipe: Recipe, target: Path, *, one_day_is_enough: bool = False
) -> Canonical:
    """Stage the rows, check them as a whole and write those to keep to ``target``.

    Raises
    ------
    DataError
        No row is left, all orders are of one day, or several currencies are mixed.
    """
    stage(connection, recipe)
    entries = _dropped(connection, recipe) + _mended(connection, recipe)
    currency = _only_currency(connection, recipe.pricing)
    rows, first, last, has_time = one_row(
        connection,
        compose(
            """
            SELECT count(*), min(ordered_at), max(ordered_at),
                   coalesce(bool_or(ordered_at <> date_trunc('day', ordered_at)), false)
            FROM {staged} WHERE reason IS NULL
            """,
            staged=STAGED,
        ),
    )
    if rows == 0:
        raise DataError(
            f"Reading the orders: none of {figures.count(recipe.raw.row_count)} rows is left; {_words(entries)}.",
            "Check the mapping (--map), the preset and the date of the analysis (--as-of).",
        )
    if first.date() == last.date() and not one_day_is_enough:
        raise DataError(
            f"Reading the orders: all {figures.count(rows)} rows are of one day, {day(first)}.",
            "Churn needs a history of several months: export a longer period, or map the column with the"
            " order's own date (this one may be the date of the export).",
        )
    _write(connection, recipe, target)
    notes = (
        *_status_notes(entries, recipe.raw.row_count),
        *_duplicate_notes(connection, recipe),
        *_service_notes(connection, recipe),
    )
    return Canonical(rows, currency, has_time, entries, notes)


def cut_at(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, dates: DateRecipe, as_of: datetime, target: Path
) -> tuple[RawTable, LedgerEntry | None]:
    """The raw table as it was at ``as_of``: without the rows at or after it, and the account of these.

    Rows without a date stay; a row that leaves its date to the first row of its order goes with that row.

    Raises
    ------
    DataError
        Nothing lies before ``as_of``.
    """
    order = quote_identifier(dates.order_column) if dates.order_column else "NULL"
    connection.execute(
        compose(
            """
            CREATE OR REPLACE TEMP TABLE late_rows AS
            WITH dated AS (
                SELECT {row} AS source_row, CAST({order} AS VARCHAR) AS order_key, {moment} AS moment
                FROM read_parquet($source)
            ),
            firsts AS (
                SELECT order_key, min(moment) AS first_moment FROM dated
                WHERE order_key IS NOT NULL GROUP BY order_key
            )
            SELECT source_row FROM dated LEFT JOIN firsts USING (order_key)
            WHERE coalesce(moment, first_moment) >= $as_of
            """,
            row=quote_identifier(SOURCE_ROW),
            order=order,
            moment=date_sql(dates.column, dates.fmt),
        ),
        {"source": str(raw.path), "as_of": as_of},
    )
    count, examples = one_row(
        connection, "SELECT count(*), min(source_row, $examples) FROM late_rows", {"examples": EXAMPLES}
    )
    if count == 0:
        return raw, None
    statement = compose(
        """
        COPY (SELECT * FROM read_parquet($source) WHERE {row} NOT IN (SELECT source_row FROM late_rows))
        TO $target (FORMAT parquet)
        """,
        row=quote_identifier(SOURCE_ROW),
    )
    (kept,) = one_row(connection, statement, {"source": str(raw.path), "target": str(target)})
    if kept == 0:
        raise DataError(
            f"Cutting the file at {instant(as_of)}: all {figures.count(count)} rows lie at or after it.",
            "Choose a later date (--as-of); it must lie inside the file's history.",
        )
    entry = LedgerEntry(
        "after_as_of",
        "dropped",
        count,
        DROPPED["after_as_of"],
        _examples(connection, raw, [dates.column], examples),
    )
    return replace(raw, path=target, row_count=kept), entry


def _write(connection: duckdb.DuckDBPyConnection, recipe: Recipe, target: Path) -> None:
    columns = ["order_id", "customer_id", "ordered_at", "amount"]
    columns += [
        name for name in (*TEXTS, "quantity", "unit_price", "discount") if name in recipe.mapping.columns
    ]
    if recipe.pricing.codes:
        columns.append("currency")
    statement = compose(
        """
        COPY (SELECT {columns}, is_return, source_row FROM {staged} WHERE reason IS NULL ORDER BY source_row)
        TO $target (FORMAT parquet)
        """,
        columns=", ".join(columns),
        staged=STAGED,
    )
    connection.execute(statement, {"target": str(target)})


def monthly_totals(connection: duckdb.DuckDBPyConnection, transactions: Path) -> pd.DataFrame:
    """Orders with a positive amount and net money by calendar month: month (``2011-01``), orders, amount."""
    relation = connection.execute(
        """
        SELECT strftime(month, '%Y-%m') AS month, orders, amount
        FROM (
            SELECT date_trunc('month', ordered_at) AS month,
                   count(DISTINCT order_id) FILTER (WHERE amount > 0) AS orders, sum(amount) AS amount
            FROM read_parquet($source) GROUP BY month
        ) ORDER BY month
        """,
        {"source": str(transactions)},
    )
    frame: pd.DataFrame = relation.df()
    return frame


def _dropped(connection: duckdb.DuckDBPyConnection, recipe: Recipe) -> tuple[LedgerEntry, ...]:
    rows = connection.execute(
        compose(
            "SELECT reason, count(*), min(source_row, $examples) FROM {staged}"
            " WHERE reason IS NOT NULL GROUP BY reason",
            staged=STAGED,
        ),
        {"examples": EXAMPLES},
    ).fetchall()
    columns = list(recipe.mapping.columns.values())
    found = {
        reason: (count, _examples(connection, recipe.raw, columns, numbers))
        for reason, count, numbers in rows
    }
    return tuple(
        LedgerEntry(reason, "dropped", found[reason][0], words, found[reason][1])
        for reason, words in DROPPED.items()
        if reason in found
    )


def _mended(connection: duckdb.DuckDBPyConnection, recipe: Recipe) -> tuple[LedgerEntry, ...]:
    mends = possible_mends(recipe)
    if not mends:
        return ()
    parts = ", ".join(
        f"{counted(f'mend_{name}')}, min(source_row, $examples) FILTER (WHERE mend_{name})" for name in mends
    )
    row = one_row(
        connection,
        compose("SELECT {parts} FROM {staged} WHERE reason IS NULL", parts=parts, staged=STAGED),
        {"examples": EXAMPLES},
    )
    columns = list(recipe.mapping.columns.values())
    return tuple(
        LedgerEntry(name, "mended", count, MENDED[name], _examples(connection, recipe.raw, columns, numbers))
        for name, count, numbers in zip(mends, row[::2], row[1::2], strict=True)
        if count
    )


def _examples(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, columns: list[str], rows: list[int]
) -> tuple[tuple[int, Mapping[str, str]], ...]:
    """A few source rows with some of their cells as text."""
    shown = list(dict.fromkeys(columns))[:_MAX_CELLS]
    statement = compose(
        """
        SELECT {row}, {cells} FROM read_parquet($source)
        WHERE {row} IN (SELECT unnest($rows)) ORDER BY {row}
        """,
        row=quote_identifier(SOURCE_ROW),
        cells=", ".join(f"CAST({quote_identifier(name)} AS VARCHAR)" for name in shown),
    )
    found = connection.execute(statement, {"source": str(raw.path), "rows": rows}).fetchall()
    return tuple(
        (number, {name: (cell or "")[:_MAX_CELL_LENGTH] for name, cell in zip(shown, cells, strict=True)})
        for number, *cells in found
    )


def _only_currency(connection: duckdb.DuckDBPyConnection, pricing: Pricing) -> str | None:
    if pricing.currency is not None or not pricing.codes:
        return pricing.currency
    counts = connection.execute(
        compose(
            "SELECT currency, count(*) AS rows FROM {staged} WHERE reason IS NULL GROUP BY currency"
            " ORDER BY rows DESC, currency",
            staged=STAGED,
        )
    ).fetchall()
    named = [(code, rows) for code, rows in counts if code is not None]
    if len(counts) <= 1:
        return named[0][0] if named else None
    listing = ", ".join(f"{code or '(blank)'} on {figures.count(rows)} rows" for code, rows in counts)
    raise DataError(
        f"Adding up money: the orders are in several currencies: {listing}. They are never summed.",
        f'Choose one to analyse ("currency": "{named[0][0]}" in a mapping file, --map), or export one shop or'
        " currency at a time.",
    )


def _status_notes(entries: tuple[LedgerEntry, ...], row_count: int) -> list[str]:
    """A shop that lost most of its orders has its statuses misread."""
    lost = sum(entry.rows for entry in entries if entry.reason in ("cancelled", "unpaid"))
    if lost <= 0.5 * row_count:
        return []
    return [
        f"{figures.count(lost)} of {figures.count(row_count)} rows were left out as cancelled or unpaid. If"
        " that is not so, use a mapping"
        " file without the status column."
    ]


def _duplicate_notes(connection: duckdb.DuckDBPyConnection, recipe: Recipe) -> list[str]:
    if recipe.drop_duplicates:
        return []
    find_duplicates(connection, recipe.raw)
    count = count_duplicates(connection)
    if not count:
        return []
    why = (
        "the setting says so"
        if "order_id" in recipe.mapping.columns or recipe.date.has_time
        else "without an order id or a time of day, two equal purchases look the same"
    )
    return [f"{figures.count(count)} rows equal an earlier one in every cell and were kept: {why}."]


def _service_notes(connection: duckdb.DuckDBPyConnection, recipe: Recipe) -> list[str]:
    codes = recipe.rules.service_codes
    if not codes or "product_id" not in recipe.mapping.columns:
        return []
    rows, money, found = one_row(
        connection,
        compose(
            """
            SELECT count(*), coalesce(sum(amount), 0), list_sort(list(DISTINCT upper(product_id)))
            FROM {staged}
            WHERE reason IS NULL AND list_contains($codes, upper(product_id))
            """,
            staged=STAGED,
        ),
        {"codes": sorted(codes)},
    )
    if not rows:
        return []
    return [
        f"{figures.count(rows)} rows are postage, fees or corrections ({', '.join(found)}),"
        f" {figures.money(money)} in all; they"
        " count as money, not as products."
    ]


def _words(entries: tuple[LedgerEntry, ...]) -> str:
    dropped = [entry for entry in entries if entry.action == "dropped"]
    return (
        ", ".join(f"{figures.count(entry.rows)} {entry.reason}" for entry in dropped)
        or "the file has no rows"
    )

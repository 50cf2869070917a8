"""The tables that the profile is aggregated from, as Ibis expressions over the canonical transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import pandas as pd
from ibis import _
from ibis.expr import types as ir

EngineRow = dict[str, Any]
"""A row as an engine hands it out: whoever asked for its columns makes a dataclass of them."""

EARLIEST_PLAUSIBLE = datetime(1980, 1, 1)
SEED = 42
# Knuth's multiplicative constant: spreads consecutive row numbers evenly over 0 .. 2**31 - 1.
SPREAD, SPREAD_RANGE = 2_654_435_761, 2**31


def end_day(cutoff: datetime) -> date:
    """The first calendar day after the history: the cutoff's own if it falls on midnight, else the next."""
    midnight = datetime.combine(cutoff.date(), datetime.min.time())
    return cutoff.date() if cutoff == midnight else cutoff.date() + timedelta(days=1)


def history(transactions: ir.Table, cutoff: datetime) -> ir.Table:
    """Rows before the cutoff that can be used: not dated before 1980, with an amount that is a finite number.

    One row of the year 1900 would otherwise stretch the history by a century; ``plausibility`` reports such
    rows.
    """
    finite = ~(_.amount.isnan() | _.amount.isinf())
    return transactions.filter(_.ordered_at < cutoff, _.ordered_at >= EARLIEST_PLAUSIBLE, finite)


def orders(rows: ir.Table) -> ir.Table:
    """Grain (customer_id, order_id).

    Returns
    -------
    ibis.Table
        ``gross`` (sum of positive amounts) and ``refunded`` (of negative ones, as a positive number),
        ``ordered_at`` and ``last_line_at`` of the purchase lines, ``lines`` (purchase lines), ``first_row``,
        and
        ``units`` where quantities exist. ``gross`` is 0 for a document that holds returns only.
    """
    bought = rows.amount > 0
    sums: dict[str, ir.Value] = {
        "gross": money_sum(ibis.ifelse(bought, rows.amount, 0.0)),
        "refunded": money_sum(ibis.ifelse(rows.amount < 0, -rows.amount, 0.0)),
        "ordered_at": rows.ordered_at.min(where=bought),
        "last_line_at": rows.ordered_at.max(where=bought),
        "lines": rows.count(where=bought),
        "first_row": rows.source_row.min(),
    }
    if "quantity" in rows.columns:
        sums["units"] = rows.quantity.sum(where=bought)
    return rows.group_by("customer_id", "order_id").aggregate(**sums)


def purchases(order_table: ir.Table) -> ir.Table:
    """Orders with something bought, and their ``day``."""
    return order_table.filter(_.gross > 0).mutate(day=_.ordered_at.date())


def customers(order_table: ir.Table) -> ir.Table:
    """Grain customer_id, buyers only: ``order_count``, ``gross``, ``net``, ``first_at``, ``last_at``."""
    grouped = order_table.group_by("customer_id").aggregate(
        order_count=_.count(where=_.gross > 0),
        gross=money_sum(order_table.gross),
        net=money_sum(order_table.gross - order_table.refunded),
        first_at=_.ordered_at.min(),
        last_at=_.last_line_at.max(),
        first_row=_.first_row.min(),
    )
    return grouped.filter(_.order_count > 0)


def purchase_days(rows: ir.Table) -> ir.Table:
    """Grain (customer_id, day): the distinct calendar days on which a customer bought something."""
    return rows.filter(_.amount > 0).select("customer_id", day=_.ordered_at.date()).distinct()


def sampled(table: ir.Table, number: int, at_most: int) -> ir.Table:
    """About ``at_most`` of the ``number`` rows of a table, all of them if they are not more.

    Rows are drawn by a multiplicative hash of ``first_row``, the source row that they begin on: neither row
    order nor engine matters, and the same file gives the same sample.
    """
    if number <= at_most:
        return table
    key = (table.first_row * SPREAD + SEED) % SPREAD_RANGE
    return table.filter(key < int(at_most / number * SPREAD_RANGE))


@contextmanager
def held(table: ir.Table, engine: ir.Table) -> Iterator[ir.Table]:
    """Work ``table`` out once and keep it while the block runs, on the engine that holds ``engine``.

    DuckDB keeps it as a table of the connection, and on disk what is too much for the memory. Elsewhere, and where a
    column without a value has no type, which its tables do not take, it goes through a temporary Parquet file: that needs
    no memory, no right to create tables, and nothing that only one engine has. (``Table.cache`` would do the same, but
    its clean-up breaks with sqlglot 30.11 and later.)
    """
    backend: Any = ibis.get_backend(engine)
    name = ibis.util.gen_name("held")
    if backend.name == "duckdb" and not any(kind.is_null() for kind in table.schema().types):
        try:
            yield backend.create_table(name, table, temp=True)
        finally:
            backend.raw_sql(f"DROP TABLE IF EXISTS {name}")
        return
    with TemporaryDirectory(prefix="churnkit-") as folder:
        path = Path(folder) / "table.parquet"
        backend.to_parquet(table, path)
        try:
            yield backend.read_parquet(path, table_name=name)
        finally:
            backend.raw_sql(f"DROP VIEW IF EXISTS {name}")


def one_row(table: ir.Table) -> EngineRow:
    """Execute a one-row table; missing values become ``None``, numbers and dates plain Python."""
    return records(table)[0]


def records(table: ir.Table) -> list[EngineRow]:
    """Execute a table of few rows as plain records; it goes by Arrow, like ``small_frame``."""
    return [{name: plain(value) for name, value in row.items()} for row in table.to_pyarrow().to_pylist()]


def small_frame(table: ir.Table) -> pd.DataFrame:
    """Execute a table of few rows. It goes by Arrow: Ibis 12's own ``to_pandas`` warns with pandas 3.1."""
    frame: pd.DataFrame = table.to_pyarrow().to_pandas()
    return frame


def money_sum(column: ir.NumericColumn) -> ir.Value:
    """A sum to 1/10,000: further digits depend on the order in which threads add, and would break ties."""
    return column.sum().round(4)


def plain(value: Any) -> Any:
    """A scalar from pandas or NumPy as a plain Python value, ``None`` for missing, NaN and infinite ones."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value

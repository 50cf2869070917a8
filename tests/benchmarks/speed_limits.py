"""What the machine can do: the same files read by DuckDB and by Polars alone, for `speed.py`."""

from __future__ import annotations

from pathlib import Path


def generate(path: Path, rows: int, seed: int = 1) -> None:
    """Order lines of rows / 25 customers over two years, written by DuckDB, in no particular order."""
    import duckdb

    customers = max(1, rows // 25)
    duckdb.execute(
        f"""
        COPY (
            SELECT 'o' || order_no AS order_id, 'c' || customer AS customer_id,
                   TIMESTAMP '2024-01-01' + to_seconds(CAST(instant * 63072000 AS BIGINT)) AS order_date,
                   'p' || product AS product_id, quantity, round(price, 2) AS unit_price
            FROM (
                SELECT i // 3 AS order_no, hash(i // 3, {seed}) % {customers} AS customer,
                       (hash(i // 3, {seed + 1}) % 1000003) / 1000003.0 AS instant,
                       hash(i, {seed + 2}) % 3000 AS product, 1 + hash(i, {seed + 3}) % 4 AS quantity,
                       2 + (hash(i, {seed + 4}) % 9000) / 100.0 AS price
                FROM range({rows}) t(i)
            )
        ) TO '{path}' (FORMAT csv, HEADER)
        """
    )


SCAN = """
    SELECT count(order_id), count(customer_id), max(order_date), count(product_id), sum(quantity), sum(unit_price)
    FROM read_csv(?)
"""
FEATURES = """
    WITH orders AS (
        SELECT customer_id, order_id, min(order_date) AS ordered_at, sum(quantity * unit_price) AS amount
        FROM read_csv(?) WHERE order_date < TIMESTAMP '2025-07-01' GROUP BY customer_id, order_id
    ), gaps AS (
        SELECT *, date_diff('day', lag(ordered_at) OVER (PARTITION BY customer_id ORDER BY ordered_at), ordered_at) AS gap
        FROM orders
    )
    SELECT customer_id, count(*) AS order_count, sum(amount) AS total, avg(amount) AS mean, stddev(amount) AS spread,
           min(ordered_at) AS first_at, max(ordered_at) AS last_at, median(gap) AS gap_median, stddev(gap) AS gap_spread,
           sum(amount) FILTER (ordered_at >= TIMESTAMP '2025-04-02') AS total_90_days
    FROM gaps GROUP BY customer_id
"""


RETAIL_SCAN = "SELECT count(COLUMNS(*)) FROM read_parquet(?)"
RETAIL_FEATURES = (
    FEATURES.replace(
        "read_csv(?)",
        """(
            SELECT "InvoiceNo" AS order_id, "CustomerID" AS customer_id, "InvoiceDate" AS order_date,
                   "Quantity" AS quantity, "UnitPrice" AS unit_price FROM read_parquet(?)
        )""",
    )
    .replace("2025-07-01", "2011-09-01")
    .replace("2025-04-02", "2011-06-03")
)


def with_duckdb(path: Path, statement: str) -> int:
    """A statement of DuckDB alone on the file; the rows that it gives."""
    import duckdb

    return len(duckdb.execute(statement, [str(path)]).fetchall())


def scan_with_polars(path: Path) -> int:
    """As `SCAN`."""
    import polars as pl

    lines = pl.scan_csv(path, try_parse_dates=True)
    looked = lines.select(
        pl.col("order_id").count(),
        pl.col("customer_id").count(),
        pl.col("order_date").max(),
        pl.col("product_id").count(),
        pl.col("quantity", "unit_price").sum(),
    )
    return looked.collect(engine="streaming").height


def features_with_polars(path: Path) -> int:
    """As `FEATURES`."""
    import polars as pl

    instant, amount, gap = pl.col("ordered_at"), pl.col("amount"), pl.col("gap")
    orders = (
        pl.scan_csv(path, try_parse_dates=True)
        .filter(pl.col("order_date") < pl.datetime(2025, 7, 1))
        .group_by("customer_id", "order_id")
        .agg(
            pl.col("order_date").min().alias("ordered_at"),
            (pl.col("quantity") * pl.col("unit_price")).sum().alias("amount"),
        )
        .sort("customer_id", "ordered_at")
        .with_columns(
            (instant.dt.date() - instant.dt.date().shift().over("customer_id")).dt.total_days().alias("gap")
        )
    )
    described = orders.group_by("customer_id").agg(
        pl.len().alias("order_count"),
        amount.sum().alias("total"),
        amount.mean().alias("mean"),
        amount.std().alias("spread"),
        instant.min().alias("first_at"),
        instant.max().alias("last_at"),
        gap.median().alias("gap_median"),
        gap.std().alias("gap_spread"),
        amount.filter(instant >= pl.datetime(2025, 4, 2)).sum().alias("total_90_days"),
    )
    return described.collect(engine="streaming").height

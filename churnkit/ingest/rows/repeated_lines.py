"""Lines that stand in the file more than once."""

from __future__ import annotations

import duckdb

from churnkit.ingest.engine import compose, one_row
from churnkit.ingest.files.raw_table import SOURCE_ROW, RawTable, quote_identifier

DUPLICATES = "duplicate_rows"


def find_duplicates(connection: duckdb.DuckDBPyConnection, raw: RawTable) -> None:
    """Rows whose every cell equals an earlier row's, as a temporary table.

    Hashes find the suspects in one light pass; only those are compared cell by cell.
    """
    cells = ", ".join(quote_identifier(name) for name in raw.columns)
    statement = compose(
        """
        CREATE OR REPLACE TEMP TABLE {table} AS
        WITH suspects AS (
            SELECT hash({cells}) AS mark FROM read_parquet($source) GROUP BY ALL HAVING count(*) > 1
        )
        SELECT source_row FROM (
            SELECT {row} AS source_row, row_number() OVER (PARTITION BY {cells} ORDER BY {row}) AS copy
            FROM read_parquet($source) WHERE hash({cells}) IN (SELECT mark FROM suspects)
        ) WHERE copy > 1
        """,
        table=DUPLICATES,
        cells=cells,
        row=quote_identifier(SOURCE_ROW),
    )
    connection.execute(statement, {"source": str(raw.path)})


def count_duplicates(connection: duckdb.DuckDBPyConnection) -> int:
    """Number of rows that `find_duplicates` found."""
    (count,) = one_row(connection, compose("SELECT count(*) FROM {table}", table=DUPLICATES))
    return int(count)

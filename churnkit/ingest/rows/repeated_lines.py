"""Lines that stand in the file more than once."""

from __future__ import annotations

from churnkit.ingest.engine import compose, one_row, quote_identifier
from churnkit.ingest.files import RawTable

DUPLICATES = "duplicate_rows"


def find_duplicates(raw: RawTable) -> None:
    """Rows whose every cell equals an earlier row's, as a temporary table.

    Hashes find the suspects in one light pass; only those are compared cell by cell.
    """
    cells = ", ".join(quote_identifier(name) for name in raw.columns)
    raw.run(
        """
        CREATE OR REPLACE TEMP TABLE {table} AS
        WITH suspects AS (
            SELECT hash({cells}) AS mark FROM {raw} GROUP BY ALL HAVING count(*) > 1
        )
        SELECT source_row FROM (
            SELECT {row} AS source_row, row_number() OVER (PARTITION BY {cells} ORDER BY {row}) AS copy
            FROM {raw} WHERE hash({cells}) IN (SELECT mark FROM suspects)
        ) WHERE copy > 1
        """,
        table=DUPLICATES,
        cells=cells,
    )


def count_duplicates(raw: RawTable) -> int:
    """Number of rows that `find_duplicates` found."""
    (count,) = one_row(raw.connection, compose("SELECT count(*) FROM {table}", table=DUPLICATES))
    return int(count)

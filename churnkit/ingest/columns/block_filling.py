"""Cells taken from above, and which rows took them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from churnkit.ingest.engine import compose, one_row, quote_identifier
from churnkit.ingest.files import SOURCE_ROW, RawTable
from churnkit.text.figures import count

FILLED_ROWS = "filled_from_above"
EDGE_ROWS = "edges_of_blocks"
"""Temporary tables of ``source_row``: rows with a cell from above; headings and subtotals between the blocks."""

_ROW = quote_identifier(SOURCE_ROW)
_PART, _SEGMENT = quote_identifier("part of blocks"), quote_identifier("segment of blocks")


@dataclass(frozen=True)
class Filling:
    """What is filled, and from where.

    Attributes
    ----------
    columns
        Columns that take the value above where they are blank.
    body
        SQL condition on a row: it is a line, no heading and no subtotal.
    source
        SQL condition on a row: its values are handed down. Lines themselves, or headings on rows of their own.
    """

    columns: tuple[str, ...]
    body: str
    source: str

    @property
    def is_from_headings(self) -> bool:
        """Whether the values stand above the blocks."""
        return self.source != self.body


def filled(raw: RawTable, filling: Filling) -> RawTable:
    """The table with the columns filled, never across a heading or subtotal or from one part to the next."""
    target = raw.path.with_name(f"filled_{raw.path.name}")
    parts = [f"CAST({_ROW} > {part.last_row} AS INTEGER)" for part in raw.parts[:-1]]
    raw.run(
        """
        COPY (
            SELECT * EXCLUDE ({part}, {segment}) REPLACE ({cells}) FROM (
                SELECT *, {parts} AS {part},
                       sum(CASE WHEN NOT ({body}) THEN 1 ELSE 0 END) OVER (ORDER BY {row}) AS {segment} FROM {raw}
            )
            WINDOW above AS (PARTITION BY {part}, {segment} ORDER BY {row}) ORDER BY {row}
        ) TO $target (FORMAT parquet)
        """,
        {"target": str(target)},
        cells=", ".join(_cell(quote_identifier(name), filling) for name in filling.columns),
        parts=" + ".join(parts) or "0",
        part=_PART,
        segment=_SEGMENT,
        body=filling.body,
    )
    return _told(raw, replace(raw, path=target, table=""), filling)


def _cell(column: str, filling: Filling) -> str:
    above = f"last_value(CASE WHEN {filling.source} THEN {column} END IGNORE NULLS) OVER above"
    return f"CASE WHEN {filling.body} THEN coalesce({column}, {above}) ELSE {column} END AS {column}"


def _told(before: RawTable, after: RawTable, filling: Filling) -> RawTable:
    """The filled table with a note, and its rows that took something from above in a table of their own."""
    columns = list(map(quote_identifier, filling.columns))
    taken = " OR ".join(f"(before.{column} IS NULL AND after.{column} IS NOT NULL)" for column in columns)
    _keep(before, after, FILLED_ROWS, taken)
    after.run(
        "CREATE OR REPLACE TEMP TABLE {table} AS SELECT {row} AS source_row FROM {raw} WHERE NOT ({body})",
        table=EDGE_ROWS,
        body=filling.body,
    )
    (rows,) = one_row(after.connection, compose("SELECT count(*) FROM {table}", table=FILLED_ROWS))
    names = ", ".join(map(repr, filling.columns))
    where = (
        "on rows of their own above each block"
        if filling.is_from_headings
        else "on the first row of a block only"
    )
    stands = "stands" if len(columns) == 1 else "stand"
    note = f"{names} {stands} {where}: {count(rows)} rows take from there what they leave blank."
    return replace(after, filled_rows=FILLED_ROWS, notes=(*before.notes, note))


def _keep(before: RawTable, after: RawTable, table: str, condition: str) -> None:
    """Rows for which a condition holds, added to those of an earlier filling."""
    earlier = compose("UNION SELECT source_row FROM {table}", table=table) if before.filled_rows else ""
    after.run(
        """
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT {row} AS source_row FROM {raw} AS after JOIN {before} AS before USING ({row})
        WHERE {condition} {earlier}
        """,
        {} if before.table else {"before": str(before.path)},
        before=before.source if before.table else "read_parquet($before)",
        table=table,
        condition=condition,
        earlier=earlier,
    )

"""Exports that name the customer or the date on the first row of an order only."""

from __future__ import annotations

from churnkit.ingest.cells import trimmed_sql
from churnkit.ingest.columns import IDENTITY, ColumnMapping, Rules
from churnkit.ingest.engine import quote_identifier
from churnkit.ingest.files import RawTable
from churnkit.text.figures import count


def decide_fill(raw: RawTable, mapping: ColumnMapping, rules: Rules) -> tuple[bool, tuple[str, ...]]:
    """Whether blank cells of an order's rows are filled from its first row, and what to tell of it.

    They are where the export is known to leave them blank, or where most blanks could be filled so.
    """
    if rules.first_row_only:
        return "order_id" in mapping.columns, ()
    if "order_id" not in mapping.columns:
        return False, ()
    who = next(mapping.columns[name] for name in IDENTITY if name in mapping.columns)
    columns = (who, mapping.columns["ordered_at"])
    for column in columns:
        (blank,) = raw.one(
            "SELECT coalesce(bool_or({blank}), false) FROM {cells}",
            blank=_is_blank(raw, column),
            **raw.tally(column),
        )
        if not blank:
            continue
        fillable = _fillable(raw, mapping.columns["order_id"], column)
        if fillable:
            return True, (
                f"{count(fillable)} rows leave {column!r} blank below another row of their order: they take that one's.",
            )
    return False, ()


def _is_blank(raw: RawTable, column: str) -> str:
    cell = quote_identifier(column)
    if raw.types[column] != "VARCHAR":
        return f"{cell} IS NULL"
    # Nothing but blanks sorts before every other sign: only what does is trimmed.
    return f"CASE WHEN {cell} IS NULL THEN true WHEN {cell} < '!' THEN trim({cell}) = '' ELSE false END"


def _fillable(raw: RawTable, order: str, column: str) -> int:
    """Blank cells of a column that another row of the order fills with one value; 0 unless they are most of its blanks."""
    blanks, fillable = raw.one(
        """
        WITH cells AS (SELECT {order} AS order_key, {cell} AS cell FROM {raw})
        SELECT coalesce(sum(blanks), 0), coalesce(sum(blanks) FILTER (WHERE one_value), 0)
        FROM (
            SELECT count(*) - count(cell) AS blanks, min(cell) = max(cell) AS one_value FROM cells
            WHERE order_key IN (SELECT order_key FROM cells WHERE cell IS NULL) GROUP BY order_key
        )
        """,
        order=quote_identifier(order),
        cell=trimmed_sql(raw, column),
    )
    return int(fillable) if blanks and fillable >= 0.5 * blanks else 0

"""Exports that name the customer on the first row of an order only."""

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
    blanks, fillable = raw.one(
        """
        WITH cells AS (SELECT {order} AS order_key, {who} AS who FROM {raw})
        SELECT coalesce(sum(blanks), 0), coalesce(sum(blanks) FILTER (WHERE one_customer), 0)
        FROM (
            SELECT count(*) - count(who) AS blanks, min(who) = max(who) AS one_customer FROM cells
            WHERE order_key IN (SELECT order_key FROM cells WHERE who IS NULL) GROUP BY order_key
        )
        """,
        order=quote_identifier(mapping.columns["order_id"]),
        who=trimmed_sql(raw, who),
    )
    if blanks == 0 or fillable < 0.5 * blanks:
        return False, ()
    note = (
        f"{count(fillable)} rows leave {who!r} blank below another row of their order: they take that one's."
    )
    return True, (note,)

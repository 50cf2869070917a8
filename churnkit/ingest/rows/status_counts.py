"""How often the statuses of a file stand together, with orders and money."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.ingest.cells import trimmed_sql
from churnkit.ingest.columns import ColumnMapping
from churnkit.ingest.engine import compose
from churnkit.ingest.files import RawTable
from churnkit.ingest.rows.money_rules import MoneyRules
from churnkit.ingest.rows.row_money import row_money_sql
from churnkit.ingest.rows.status_cells import StatusCells


@dataclass(frozen=True)
class Together:
    """Rows whose status columns say the same.

    Attributes
    ----------
    cells
        One value a column in lower case, None where it is blank; last, where the file says how orders are paid,
        whether this is on the doorstep.
    rows, orders
        Counts; without an order number each row is an order.
    amount
        Money of the rows, None where none can be read.
    """

    cells: tuple[str | None, ...]
    rows: int
    orders: int
    amount: float | None
    negative_rows: int


def count_together(
    raw: RawTable, mapping: ColumnMapping, money: MoneyRules, cells: StatusCells, *, filled: bool
) -> list[Together]:
    """Every combination of statuses in the file, the most frequent first.

    Parameters
    ----------
    filled
        Statuses of an order stand on its first row only.
    """
    names = ", ".join(cells.names())
    order = mapping.columns.get("order_id")
    found = raw.rows(
        """
        WITH cells AS (
            SELECT {cells}, {order} AS order_key, {row} AS place, {money} AS money FROM {raw}
        ), filled AS ({filled}), orders AS (
            SELECT {names}, order_key, count(*) AS lines, {total} AS money,
                   count(*) FILTER (WHERE money < 0) AS negative
            FROM filled GROUP BY ALL
        )
        SELECT {names}, sum(lines) AS rows, {orders} AS orders, sum(money), sum(negative) FROM orders
        GROUP BY ALL ORDER BY rows DESC, {names}
        """,
        {"doorstep": list(cells.doorstep)} if "paid_on" in cells.names() else {},
        cells=", ".join(cells.sql(raw, "$doorstep")),
        order=_order_mark(trimmed_sql(raw, order)) if order else "CAST(NULL AS UBIGINT)",
        money=row_money_sql(mapping, money),
        filled=_filled(cells) if filled and order else "SELECT * FROM cells",
        names=names,
        total="max(money)" if money.route in money.once_per_order else "sum(money)",
        orders="count(*)" if order else "sum(lines)",
    )
    return [Together(tuple(row[:-4]), int(row[-4]), int(row[-3]), row[-2], int(row[-1])) for row in found]


def spellings(raw: RawTable, column: str) -> dict[str, str]:
    """The values of a column in lower case, each as the file first writes it."""
    rows = raw.rows(
        """
        SELECT lower(cell), min(cell) FROM (SELECT {cell} AS cell FROM {raw})
        WHERE cell IS NOT NULL GROUP BY lower(cell)
        """,
        cell=trimmed_sql(raw, column),
    )
    return dict(rows)


def _order_mark(order: str) -> str:
    """Numbers are grouped faster than texts, and counts need no more."""
    return f"CASE WHEN {order} IS NOT NULL THEN hash({order}) END"


def _filled(cells: StatusCells) -> str:
    """The cells with those of an order's first row where they are blank."""
    names = cells.of_order()
    if not names:
        return "SELECT * FROM cells"
    return compose(
        """
        SELECT cells.* REPLACE ({filled}) FROM cells LEFT JOIN (
            SELECT order_key, {firsts} FROM cells WHERE order_key IS NOT NULL GROUP BY order_key
        ) USING (order_key)
        """,
        filled=", ".join(f"coalesce(cells.{name}, first_{name}) AS {name}" for name in names),
        firsts=", ".join(
            f"arg_min({name}, place) FILTER (WHERE {name} IS NOT NULL) AS first_{name}" for name in names
        ),
    )

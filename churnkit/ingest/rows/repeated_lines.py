"""Lines that stand in the table more than once: found by their hashes, told apart by their order and part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import numpy as np

from churnkit.ingest.cells import detect_number_format, number_sql
from churnkit.ingest.columns import normalise_header
from churnkit.ingest.engine import Row, compose, one_row, quote_identifier
from churnkit.ingest.files import SOURCE_ROW, RawTable
from churnkit.ingest.rows.bound_values import BoundValues
from churnkit.ingest.rows.money_sql import MoneyQueries
from churnkit.ingest.rows.reading_plan import ReadingPlan
from churnkit.ingest.rows.typed_cells import CellQueries

EQUAL = "equal_lines"
LINES = "order_lines"

# Hashes that are sorted in memory, eight bytes each.
_MOST_MARKS = 20_000_000

_ITEMS = ("product_id", "product_name", "quantity", "unit_price", "category")
_STATED_HEADERS = ("subtotal", "order subtotal", "order total", "total", "grand total")
_STATED_FIELDS = ("order_subtotal", "order_total")


def find_equal_lines(raw: RawTable) -> int:
    """Hashes of lines that occur more than once, as a temporary table; the number of lines beyond the first of each."""
    cells = ", ".join(quote_identifier(name) for name in raw.columns)
    nothing_repeats = raw.row_count <= _MOST_MARKS and not _some_mark_repeats(raw, cells)
    raw.run(
        """
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT hash({cells}) AS mark, count(*) AS copies FROM {raw} {where} GROUP BY ALL HAVING count(*) > 1
        """,
        table=EQUAL,
        cells=cells,
        where="WHERE false" if nothing_repeats else "",
    )
    (extra,) = one_row(
        raw.connection, compose("SELECT coalesce(sum(copies - 1), 0) FROM {table}", table=EQUAL)
    )
    return int(extra)


def _some_mark_repeats(raw: RawTable, cells: str) -> bool:
    """Whether two lines have one hash: sorted numbers show it sooner than groups of one line each, by far the most."""
    (column,) = (
        raw.connection.execute(
            compose("SELECT hash({cells}) AS mark FROM {raw}", cells=cells, raw=raw.source), raw.bound
        )
        .fetchnumpy()
        .values()
    )
    marks = np.asarray(column)
    marks.sort()
    return bool((marks[1:] == marks[:-1]).any())


def has_items(plan: ReadingPlan) -> bool:
    """Whether a line says which article it is or how many, so that two equal ones may both be real."""
    return any(plan.has(name) for name in _ITEMS)


@dataclass(frozen=True)
class LineQueries:
    """Lines with what tells orders apart and what they come to, as columns over the raw table."""

    plan: ReadingPlan
    bound: BoundValues = field(default_factory=BoundValues)

    def keep_lines(self) -> None:
        """The lines of orders with equal lines, and of orders in several parts, as the temporary table `LINES`.

        ``run`` is the same for neighbouring lines of one order; ``mark`` and ``content`` are hashes of all cells and of the
        mapped ones, ``goods`` of those that say what was sold for how much.
        """
        shared = ""
        if self.plan.raw.parts:
            shared = "OR key IN (SELECT key FROM keyed GROUP BY key HAVING min(part) <> max(part))"
        self.keep(
            LINES,
            """
            SELECT *, source_row - row_number() OVER (PARTITION BY key, part ORDER BY source_row) AS run
            FROM keyed
            WHERE key IN (SELECT key FROM keyed WHERE mark IN (SELECT mark FROM {equal})) {shared}
            """,
            equal=EQUAL,
            shared=shared,
        )

    def keep(self, table: str, template: str, **slots: str) -> None:
        """A query on ``keyed``, every line whose order can be told, as a temporary table."""
        self._execute(
            compose("CREATE OR REPLACE TEMP TABLE {table} AS ", table=table), compose(template, **slots)
        )

    def one(self, template: str, **slots: str) -> Row:
        """The only row of a query on ``keyed``."""
        rows = self._execute("", compose(template, **slots)).fetchall()
        row: Row = rows[0]
        return row

    def _execute(self, start: str, query: str) -> duckdb.DuckDBPyConnection:
        raw = self.plan.raw
        statement = compose(
            "{start} WITH cells AS ({cells}), keyed AS ({keyed}) {query}",
            start=start,
            cells=self._cells(),
            keyed=self._keyed(),
            query=query,
        )
        return raw.connection.execute(statement, {**raw.bound, **self.bound.values})

    def _cells(self) -> str:
        return compose(
            """
            SELECT {row} AS source_row, hash({all}) AS mark, hash({mapped}) AS content, hash({goods}) AS goods,
                   {part} AS part, {stated} AS stated, {cells} FROM {raw}
            """,
            raw=self.plan.raw.source,
            row=quote_identifier(SOURCE_ROW),
            all=_listed(self.plan.raw.columns),
            mapped=_listed(sorted(set(self.plan.mapping.columns.values()))),
            goods=_listed(self._goods()),
            part=part_sql(self.plan.raw),
            stated=self._stated(),
            cells=CellQueries(self.plan, self.bound).columns(),
        )

    def _keyed(self) -> str:
        return compose(
            """
            SELECT source_row, mark, content, goods, part, ordered_at, who, stated,
                   {key} AS key, {value} AS value, {discount} AS discount_once
            FROM (SELECT *, coalesce(customer_id_cell, email_cell, phone_cell) AS who FROM cells)
            WHERE ({key}) IS NOT NULL
            """,
            key=self.key(),
            value=self._value(),
            discount=self._discount(),
        )

    def key(self) -> str:
        """What tells orders apart; the customer's day where nothing better does."""
        if self.plan.has("order_id"):
            return "order_key"
        moment = "'%Y-%m-%d %H:%M:%S'" if self.plan.date.has_time else "'%Y-%m-%d'"
        return f"who || '@' || strftime(ordered_at, {moment})"

    def _goods(self) -> list[str]:
        names = (*_ITEMS, "amount")
        columns = [self.plan.mapping.columns[name] for name in names if self.plan.has(name)]
        return columns or [self.plan.mapping.columns[self.plan.money.route]]

    def _value(self) -> str:
        if self.plan.money.route == "order_total":
            return "CAST(NULL AS DOUBLE)"
        return MoneyQueries(self.plan).gross()

    def _discount(self) -> str:
        money = MoneyQueries(self.plan)
        if "discount" in money.once and money.takes_discount_off and self.plan.money.discount_kind == "money":
            return "abs(discount)"
        return "CAST(NULL AS DOUBLE)"

    def _stated(self) -> str:
        """Figures that may be what the order comes to, as a list."""
        cells = [
            number_sql(self.plan.mapping.columns[name], self.plan.money.numbers[name])
            for name in _STATED_FIELDS
            if self.plan.has(name) and name != self.plan.money.route
        ]
        taken = set(self.plan.mapping.columns.values())
        for column in self.plan.raw.columns:
            if column in taken or normalise_header(column) not in _STATED_HEADERS:
                continue
            fmt = detect_number_format(self.plan.raw, column, self._decimal())
            if fmt.parseable and not fmt.ambiguous and fmt.share_parsed > 0.9:
                cells.append(number_sql(column, fmt))
        return (
            f"[{', '.join(f'CAST({cell} AS DOUBLE)' for cell in cells)}]" if cells else "CAST([] AS DOUBLE[])"
        )

    def _decimal(self) -> str | None:
        known = {fmt.decimal for fmt in self.plan.money.numbers.values() if not (fmt.typed or fmt.ambiguous)}
        return known.pop() if len(known) == 1 else None


def part_sql(raw: RawTable) -> str:
    """The number of the part that a row stands in, from 0; of one table always 0."""
    row = quote_identifier(SOURCE_ROW)
    ends = [f"WHEN {row} <= {part.last_row} THEN {place}" for place, part in enumerate(raw.parts[:-1])]
    return f"CASE {' '.join(ends)} ELSE {len(ends)} END" if ends else "0"


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(map(quote_identifier, columns))

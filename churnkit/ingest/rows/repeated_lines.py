"""Lines that stand in the table more than once: found by their hashes, told apart by their order and part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import duckdb
import numpy as np

from churnkit.ingest.cells import detect_number_format, number_sql
from churnkit.ingest.columns import normalise_header
from churnkit.ingest.engine import Row, compose, quote_identifier
from churnkit.ingest.files import SOURCE_ROW, RawTable
from churnkit.ingest.rows.bound_values import BoundValues
from churnkit.ingest.rows.money_sql import MoneyQueries
from churnkit.ingest.rows.reading_plan import ReadingPlan
from churnkit.ingest.rows.typed_cells import CellQueries

EQUAL = "equal_lines"
LINES = "order_lines"

# Hashes that are sorted in memory at a time, eight bytes each, and as much again while they are fetched.
_MOST_MARKS = 50_000_000

_KEYS = "repeated_keys"
_ROWS = "rows_of_repeated_keys"
_FOUND = "found_marks"

_ITEMS = ("product_id", "product_name", "quantity", "unit_price", "category")
_STATED_HEADERS = ("subtotal", "order subtotal", "order total", "total", "grand total")
_STATED_FIELDS = ("order_subtotal", "order_total")


def find_equal_lines(raw: RawTable) -> int:
    """Hashes of lines that occur more than once, as a temporary table; the number of lines beyond the first of each."""
    passes = 1 + raw.row_count // _MOST_MARKS
    found = [_repeated_marks(raw, passes, number) for number in range(passes)]
    marks, copies = (np.concatenate(part) for part in zip(*found, strict=True))
    raw.connection.register(_FOUND, {"mark": marks, "copies": copies})
    raw.connection.execute(
        compose("CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM {found}", table=EQUAL, found=_FOUND)
    )
    raw.connection.unregister(_FOUND)
    return int((copies - 1).sum())


def _repeated_marks(raw: RawTable, passes: int, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Hashes that several lines have, and how many, of one part in ``passes`` of all hashes.

    Sorted numbers show them sooner than groups of one line each, by far the most.
    """
    cells = ", ".join(quote_identifier(name) for name in raw.columns)
    marks = compose("SELECT hash({cells}) AS mark FROM {raw}", cells=cells, raw=raw.source)
    if passes > 1:
        # Written out: by a bound number it would be a remainder of 128 bits.
        marks = compose(
            "SELECT mark FROM ({marks}) WHERE mark % {passes} = {number}",
            marks=marks,
            passes=str(passes),
            number=str(number),
        )
    (column,) = raw.connection.execute(marks, raw.bound).fetchnumpy().values()
    ordered = np.asarray(column)
    ordered.sort()
    repeated, more = np.unique(ordered[1:][ordered[1:] == ordered[:-1]], return_counts=True)
    return repeated, more.astype(np.int64) + 1


def has_items(plan: ReadingPlan) -> bool:
    """Whether a line says which article it is or how many, so that two equal ones may both be real."""
    return any(plan.has(name) for name in _ITEMS)


@dataclass(frozen=True)
class LineQueries:
    """Lines with what tells orders apart and what they come to, as columns over the raw table.

    ``source`` is the table in a statement where only some of its rows are looked at; empty: all are.
    """

    plan: ReadingPlan
    bound: BoundValues = field(default_factory=BoundValues)
    source: str = ""

    def keep_lines(self) -> None:
        """The lines of orders with equal lines, and of orders in several parts, as the temporary table `LINES`.

        ``run`` is the same for neighbouring lines of one order; ``mark`` and ``content`` are hashes of all cells and of the
        mapped ones, ``goods`` of those that say what was sold for how much.
        """
        shared = ""
        if self.plan.raw.parts:
            shared = "UNION SELECT key FROM keyed GROUP BY key HAVING min(part) <> max(part)"
        # Few orders are such: which rows are theirs is found by the key alone, and only of these all is worked out.
        self.keep(
            _KEYS,
            "SELECT DISTINCT key FROM keyed WHERE mark IN (SELECT mark FROM {equal}) {shared}",
            equal=EQUAL,
            shared=shared,
        )
        self.keep(_ROWS, "SELECT source_row FROM keyed WHERE key IN (SELECT key FROM {keys})", keys=_KEYS)
        of_theirs = replace(self, source=self.plan.raw.among(_ROWS))
        of_theirs.keep(
            LINES,
            "SELECT *, source_row - row_number() OVER (PARTITION BY key, part ORDER BY source_row) AS run FROM keyed",
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
            raw=self.source or self.plan.raw.source,
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

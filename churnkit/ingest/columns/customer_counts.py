"""How many customers and orders a column would make, and how two columns that name people hang together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from churnkit.ingest.cells import GUESTS, text_sql
from churnkit.ingest.engine import compose, quote_identifier
from churnkit.ingest.files import RawTable

IdentityField = Literal["customer_id", "email", "phone"]

# Digits at the end of a telephone number: what comes before is written or left out as people please.
_PHONE_END = 8
_NOBODY = ", ".join("'" + word.replace("'", "''") + "'" for word in (*GUESTS, "0"))


@dataclass(frozen=True)
class Named:
    """Whom a column names in the table's head.

    Attributes
    ----------
    customers
        Different values that are no placeholder for nobody.
    orders, all_orders
        Orders that it names somebody on, and all; rows where the file has no orders.
    top
        Orders of the customer with most of them.
    """

    customers: int
    orders: int
    all_orders: int
    top: int

    @property
    def share(self) -> float:
        """Share of the orders that it names somebody on."""
        return self.orders / self.all_orders if self.all_orders else 0.0

    @property
    def once_an_order(self) -> bool:
        """Hardly anybody comes twice."""
        return self.customers > 0.995 * self.orders


@dataclass(frozen=True)
class CustomerCounts:
    """Figures of columns that may name the customer, over the table's head."""

    raw: RawTable
    order: str | None

    def named(self, field: IdentityField, column: str) -> Named:
        """Whom the column names."""
        row = self.raw.one(
            """
            WITH cells AS (SELECT DISTINCT {who} AS who, {deal} AS deal FROM (SELECT {cells} FROM {head})),
                 people AS (SELECT who, count(deal) AS deals FROM cells WHERE who IS NOT NULL GROUP BY who)
            SELECT (SELECT count(*) FROM people),
                   (SELECT count(DISTINCT deal) FROM cells WHERE who IS NOT NULL),
                   (SELECT count(DISTINCT deal) FROM cells),
                   (SELECT coalesce(max(deals), 0) FROM people)
            """,
            who=who_sql(field, column),
            deal=self._deal(),
            cells=self._cells(column),
        )
        return Named(*(int(value) for value in row))

    def strays(self, key: tuple[IdentityField, str], value: tuple[IdentityField, str]) -> float:
        """Share of the key's values on several orders that come with more than one value of the other column."""
        several, stray = self.raw.one(
            """
            SELECT count(*), count(*) FILTER (WHERE seen > 1)
            FROM (
                SELECT count(DISTINCT value) AS seen
                FROM (SELECT {key} AS key, {value} AS value, {deal} AS deal FROM {head})
                WHERE key IS NOT NULL AND value IS NOT NULL GROUP BY key HAVING count(DISTINCT deal) > 1
            )
            """,
            key=who_sql(*key),
            value=who_sql(*value),
            deal=self._deal(),
        )
        return float(stray / several) if several else 0.0

    def differ(self, field: IdentityField, first: str, second: str) -> float:
        """Share of the rows where both are filled and name different people."""
        both, different = self.raw.one(
            """
            SELECT count(*), count(*) FILTER (WHERE a <> b)
            FROM (SELECT {a} AS a, {b} AS b FROM {head}) WHERE a IS NOT NULL AND b IS NOT NULL
            """,
            a=who_sql(field, first),
            b=who_sql(field, second),
        )
        return float(different / both) if both else 0.0

    def _cells(self, column: str) -> str:
        """Each pair of cells once, where orders have several lines: spelling a cell costs more than telling it apart."""
        if self.order is None:
            return "*"
        return "DISTINCT " + ", ".join(map(quote_identifier, dict.fromkeys((column, self.order))))

    def _deal(self) -> str:
        if self.order is None:
            return quote_identifier("source_row")
        # Numbers are told apart faster than texts.
        order = text_sql(self.order)
        return f"CASE WHEN {order} IS NOT NULL THEN hash({order}) END"


@cache
def who_sql(field: IdentityField, column: str) -> str:
    """SQL: whom a cell names, spelled so that one person is mostly one value; NULL for nobody."""
    plain = compose("nullif(trim({text}), '')", text=text_sql(column))
    if field == "phone":
        digits = compose("regexp_replace({plain}, '[^0-9]', '', 'g')", plain=plain)
        return compose(
            "CASE WHEN length({digits}) >= 7 THEN right({digits}, {end}) END",
            digits=digits,
            end=str(_PHONE_END),
        )
    cell = compose("lower({plain})", plain=plain) if field == "email" else plain
    return compose("CASE WHEN lower({cell}) NOT IN ({nobody}) THEN {cell} END", cell=cell, nobody=_NOBODY)

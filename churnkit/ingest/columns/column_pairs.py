"""How two columns of the raw table hang together: which one repeats with the other."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from churnkit.ingest.cells.numbers import detect_number_format, number_sql
from churnkit.ingest.columns.cell_evidence import HEAD_ROWS
from churnkit.ingest.engine import compose, one_row
from churnkit.ingest.files.raw_table import SOURCE_ROW, RawTable, quote_identifier


@dataclass(frozen=True)
class Relations:
    """Questions about pairs of columns, answered on the first `HEAD_ROWS` rows."""

    connection: duckdb.DuckDBPyConnection
    raw: RawTable

    def determines(self, key: str, value: str) -> bool:
        """Every value of ``key`` comes with one value of ``value``, exceptions below 1 % aside."""
        keys, _, pairs = self._distinct(key, value)
        return keys > 0 and pairs <= 1.01 * keys

    def equivalent(self, first: str, second: str) -> bool:
        """The two columns are the same thing under two names."""
        return self.determines(first, second) and self.determines(second, first)

    def same_values(self, first: str, second: str) -> bool:
        """The two cells are equal in 99 % of the rows."""
        statement = compose(
            """
            SELECT count(*), count(*) FILTER (WHERE {first} IS NOT DISTINCT FROM {second})
            FROM {head}
            """,
            first=_text(first),
            second=_text(second),
            head=HEAD,
        )
        total, equal = one_row(self.connection, statement, self._source)
        return bool(equal >= 0.99 * total)

    def constancy(self, order: str, money: str, without_zeros: bool = False) -> tuple[int, int]:
        """(orders of several rows, those of them with the same figure on every row that has one)."""
        statement = compose(
            """
            SELECT count(*), count(*) FILTER (WHERE figures = 1)
            FROM (
                SELECT count(*) AS lines, count(DISTINCT {money}) AS figures FROM {head}
                WHERE {order} IS NOT NULL AND {counted} GROUP BY {order}
            ) WHERE lines > 1 AND figures > 0
            """,
            money=_text(money),
            order=_text(order),
            counted=f"regexp_matches({_text(money)}, '[1-9]')" if without_zeros else "true",
            head=HEAD,
        )
        multiple, constant = one_row(self.connection, statement, self._source)
        return int(multiple), int(constant)

    def log_correlation(self, first: str, second: str) -> float | None:
        """Correlation of the logarithms of two positive columns, None below 100 rows or without spread."""
        formats = [detect_number_format(self.connection, self.raw, column) for column in (first, second)]
        statement = compose(
            """
            SELECT count(*), corr(ln(a), ln(b))
            FROM (SELECT {a} AS a, {b} AS b FROM {head}) WHERE a > 0 AND b > 0
            """,
            a=number_sql(first, formats[0]),
            b=number_sql(second, formats[1]),
            head=HEAD,
        )
        count, value = one_row(self.connection, statement, self._source)
        return float(value) if count >= 100 and value is not None and value == value else None

    def _distinct(self, first: str, second: str) -> tuple[int, int, int]:
        statement = compose(
            """
            SELECT count(DISTINCT a), count(DISTINCT b), count(DISTINCT (a, b))
            FROM (SELECT {a} AS a, {b} AS b FROM {head}) WHERE a IS NOT NULL AND b IS NOT NULL
            """,
            a=_text(first),
            b=_text(second),
            head=HEAD,
        )
        keys, values, pairs = one_row(self.connection, statement, self._source)
        return int(keys), int(values), int(pairs)

    @property
    def _source(self) -> dict[str, object]:
        return {"source": str(self.raw.path), "head": HEAD_ROWS}


HEAD = compose(
    """(
        SELECT * FROM read_parquet($source)
        WHERE {row} <= (SELECT min({row}) + $head FROM read_parquet($source))
    )""",
    row=quote_identifier(SOURCE_ROW),
)
"""The first `HEAD_ROWS` rows as a table expression, with ``$source`` and ``$head`` to bind."""


def _text(column: str) -> str:
    return f"CAST({quote_identifier(column)} AS VARCHAR)"

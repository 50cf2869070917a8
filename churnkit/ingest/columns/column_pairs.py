"""How two columns of the raw table hang together: which one repeats with the other."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.ingest.cells import detect_number_format, number_sql, text_sql
from churnkit.ingest.files import RawTable


@dataclass(frozen=True)
class ColumnPairs:
    """Questions about pairs of columns, answered on the table's head."""

    raw: RawTable

    def determines(self, key: str, value: str) -> bool:
        """Every value of ``key`` comes with one value of ``value``, exceptions below 1 % aside."""
        keys, _, pairs = self._distinct(key, value)
        return keys > 0 and pairs <= 1.01 * keys

    def equivalent(self, first: str, second: str) -> bool:
        """The two columns are the same thing under two names."""
        return self.determines(first, second) and self.determines(second, first)

    def repeats(self, first: str, second: str) -> bool:
        """Several rows have the same cells in both columns, exceptions below 1 % aside."""
        rows, pairs = self.raw.one(
            "SELECT count(*), count(DISTINCT (a, b)) FROM (SELECT {a} AS a, {b} AS b FROM {head})"
            " WHERE a IS NOT NULL AND b IS NOT NULL",
            a=text_sql(first),
            b=text_sql(second),
        )
        return bool(rows > 1.01 * pairs)

    def same_values(self, first: str, second: str) -> bool:
        """The two cells are equal in 99 % of the rows."""
        total, equal = self.raw.one(
            """
            SELECT count(*), count(*) FILTER (WHERE {first} IS NOT DISTINCT FROM {second})
            FROM {head}
            """,
            first=text_sql(first),
            second=text_sql(second),
        )
        return bool(equal >= 0.99 * total)

    def constancy(self, order: str, money: str, without_zeros: bool = False) -> tuple[int, int]:
        """(orders of several rows, those of them with the same figure on every row that has one)."""
        multiple, constant = self.raw.one(
            """
            SELECT count(*), count(*) FILTER (WHERE figures = 1)
            FROM (
                SELECT count(*) AS lines, count(DISTINCT {money}) AS figures FROM {head}
                WHERE {order} IS NOT NULL AND {counted} GROUP BY {order}
            ) WHERE lines > 1 AND figures > 0
            """,
            money=text_sql(money),
            order=text_sql(order),
            counted=f"regexp_matches({text_sql(money)}, '[1-9]')" if without_zeros else "true",
        )
        return int(multiple), int(constant)

    def log_correlation(self, first: str, second: str) -> float | None:
        """Correlation of the logarithms of two positive columns, None below 100 rows or without spread."""
        formats = [detect_number_format(self.raw, column) for column in (first, second)]
        count, value = self.raw.one(
            """
            SELECT count(*), corr(ln(a), ln(b))
            FROM (SELECT {a} AS a, {b} AS b FROM {head}) WHERE a > 0 AND b > 0
            """,
            a=number_sql(first, formats[0]),
            b=number_sql(second, formats[1]),
        )
        return float(value) if count >= 100 and value is not None and value == value else None

    def _distinct(self, first: str, second: str) -> tuple[int, int, int]:
        keys, values, pairs = self.raw.one(
            """
            SELECT count(DISTINCT a), count(DISTINCT b), count(DISTINCT (a, b))
            FROM (SELECT {a} AS a, {b} AS b FROM {head}) WHERE a IS NOT NULL AND b IS NOT NULL
            """,
            a=text_sql(first),
            b=text_sql(second),
        )
        return int(keys), int(values), int(pairs)

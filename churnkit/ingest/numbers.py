"""Numbers as shops write them -> DOUBLE, the separators decided over the whole column."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from churnkit.ingest.formats import RawTable


@dataclass(frozen=True)
class NumberFormat:
    """How a column writes numbers.

    Attributes
    ----------
    decimal, thousands
        Separators; ``thousands`` is None where the column has none. ``decimal`` is "." or ",".
    typed
        The column is numeric already (Parquet, Excel).
    ambiguous
        Nothing in the column decides whether ``1,234`` means 1234 or 1.234; ``examples`` shows such values.
    parseable, empty, bad
        Counts of values over the whole column; they add up to its rows.
    bad_examples
        Up to five values that are no numbers.
    currencies
        Currency symbols and codes met, the most frequent first.
    """

    decimal: str = "."
    thousands: str | None = None
    typed: bool = False
    ambiguous: bool = False
    examples: tuple[str, ...] = ()
    parseable: int = 0
    empty: int = 0
    bad: int = 0
    bad_examples: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()

    @property
    def share_parsed(self) -> float:
        """Share of the values that are not empty which parse, 0 where all are empty."""
        filled = self.parseable + self.bad
        return self.parseable / filled if filled else 0.0

    def words(self) -> str:
        """The format for a person."""
        raise NotImplementedError


def detect_number_format(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, column: str, decimal: str | None = None
) -> NumberFormat:
    """Decide over the whole column how it writes numbers; ``decimal`` ("." or ",") overrides."""
    raise NotImplementedError


def number_sql(column: str, fmt: NumberFormat) -> str:
    """SQL expression: the column as DOUBLE, NULL where it is empty or no number."""
    raise NotImplementedError

"""Dates as shops write them -> naive local timestamps, day or month first decided over the whole column."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from churnkit.ingest.formats import RawTable


@dataclass(frozen=True)
class DateFormat:
    """How a column writes dates.

    Attributes
    ----------
    layouts
        Names of the layouts met in the column, the most frequent first; empty where nothing parses.
    day_first
        True for d/m/Y, False for m/d/Y, None where the order does not arise.
    typed
        The column is a DATE or TIMESTAMP already.
    ambiguous
        Both orders fit every value; ``examples`` shows values that read differently.
    has_time
        Some value carries a time of day other than midnight.
    has_offset
        Some value carries a time-zone offset; the local wall time is kept and the offset dropped.
    time_column
        The column with the time of day, where it is apart.
    parseable, empty, bad
        Counts of values over the whole column; they add up to its rows.
    bad_examples
        Up to five values that are no dates.
    """

    layouts: tuple[str, ...] = ()
    day_first: bool | None = None
    typed: bool = False
    ambiguous: bool = False
    examples: tuple[str, ...] = ()
    has_time: bool = False
    has_offset: bool = False
    time_column: str | None = None
    parseable: int = 0
    empty: int = 0
    bad: int = 0
    bad_examples: tuple[str, ...] = ()

    @property
    def share_parsed(self) -> float:
        """Share of the values that are not empty which parse, 0 where all are empty."""
        filled = self.parseable + self.bad
        return self.parseable / filled if filled else 0.0

    def words(self) -> str:
        """The format for a person."""
        raise NotImplementedError


def detect_date_format(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    column: str,
    day_first: bool | None = None,
    time_column: str | None = None,
) -> DateFormat:
    """Decide over the whole column how it writes dates; ``day_first`` overrides."""
    raise NotImplementedError


def date_sql(column: str, fmt: DateFormat) -> str:
    """SQL expression: the column as naive TIMESTAMP, NULL where it is empty or no date from 1970 to 2100."""
    raise NotImplementedError

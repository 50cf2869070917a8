"""A raw table as it was at an instant, with what was left out of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from churnkit.errors import DataError
from churnkit.ingest.cells import DateFormat, date_sql
from churnkit.ingest.columns import (
    IDENTITY,
    ColumnMapping,
    Dating,
    MappingChoice,
    Reading,
    choose_mapping,
    require_complete,
)
from churnkit.ingest.engine import one_row, quote_identifier
from churnkit.ingest.files import RawTable
from churnkit.ingest.questions import OpenQuestions
from churnkit.ingest.rows.blank_cells import decide_fill
from churnkit.ingest.rows.ledger import DROPPED, EXAMPLES, LedgerEntry
from churnkit.ingest.rows.ledger_entries import example_rows
from churnkit.ingest.rows.order_dates import decide_dates
from churnkit.text import figures
from churnkit.text.figures import instant


@dataclass(frozen=True)
class Cut:
    """What is left of a raw table, how that is to be read, and the account of the rows left out, None without any.

    ``dating`` is how its dates are read where that was decided row by row, on the whole file.
    """

    raw: RawTable
    reading: Reading
    late: LedgerEntry | None = None
    dating: Dating | None = None


def cut_at(raw: RawTable, reading: Reading, as_of: datetime, now: datetime) -> Cut:
    """Leave out the rows at or after ``as_of``.

    Only the date is decided on the whole file, and pinned in the reading: everything else is decided on what is left
    after the cut, as it would have been on that day. Rows without a date stay; a row that leaves its date to the first
    row of its order goes with that row.

    Raises
    ------
    DataError
        Nothing lies before ``as_of``.
    MappingError
        The column of dates holds none.
    OpenQuestions
        It is open which column is the date, or how it is written.
    """
    choice = choose_mapping(raw, reading)
    choice.require_answers("ordered_at")
    if not choice.mapping.columns.get("ordered_at"):
        require_complete(choice.mapping, raw.columns)
    dating = decide_dates(raw, choice.mapping, choice.rules, reading.settings, now)
    if dating.questions:
        raise OpenQuestions(dating.questions, "Reading the dates")
    fmt = dating.fmt
    column = choice.mapping.columns["ordered_at"]
    early, late = _split(raw, column, fmt, _order_of_blank_dates(raw, choice), as_of.replace(tzinfo=None))
    pinned = {
        name: choice.mapping.columns[name]
        for name in ("ordered_at", "time")
        if name in choice.mapping.columns
    }
    given = (reading.mapping or ColumnMapping()).fitted(raw.columns)
    mapping = given.over(ColumnMapping(pinned, day_first=None if dating.mixed else fmt.day_first))
    return Cut(early, replace(reading, mapping=mapping), late, dating if dating.mixed else None)


def _order_of_blank_dates(raw: RawTable, choice: MappingChoice) -> str | None:
    """The column of the order whose first row has the date of all its rows, None where each has its own."""
    columns = choice.mapping.columns
    if not columns.keys() & set(IDENTITY):
        return None
    first_row_only, _ = decide_fill(raw, choice.mapping, choice.rules)
    return columns.get("order_id") if first_row_only else None


def _split(
    raw: RawTable, column: str, fmt: DateFormat, order_column: str | None, as_of: datetime
) -> tuple[RawTable, LedgerEntry | None]:
    raw.run(
        """
        CREATE OR REPLACE TEMP TABLE late_rows AS
        WITH dated AS (
            SELECT {row} AS source_row, CAST({order} AS VARCHAR) AS order_key, {moment} AS moment FROM {raw}
        ),
        firsts AS (
            SELECT order_key, min(moment) AS first_moment FROM dated
            WHERE order_key IS NOT NULL GROUP BY order_key
        )
        SELECT source_row FROM dated LEFT JOIN firsts USING (order_key)
        WHERE coalesce(moment, first_moment) >= $as_of
        """,
        {"as_of": as_of},
        order=quote_identifier(order_column) if order_column else "NULL",
        moment=date_sql(column, fmt),
    )
    count, examples = one_row(
        raw.connection, "SELECT count(*), min(source_row, $examples) FROM late_rows", {"examples": EXAMPLES}
    )
    if count == 0:
        return raw, None
    early = raw.where("{row} NOT IN (SELECT source_row FROM late_rows)", file_name="before_as_of.parquet")
    if early.row_count == 0:
        raise DataError(
            f"Cutting the file at {instant(as_of)}: all {figures.count(count)} rows lie at or after it.",
            "Choose a later date (--as-of); it must lie inside the file's history.",
        )
    words = DROPPED["after_as_of"]
    return early, LedgerEntry("after_as_of", "dropped", count, words, example_rows(raw, [column], examples))

"""Which dates a column means, where its cells alone leave the order of day and month open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from churnkit.errors import MappingError
from churnkit.ingest.cells.dates import DateFormat, date_sql, detect_date_format
from churnkit.ingest.columns.cell_evidence import column_types
from churnkit.ingest.engine import compose, counted, one_row
from churnkit.ingest.files.raw_table import SOURCE_ROW, RawTable, quote_identifier
from churnkit.text.figures import count

# Below this many changes of date, "sorted" may be chance.
_MIN_STEPS = 20
_SORTED, _UNSORTED = 0.995, 0.95
# More rows than this beyond tomorrow are no typing errors: the file's clock or calendar is another one.
_MAX_FUTURE_SHARE = 0.2


@dataclass(frozen=True)
class Dating:
    """The format of the order date, and the instant after which a date is a mistake, None for no such."""

    fmt: DateFormat
    latest: datetime | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Reading:
    """What one order of day and month makes of the column."""

    fmt: DateFormat
    sorted_share: float
    steps: int
    future_rows: int


def decide_dating(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    column: str,
    time_column: str | None,
    day_first: bool | None,
    preset_day_first: bool | None,
    now: datetime,
) -> Dating:
    """Decide how the column writes dates.

    Where both orders of day and month fit every cell, a cue decides if there is one: only one of them
    leaves no order in the future, keeps the file sorted, agrees with another date column of the file, or
    is what the preset's system writes.

    Raises
    ------
    MappingError
        The column holds no dates, or both orders fit and no cue decides.
    """
    fmt = detect_date_format(connection, raw, column, day_first, time_column)
    notes: list[str] = []
    if fmt.share_parsed < 0.5:
        examples = ", ".join(repr(text) for text in fmt.bad_examples) or "only empty cells"
        raise MappingError(
            f"Reading the dates: {column!r} is mapped as the date of the order, but {count(fmt.bad)} of"
            f" {count(fmt.bad + fmt.parseable)} filled cells are no dates, for example {examples}.",
            "Map order_datetime to the column that holds the order's date.",
        )
    if fmt.ambiguous:
        fmt, note = _decide_order(connection, raw, column, time_column, preset_day_first, fmt, now)
        notes.append(note)
    tomorrow = now + timedelta(days=1)
    future, filled = _future(connection, raw, column, fmt, tomorrow)
    if future > _MAX_FUTURE_SHARE * filled:
        notes.append(
            f"{count(future)} of {count(filled)} rows lie after today; they are kept as the file has them."
        )
        return Dating(fmt, None, tuple(notes))
    return Dating(fmt, tomorrow, tuple(notes))


def _decide_order(
    connection: duckdb.DuckDBPyConnection,
    raw: RawTable,
    column: str,
    time_column: str | None,
    preset_day_first: bool | None,
    fmt: DateFormat,
    now: datetime,
) -> tuple[DateFormat, str]:
    readings = {
        order: _read(
            connection, raw, column, detect_date_format(connection, raw, column, order, time_column), now
        )
        for order in (True, False)
    }
    for order, reading in readings.items():
        other = readings[not order]
        if reading.future_rows == 0 < other.future_rows:
            return reading.fmt, _decided(
                column, order, f"otherwise {count(other.future_rows)} orders would lie in the future"
            )
        if reading.steps >= _MIN_STEPS and reading.sorted_share >= _SORTED and other.sorted_share < _UNSORTED:
            return reading.fmt, _decided(column, order, "only so is the file sorted by date")
    for name, type_name in column_types(connection, raw).items():
        if name in (column, SOURCE_ROW) or not type_name.startswith("VARCHAR"):
            continue
        sibling = detect_date_format(connection, raw, name)
        if sibling.share_parsed > 0.9 and not sibling.ambiguous and sibling.day_first is not None:
            return readings[sibling.day_first].fmt, _decided(column, sibling.day_first, f"as in {name!r}")
    if preset_day_first is not None:
        return readings[preset_day_first].fmt, _decided(
            column, preset_day_first, "as this export usually does"
        )
    examples = ", ".join(repr(text) for text in fmt.examples[:3])
    raise MappingError(
        f"Reading the dates: {column!r} fits day/month as well as month/day in all its {count(fmt.parseable)}"
        f" cells, for example {examples}.",
        'Say which: "day_first": true (day/month) or false (month/day) in the mapping file (--map).',
    )


def _decided(column: str, day_first: bool, why: str) -> str:
    order = "day/month" if day_first else "month/day"
    return f"{column!r} is read as {order}: {why}. Set day_first to read it the other way."


def _read(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, column: str, fmt: DateFormat, now: datetime
) -> _Reading:
    statement = compose(
        """
        SELECT {up}, {down}, {future}
        FROM (
            SELECT moment, lag(moment) OVER (ORDER BY {row}) AS before
            FROM (SELECT {row}, {at} AS moment FROM read_parquet($source)) WHERE moment IS NOT NULL
        )
        """,
        up=counted("moment > before"),
        down=counted("moment < before"),
        future=counted("moment > $tomorrow"),
        row=quote_identifier(SOURCE_ROW),
        at=date_sql(column, fmt),
    )
    up, down, future = one_row(
        connection, statement, {"source": str(raw.path), "tomorrow": now + timedelta(days=1)}
    )
    steps = up + down
    return _Reading(fmt, max(up, down) / steps if steps else 0.0, steps, future)


def _future(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, column: str, fmt: DateFormat, tomorrow: datetime
) -> tuple[int, int]:
    statement = compose(
        "SELECT {future}, count(moment) FROM (SELECT {at} AS moment FROM read_parquet($source))",
        future=counted("moment > $tomorrow"),
        at=date_sql(column, fmt),
    )
    future, filled = one_row(connection, statement, {"source": str(raw.path), "tomorrow": tomorrow})
    return int(future), int(filled)

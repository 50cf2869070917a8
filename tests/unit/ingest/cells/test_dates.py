"""Dates as shops write them, one cell at a time and over whole columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from churnkit.ingest.cells import DateFormat, date_sql, detect_date_format
from churnkit.ingest.files.file_format import FileFormat
from churnkit.ingest.files.raw_table import RawTable

Table = Callable[..., RawTable]

DAY = datetime(2026, 7, 25)
NARROW = "\u202f"


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.fixture
def table(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> Table:
    """``table(cells, sql_type="VARCHAR", times=None)`` -> a raw table with the columns ``when``, ``time``."""

    def make(
        cells: Sequence[object], sql_type: str = "VARCHAR", times: Sequence[str | None] | None = None
    ) -> RawTable:
        path = tmp_path / "raw.parquet"
        connection.execute(
            f'COPY (SELECT CAST(cell AS {sql_type}) AS "when", CAST(clock AS VARCHAR) AS "time",'
            " row_number() OVER () AS source_row"
            f" FROM (SELECT unnest($cells) AS cell, unnest($times) AS clock)) TO '{path}' (FORMAT parquet)",
            {"cells": list(cells), "times": list(times or [None] * len(cells))},
        )
        return RawTable(
            connection=connection,
            path=path,
            columns=("when", "time"),
            row_count=len(cells),
            format=FileFormat("delimited"),
        )

    return make


def parse(raw: RawTable, fmt: DateFormat) -> list[datetime | None]:
    moment = date_sql("when", fmt)
    assert {kind for (kind,) in raw.rows("SELECT typeof({moment}) FROM {raw}", moment=moment)} == {
        "TIMESTAMP"
    }
    return [row[0] for row in raw.rows("SELECT {moment} FROM {raw} ORDER BY {row}", moment=moment)]


CELLS = [
    ("2026-07-25", DAY),
    (" 2026-07-25 ", DAY),
    ("2026-7-5", datetime(2026, 7, 5)),
    ("2026/07/25", DAY),
    ("2026.07.25", DAY),
    ("2026-07-25 10:00", datetime(2026, 7, 25, 10)),
    ("2026-07-25 10:00:01", datetime(2026, 7, 25, 10, 0, 1)),
    ("2026-07-25  10:00:01", datetime(2026, 7, 25, 10, 0, 1)),
    ("2026-07-25T10:00:01", datetime(2026, 7, 25, 10, 0, 1)),
    ("2026-07-25T10:00:01.5", datetime(2026, 7, 25, 10, 0, 1, 500_000)),
    ("2026-07-25T10:00:01.123Z", datetime(2026, 7, 25, 10, 0, 1, 123_000)),
    ("2026-07-25T10:00:01.123456000Z", datetime(2026, 7, 25, 10, 0, 1, 123_456)),
    ("2026-07-25T23:59:01-07:00", datetime(2026, 7, 25, 23, 59, 1)),
    ("2025-10-07 09:50:26 +0200", datetime(2025, 10, 7, 9, 50, 26)),
    ("2025-10-07 09:50:26-05", datetime(2025, 10, 7, 9, 50, 26)),
    ("2025-10-07 09:50:26 UTC", datetime(2025, 10, 7, 9, 50, 26)),
    ("25/07/2026", DAY),
    ("7/25/2026", DAY),
    ("07-25-2026", DAY),
    ("25.07.2026", DAY),
    ("25.7.26", DAY),
    ("7/25/26", DAY),
    ("5/31/2016 0:37", datetime(2016, 5, 31, 0, 37)),
    ("25.07.2026 14:30", datetime(2026, 7, 25, 14, 30)),
    ("7/25/2026 2:30 PM", datetime(2026, 7, 25, 14, 30)),
    ("7/25/2026 2:30pm", datetime(2026, 7, 25, 14, 30)),
    ("7/25/2026, 12:05:09 AM", datetime(2026, 7, 25, 0, 5, 9)),
    (f"7/25/2026, 2:30:00{NARROW}PM", datetime(2026, 7, 25, 14, 30)),
    ("7/25/2026 12:00 PM", datetime(2026, 7, 25, 12)),
    ("Jul-25-26", DAY),
    ("JUL-25-26", DAY),
    ("25-Jul-26", DAY),
    ("25-Jul-2026 10:00:00", datetime(2026, 7, 25, 10)),
    ("25 Jul 2026", DAY),
    ("25 July 2026", DAY),
    ("July 25, 2026", DAY),
    ("Jul 25, 2026", DAY),
    ("May 5, 2026", datetime(2026, 5, 5)),
    ("June 5, 2026", datetime(2026, 6, 5)),
    ("Sept 5, 2026", datetime(2026, 9, 5)),
    ("September 5, 2026", datetime(2026, 9, 5)),
    ("2026-Jul-25", DAY),
    ("Jul 25, 2026 3:04:05 PM PDT", datetime(2026, 7, 25, 15, 4, 5)),
    ("Tue, 07 Oct 2025 09:50:26 +0000", datetime(2025, 10, 7, 9, 50, 26)),
    ("Tue Oct 07 2025 09:50:26 GMT+0200 (CEST)", datetime(2025, 10, 7, 9, 50, 26)),
    ("Tuesday, October 7, 2025", datetime(2025, 10, 7)),
    ("20110112", datetime(2011, 1, 12)),
    ("20110112.0", datetime(2011, 1, 12)),
    ("20110112 0830", datetime(2011, 1, 12, 8, 30)),
    ("201101120830", datetime(2011, 1, 12, 8, 30)),
    ("20110112083015", datetime(2011, 1, 12, 8, 30, 15)),
    ("20110112T083015Z", datetime(2011, 1, 12, 8, 30, 15)),
    ("40000", datetime(2009, 7, 6)),
    ("40000.35", datetime(2009, 7, 6, 8, 24)),
    ("25569", datetime(1970, 1, 1)),
    ("1600000000", datetime(2020, 9, 13, 12, 26, 40)),
    ("1600000000.5", datetime(2020, 9, 13, 12, 26, 40, 500_000)),
    ("1600000000123", datetime(2020, 9, 13, 12, 26, 40, 123_000)),
    ("1600000000123456", datetime(2020, 9, 13, 12, 26, 40, 123_456)),
    ("1970-01-01", datetime(1970, 1, 1)),
    ("2100-12-31 23:59:59", datetime(2100, 12, 31, 23, 59, 59)),
]


@pytest.mark.parametrize(("cell", "moment"), CELLS)
def test_cells(table: Table, cell: str, moment: datetime) -> None:
    raw = table([cell])
    fmt = detect_date_format(raw, "when")
    assert parse(raw, fmt) == [moment]
    assert (fmt.parseable, fmt.empty, fmt.bad) == (1, 0, 0)
    assert fmt.has_time == (moment != datetime(moment.year, moment.month, moment.day))


def test_all_cells_in_one_column(table: Table) -> None:
    """Mixed layouts are read side by side, as long as there is one order of day and month."""
    cells = [
        (cell, moment) for cell, moment in CELLS if not cell.startswith(("25/", "25.", "7/", "5/", "07-"))
    ]
    raw = table([cell for cell, _ in cells[:12]])
    fmt = detect_date_format(raw, "when")
    assert parse(raw, fmt) == [moment for _, moment in cells[:12]]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-02-30",
        "31/02/2026",
        "13/13/2026",
        "2026-07-25 25:00",
        "7/25/2026 14:30 PM",
        "1969-12-31",
        "2101-01-01",
        "1890-01-01",
        "0026-07-25",
        "25568",
        "73416",
        "12345678",
        "0000000000",
        "4006381333931",
        "hello",
        "2026-07",
        "2026",
        "10:30",
        "1.5",
        "A-25-2026",
        "Foo 25, 2026",
        "2026-07/25",
        "25/07/2026x",
        "25/07/2026 10:00 or so",
    ],
)
def test_no_dates(table: Table, cell: str) -> None:
    raw = table([cell])
    fmt = detect_date_format(raw, "when")
    assert parse(raw, fmt) == [None]
    assert (fmt.parseable, fmt.bad, fmt.bad_examples, fmt.share_parsed) == (0, 1, (cell,), 0.0)
    assert not fmt.ambiguous


@pytest.mark.parametrize(
    ("cells", "day_first", "ambiguous", "moments"),
    [
        (["01/02/2026", "03/04/2026"], False, True, [datetime(2026, 1, 2), datetime(2026, 3, 4)]),
        (["01/02/2026", "13/04/2026"], True, False, [datetime(2026, 2, 1), datetime(2026, 4, 13)]),
        (["01/02/2026", "04/13/2026"], False, False, [datetime(2026, 1, 2), datetime(2026, 4, 13)]),
        (["01-02-26", "13-04-2026 10:00"], True, False, [datetime(2026, 2, 1), datetime(2026, 4, 13, 10)]),
        (["01.02.2026"], True, True, [datetime(2026, 2, 1)]),
        (["05/05/2026", "06/06/2026"], None, False, [datetime(2026, 5, 5), datetime(2026, 6, 6)]),
        (["13/1/2026", "1/13/2026"], True, False, [datetime(2026, 1, 13), datetime(2026, 1, 13)]),
        (
            ["13/1/2026", "14/1/2026", "1/13/2026"],
            True,
            False,
            [datetime(2026, 1, 13), datetime(2026, 1, 14), datetime(2026, 1, 13)],
        ),
        (["40/1/2026", "1/13/2026"], False, False, [None, datetime(2026, 1, 13)]),
        (["2026-01-02"], None, False, [datetime(2026, 1, 2)]),
    ],
)
def test_the_column_decides_the_order(
    table: Table,
    cells: list[str],
    day_first: bool | None,
    ambiguous: bool,
    moments: list[datetime | None],
) -> None:
    raw = table(cells)
    fmt = detect_date_format(raw, "when")
    assert (fmt.day_first, fmt.ambiguous) == (day_first, ambiguous)
    assert bool(fmt.examples) == ambiguous
    assert parse(raw, fmt) == moments


def test_one_late_cell_decides(table: Table) -> None:
    cells = ["01/02/2026"] * 20_000
    cells[12_345] = "13/02/2026"
    fmt = detect_date_format(table(cells), "when")
    assert (fmt.day_first, fmt.ambiguous, fmt.parseable) == (True, False, 20_000)


def test_proof_for_both_orders_is_told(table: Table) -> None:
    fmt = detect_date_format(table(["13/1/2026", "14/1/2026", "1/13/2026", "2/3/2026"]), "when")
    assert (fmt.either_order, fmt.proofs, fmt.bad) == (True, (2, 1), 0)
    assert not detect_date_format(table(["13/1/2026", "2/3/2026"]), "when").either_order


@pytest.mark.parametrize("tail", ["", " 10:30"])
def test_a_year_of_two_digits_may_come_first(table: Table, tail: str) -> None:
    days = [
        f"{year}-0{month}-{day:02d}{tail}" for year in (24, 25) for month in (1, 2) for day in range(1, 29)
    ]
    raw = table(days)
    moments = [moment for moment in parse(raw, detect_date_format(raw, "when")) if moment]
    assert (min(moments).date(), max(moments).date()) == (date(2024, 1, 1), date(2025, 2, 28))
    other = table([f"{day:02d}-0{month}-24{tail}" for month in (1, 2) for day in range(1, 29)])
    assert parse(other, detect_date_format(other, "when"))[-1] == datetime(
        2024, 2, 28, *((10, 30) if tail else ())
    )


def test_the_day_may_stand_between_year_and_month(table: Table) -> None:
    cells = [f"2024-{day:02d}-0{month} 08:00" for month in (1, 2, 3) for day in range(1, 29)]
    raw = table(cells)
    assert parse(raw, detect_date_format(raw, "when"))[-1] == datetime(2024, 3, 28, 8)


def test_years_of_the_buddhist_calendar(table: Table) -> None:
    raw = table(["13/02/2567", "14/03/2568", "1/4/2568"])
    fmt = detect_date_format(raw, "when")
    assert parse(raw, fmt) == [datetime(2024, 2, 13), datetime(2025, 3, 14), datetime(2025, 4, 1)]
    assert "543 years taken off" in fmt.words()


def test_a_leap_day_of_the_buddhist_calendar(table: Table) -> None:
    usual = [f"{day:02d}/0{month}/2567 10:29" for month in (1, 3, 4, 5) for day in range(1, 31)]
    raw = table([*usual, "29/02/2567 10:29", "29/02/2566 10:29"])
    assert parse(raw, detect_date_format(raw, "when"))[-2:] == [datetime(2024, 2, 29, 10, 29), None]


def test_the_order_can_be_named(table: Table) -> None:
    raw = table(["01/02/2026", "13/04/2026"])
    fmt = detect_date_format(raw, "when", day_first=False)
    assert parse(raw, fmt) == [datetime(2026, 1, 2), None]
    assert (fmt.day_first, fmt.ambiguous, fmt.bad_examples) == (False, False, ("13/04/2026",))
    assert fmt.words() == "m/d/Y, month before day"


def test_a_rare_layout_beyond_the_sample(table: Table) -> None:
    cells: list[str | None] = ["2026-07-25"] * 20_000
    cells[7_777], cells[8_888], cells[9_999] = "Jul-25-26", "soon", None
    raw = table(cells)
    fmt = detect_date_format(raw, "when")
    assert (fmt.parseable, fmt.empty, fmt.bad, fmt.bad_examples) == (19_998, 1, 1, ("soon",))
    assert parse(raw, fmt)[7_777] == DAY
    assert fmt.words() == "Y-m-d or month-d-y"


def test_empty_cells_are_not_bad(table: Table) -> None:
    empty = ["", " ", "-", "NULL", "NaT", "n/a", "0000-00-00", "0000-00-00 00:00:00", None]
    fmt = detect_date_format(table([*empty, "2026-07-25"]), "when")
    assert (fmt.parseable, fmt.empty, fmt.bad, fmt.share_parsed) == (1, len(empty), 0, 1.0)


def test_a_column_of_text_is_left_alone(table: Table) -> None:
    fmt = detect_date_format(table(["shirt", "sock", ""]), "when")
    assert (fmt.layouts, fmt.parseable, fmt.empty, fmt.bad) == ((), 0, 1, 2)
    assert fmt.words() == "no dates"


def test_offsets_are_dropped_and_said(table: Table) -> None:
    raw = table(["2025-10-25 23:30:00 +0200", "2025-10-26 23:30:00 +0100"])
    fmt = detect_date_format(raw, "when")
    assert parse(raw, fmt) == [datetime(2025, 10, 25, 23, 30), datetime(2025, 10, 26, 23, 30)]
    assert fmt.has_offset
    assert "offset dropped" in fmt.words()


def test_a_time_column(table: Table) -> None:
    raw = table(
        ["10/05/2026", "10/13/2026", "10/14/2026", "10/15/2026", ""],
        times=["2:30:00 PM", "09:05 AM", None, "later", "1:00 PM"],
    )
    fmt = detect_date_format(raw, "when", time_column="time")
    assert parse(raw, fmt) == [
        datetime(2026, 10, 5, 14, 30),
        datetime(2026, 10, 13, 9, 5),
        datetime(2026, 10, 14),
        None,
        None,
    ]
    assert (fmt.time_column, fmt.has_time) == ("time", True)
    assert (fmt.parseable, fmt.empty, fmt.bad) == (3, 1, 1)
    assert fmt.words() == "m/d/Y, month before day, time from 'time'"


def test_a_24_hour_time_column_replaces_midnight(table: Table) -> None:
    raw = table([datetime(2026, 7, 25)], "TIMESTAMP", times=["14:30"])
    fmt = detect_date_format(raw, "when", time_column="time")
    assert parse(raw, fmt) == [datetime(2026, 7, 25, 14, 30)]


def test_a_time_column_without_times_is_ignored(table: Table) -> None:
    raw = table(["2026-07-25"] * 3, times=["morning", "noon", "10:00"])
    fmt = detect_date_format(raw, "when", time_column="time")
    assert fmt.time_column is None
    assert parse(raw, fmt) == [DAY] * 3


@pytest.mark.parametrize(
    ("sql_type", "cell", "moment"),
    [
        ("DATE", date(2026, 7, 25), DAY),
        ("TIMESTAMP", datetime(2026, 7, 25, 10), datetime(2026, 7, 25, 10)),
        ("TIMESTAMP_S", datetime(2026, 7, 25, 10), datetime(2026, 7, 25, 10)),
        ("TIMESTAMP_NS", datetime(2026, 7, 25, 10), datetime(2026, 7, 25, 10)),
        ("TIMESTAMPTZ", "2026-07-25 10:00:00+02", datetime(2026, 7, 25, 8)),
    ],
)
def test_typed_columns(table: Table, sql_type: str, cell: object, moment: datetime) -> None:
    raw = table([cell, None], sql_type)
    fmt = detect_date_format(raw, "when")
    assert parse(raw, fmt) == [moment, None]
    assert (fmt.typed, fmt.parseable, fmt.empty, fmt.bad) == (True, 1, 1, 0)
    assert fmt.has_offset == (sql_type == "TIMESTAMPTZ")
    assert fmt.has_time == (moment != DAY)


@pytest.mark.parametrize(
    ("sql_type", "cell", "moment"),
    [
        ("DOUBLE", 40000.35, datetime(2009, 7, 6, 8, 24)),
        ("BIGINT", 20110112, datetime(2011, 1, 12)),
        ("DOUBLE", 20110112, datetime(2011, 1, 12)),
        ("BIGINT", 1600000000, datetime(2020, 9, 13, 12, 26, 40)),
        ("DOUBLE", 1600000000123, datetime(2020, 9, 13, 12, 26, 40, 123_000)),
        ("DECIMAL(12, 2)", 40000.25, datetime(2009, 7, 6, 6)),
    ],
)
def test_numeric_columns(table: Table, sql_type: str, cell: object, moment: datetime) -> None:
    raw = table([cell], sql_type)
    assert parse(raw, detect_date_format(raw, "when")) == [moment]


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda at: f"{at:%d%m%Y}", "dmY in digits"),
        (lambda at: f"{at:%d%m%Y}".lstrip("0"), "dmY in digits"),
        (lambda at: f"{at:%m%d%Y}", "mdY in digits"),
        (lambda at: f"{at:%y%m%d}", "ymd in digits"),
        (lambda at: f"{at:%d%m%y}", "dmy in digits"),
        (lambda at: f"{at:%G-W%V-%u}", "year, week and day of the week"),
        (lambda at: f"{at:%Y-%j}", "year and day of the year"),
        (lambda at: f"{at:%a %b %d} 00:00:00 CET {at:%Y}", "weekday month d H:M:S zone Y"),
        (
            lambda at: f"/Date({int(at.replace(tzinfo=UTC).timestamp() * 1000)})/",
            "/Date(milliseconds since 1970)/",
        ),
        (lambda at: f"{(at - datetime(1899, 12, 30)).days},0", "Excel's day numbers"),
    ],
)
def test_codes(table: Table, write: Callable[[datetime], str], words: str) -> None:
    days = [datetime(2024, 2, 1) + timedelta(days=place) for place in range(0, 400, 3)]
    raw = table([write(at) for at in days])
    fmt = detect_date_format(raw, "when")
    assert (fmt.words(), fmt.bad) == (words, 0)
    assert [at and at.date() for at in parse(raw, fmt)] == [at.date() for at in days]


@pytest.mark.parametrize("first", [100_101, 210_101, 2_101_001, 45_000_000])
def test_numbers_in_a_row_are_no_dates(table: Table, first: int) -> None:
    assert detect_date_format(table([str(first + place) for place in range(900)]), "when").share_parsed < 0.5


def test_persian_dates(table: Table) -> None:
    raw = table(
        ["1402/12/29", "1403/01/01", "1403/12/30 14:05", "1404/01/01", "1402/12/30", "1399/07/30"] * 9
    )
    found = parse(raw, replace(detect_date_format(raw, "when", day_first=None), layouts=("persian",)))[:6]
    assert found == [
        datetime(2024, 3, 19),
        datetime(2024, 3, 20),
        datetime(2025, 3, 20, 14, 5),
        datetime(2025, 3, 21),
        None,  # 1402 has no leap day.
        datetime(2020, 10, 21),
    ]


def test_persian_years_are_seen(table: Table) -> None:
    raw = table(["1402/10/03", "1403/06/31", "1404-02-11"])
    assert detect_date_format(raw, "when").words() == "Y/m/d of the Persian calendar"


@pytest.mark.parametrize("cell", ["31.12.2024 24:00", "2024-12-31T24:00:00", "31.12.2024 24.00"])
def test_a_day_may_end_at_24(table: Table, cell: str) -> None:
    raw = table([cell, cell.replace("24:00", "09:30").replace(" 24.00", " 09.30")])
    fmt = detect_date_format(raw, "when")
    assert (fmt.bad, parse(raw, fmt)) == (0, [datetime(2025, 1, 1), datetime(2024, 12, 31, 9, 30)])


def test_a_time_column_may_end_a_day_at_24(table: Table) -> None:
    raw = table(["2024-12-31", "2024-12-31"], times=["24:00", "23:59"])
    fmt = detect_date_format(raw, "when", time_column="time")
    assert parse(raw, fmt) == [datetime(2025, 1, 1), datetime(2024, 12, 31, 23, 59)]

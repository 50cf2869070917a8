"""Dates as shops write them -> naive local timestamps, day or month first decided over the whole column.

A zone or offset in a cell (``2025-10-07 09:50:26 +0200``) is dropped and the wall time kept: a shop's day is
local, and its offset changes with summer time. Only typed instants (TIMESTAMPTZ) have no wall time; theirs
is that of UTC. Dates before 1970 and after 2100 are taken for mistakes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from churnkit.ingest.cells.cell_text import (
    MIN_SAMPLE_SHARE,
    empty_sql,
    even_sample,
    examples,
    text_sql,
)
from churnkit.ingest.cells.date_layouts import (
    date_layout,
    fits_sql,
    has_order,
    has_short_year,
    has_time,
    parse_sql,
    time_layout,
    with_day_before_month,
    words_of,
    year_before_month,
)
from churnkit.ingest.engine import compose, quote_identifier
from churnkit.ingest.files import SOURCE_ROW, RawTable

TURNED = "turned_dates"
"""Table of the ``source_row`` of cells that are read with day and month the other way round than the column's others."""

_ZERO_DATES = ("0000-00-00", "0000-00-00 00:00:00", "00/00/0000")
_TYPED = ("DATE", "TIMESTAMP")

_MAX_LAYOUTS = 12
_MAX_SHAPES = 200
_ROUNDS = 3
# A time column of which less can be read is left out rather than taking the dates down with it.
_MIN_TIME_SHARE = 0.5

# The Thai calendar counts from the death of the Buddha.
_BUDDHIST_YEARS = 543
_ALMOST_ALL = 0.98

_SHAPES = """
    SELECT min({text}), count(*) AS rows FROM {raw}
    WHERE NOT ({known}) AND NOT {empty}
    GROUP BY translate({text}, '012345678', '999999999') ORDER BY rows DESC LIMIT {limit}
"""
_ORDER = """
    WITH parts AS (SELECT {first} AS first, {second} AS second FROM {raw})
    SELECT
        count(*) FILTER (first BETWEEN 13 AND 31 AND second <= 12),
        count(*) FILTER (second BETWEEN 13 AND 31 AND first <= 12),
        count(*) FILTER (first <= 12 AND second <= 12 AND first <> second)
    FROM parts
"""
_YEAR_FIRST = """
    WITH parts AS (SELECT {first} AS first, {second} AS second, {third} AS third FROM {raw})
    SELECT count(DISTINCT first) <= 12 AND max(first) > 12 AND max(second) <= 12
           AND count(DISTINCT third) > 12 AND min(third) >= 1 AND max(third) <= 31
    FROM parts
"""
_COUNTS = """
    WITH moments AS (SELECT {text} AS value, {moment} AS moment FROM {raw})
    SELECT
        count(*),
        count(moment),
        count(*) FILTER (CASE WHEN moment IS NULL THEN {empty} END),
        coalesce(bool_or(moment <> date_trunc('day', moment)), false)
    FROM moments
"""


@dataclass(frozen=True)
class DateFormat:
    """How a column writes dates.

    Attributes
    ----------
    layouts
        The layouts met in the column (`churnkit.ingest.cells.date_layouts`), the most frequent first; empty where
        nothing parses.
    day_first
        True for d/m/Y, False for m/d/Y, None where the order does not arise.
    typed
        The column is a DATE or TIMESTAMP already.
    ambiguous
        Both orders fit every value; ``examples`` shows values that read differently.
    proofs
        Rows that are dates only with the day first, and only with the month first: a number above 12 is the day.
    either_order
        There is proof for both; what is no date in the order of ``day_first`` is read in the other.
    turned
        Rows of the table `TURNED` are read with day and month the other way round.
    has_time
        Some value carries a time of day other than midnight.
    has_offset
        Some value carries a time-zone offset; the local wall time is kept and the offset dropped.
    years_ahead
        Years that the column's calendar is ahead of the usual one.
    time_column
        The column with the time of day, where it is apart; a row with a date but no time is at midnight.
    time_layouts
        The layouts met in the time column.
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
    proofs: tuple[int, int] = (0, 0)
    either_order: bool = False
    turned: bool = False
    has_time: bool = False
    has_offset: bool = False
    years_ahead: int = 0
    time_column: str | None = None
    time_layouts: tuple[str, ...] = ()
    parseable: int = 0
    empty: int = 0
    bad: int = 0
    bad_examples: tuple[str, ...] = ()

    @property
    def share_parsed(self) -> float:
        """Share of the values that are not empty which parse, 0 where all are empty."""
        filled = self.parseable + self.bad
        return self.parseable / filled if filled else 0.0

    @property
    def ordered_layouts(self) -> tuple[str, ...]:
        """The layouts whose first two numbers are day and month in one order or the other."""
        return tuple(layout for layout in self.layouts if has_order(layout))

    def is_ordered_sql(self, text: str) -> str:
        """SQL condition: ``text`` is written in one of the `ordered_layouts`."""
        return " OR ".join(fits_sql(text, layout) for layout in self.ordered_layouts) or "false"

    def words(self) -> str:
        """The format for a person: ``d/m/Y H:M, day before month``."""
        if self.typed:
            parts = ["dates"]
        else:
            parts = [
                " or ".join(words_of(layout, self.day_first is not False) for layout in self.layouts[:3])
            ]
        if self.day_first is not None:
            order = "day before month" if self.day_first else "month before day"
            mixed = " in most rows, the other way round in some" if self.either_order else ""
            parts.append(f"{order}{' (a guess: both orders fit)' if self.ambiguous else mixed}")
        if self.time_column:
            parts.append(f"time from '{self.time_column}'")
        if self.years_ahead:
            parts.append(f"{self.years_ahead} years taken off")
        if self.has_offset:
            parts.append("wall time of UTC" if self.typed else "local wall time, offset dropped")
        return ", ".join(part for part in parts if part) or "no dates"


def detect_date_format(
    raw: RawTable,
    column: str,
    day_first: bool | None = None,
    time_column: str | None = None,
) -> DateFormat:
    """Decide over the whole column how it writes dates.

    Parameters
    ----------
    day_first
        Overrides the order of day and month.
    time_column
        Column with the time of day, ignored where it holds no times.
    """
    sql_type = raw.types[column]
    if sql_type.startswith(_TYPED):
        fmt = DateFormat(typed=True, has_offset=sql_type.endswith("TIME ZONE"))
    else:
        layouts = _layouts(raw, column, date_layout)
        fmt = DateFormat(layouts=layouts, has_offset=any("%z" in layout for layout in layouts))
        fmt = _with_order(raw, column, _with_year_first(raw, column, fmt), day_first)
    if time_column is not None:
        fmt = _with_time(raw, time_column, fmt)
    fmt = _with_counts(raw, column, fmt)
    return _otherwise(raw, column, fmt) if fmt.bad > fmt.parseable and fmt.layouts else fmt


def _otherwise(raw: RawTable, column: str, fmt: DateFormat) -> DateFormat:
    """``2024-17-01``, or years of the Buddhist calendar, where that makes dates of cells that are none otherwise."""
    day_before_month = tuple(map(with_day_before_month, fmt.layouts))
    for other in (replace(fmt, layouts=day_before_month), replace(fmt, years_ahead=_BUDDHIST_YEARS)):
        found = _with_counts(raw, column, other)
        if found.share_parsed > _ALMOST_ALL:
            return found
    return fmt


def date_sql(column: str, fmt: DateFormat) -> str:
    """SQL expression: the column as naive TIMESTAMP, NULL where it is empty or no date from 1970 to 2100."""
    if fmt.typed:
        moment = f"make_timestamp(epoch_us({quote_identifier(column)}))"
    else:
        moment = _text_sql(text_sql(column), fmt)
        if fmt.years_ahead:
            moment = f"({moment} - to_years({fmt.years_ahead}))"
    in_range = f"{moment} >= TIMESTAMP '1970-01-01' AND {moment} < TIMESTAMP '2101-01-01'"
    plausible = f"CASE WHEN {in_range} THEN {moment} END"
    if fmt.time_column is None:
        return plausible
    time = text_sql(fmt.time_column)
    since_midnight = f"{_cases_sql(time, fmt.time_layouts, True)} - TIMESTAMP '1900-01-01'"
    return (
        f"CASE WHEN {empty_sql(time)} THEN {plausible}"
        f" ELSE date_trunc('day', {plausible}) + ({since_midnight}) END"
    )


def _text_sql(text: str, fmt: DateFormat) -> str:
    """SQL expression: a cell of text as TIMESTAMP, day and month in the order of its row."""
    day_first = fmt.day_first is not False
    usual = _cases_sql(text, fmt.layouts, day_first)
    if not (fmt.either_order or fmt.turned):
        return usual
    reverse = _cases_sql(text, filter(has_order, fmt.layouts), not day_first)
    moment = f"coalesce({usual}, {reverse})" if fmt.either_order else usual
    if not fmt.turned:
        return moment
    rows = compose(
        "{row} IN (SELECT source_row FROM {turned})", row=quote_identifier(SOURCE_ROW), turned=TURNED
    )
    return f"CASE WHEN {rows} THEN coalesce({reverse}, {swapped_sql(usual)}) ELSE {moment} END"


def swapped_sql(moment: str) -> str:
    """SQL expression: the TIMESTAMP with day and month swapped, NULL where the day is above 12."""
    return (
        f"CASE WHEN day({moment}) <= 12 THEN date_trunc('year', {moment})"
        f" + to_months(CAST(day({moment}) - 1 AS INTEGER)) + to_days(CAST(month({moment}) - 1 AS INTEGER))"
        f" + ({moment} - date_trunc('day', {moment})) END"
    )


def _cases_sql(text: str, layouts: Iterable[str], day_first: bool) -> str:
    cases = " ".join(
        f"WHEN {fits_sql(text, layout)} THEN {parse_sql(text, layout, day_first)}" for layout in layouts
    )
    return f"CASE {cases} END" if cases else "CAST(NULL AS TIMESTAMP)"


def _layouts(
    raw: RawTable,
    column: str,
    layout_of: Callable[[str], str | None],
) -> tuple[str, ...]:
    """Layouts of the column: those of an even sample, then those of every shape that these leave over."""
    text = text_sql(column)
    empty = empty_sql(text, _ZERO_DATES)
    sample = even_sample(raw, text, empty)
    found = Counter(layout for layout in map(layout_of, sample) if layout)
    if sum(found.values()) < MIN_SAMPLE_SHARE * len(sample) or not found:
        return ()
    for _ in range(_ROUNDS):
        known = " OR ".join(fits_sql(text, layout) for layout in found)
        shapes = raw.rows(_SHAPES, text=text, known=known, empty=empty, limit=str(_MAX_SHAPES))
        fresh = Counter[str]()
        for value, rows in shapes:
            layout = layout_of(value)
            if layout and layout not in found:
                fresh[layout] += rows
        if not fresh:
            break
        # Behind the sample's layouts, as whatever the sample missed is rare.
        found.update(dict.fromkeys(fresh, 0))
    return tuple(layout for layout, _ in found.most_common(_MAX_LAYOUTS))


def _with_order(raw: RawTable, column: str, fmt: DateFormat, day_first: bool | None) -> DateFormat:
    """Decide whether day or month comes first: a number above 12 can only be the day."""
    ordered = [layout for layout in fmt.layouts if has_order(layout)]
    if not ordered:
        return fmt
    if day_first is not None:
        return replace(fmt, day_first=day_first)
    text = text_sql(column)
    first, second = (_part_sql(text, ordered, position) for position in (1, 2))
    day, month, either = raw.one(_ORDER, first=first, second=second)
    if day or month:
        both = min(day, month) > 0
        return replace(fmt, day_first=day >= month, proofs=(day, month), either_order=both)
    if either == 0:
        return fmt
    # Dots between numbers are a custom of countries that write the day first.
    guess = ordered[0][2] == "."
    found = examples(raw, text, f"{first} <> {second} AND least({first}, {second}) <= 12")
    return replace(fmt, day_first=guess, ambiguous=True, examples=found)


def _with_year_first(raw: RawTable, column: str, fmt: DateFormat) -> DateFormat:
    """``24-01-13``: few different first numbers above 12 and many last ones are years and days."""
    short = [layout for layout in fmt.layouts if has_short_year(layout)]
    if not short:
        return fmt
    text = text_sql(column)
    first, second, third = (_part_sql(text, short, position) for position in (1, 2, 3))
    (year_first,) = raw.one(_YEAR_FIRST, first=first, second=second, third=third)
    if not year_first:
        return fmt
    layouts = tuple(year_before_month(layout) if layout in short else layout for layout in fmt.layouts)
    return replace(fmt, layouts=layouts)


def _part_sql(text: str, layouts: Iterable[str], position: int) -> str:
    """SQL expression: the first, second or third number of a date of three numbers, the third of two digits."""
    cases = " ".join(
        f"WHEN {fits_sql(text, layout)}"
        f" THEN TRY_CAST(left(ltrim(split_part({text}, '{layout[2]}', {position})), 2) AS INTEGER)"
        for layout in layouts
    )
    return f"CASE {cases} END"


def _with_time(raw: RawTable, time_column: str, fmt: DateFormat) -> DateFormat:
    layouts = _layouts(raw, time_column, time_layout)
    if not layouts:
        return fmt
    text = text_sql(time_column)
    moment = _cases_sql(text, layouts, True)
    total, parsed, empty, _ = raw.one(_COUNTS, text=text, moment=moment, empty=empty_sql("value"))
    if parsed < _MIN_TIME_SHARE * (total - empty):
        return fmt
    return replace(fmt, time_column=time_column, time_layouts=layouts)


def _with_counts(raw: RawTable, column: str, fmt: DateFormat) -> DateFormat:
    text, moment = text_sql(column), date_sql(column, fmt)
    empty_text = empty_sql(text, _ZERO_DATES)
    total, parseable, empty, with_time = raw.one(
        _COUNTS, text=text, moment=moment, empty=empty_sql("value", _ZERO_DATES)
    )
    bad = total - parseable - empty
    if not (fmt.typed or fmt.time_column or any(map(has_time, fmt.layouts))):
        with_time = False
    return replace(
        fmt,
        has_time=with_time,
        parseable=parseable,
        empty=empty,
        bad=bad,
        bad_examples=examples(raw, text, f"{moment} IS NULL AND NOT {empty_text}") if bad else (),
        ambiguous=fmt.ambiguous and parseable > 0,
    )

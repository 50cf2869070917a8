"""Dates as shops write them -> how a column writes them, day or month first decided over the whole column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from churnkit.ingest.cells.cell_text import (
    MIN_SAMPLE_SHARE,
    empty_sql,
    even_sample,
    examples,
    text_sql,
)
from churnkit.ingest.cells.date_format import DateFormat, cases_sql
from churnkit.ingest.cells.date_layouts import (
    date_layout,
    fits_sql,
    has_order,
    has_short_year,
    is_strptime,
    time_layout,
    year_before_month,
)
from churnkit.ingest.cells.odd_dates import COUNTS, ZERO_DATES, otherwise, with_counts
from churnkit.ingest.files import RawTable

_TYPED = ("DATE", "TIMESTAMP")

_MAX_LAYOUTS = 12
_MAX_SHAPES = 200
_ROUNDS = 3
# A time column of which less can be read is left out rather than taking the dates down with it.
_MIN_TIME_SHARE = 0.5

_SHAPES = """
    SELECT min({text}), sum({copies}) AS rows FROM {cells}
    WHERE NOT ({known}) AND NOT {empty}
    GROUP BY translate({text}, '012345678', '999999999') ORDER BY rows DESC LIMIT {limit}
"""
_ORDER = """
    WITH parts AS (SELECT {first} AS first, {second} AS second, {copies} AS copies FROM {cells})
    SELECT
        coalesce(sum(copies) FILTER (first BETWEEN 13 AND 31 AND second <= 12), 0),
        coalesce(sum(copies) FILTER (second BETWEEN 13 AND 31 AND first <= 12), 0),
        coalesce(sum(copies) FILTER (first <= 12 AND second <= 12 AND first <> second), 0)
    FROM parts
"""
_YEAR_FIRST = """
    WITH parts AS (SELECT {first} AS first, {second} AS second, {third} AS third FROM {cells})
    SELECT count(DISTINCT first) <= 12 AND max(first) > 12 AND max(second) <= 12
           AND count(DISTINCT third) > 12 AND min(third) >= 1 AND max(third) <= 31
    FROM parts
"""


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
        layouts, covered = _layouts(raw, column, date_layout)
        fmt = DateFormat(layouts=layouts, has_offset=any("%z" in layout for layout in layouts))
        fmt = _with_order(raw, column, _with_year_first(raw, column, fmt), day_first)
        looked_at = covered and not raw.is_sample and fmt.layouts == layouts
        fmt = replace(fmt, plain=looked_at and all(map(is_strptime, layouts)))
    if time_column is not None:
        fmt = _with_time(raw, time_column, fmt)
    return otherwise(raw, column, with_counts(raw, column, fmt))


def _layouts(
    raw: RawTable,
    column: str,
    layout_of: Callable[[str], str | None],
) -> tuple[tuple[str, ...], bool]:
    """Layouts of the column, those of an even sample, then those of every shape that these leave over.

    With them, whether every filled cell has one of them.
    """
    text = text_sql(column)
    empty = empty_sql(text, ZERO_DATES)
    sample = even_sample(raw, text, empty)
    found = Counter(layout for layout in map(layout_of, sample) if layout)
    if sum(found.values()) < MIN_SAMPLE_SHARE * len(sample) or not found:
        return (), False
    covered = False
    for _ in range(_ROUNDS):
        known = " OR ".join(fits_sql(text, layout) for layout in found)
        shapes = raw.rows(
            _SHAPES, text=text, known=known, empty=empty, limit=str(_MAX_SHAPES), **raw.tally(column)
        )
        covered = not shapes
        fresh = Counter[str]()
        for value, rows in shapes:
            layout = layout_of(value)
            if layout and layout not in found:
                fresh[layout] += rows
        if not fresh:
            break
        # Behind the sample's layouts, as whatever the sample missed is rare.
        found.update(dict.fromkeys(fresh, 0))
    return tuple(layout for layout, _ in found.most_common(_MAX_LAYOUTS)), covered


def _with_order(raw: RawTable, column: str, fmt: DateFormat, day_first: bool | None) -> DateFormat:
    """Decide whether day or month comes first: a number above 12 can only be the day."""
    ordered = [layout for layout in fmt.layouts if has_order(layout)]
    if not ordered:
        return fmt
    if day_first is not None:
        return replace(fmt, day_first=day_first)
    text = text_sql(column)
    first, second = (_part_sql(text, ordered, position) for position in (1, 2))
    day, month, either = raw.one(_ORDER, first=first, second=second, **raw.tally(column))
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
    (year_first,) = raw.one(_YEAR_FIRST, first=first, second=second, third=third, **raw.tally(column))
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
    layouts, _ = _layouts(raw, time_column, time_layout)
    if not layouts:
        return fmt
    text = text_sql(time_column)
    moment = cases_sql(text, layouts, True)
    cells = raw.tally(time_column)
    total, parsed, empty, *_ = raw.one(COUNTS, text=text, moment=moment, empty=empty_sql("value"), **cells)
    if parsed < _MIN_TIME_SHARE * (total - empty):
        return fmt
    return replace(fmt, time_column=time_column, time_layouts=layouts)

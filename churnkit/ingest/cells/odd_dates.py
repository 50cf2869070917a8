"""How much of a column its date format reads, and what else its cells may be where that is little."""

from __future__ import annotations

from dataclasses import replace

from churnkit.ingest.cells.cell_text import empty_sql, examples, text_sql
from churnkit.ingest.cells.date_codes import IN_DIGITS
from churnkit.ingest.cells.date_format import DateFormat, date_sql
from churnkit.ingest.cells.date_layouts import has_time, with_day_before_month
from churnkit.ingest.files import RawTable

ZERO_DATES = ("0000-00-00", "0000-00-00 00:00:00", "00/00/0000")

# The Thai calendar counts from the death of the Buddha.
_BUDDHIST_YEARS = 543
_ALMOST_ALL = 0.98
# Numbers in a row spread over a century if their digits are taken for a day, a month and a year.
_MOST_YEARS = 40
# Layouts of which a column in digits may have been taken for.
_DIGITS = ("%Y%m%d", "excel", *IN_DIGITS)

COUNTS = """
    WITH moments AS (SELECT {text} AS value, {moment} AS moment, {copies} AS copies FROM {cells})
    SELECT
        coalesce(sum(copies), 0),
        coalesce(sum(copies) FILTER (moment IS NOT NULL), 0),
        coalesce(sum(copies) FILTER (CASE WHEN moment IS NULL THEN {empty} END), 0),
        coalesce(bool_or(moment <> date_trunc('day', moment)), false),
        CAST(max(moment) AS TIMESTAMP)
    FROM moments
"""
_YEARS = "SELECT count(DISTINCT year({moment})) FROM {cells}"


def otherwise(raw: RawTable, column: str, fmt: DateFormat) -> DateFormat:
    """Another format where that makes dates of nearly all cells and this one of few.

    Tried are ``2024-17-01``, years of the Buddhist calendar, Persian dates, dates in digits whose order only the column
    tells, and days that end at 24:00.
    """
    if fmt.typed or not fmt.layouts:
        return fmt
    if any(layout in IN_DIGITS for layout in fmt.layouts) or (
        fmt.bad > fmt.parseable and set(fmt.layouts) <= set(_DIGITS)
    ):
        found = _in_digits(raw, column, fmt)
        if found is not None:
            return found
        usual = tuple(layout for layout in fmt.layouts if layout not in IN_DIGITS)
        if usual != fmt.layouts:
            fmt = with_counts(raw, column, replace(fmt, layouts=usual, plain=False))
    if fmt.bad > fmt.parseable and fmt.layouts:
        day_before_month = tuple(map(with_day_before_month, fmt.layouts))
        swapped = replace(fmt, layouts=day_before_month, plain=False)
        persian = replace(fmt, layouts=("persian",), plain=False)
        for other in (swapped, replace(fmt, years_ahead=_BUDDHIST_YEARS), persian):
            found = with_counts(raw, column, other)
            if found.share_parsed > _ALMOST_ALL:
                return found
    if any("24:00" in cell or "24.00" in cell for cell in fmt.bad_examples):
        found = with_counts(raw, column, replace(fmt, late_midnight=True, plain=False))
        return found if found.bad < fmt.bad else fmt
    return fmt


def _in_digits(raw: RawTable, column: str, fmt: DateFormat) -> DateFormat | None:
    """``241231``, ``311224`` or ``31122024``: the order in which nearly all cells are dates of the fewest years.

    Where two orders do about equally well nothing is read: the column may be ids as well.
    """
    found = []
    for code in IN_DIGITS:
        other = with_counts(raw, column, replace(fmt, layouts=(code,), day_first=None, plain=False))
        if other.share_parsed > _ALMOST_ALL:
            (years,) = raw.one(_YEARS, moment=date_sql(column, other), cells=raw.source)
            found.append((int(years), other))
    found.sort(key=lambda item: item[0])
    if found and found[0][0] <= _MOST_YEARS and (len(found) == 1 or found[1][0] > 2 * found[0][0]):
        return found[0][1]
    return None


def with_counts(raw: RawTable, column: str, fmt: DateFormat) -> DateFormat:
    """The format with how many of the column's cells it reads."""
    text, moment = text_sql(column), date_sql(column, fmt)
    empty_text = empty_sql(text, ZERO_DATES)
    cells = raw.tally(column) if fmt.time_column is None else {"cells": raw.source, "copies": "1"}
    total, parseable, empty, with_time, latest = raw.one(
        COUNTS, text=text, moment=moment, empty=empty_sql("value", ZERO_DATES), **cells
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
        latest=latest,
    )

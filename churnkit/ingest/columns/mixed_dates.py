"""Dates of one column that are written in both orders of day and month: what tells which order a row has.

Three things can: a spreadsheet that took the dates up to day 12 for others and left the rest as texts; another column
(office, country, channel, customer) whose every value goes with one order; and the order of the file, where only one
reading lies between the dates around it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from churnkit.ingest.cells import TURNED, DateFormat, date_sql, text_sql
from churnkit.ingest.engine import compose, one_row, quote_identifier
from churnkit.ingest.files import RawTable
from churnkit.text.figures import count

UNCLEAR = "unclear_dates"
"""Table of the ``source_row`` of dates that read either way and that nothing decides."""

MixCause = Literal["spreadsheet", "other_order"]

# Fewer dates and texts than this may miss day 13 by chance.
_MIN_OF_EACH = 3
# A column decides if its agreement with the proofs could come about by chance this often at most.
_MAX_CHANCE = 1e-6
# Contradictions up to this share of the proofs are typing errors.
_MAX_CONTRADICTIONS = 0.005
_MIN_STEPS, _SORTED = 20, 0.98
# The two readings of a cell lie four weeks apart or more. The right one is between its neighbours, or nearly where a
# file is not quite sorted; before the first proof of a file there can be twelve days of one month.
_SLACK_DAYS, _EDGE_DAYS, _APART_DAYS = 2, 15, 10

_PARTS = """
    CREATE OR REPLACE TEMP TABLE date_parts AS
    SELECT {row} AS source_row, {day} AS by_day, {month} AS by_month, CAST(NULL AS BOOLEAN) AS day_first,
           CAST(NULL AS TIMESTAMP) AS known
    FROM {raw}
"""
_PROVEN = """
    UPDATE date_parts SET day_first = CASE WHEN by_month IS NULL THEN true WHEN by_day IS NULL THEN false END,
           known = CASE WHEN by_month IS NULL OR by_day = by_month THEN by_day WHEN by_day IS NULL THEN by_month END
    WHERE by_month IS NULL OR by_day IS NULL OR by_day = by_month
"""
_GROUPS = """
    CREATE OR REPLACE TEMP TABLE date_groups AS
    SELECT {cell} AS cell, count(*) FILTER (day_first) AS days, count(*) FILTER (NOT day_first) AS months,
           count(*) FILTER (by_day <> by_month) AS open_rows
    FROM date_parts JOIN (SELECT * FROM {raw}) AS cells ON cells.{row} = date_parts.source_row
    WHERE {cell} IS NOT NULL GROUP BY cell
"""
_AGREEMENT = """
    SELECT coalesce(sum(days + months - 1) FILTER (days + months > 0), 0),
           coalesce(sum(least(days, months)), 0),
           coalesce(sum(open_rows) FILTER (days <> months), 0), count(*)
    FROM date_groups
"""
_BY_COLUMN = """
    UPDATE date_parts SET day_first = verdicts.day_first,
           known = CASE WHEN verdicts.day_first THEN by_day ELSE by_month END
    FROM (
        SELECT cells.{row} AS source_row, days > months AS day_first
        FROM {raw} AS cells JOIN date_groups AS verdict ON verdict.cell = {cell}
        WHERE days <> months
    ) AS verdicts
    WHERE verdicts.source_row = date_parts.source_row AND known IS NULL AND by_day <> by_month
"""
_STEPS = """
    SELECT count(*) FILTER (known > before), count(*) FILTER (known < before)
    FROM (
        SELECT known, lag(known) OVER (ORDER BY source_row) AS before FROM date_parts WHERE known IS NOT NULL
    )
"""
_BY_PLACE = """
    UPDATE date_parts SET day_first = near.day_first,
           known = CASE WHEN near.day_first THEN by_day ELSE by_month END
    FROM (
        SELECT source_row, day_off < month_off AS day_first
        FROM (
            SELECT source_row, at_edge, {off_day} AS day_off, {off_month} AS month_off
            FROM (
                SELECT source_row, by_day, by_month, known, before IS NULL OR after IS NULL AS at_edge,
                       least(coalesce(before, after), coalesce(after, before)) AS low,
                       greatest(coalesce(before, after), coalesce(after, before)) AS high
                FROM (
                    SELECT source_row, by_day, by_month, known,
                           last_value(known IGNORE NULLS) OVER (
                               ORDER BY source_row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
                           first_value(known IGNORE NULLS) OVER (
                               ORDER BY source_row ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS after
                    FROM date_parts
                )
            ) WHERE known IS NULL AND by_day <> by_month
        ) WHERE least(day_off, month_off) <= CASE WHEN at_edge THEN {edge} ELSE {slack} END
            AND abs(day_off - month_off) > {apart}
    ) AS near
    WHERE near.source_row = date_parts.source_row
"""
# How many days a reading lies outside the dates before and after it.
_DAYS_OFF = "greatest(0, epoch(low) - epoch({moment}), epoch({moment}) - epoch(high)) / 86400.0"


@dataclass(frozen=True)
class Mended:
    """Dates in both orders, read row by row.

    Attributes
    ----------
    fmt
        The column's format, with the rows of the rarer order in the table `TURNED`.
    cause
        How the other order came in.
    how
        What decided, in words.
    turned
        Rows that are read the other way round.
    unclear
        Rows that read either way and that nothing decides; they are in the table `UNCLEAR`.
    """

    fmt: DateFormat
    cause: MixCause
    how: str
    turned: int
    unclear: int


def mend_spreadsheet_dates(raw: RawTable, column: str, fmt: DateFormat) -> Mended | None:
    """Put back days and months that a spreadsheet swapped when it opened the file, None where it did not.

    A spreadsheet of the other country takes 04/01/2024 for a date of April and leaves 13/01/2024 as a text: then no
    date has a day above 12 and no text has one below.
    """
    ordered = fmt.ordered_layouts
    if not ordered or len(ordered) == len(fmt.layouts) or min(fmt.proofs) or not max(fmt.proofs):
        return None
    text = text_sql(column)
    moment = date_sql(column, replace(fmt, time_column=None))
    is_text = f"({fmt.is_ordered_sql(text)})"
    texts, low_texts, dates, high_dates = raw.one(
        """
        SELECT count(*) FILTER (is_text), count(*) FILTER (is_text AND day(moment) <= 12),
               count(*) FILTER (NOT is_text), count(*) FILTER (NOT is_text AND day(moment) > 12)
        FROM (SELECT {is_text} AS is_text, {moment} AS moment FROM {raw}) WHERE moment IS NOT NULL
        """,
        is_text=is_text,
        moment=moment,
    )
    if low_texts or high_dates or min(texts, dates) < _MIN_OF_EACH:
        return None
    _fill(raw, TURNED, f"NOT {is_text} AND {moment} IS NOT NULL AND day({moment}) <> month({moment})")
    how = "no date has a day above 12 and no text has one below"
    turned = _size(raw, TURNED)
    return Mended(replace(fmt, turned=True), "spreadsheet", how, turned, 0) if turned else None


def mend_both_orders(raw: RawTable, column: str, fmt: DateFormat) -> Mended:
    """Decide row by row which order a date has: by its own numbers, another column, or the dates around it.

    Parameters
    ----------
    fmt
        With ``either_order``.
    """
    single = replace(fmt, either_order=False, time_column=None)
    raw.run(
        _PARTS,
        day=date_sql(column, replace(single, day_first=True)),
        month=date_sql(column, replace(single, day_first=False)),
    )
    raw.connection.execute(_PROVEN)
    decided = []
    deciding = _deciding_column(raw, column, fmt)
    if deciding is not None:
        words, cell = deciding
        raw.run(_GROUPS, cell=cell)
        raw.run(_BY_COLUMN, cell=cell)
        decided.append(f"{words} goes with one order in all its values")
    if _place_in_the_file(raw):
        decided.append("the file is sorted by date")
    usual = "true" if fmt.day_first else "false"
    _keep(raw, TURNED, f"day_first <> {usual} AND by_day IS DISTINCT FROM by_month")
    _keep(raw, UNCLEAR, "known IS NULL AND by_day <> by_month")
    how = " and ".join(["a number above 12 is the day", *decided])
    return Mended(replace(fmt, turned=True), "other_order", how, _size(raw, TURNED), _size(raw, UNCLEAR))


def _deciding_column(raw: RawTable, column: str, fmt: DateFormat) -> tuple[str, str] | None:
    """What goes with one order in all its values and decides most of the open rows, in words and as SQL: a column, or
    the notation of the date itself."""
    share = fmt.proofs[0] / sum(fmt.proofs)
    by_chance = math.log(share**2 + (1 - share) ** 2)
    found: list[tuple[int, int, str, str]] = []
    notation = f"regexp_replace(trim({text_sql(column)}), '[0-9]+', '9', 'g')"
    others = [(repr(name), text_sql(name)) for name in raw.columns if name != column]
    for words, cell in [("the notation of the date", notation), *others]:
        raw.run(_GROUPS, cell=cell)
        agreements, contradictions, covered, groups = one_row(raw.connection, _AGREEMENT)
        if covered == 0 or contradictions > _MAX_CONTRADICTIONS * sum(fmt.proofs):
            continue
        if agreements * by_chance <= math.log(_MAX_CHANCE):
            found.append((-covered, groups, words, cell))
    return min(found)[2:] if found else None


def _place_in_the_file(raw: RawTable) -> bool:
    """Decide open rows by the dates before and after, if the file is sorted by date; whether it decided any."""
    up, down = one_row(raw.connection, _STEPS)
    if up + down < _MIN_STEPS or max(up, down) < _SORTED * (up + down):
        return False
    (before,) = one_row(raw.connection, "SELECT count(*) FROM date_parts WHERE known IS NULL")
    raw.connection.execute(
        compose(
            _BY_PLACE,
            off_day=_DAYS_OFF.format(moment="by_day"),
            off_month=_DAYS_OFF.format(moment="by_month"),
            slack=str(_SLACK_DAYS),
            edge=str(_EDGE_DAYS),
            apart=str(_APART_DAYS),
        )
    )
    (after,) = one_row(raw.connection, "SELECT count(*) FROM date_parts WHERE known IS NULL")
    return bool(after < before)


def _fill(raw: RawTable, table: str, condition: str) -> None:
    raw.run(
        "CREATE OR REPLACE TEMP TABLE {table} AS SELECT {row} AS source_row FROM {raw} WHERE {condition}",
        table=table,
        condition=condition,
    )


def _keep(raw: RawTable, table: str, condition: str) -> None:
    raw.connection.execute(
        compose(
            "CREATE OR REPLACE TEMP TABLE {table} AS SELECT source_row FROM date_parts WHERE {condition}",
            table=quote_identifier(table),
            condition=condition,
        )
    )


def _size(raw: RawTable, table: str) -> int:
    (rows,) = one_row(raw.connection, compose("SELECT count(*) FROM {table}", table=quote_identifier(table)))
    return int(rows)


def without_unclear(raw: RawTable, mended: Mended) -> Mended:
    """The same with the rows that nothing decides in the order of the most."""
    _keep(raw, UNCLEAR, "false")
    return replace(
        mended, how=f"{mended.how}; {count(mended.unclear)} rows that fit both follow the most", unclear=0
    )

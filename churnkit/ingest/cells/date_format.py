"""How a column writes dates, and the SQL that reads them so.

A zone or offset in a cell (``2025-10-07 09:50:26 +0200``) is dropped and the wall time kept: a shop's day is
local, and its offset changes with summer time. Only typed instants (TIMESTAMPTZ) have no wall time; theirs
is that of UTC. Dates before 1970 and after 2100 are taken for mistakes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from churnkit.ingest.cells.cell_text import empty_sql, text_sql
from churnkit.ingest.cells.date_layouts import fits_sql, has_order, parse_sql, words_of
from churnkit.ingest.engine import compose, quote_identifier
from churnkit.ingest.files import SOURCE_ROW

_END_OF_DAY = "CASE WHEN regexp_full_match({time}, ' *24[:.]00([:.]00)? *') THEN TIMESTAMP '1900-01-02' END"
# RE2 takes one digit for the number of a group.
_ENDS_AT_MIDNIGHT, _BEGINS_AT_MIDNIGHT = "([T ])24([:.])00", r"\100\200"

TURNED = "turned_dates"
"""Table of the ``source_row`` of cells that are read with day and month the other way round than the column's others."""


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
    late_midnight
        Some cells end a day at 24:00, which is midnight of the next.
    time_column
        The column with the time of day, where it is apart; a row with a date but no time is at midnight.
    time_layouts
        The layouts met in the time column.
    parseable, empty, bad
        Counts of values over the whole column; they add up to its rows.
    bad_examples
        Up to five values that are no dates.
    latest
        The last moment in the column as it was counted, None where nothing parses.
    plain
        Every cell was looked at and is empty or of the one layout: none needs to be looked at again before it is parsed.
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
    late_midnight: bool = False
    time_column: str | None = None
    time_layouts: tuple[str, ...] = ()
    parseable: int = 0
    empty: int = 0
    bad: int = 0
    bad_examples: tuple[str, ...] = ()
    latest: datetime | None = None
    plain: bool = field(default=False, compare=False, repr=False)

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


def date_sql(column: str, fmt: DateFormat) -> str:
    """SQL expression: the column as naive TIMESTAMP, NULL where it is empty or no date from 1970 to 2100."""
    if fmt.typed:
        moment = f"make_timestamp(epoch_us({quote_identifier(column)}))"
    else:
        moment = (
            _years_taken_off(text_sql(column), fmt) if fmt.years_ahead else _text_sql(text_sql(column), fmt)
        )
    in_range = f"{moment} >= TIMESTAMP '1970-01-01' AND {moment} < TIMESTAMP '2101-01-01'"
    plausible = f"CASE WHEN {in_range} THEN {moment} END"
    if fmt.time_column is None:
        return plausible
    time = text_sql(fmt.time_column)
    clock = f"coalesce({cases_sql(time, fmt.time_layouts, True)}, {_END_OF_DAY.format(time=time)})"
    since_midnight = f"{clock} - TIMESTAMP '1900-01-01'"
    return (
        f"CASE WHEN {empty_sql(time)} THEN {plausible}"
        f" ELSE date_trunc('day', {plausible}) + ({since_midnight}) END"
    )


def _years_taken_off(text: str, fmt: DateFormat) -> str:
    """SQL expression: a cell of a calendar whose years are ahead.

    Its leap years are none of the usual calendar until the years are taken off, so 29 February is read as the day after
    28 February, and only where it then is a 29th.
    """
    years = f"to_years({fmt.years_ahead})"
    day_before = _text_sql(f"regexp_replace({text}, '\\b29\\b', '28')", fmt)
    leap_day = f"({day_before} - {years} + INTERVAL 1 DAY)"
    return f"coalesce({_text_sql(text, fmt)} - {years}, CASE WHEN day({leap_day}) = 29 THEN {leap_day} END)"


def _text_sql(text: str, fmt: DateFormat) -> str:
    """SQL expression: a cell of text as TIMESTAMP, day and month in the order of its row."""
    if fmt.late_midnight:
        others = replace(fmt, late_midnight=False)
        at_zero = f"regexp_replace({text}, '{_ENDS_AT_MIDNIGHT}', '{_BEGINS_AT_MIDNIGHT}')"
        return (
            f"CASE WHEN regexp_matches({text}, '{_ENDS_AT_MIDNIGHT}') THEN {_text_sql(at_zero, others)} + INTERVAL 1 DAY"
            f" ELSE {_text_sql(text, others)} END"
        )
    day_first = fmt.day_first is not False
    if fmt.plain and len(fmt.layouts) == 1 and not (fmt.either_order or fmt.turned):
        return parse_sql(text, fmt.layouts[0], day_first)
    usual = cases_sql(text, fmt.layouts, day_first)
    if not (fmt.either_order or fmt.turned):
        return usual
    reverse = cases_sql(text, filter(has_order, fmt.layouts), not day_first)
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


def cases_sql(text: str, layouts: Iterable[str], day_first: bool) -> str:
    """SQL expression: ``text`` as TIMESTAMP by the first of the layouts that it fits, NULL where it fits none."""
    cases = " ".join(
        f"WHEN {fits_sql(text, layout)} THEN {parse_sql(text, layout, day_first)}" for layout in layouts
    )
    return f"CASE {cases} END" if cases else "CAST(NULL AS TIMESTAMP)"

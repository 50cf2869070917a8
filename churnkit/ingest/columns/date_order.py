"""Which dates a column means, where its cells alone leave the order of day and month open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from churnkit.errors import MappingError
from churnkit.ingest.cells import DateFormat, date_sql, detect_date_format
from churnkit.ingest.columns.date_questions import asks_for_order, day_numbers, has_day_numbers, mixed_orders
from churnkit.ingest.columns.mixed_dates import (
    Mended,
    MixCause,
    mend_both_orders,
    mend_spreadsheet_dates,
    without_unclear,
)
from churnkit.ingest.engine import counted
from churnkit.ingest.files import SOURCE_ROW, RawTable
from churnkit.ingest.questions import OpenQuestions, Question
from churnkit.text.figures import count

# Below this many changes of date, "sorted" may be chance.
_MIN_STEPS = 20
_SORTED, _UNSORTED = 0.995, 0.95
# More rows than this beyond tomorrow are no typing errors: the file's clock or calendar is another one.
_MAX_FUTURE_SHARE = 0.2
# Rows that read either way are left out up to this share of all; beyond it somebody must say.
_MAX_UNCLEAR = 0.01
# So few proofs of the other order are slips of somebody's keyboard.
_MAX_SLIPS = 0.005


_WHAT = "Reading the dates"


@dataclass(frozen=True)
class Dating:
    """How the date of the order is read.

    Attributes
    ----------
    latest
        The instant after which a date is a mistake, None for no such.
    mixed
        How a second order of day and month came in, None where the column has one.
    """

    fmt: DateFormat
    latest: datetime | None
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    mixed: MixCause | None = None


@dataclass(frozen=True)
class _Order:
    """What one order of day and month makes of the column."""

    fmt: DateFormat
    sorted_share: float
    steps: int
    future_rows: int


@dataclass(frozen=True, kw_only=True)
class DateColumn:
    """The column of the order's date, with what is known of it beside its cells.

    Attributes
    ----------
    time_column
        The column with the time of day, where it is apart.
    day_first
        The order of day and month that somebody asked for.
    usual_day_first
        The order that this kind of export uses.
    now
        The present.
    """

    raw: RawTable
    column: str
    time_column: str | None
    day_first: bool | None
    usual_day_first: bool | None
    now: datetime

    def decide(self) -> Dating:
        """Decide how the column writes dates.

        Where both orders of day and month fit every cell, a cue decides if there is one: only one of them
        leaves no order in the future, keeps the file sorted, agrees with another date column of the file, or
        is what the export usually uses. Where there is proof for both orders, every row is decided for itself.

        Raises
        ------
        MappingError
            The column holds no dates.
        """
        fmt = detect_date_format(self.raw, self.column, self.day_first, self.time_column)
        if fmt.share_parsed < 0.5:
            self._refuse(fmt)
        mended = self._mended(fmt)
        notes, questions = [], []
        if isinstance(mended, Question):
            questions.append(mended)
        elif mended is not None:
            fmt = mended.fmt
            notes.append(self._mended_words(mended))
        elif fmt.ambiguous:
            cue = self._cue()
            if cue is None:
                questions.append(asks_for_order(self.raw, self.column, fmt, self._tomorrow))
            else:
                fmt, note = cue
                notes.append(note)
        latest: datetime | None = self._tomorrow
        future, filled = self._future(fmt)
        if future > _MAX_FUTURE_SHARE * filled:
            latest = None
            notes.append(
                f"{count(future)} of {count(filled)} rows lie after today; they are kept as the file has them."
            )
        mixed = mended.cause if isinstance(mended, Mended) else None
        return Dating(fmt, latest, tuple(notes), tuple(questions), mixed)

    def _refuse(self, fmt: DateFormat) -> NoReturn:
        if has_day_numbers(self.raw, self.column):
            raise OpenQuestions([day_numbers(self.column)], _WHAT)
        examples = ", ".join(repr(text) for text in fmt.bad_examples) or "only empty cells"
        raise MappingError(
            f"{_WHAT}: {self.column!r} is mapped as the date of the order, but {count(fmt.bad)} of"
            f" {count(fmt.bad + fmt.parseable)} filled cells are no dates, for example {examples}.",
            "Map order_datetime to the column that holds the order's date.",
        )

    def _mended(self, fmt: DateFormat) -> Mended | Question | None:
        """Dates in both orders decided row by row, or what to ask; None where the column has one order."""
        if self.day_first is not None:
            return None
        mended = mend_spreadsheet_dates(self.raw, self.column, fmt)
        if mended is not None or not fmt.either_order:
            return mended
        mended = mend_both_orders(self.raw, self.column, fmt)
        if mended.unclear <= _MAX_UNCLEAR * fmt.parseable:
            return mended
        if min(fmt.proofs) <= _MAX_SLIPS * sum(fmt.proofs):
            return without_unclear(self.raw, mended)
        return mixed_orders(self.raw, self.column, fmt, mended.unclear, self._tomorrow)

    def _mended_words(self, mended: Mended) -> str:
        if mended.cause == "spreadsheet":
            return (
                f"A spreadsheet swapped day and month of {count(mended.turned)} dates of {self.column!r} when it opened"
                f" the file ({mended.how}); they were put back."
            )
        order = "day/month" if mended.fmt.day_first else "month/day"
        return (
            f"{self.column!r} mixes two orders of day and month: most rows are {order}, {count(mended.turned)} the other"
            f" way round ({mended.how})."
        )

    @property
    def _tomorrow(self) -> datetime:
        return self.now + timedelta(days=1)

    def _cue(self) -> tuple[DateFormat, str] | None:
        """The order that something beside the cells speaks for, and what that is."""
        orders = {day_first: self._order(day_first) for day_first in (True, False)}
        for day_first, order in orders.items():
            other = orders[not day_first]
            if order.future_rows == 0 < other.future_rows:
                why = f"otherwise {count(other.future_rows)} orders would lie in the future"
                return order.fmt, self._decided(day_first, why)
            if order.steps >= _MIN_STEPS and order.sorted_share >= _SORTED and other.sorted_share < _UNSORTED:
                return order.fmt, self._decided(day_first, "only so is the file sorted by date")
        for name, sql_type in self.raw.types.items():
            if name in (self.column, SOURCE_ROW) or not sql_type.startswith("VARCHAR"):
                continue
            sibling = detect_date_format(self.raw, name)
            if (
                sibling.share_parsed > 0.9
                and sibling.day_first is not None
                and not (sibling.ambiguous or sibling.either_order)
            ):
                return orders[sibling.day_first].fmt, self._decided(sibling.day_first, f"as in {name!r}")
        if self.usual_day_first is not None:
            why = "as this export usually does"
            return orders[self.usual_day_first].fmt, self._decided(self.usual_day_first, why)
        return None

    def _decided(self, day_first: bool, why: str) -> str:
        order = "day/month" if day_first else "month/day"
        return f"{self.column!r} is read as {order}: {why}. Set day_first to read it the other way."

    def _order(self, day_first: bool) -> _Order:
        fmt = detect_date_format(self.raw, self.column, day_first, self.time_column)
        up, down, future = self.raw.one(
            """
            SELECT {up}, {down}, {future}
            FROM (
                SELECT moment, lag(moment) OVER (ORDER BY {row}) AS before
                FROM (SELECT {row}, {at} AS moment FROM {raw}) WHERE moment IS NOT NULL
            )
            """,
            {"tomorrow": self._tomorrow},
            up=counted("moment > before"),
            down=counted("moment < before"),
            future=counted("moment > $tomorrow"),
            at=date_sql(self.column, fmt),
        )
        steps = up + down
        return _Order(fmt, max(up, down) / steps if steps else 0.0, steps, future)

    def _future(self, fmt: DateFormat) -> tuple[int, int]:
        as_counted = not (fmt.turned or fmt.either_order)
        if as_counted and fmt.latest is not None and fmt.latest <= self._tomorrow:
            return 0, fmt.parseable
        future, filled = self.raw.one(
            "SELECT {future}, count(moment) FROM (SELECT {at} AS moment FROM {raw})",
            {"tomorrow": self._tomorrow},
            future=counted("moment > $tomorrow"),
            at=date_sql(self.column, fmt),
        )
        return int(future), int(filled)

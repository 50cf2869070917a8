"""Which dates a column means, where its cells alone leave the order of day and month open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from churnkit.errors import MappingError
from churnkit.ingest.cells import DateFormat, date_sql, detect_date_format
from churnkit.ingest.engine import counted
from churnkit.ingest.files import SOURCE_ROW, RawTable
from churnkit.ingest.questions import Question
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
    questions: tuple[Question, ...] = ()


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
        is what the export usually uses.

        Raises
        ------
        MappingError
            The column holds no dates, or both orders fit and no cue decides.
        """
        fmt = detect_date_format(self.raw, self.column, self.day_first, self.time_column)
        notes: list[str] = []
        if fmt.share_parsed < 0.5:
            examples = ", ".join(repr(text) for text in fmt.bad_examples) or "only empty cells"
            raise MappingError(
                f"Reading the dates: {self.column!r} is mapped as the date of the order, but {count(fmt.bad)} of"
                f" {count(fmt.bad + fmt.parseable)} filled cells are no dates, for example {examples}.",
                "Map order_datetime to the column that holds the order's date.",
            )
        if fmt.ambiguous:
            fmt, note = self._with_a_cue(fmt)
            notes.append(note)
        future, filled = self._future(fmt)
        if future > _MAX_FUTURE_SHARE * filled:
            notes.append(
                f"{count(future)} of {count(filled)} rows lie after today; they are kept as the file has them."
            )
            return Dating(fmt, None, tuple(notes))
        return Dating(fmt, self._tomorrow, tuple(notes))

    @property
    def _tomorrow(self) -> datetime:
        return self.now + timedelta(days=1)

    def _with_a_cue(self, fmt: DateFormat) -> tuple[DateFormat, str]:
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
            if sibling.share_parsed > 0.9 and not sibling.ambiguous and sibling.day_first is not None:
                return orders[sibling.day_first].fmt, self._decided(sibling.day_first, f"as in {name!r}")
        if self.usual_day_first is not None:
            why = "as this export usually does"
            return orders[self.usual_day_first].fmt, self._decided(self.usual_day_first, why)
        examples = ", ".join(repr(text) for text in fmt.examples[:3])
        raise MappingError(
            f"Reading the dates: {self.column!r} fits day/month as well as month/day in all its"
            f" {count(fmt.parseable)} cells, for example {examples}.",
            'Say which: "day_first": true (day/month) or false (month/day) in the mapping file (--map).',
        )

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
        future, filled = self.raw.one(
            "SELECT {future}, count(moment) FROM (SELECT {at} AS moment FROM {raw})",
            {"tomorrow": self._tomorrow},
            future=counted("moment > $tomorrow"),
            at=date_sql(self.column, fmt),
        )
        return int(future), int(filled)

"""What is asked about the dates of a file, and files whose dates are none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from churnkit.ingest.cells import DateFormat, date_sql, text_sql
from churnkit.ingest.columns.synonyms import normalise_header
from churnkit.ingest.engine import counted
from churnkit.ingest.files import RawTable
from churnkit.ingest.questions import Choice, Question
from churnkit.text.figures import count, day

# Of more rows in the rarer order too many are lost or on a wrong day for any answer to be right.
_MAX_RARER = 0.05
_ASK_ORDER = (
    'Say which: --day-first or --month-first, or "day_first": true or false in the answers (--answers).'
)
# Thirty years of days; a number below is no date of any calendar.
_MAX_DAY_NUMBER = 11_000
_DAY_WORDS = frozenset(
    {"day", "days", "week", "weeks", "month", "months", "dow", "daynumber", "weekno", "period"}
)
_DAY_WORDS |= {
    "tag",
    "woche",
    "monat",
    "jour",
    "semaine",
    "mois",
    "dia",
    "semana",
    "mes",
    "giorno",
    "settimana",
}


def asks_for_order(raw: RawTable, column: str, fmt: DateFormat, tomorrow: datetime) -> Question:
    """Both orders of day and month fit every cell."""
    examples = ", ".join(repr(text) for text in fmt.examples[:3])
    return Question(
        "day_first",
        f"{column!r} fits day/month as well as month/day in all its {count(fmt.parseable)} cells, for example"
        f" {examples}.",
        _ASK_ORDER,
        _order_choices(raw, column, fmt, fmt.day_first is True, tomorrow),
        option="--day-first / --month-first",
    )


def mixed_orders(raw: RawTable, column: str, fmt: DateFormat, unclear: int, tomorrow: datetime) -> Question:
    """Both orders of day and month are in the column, and nothing tells of ``unclear`` rows which one is theirs."""
    days, months = fmt.proofs
    examples = [example for first in (True, False) for example in _only_in_order(raw, column, fmt, first)]
    found = (
        f"{column!r} mixes two orders of day and month: {count(days)} cells can only be day/month and"
        f" {count(months)} only month/day, for example {' and '.join(map(repr, examples))}; {count(unclear)} more fit"
        " both, and no other column and no order of the file tells which they are."
    )
    export = "Export the orders with dates as 2024-01-31 (ISO), or each office or period with its own order in a file."
    if min(days, months) > _MAX_RARER * (days + months):
        return Question("ordered_at", found, export, refusal="mixed_dates")
    return Question(
        "day_first",
        found,
        f"{_ASK_ORDER} {export}",
        _order_choices(raw, column, fmt, days >= months, tomorrow),
        option="--day-first / --month-first",
    )


def has_day_numbers(raw: RawTable, column: str) -> bool:
    """Whether the cells are whole numbers too small for any calendar: day 1, day 2 …, days since an event."""
    filled, small, distinct = raw.one(
        """
        SELECT count(cell), {small}, count(DISTINCT cell)
        FROM (SELECT trim({text}) AS cell FROM {head}) WHERE cell <> ''
        """,
        small=counted(
            f"regexp_full_match(cell, '[0-9]{{1,5}}([.]0+)?') AND TRY_CAST(cell AS DOUBLE) <= {_MAX_DAY_NUMBER}"
        ),
        text=text_sql(column),
    )
    return bool(filled and small >= 0.95 * filled and distinct > 1)


def named_like_days(column: str) -> bool:
    """Whether a header says that its numbers count days, weeks or months."""
    words = normalise_header(column).split()
    return bool(words) and (bool(set(words) & _DAY_WORDS))


def day_numbers(column: str) -> Question:
    """The file has no dates, but counts days from a beginning that it does not tell."""
    return Question(
        "ordered_at",
        f"{column!r} counts days, weeks or months (1, 2, 3 …) from a beginning that the file does not tell: it has no"
        " dates of orders.",
        "Add a column with the date of each order (the date of day 1 plus the number, as 2024-01-31), or export the"
        " orders with their dates.",
        refusal="day_numbers",
    )


def split_date(columns: list[str]) -> Question:
    """The date of an order is spread over columns of years, months and days."""
    found = ", ".join(map(repr, columns))
    return Question(
        "ordered_at",
        f"The dates of orders are spread over several columns ({found}); none holds a whole date.",
        "Join them to one column, as 2024-01-31, or export the orders with whole dates.",
        refusal="split_dates",
    )


def _order_choices(
    raw: RawTable, column: str, fmt: DateFormat, likely: bool, tomorrow: datetime
) -> tuple[Choice, ...]:
    return tuple(_order_choice(raw, column, fmt, first, tomorrow) for first in (likely, not likely))


def _order_choice(raw: RawTable, column: str, fmt: DateFormat, day_first: bool, tomorrow: datetime) -> Choice:
    chosen = replace(fmt, day_first=day_first, either_order=False, turned=False)
    moment = date_sql(column, chosen)
    rows, first, last, future, example, read = raw.one(
        """
        SELECT count(moment), min(moment), max(moment), {future},
               any_value(cell) FILTER (WHERE day(moment) <> month(moment)),
               any_value(moment) FILTER (WHERE day(moment) <> month(moment))
        FROM (SELECT {text} AS cell, {moment} AS moment FROM {raw})
        """,
        {"tomorrow": tomorrow},
        future=counted("moment > $tomorrow"),
        text=text_sql(column),
        moment=moment,
    )
    lost = fmt.parseable - rows
    label = f"{'Day before month' if day_first else 'Month before day'}: from {day(first)} to {day(last)}"
    label += f"; {count(lost)} rows are no dates then and are left out" if lost else ""
    label += f"; {count(future)} rows lie in the future then" if future else ""
    shown = f"{example} is {day(read)}" if example else ""
    return Choice(label, {"day_first": day_first}, rows=rows, example=shown)


def _only_in_order(raw: RawTable, column: str, fmt: DateFormat, day_first: bool) -> list[str]:
    """A cell that is a date in this order alone."""
    one, other = (
        date_sql(column, replace(fmt, day_first=first, either_order=False, time_column=None))
        for first in (day_first, not day_first)
    )
    found = raw.rows(
        "SELECT {text} FROM {raw} WHERE {one} IS NOT NULL AND {other} IS NULL ORDER BY {row} LIMIT 1",
        text=text_sql(column),
        one=one,
        other=other,
    )
    return [str(cell) for (cell,) in found]

"""Checks of the gate on dates: orders after the present, orders far from all others, no day after the twelfth."""

from __future__ import annotations

from churnkit.ingest.questions import Check
from churnkit.ingest.rows.gate_facts import GateFacts
from churnkit.text import figures
from churnkit.text.figures import day, days

_MAX_FUTURE, _MIN_FUTURE = 0.01, 3
# A few orders this long after all others set the end of the history, and with it who is gone.
_MIN_GAP_DAYS, _MAX_BEYOND = 120, 0.005
# A pause as long as half of it elsewhere in the history is the shop's season.
_SEASON = 0.5
_MIN_ORDERS = 100
_MIN_DAYS_OF_MONTH, _MIN_MONTHS = 6, 3


def check_dates_beyond(facts: GateFacts) -> Check:
    """Whether dates lie after the present, or a few of them long after all others."""
    words = _future(facts) or _long_after(facts)
    return Check(
        "dates_beyond",
        not words,
        words,
        "If these are delivery or due dates, map the order's own date (order_datetime); if day and month are swapped, say"
        " --day-first or --month-first; typing errors are mended in the file.",
    )


def check_days_of_month(facts: GateFacts) -> Check:
    """Whether orders fall on days after the twelfth at all: where day and month were swapped, they do not."""
    orders, last, different, months = facts.staged.one(
        """
        SELECT count(*), max(day(ordered_at)), count(DISTINCT day(ordered_at)),
               count(DISTINCT date_trunc('month', ordered_at))
        FROM gate_orders
        """
    )
    fails = orders >= _MIN_ORDERS and last <= 12 and different >= _MIN_DAYS_OF_MONTH and months >= _MIN_MONTHS
    return Check(
        "days_of_month",
        not fails,
        f"None of {figures.count(orders)} orders in {figures.count(months)} months is of a day after the twelfth: a program"
        " swapped day and month of these dates, or lost the others.",
        "Export again with dates as 2024-01-31, and do not open the file in a spreadsheet before.",
    )


def _future(facts: GateFacts) -> str:
    """More dates after the present than slips of a keyboard."""
    plan = facts.staged.plan
    lost = facts.lost_rows.get("future_date", 0)
    kept = f"the last is of {day(facts.last)}"
    if plan.latest is None:
        return f"Many orders lie after today and are kept as the file has them; {kept}."
    if lost < _MIN_FUTURE or lost <= _MAX_FUTURE * (facts.rows + lost):
        return ""
    (example,) = facts.staged.one("SELECT max(ordered_at) FROM {staged} WHERE reason = 'future_date'")
    return (
        f"{figures.counted(lost, 'row')} of {figures.count(facts.rows + lost)} lie after today and would be left out, for"
        f" example {day(example)}; of the others {kept}."
    )


def _long_after(facts: GateFacts) -> str:
    """A few orders that lie behind a long pause at the end."""
    if facts.orders < _MIN_ORDERS:
        return ""
    gaps = facts.staged.rows(
        """
        SELECT gap, date, later FROM (
            SELECT date, date_diff('day', lag(date) OVER (ORDER BY date), date) AS gap,
                   sum(orders) OVER (ORDER BY date ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS later
            FROM (SELECT CAST(ordered_at AS DATE) AS date, count(*) AS orders FROM gate_orders GROUP BY date)
        ) WHERE gap >= {shortest} ORDER BY date
        """,
        shortest=str(int(_MIN_GAP_DAYS * _SEASON)),
    )
    if not gaps:
        return ""
    gap, date, later = max(gaps)
    others = [length for length, when, _ in gaps if when != date and when < date]
    if (
        gap < _MIN_GAP_DAYS
        or later > max(1, _MAX_BEYOND * facts.orders)
        or max(others, default=0) >= _SEASON * gap
    ):
        return ""
    return (
        f"{figures.counted(int(later), 'order')} of {figures.count(facts.orders)} lie {days(gap)} or more after all others,"
        f" the first of them on {day(date)}: the end of the history would be theirs."
    )

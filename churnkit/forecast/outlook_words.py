"""What the next months' figures say and rest on, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.forecast.process_ahead import Pace
from churnkit.results.evidence.months_ahead import MonthAhead
from churnkit.text import figures


def outlook_words(rows: Sequence[MonthAhead], active_now: int, acts: bool, currency: str | None) -> str:
    """How many stay active and what they bring, without and with action."""
    last = rows[-1]
    total = sum(row.revenue for row in rows)
    span = f"{figures.month(rows[0].month)} to {figures.month(last.month)}"
    text = (
        f"Without action, {figures.count(last.active_customers)} of today's customers, lapsed ones who come back among them,"
        f" are active at the end of {figures.month(last.month)}, after {figures.count(active_now)} now, and they bring"
        f" {figures.money(total, currency)} from {span}."
    )
    if acts:
        more = sum(row.revenue_with_action for row in rows) - total
        kept = last.active_with_action - last.active_customers
        text += (
            f" With the recommended campaign it is {figures.count(kept)} active customers and"
            f" {figures.money(more, currency)} more."
        )
    return f"{text} New customers are not counted."


def how_it_is_told(
    pace: Pace, shows_survival: bool, parts_of_a_year: bool = False, *, evenly: bool = False
) -> list[str]:
    """What is counted, and what the months beyond the threshold rest on.

    ``evenly``: the year's revenue was spread by its days alone.
    """
    return [
        "Customers who have bought already, and nobody new.",
        f"Active means a purchase within the last {figures.days(pace.horizon_days)}.",
        "Whole calendar months; the rest of the current month is left out.",
        _evenly() if evenly else _beyond(pace, shows_survival),
        "Twelve months add up to the forecast of the next 365 days."
        if parts_of_a_year
        else "Within the threshold, revenue adds up to the expected spend.",
        "The band holds in 8 of 10 cases if totals are off as they were in the past; beyond the threshold it widens"
        " with the square root of time, which the past cannot show.",
        "No season is assumed.",
    ]


def _evenly() -> str:
    return (
        "This history shows no purchases by which to spread the year's forecast, so each day gets the same part of it; the"
        " active are those of whom a purchase within the threshold is expected."
    )


def _beyond(pace: Pace, shows_survival: bool) -> str:
    if shows_survival and pace.tells_dropout:
        return (
            "Beyond the threshold, the active become fewer at the rate at which those of past dates did, and they go on"
            " buying as the purchase process (MBG/NBD) that was fitted to this shop expects."
        )
    if shows_survival:
        return (
            "Beyond the threshold, the active become fewer, and their purchases with them, at the rate at which those of"
            " past dates did."
        )
    if pace.tells_dropout:
        return (
            "Beyond the threshold, customers go on buying and dropping out as the purchase process (MBG/NBD) that was"
            " fitted to this shop expects."
        )
    return (
        "This history does not tell how customers drop out, so the pace within the threshold is carried forward: the"
        " later months are too high rather than too low."
    )


def what_action_does(contacted: int, save_rate: float, gone_success: float, *, knows_gone: bool) -> list[str]:
    """What is assumed of the contacted; nothing without any."""
    if not contacted:
        return []
    gone = (
        f" ({figures.percent(save_rate * gone_success)} of those who are gone for good already)"
        if knows_gone
        else ""
    )
    return [
        f"With action: of the would-be leavers among the {figures.count(contacted)} contacted,"
        f" {figures.percent(save_rate)} stay{gone}, less what they would have bought later anyway. Costs and discounts are"
        " not deducted here."
    ]

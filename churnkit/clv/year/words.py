"""What a reader is told about the year."""

from __future__ import annotations

import math
from collections.abc import Sequence

from churnkit.clv.year.fit import Fitted
from churnkit.clv.year.known import Lesson
from churnkit.results.year_forecast import YearBacktest, YearBasis
from churnkit.text.figures import day, days, percent


def words_of(basis: YearBasis, learned: Lesson | None, history_days: int) -> str:
    """How the year was learned, in a sentence or two."""
    if learned is None:
        return (
            f"The history of {days(history_days)} is too short to have seen what customers bring after an earlier date:"
            " the total follows what customers of other shops brought after so few days, a rule of thumb."
        )
    when = day(learned.cutoffs[-1])
    if basis == "learned":
        return f"Learned from what the customers of {when} brought in the {days(learned.days)} after it."
    seen = (
        f"No whole year has been seen after an earlier date. Learned from what the customers of {when} brought in the"
        f" {days(learned.days)} after it, carried on to a year in which customers keep leaving"
    )
    towards = "and drawn towards what the same customers brought in their last year."
    if basis == "seasonal":
        return f"{seen}, at the season of the shop's own months, {towards}"
    return f"{seen}, {towards} Seasons are not in it: the history holds less than a year."


def tests_in_words(backtests: Sequence[YearBacktest]) -> str:
    """How such forecasts did, a sentence for the first test; empty without one."""
    for test in backtests:
        if math.isfinite(test.ratio):
            return (
                f"Tested: made for the customers of {day(test.cutoff)} with what was known then, it came to"
                f" {percent(test.ratio)} of what they brought in the {days(test.days)} that followed;"
                f" {percent(test.inside)} of them stayed within their own range."
            )
    return ""


def notes_on(fitted: Fitted, last_year: float) -> tuple[str, ...]:
    """What a reader must know beside the figure.

    ``last_year`` is NaN without a year of history.
    """
    if fitted.pause:
        return (
            f"Of the last 365 days the shop had no order on {days(fitted.pause)} in a row. Nothing in the past tells how a"
            " year after such a pause goes: the forecast of today's customers lies half-way between what they brought in the"
            " last 365 days and a year at the pace of the open days, and its range reaches beyond both.",
        )
    if fitted.cap == "own":
        return (
            "The forecast of today's customers is held at what they brought in the last 365 days: the history is too short"
            " to tell growth from a season.",
        )
    if fitted.cap == "share":
        return (
            "The history is too short to tell growth from a season. The forecast of today's customers is held at the"
            " share of the last 365 days' revenue that known customers bring, then drawn half-way to what they brought"
            " themselves.",
        )
    if last_year > 0 and fitted.total > last_year:
        return (
            f"Today's customers are expected to bring {percent(fitted.total / last_year - 1)} more than in the last 365"
            " days, because customers of a year ago did bring more in the year after.",
        )
    return ()

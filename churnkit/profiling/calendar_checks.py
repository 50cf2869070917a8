"""What the days of a history mean: silences, bursts, times of day, whether orders and new customers still come."""

from __future__ import annotations

from churnkit.profiling.calendar import Days
from churnkit.profiling.checks import CheckSpec
from churnkit.profiling.unusual_days import (
    BURST_MIN_HISTORY_DAYS,
    BURST_SHARE,
    SILENT_RUN_DAYS,
    burst_days,
    silent_runs,
)
from churnkit.results.profile import Burst, Check, Silence
from churnkit.text.figures import counted, day, percent

GROUP = "Consistency"
FORECAST_GROUP = "Fitness for forecasting"
FRESH_DAYS = 30
NEWCOMER_DAYS = 90

FRESH = CheckSpec(
    "DQ-708",
    "Recent orders",
    FORECAST_GROUP,
    "days since the last order",
    "Export again up to today, or set the as-of date to the end of the export.",
    warn_points=0.5,
)
SILENCES = CheckSpec(
    "DQ-601",
    "Days without orders",
    GROUP,
    "days in long silences",
    "Check whether the export lacks these days; a closed shop is fine, but it lengthens everybody's gaps.",
)
BURSTS = CheckSpec(
    "DQ-602",
    "Bursts of orders",
    GROUP,
    "days with a burst",
    "Check whether these days are real (a sale) or a date that an import filled in for many orders.",
)
TIMES = CheckSpec(
    "DQ-603",
    "Times of day",
    GROUP,
    "share of orders at midnight",
    "Part of the orders lack a time. Leave hours out of account, or export dates and times from one source.",
)
NEWCOMERS = CheckSpec(
    "DQ-706",
    "New customers",
    FORECAST_GROUP,
    "new customers",
    "Check whether the export holds only customers who joined by a certain date.",
    warn_points=0.25,
)


def checks(days: Days) -> list[Check]:
    """The findings on dates."""
    return [
        _fresh(days),
        _silences(days, silent_runs(days.frame["orders"])),
        _bursts(days, burst_days(days.frame["orders"])),
        _times(days),
        _newcomers(days),
    ]


def _fresh(days: Days) -> Check:
    since = (days.end - days.last_order).days
    words = (
        f"The last order is of {day(days.last_order)}, {counted(since, 'day')} before the end of the history."
    )
    return FRESH.graded(since, words, warn_above=FRESH_DAYS)


def _silences(days: Days, runs: list[Silence]) -> Check:
    history = len(days.frame)
    if history < 2 * SILENT_RUN_DAYS:
        return SILENCES.skipped(f"The history has only {counted(history, 'day')}.")
    silent = sum(run.days for run in runs)
    if not runs:
        return SILENCES.passed("No silence is longer than the shop's rhythm explains.", 0)
    longest = max(runs, key=lambda run: run.days)
    words = (
        f"{counted(len(runs), 'silence')} longer than the shop's rhythm explains, {counted(silent, 'day')} in"
        f" all; the longest from {day(longest.from_)} to {day(longest.to)}."
    )
    if silent > 0.15 * history:
        return SILENCES.failed(words, silent)
    return SILENCES.warned(words, silent)


def _bursts(days: Days, bursts: list[Burst]) -> Check:
    if not bursts:
        return BURSTS.passed("No day stands out by its number of orders.", 0)
    top = max(bursts, key=lambda burst: burst.orders)
    words = (
        f"{counted(len(bursts), 'day')} with far more orders than usual; on {day(top.day)} there are"
        f" {counted(top.orders, 'order')}, {percent(top.share)} of all."
    )
    if top.share > BURST_SHARE and len(days.frame) >= BURST_MIN_HISTORY_DAYS:
        return BURSTS.failed(words, len(bursts))
    return BURSTS.warned(words, len(bursts))


def _times(days: Days) -> Check:
    share = days.midnight_share
    if share == 1.0:
        return TIMES.not_applicable("The export has dates without times of day.")
    words = f"{percent(share)} of orders are stamped midnight exactly."
    return TIMES.graded(share, words, warn_above=0.05)


def _newcomers(days: Days) -> Check:
    history = len(days.frame)
    if history < 2 * NEWCOMER_DAYS:
        return NEWCOMERS.skipped(f"The history has only {counted(history, 'day')}.")
    recent = int(days.frame["new_orders"].tail(NEWCOMER_DAYS).sum())
    words = f"{counted(recent, 'customer')} bought for the first time in the last {NEWCOMER_DAYS} days."
    expected = NEWCOMER_DAYS / history * float(days.frame["new_orders"].sum())
    return NEWCOMERS.warned(words, recent) if recent < 0.05 * expected else NEWCOMERS.passed(words, recent)

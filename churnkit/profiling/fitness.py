"""Whether there is enough, and enough variety, to forecast from."""

from __future__ import annotations

from churnkit.config import Gates
from churnkit.profiling.checks import CheckSpec
from churnkit.results.profile import Check, ClassBalance, Threshold
from churnkit.text.figures import count, counted, percent

GROUP = "File and volume"
FORECAST_GROUP = "Fitness for forecasting"
YEAR_DAYS = 365

ROWS = CheckSpec(
    "DQ-101",
    "Rows",
    GROUP,
    "rows",
    "Export a longer period.",
    fail_points=1.0,
)
CUSTOMERS = CheckSpec(
    "DQ-102",
    "Customers",
    GROUP,
    "customers",
    "Export all customers, or a longer period.",
    fail_points=1.5,
)
HISTORY = CheckSpec(
    "DQ-103",
    "History",
    GROUP,
    "days",
    "Export a longer period: a forecast is tested on the shop's own past.",
    fail_points=1.5,
)
BALANCE = CheckSpec(
    "DQ-701",
    "Churners and stayers",
    FORECAST_GROUP,
    "share of customers who churned",
    "Try another threshold in the sensitivity table, and judge by precision among the top customers.",
    warn_points=0.5,
)
ROOM = CheckSpec(
    "DQ-702",
    "Room for the threshold",
    FORECAST_GROUP,
    "days",
    "Export a longer period, or accept the shorter threshold.",
    warn_points=0.5,
)
PRECEDENT = CheckSpec(
    "DQ-703",
    "Season of the forecast",
    FORECAST_GROUP,
    "days of history",
    "Read the level of the forecast with care until the export covers the same season of an earlier year.",
    warn_points=0.25,
)


def checks(
    rows: int, customers: int, threshold: Threshold, balance: ClassBalance, gates: Gates
) -> list[Check]:
    """Gates, class balance, and what the length of the history forbids."""
    return [
        _gate(ROWS, rows, gates.min_rows, "rows"),
        _gate(CUSTOMERS, customers, gates.min_customers, "customers with a purchase"),
        _gate(HISTORY, threshold.history_days, gates.min_history_days, "days of history"),
        _balance(balance),
        _room(threshold),
        _precedent(threshold),
    ]


def _gate(spec: CheckSpec, found: int, least: int, things: str) -> Check:
    words = f"{count(found)} {things}; {count(least)} are needed to train models."
    return spec.passed(words, found) if found >= least else spec.failed(words, found)


def _balance(balance: ClassBalance) -> Check:
    if balance.churn_share is None:
        return BALANCE.skipped(balance.recommendation)
    words = (
        f"{percent(balance.churn_share)} of {counted(balance.customers, 'customer')} did not buy in the last"
        f" {counted(balance.horizon_days, 'day')}. {balance.recommendation}"
    )
    if balance.severity == "severe":
        return BALANCE.warned(words, balance.churn_share)
    return BALANCE.passed(words, balance.churn_share)


def _room(threshold: Threshold) -> Check:
    limit = threshold.history_limit_days
    words = (
        f"The threshold is {counted(threshold.days, 'day')}; the history of"
        f" {counted(threshold.history_days, 'day')} carries {limit}."
    )
    cut = threshold.clipped_from is not None and threshold.days < threshold.clipped_from
    if threshold.days > limit or cut:
        return ROOM.warned(f"{words} {threshold.reason}" if cut else words, threshold.days)
    return ROOM.passed(words, threshold.days)


def _precedent(threshold: Threshold) -> Check:
    needed = YEAR_DAYS + threshold.days
    if threshold.history_days >= needed:
        words = (
            f"The history of {counted(threshold.history_days, 'day')} covers the coming season a year ago."
        )
        return PRECEDENT.passed(words, threshold.history_days)
    return PRECEDENT.warned(
        f"The history of {counted(threshold.history_days, 'day')} has no whole window of {threshold.days}"
        " days that lies a year before the one forecast: a seasonal rise or fall in it comes unannounced.",
        threshold.history_days,
    )

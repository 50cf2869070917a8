"""The fairness audit of an analysis: groups of customers at past dates, and what its flags say in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.text.figures import count, counted, month, percent, points
from churnkit.tournament.evaluation import expected_count_threshold
from churnkit.tournament.fairness import (
    CALIBRATION,
    FALSE_DISCOVERIES,
    MIN_FORECASTS,
    GroupAudit,
    fairness_audit,
)
from churnkit.windows import non_overlapping

COUNTRY, CHANNEL, CURRENCY = "Country", "Channel", "Currency"
FIRST_MONTH, BUYER = "Month of the first order", "One-time or repeat buyer"
DIMENSIONS = (COUNTRY, CHANNEL, CURRENCY, FIRST_MONTH, BUYER)
_OF_THE_FILE = {COUNTRY: "country", CHANNEL: "channel"}
_SEVERAL = f"fewer than two groups have {MIN_FORECASTS} forecasts"


@dataclass(frozen=True)
class Audit:
    """What the audit found.

    Attributes
    ----------
    groups
        By dimension, the largest group first.
    dates, forecasts
        Past dates whose windows do not overlap, and forecasts of active customers at them.
    actual, expected
        Share of all of them who left, and mean probability given.
    left_out
        By dimension that could not be looked at: why, in words.
    """

    groups: tuple[GroupAudit, ...]
    dates: int
    forecasts: int
    actual: float
    expected: float
    left_out: dict[str, str]

    @property
    def flagged(self) -> tuple[GroupAudit, ...]:
        """Groups with a flag."""
        return tuple(one for one in self.groups if one.flags)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Those that were looked at."""
        return tuple(dict.fromkeys(one.dimension for one in self.groups))


def audit_of(results: Results) -> Found[Audit] | Missing:
    """The audit of the forecasts of active customers at past dates that do not overlap, or why there is none."""
    past = results.past
    if not len(past):
        return Missing("No earlier date could be forecast, so there is nothing to audit.")
    dates = non_overlapping(
        [pd.Timestamp(one) for one in sorted(past["cutoff"].unique())], results.horizon_days
    )
    rows = past[past["cutoff"].isin(dates) & (past["recency_days"] <= results.horizon_days)]
    if not len(rows):
        return Missing("At no earlier date was a customer active, so there is nothing to audit.")
    rows = rows.reset_index(drop=True)
    called = np.zeros(len(rows), dtype=bool)
    for date in dates:
        there = (rows["cutoff"] == date).to_numpy(dtype=bool)
        p_there = rows.loc[there, "p_churn"].to_numpy(dtype=float)
        # At each date as many are called as were expected to leave then.
        called[there] = p_there >= expected_count_threshold(p_there) if there.any() else False
    groups = _groups(results, rows)
    p, churned = (rows[name].to_numpy(dtype=float) for name in ("p_churn", "churned"))
    found = fairness_audit(p, churned, called, groups)
    seen = {one.dimension for one in found}
    left_out = {name: _why(name, groups) for name in DIMENSIONS if name not in seen}
    return Found(Audit(found, len(dates), len(rows), float(churned.mean()), float(p.mean()), left_out))


def _groups(results: Results, rows: pd.DataFrame) -> dict[str, pd.Series]:
    """By dimension: the group of each row, missing where it is not known."""
    ids = rows["customer_id"]
    first = results.customers.set_index("customer_id")["first_purchase_at"].dt.strftime("%Y-%m").map(month)
    orders = results.panel_columns("order_count").rename(columns={"order_count": "orders"})
    counted = rows[["customer_id", "cutoff"]].merge(orders, on=["customer_id", "cutoff"], how="left")[
        "orders"
    ]
    groups = {
        FIRST_MONTH: ids.map(first),
        BUYER: pd.Series(np.where(counted > 1, "repeat buyer", "one-time buyer")).where(
            counted.notna().to_numpy()
        ),
    }
    contacts = results.contacts
    for name, column in _OF_THE_FILE.items():
        if contacts is not None and column in contacts:
            groups[name] = ids.map(contacts.set_index("customer_id")[column])
    return {name: groups[name] for name in DIMENSIONS if name in groups}


def _why(name: str, groups: dict[str, pd.Series]) -> str:
    if name == CURRENCY:
        return "all orders of an analysis are in one currency"
    if name not in groups:
        return f"the file has no column of the customers' {_OF_THE_FILE[name]}"
    return _SEVERAL


def audit_words(found: Audit) -> tuple[str, ...]:
    """The outcome in sentences: who was looked at, each group whose forecast is off, and how many differ otherwise."""
    head = (
        f"{count(found.forecasts)} forecasts of active customers at {counted(found.dates, 'past date')} in"
        f" {counted(len(found.groups), 'group')}; of all of them {percent(found.actual)} left and {percent(found.expected)}"
        " were expected to."
    )
    if not found.groups:
        return (head,)
    if not found.flagged:
        return (head, "No group differs beyond chance: in calibration, selection or errors.")
    off = [_off(one) for one in found.groups if CALIBRATION in one.flags]
    differ = [one for one in found.groups if set(one.flags) - {CALIBRATION}]
    more = [
        f"{count(len(differ))} of {counted(len(found.groups), 'group')} {'is' if len(differ) == 1 else 'are'} called or"
        " missed more or less often than the others: see the tables."
    ]
    return (head, *(off or ["No group's forecast is off beyond chance."]), *(more if differ else []))


def _off(one: GroupAudit) -> str:
    return (
        f"{one.dimension}, {one.group}: {percent(one.actual)} left, {percent(one.expected)} were expected"
        f" ({points(one.gap)} points). The forecast is too {'low' if one.gap > 0 else 'high'} for them."
    )


def audit_view(groups: Sequence[GroupAudit]) -> pd.DataFrame:
    """One row per group: ``dimension``, ``group``, shares, and ``flags`` in words."""
    names = (
        "dimension", "group", "forecasts", "expected", "actual", "gap", "called", "called_others", "missed",
        "missed_others", "false_alarms", "false_alarms_others",
    )  # fmt: skip
    rows = [
        {**{name: getattr(one, name) for name in names}, "flags": ", ".join(one.flags) or "none"}
        for one in groups
    ]
    return pd.DataFrame(rows, columns=[*names, "flags"])


HOW_TO_READ = (
    "Calibration is what must hold: a group whose forecast is too high or too low is treated wrongly. Where groups really"
    " leave at different rates, a forecast that is right for each calls them at different rates and errs at different rates"
    " (Chouldechova 2017), so the other flags ask for a look, not always for a change. Nothing here becomes a feature. A"
    f" flag is a difference beyond chance: of all flags at most {percent(FALSE_DISCOVERIES)} are expected to be chance."
)

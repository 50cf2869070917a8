"""What an earlier version forecast, against what its customers have done since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from ibis import _

from churnkit.features.cancellations import with_cancellations
from churnkit.labels import cutoff_table, outcomes, trades
from churnkit.results.folders import Results
from churnkit.services.analyse.run_transactions import transactions_of
from churnkit.store import Run
from churnkit.text import figures
from churnkit.windows import outcome_end, window_over

GROUPS: Mapping[str, str] = {
    "high": "Active, high risk",
    "medium": "Active, medium risk",
    "low": "Active, low risk",
    "active": "Active, no tier",
    "lapsed": "Lapsed",
}
# Of a normal distribution, nineteen in twenty lie so many standard deviations around the mean.
_WIDTH = 1.96
MOST_LISTED = 100


@dataclass(frozen=True, kw_only=True)
class GroupCheck:
    """Customers of one group of ``GROUPS`` and what came of their forecasts.

    Attributes
    ----------
    expected_silent
        Who was forecast to buy nothing in the window, and between which numbers chance alone puts it in 95 of 100 cases.
    silent
        Who has bought nothing so far.
    spent
        Money, net of returns.
    """

    group: str
    title: str
    customers: int
    expected_silent: float
    expected_low: float
    expected_high: float
    silent: int
    spent: float

    @property
    def is_beyond_chance(self) -> bool:
        """Whether chance between customers does not explain how many were silent."""
        return not self.expected_low - 0.5 <= self.silent <= self.expected_high + 0.5


@dataclass(frozen=True)
class CameTrue:
    """An earlier forecast and what came of it so far.

    Attributes
    ----------
    cutoff, ends_at
        The window in which it says who buys nothing.
    is_over
        Whether the orders reach to its end: before, who has not bought may still buy.
    groups
        Those that have customers.
    missed
        Who was in a lower tier and bought nothing, of a window that is over: ``customer_id``, ``p_churn``, ``clv`` (both
        of then), the most valuable first.
    words
        What it says, in sentences.
    """

    cutoff: datetime
    ends_at: datetime
    is_over: bool
    groups: tuple[GroupCheck, ...]
    missed: pd.DataFrame
    words: tuple[str, ...]


def run_to_check(earlier: Sequence[Run], chosen: Run, observed_until: datetime) -> Run:
    """The earlier version whose forecast is worth checking: the chosen one, else the latest whose window is over.

    Parameters
    ----------
    earlier
        Versions whose orders end earlier, latest first.
    """
    for run in (chosen, *earlier):
        cutoff = run.summary.cutoff
        if cutoff is not None and window_over(cutoff, run.horizon_days, observed_until):
            return run
    return chosen


def came_true(before: Results, now: Results) -> CameTrue:
    """What came of the forecasts of an earlier version, by the orders of a later one."""
    cutoff, horizon = before.summary.question.cutoff, before.horizon_days
    observed_until, ends_at = now.summary.question.cutoff, outcome_end(cutoff, horizon)
    rows = _with_outcomes(before, now, observed_until)
    groups = tuple(
        _check(group, rows[rows["group"] == group]) for group in GROUPS if (rows["group"] == group).any()
    )
    is_over = window_over(cutoff, horizon, observed_until)
    silent = (rows["bought"] == 0) & rows["group"].isin(["medium", "low"])
    missed = rows[silent & is_over].nlargest(MOST_LISTED, "clv")[["customer_id", "p_churn", "clv"]]
    active = [one for one in groups if one.group != "lapsed"]
    if not active:
        words: tuple[str, ...] = ("Nobody was active then.",)
    elif is_over:
        words = _final_words(active, groups, cutoff, ends_at)
    else:
        words = (_words_so_far(active, cutoff, ends_at, observed_until),)
    return CameTrue(cutoff, ends_at, is_over, groups, missed.reset_index(drop=True), words)


def _with_outcomes(before: Results, now: Results, observed_until: datetime) -> pd.DataFrame:
    cutoff = before.summary.question.cutoff
    customers = before.customers[["customer_id", "status", "risk_tier", "p_churn", "clv"]]
    with transactions_of(now.folder) as transactions:
        # A return of what was bought earlier finds no partner here, and takes nothing back that is counted.
        traded = trades(with_cancellations(transactions.filter(_.ordered_at >= cutoff)))
        cutoffs = cutoff_table([cutoff], before.horizon_days, observed_until)
        done = outcomes(traded, cutoffs).select("customer_id", "outcome_orders", "outcome_spend").to_pandas()
    rows = customers.merge(done, on="customer_id", how="left", validate="one_to_one")
    tier = rows["risk_tier"].fillna("active")
    return rows.assign(
        group=np.where(rows["status"] != "active", "lapsed", tier),
        bought=(rows["outcome_orders"].fillna(0) > 0).astype(int),
        spent=rows["outcome_spend"].fillna(0.0),
    )


def _check(group: str, rows: pd.DataFrame) -> GroupCheck:
    p = rows["p_churn"].to_numpy(dtype=float)
    expected, around = float(p.sum()), _WIDTH * float(np.sqrt((p * (1 - p)).sum()))
    return GroupCheck(
        group=group,
        title=GROUPS[group],
        customers=len(rows),
        expected_silent=expected,
        expected_low=max(expected - around, 0.0),
        expected_high=min(expected + around, float(len(rows))),
        silent=int((rows["bought"] == 0).sum()),
        spent=float(rows["spent"].sum()),
    )


def _words_so_far(
    active: Sequence[GroupCheck], cutoff: datetime, ends_at: datetime, observed_until: datetime
) -> str:
    count = sum(one.customers for one in active)
    bought = count - sum(one.silent for one in active)
    buyers = count - sum(one.expected_silent for one in active)
    left = (ends_at - observed_until) / timedelta(days=1)
    return (
        f"Its time is not over: {figures.days(left)} of {figures.days((ends_at - cutoff).days)} are left."
        f" So far {figures.count(bought)} of {figures.counted(count, 'active customer')} have bought;"
        f" {figures.people(buyers)} are expected to by its end."
    )


def _final_words(
    active: Sequence[GroupCheck], groups: Sequence[GroupCheck], cutoff: datetime, ends_at: datetime
) -> tuple[str, ...]:
    words = [
        f"Of {figures.counted(sum(one.customers for one in active), 'customer')} who were active on {figures.day(cutoff)},"
        f" {figures.count(sum(one.silent for one in active))} bought nothing until"
        f" {figures.day(ends_at - timedelta(days=1))};"
        f" {figures.people(sum(one.expected_silent for one in active))} were expected to."
    ]
    high = next((one for one in active if one.group == "high"), None)
    others = [one for one in active if one.group != "high"]
    if high is not None and others:
        rest = sum(one.silent for one in others) / sum(one.customers for one in others)
        words.append(
            f"Of the {figures.count(high.customers)} at high risk {figures.percent(high.silent / high.customers)} left;"
            f" {figures.percent(high.expected_silent / high.customers)} were forecast. Of the other active customers"
            f" {figures.percent(rest)} left."
        )
    off = [one.title.lower() for one in groups if one.is_beyond_chance]
    if off:
        words.append(
            f"Further from the forecast than chance between customers explains: {'; '.join(off)}. A good or a bad season"
            " moves everybody at once."
        )
    return tuple(words)

"""Which events a finished run gives rise to, beside the run before it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd

from churnkit.results.shop_events import EventKind
from churnkit.segments.standing import ACTIVE
from churnkit.text import figures

RISK_LIMIT = 0.8
"""A valuable customer who comes to be above it is told of."""
VALUABLE_SHARE = 0.2
"""Who belongs to this share of the active, by next year's value if they stay, is valuable."""
BEYOND_CHANCE = 1.96
LEAST_RISE = 0.01
"""A rise of the churn level by less than a percentage point is not told, however sure."""

COLUMNS = ("customer_id", "status", "p_churn", "clv_if_kept")


@dataclass(frozen=True)
class NewEvent:
    """An event that is to be noted; see ``store.events.note``."""

    kind: EventKind
    key: str
    words: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class RunFacts:
    """What is told of a run.

    Attributes
    ----------
    customers
        Its customers with ``COLUMNS``.
    at_risk
        In money; None where nothing is proven, and then no customer is called out either.
    """

    run_id: str
    cutoff: datetime
    horizon_days: int
    currency: str | None
    at_risk: float | None
    customers: pd.DataFrame

    def active(self) -> pd.DataFrame:
        """Those who have not lapsed."""
        return self.customers[self.customers["status"] == ACTIVE]


def run_events(now: RunFacts, before: RunFacts | None) -> Iterator[NewEvent]:
    """What a run says that somebody may want to hear.

    Parameters
    ----------
    before
        The newest earlier run of the shop that knew less, None if there is none.
    """
    yield _ready(now)
    if before is not None:
        yield from _churn_up(now, before)
        yield from _risk_crossed(now, before)


def _ready(now: RunFacts) -> NewEvent:
    active = now.active()
    p_churn = active["p_churn"].mean() if len(active) else math.nan
    words = f"The forecast as of {figures.day(now.cutoff)}: "
    if len(active):
        words += (
            f"of {figures.count(len(active))} active customers {figures.percent(p_churn)} are expected to buy nothing"
            f" in the next {figures.days(now.horizon_days)}"
        )
    else:
        words += "no customer is active"
    if now.at_risk is not None:
        words += f"; {figures.money(now.at_risk, now.currency)} of the next year's value are at risk"
    details: dict[str, object] = {"run_id": now.run_id, "active_customers": len(active)}
    if len(active):
        details["mean_p_churn"] = round(float(p_churn), 4)
    return NewEvent("run_ready", now.run_id, f"{words}.", details)


def _churn_up(now: RunFacts, before: RunFacts) -> Iterator[NewEvent]:
    """The mean forecast of the active, against how far chance alone moves a share of so many customers."""
    mine, theirs = now.active()["p_churn"].to_numpy(float), before.active()["p_churn"].to_numpy(float)
    if now.horizon_days != before.horizon_days or not len(mine) or not len(theirs):
        return
    rise = float(mine.mean() - theirs.mean())
    chance = math.sqrt(sum(float((p * (1 - p)).mean()) / len(p) for p in (mine, theirs)))
    if rise < LEAST_RISE or rise <= BEYOND_CHANCE * chance:
        return
    yield NewEvent(
        "churn_up",
        now.run_id,
        f"{figures.percent(float(mine.mean()))} of the active customers are expected to buy nothing in the next"
        f" {figures.days(now.horizon_days)}; as of {figures.day(before.cutoff)} it was"
        f" {figures.percent(float(theirs.mean()))}. Chance alone moves this figure less.",
        {
            "run_id": now.run_id,
            "mean_p_churn": round(float(mine.mean()), 4),
            "mean_p_churn_before": round(float(theirs.mean()), 4),
        },
    )


def _risk_crossed(now: RunFacts, before: RunFacts) -> Iterator[NewEvent]:
    crossed = newly_at_risk(now, before)
    if crossed.empty:
        return
    value = float(crossed["clv_if_kept"].sum())
    many = len(crossed) > 1
    have, stay = ("have", "they stay, they are") if many else ("has", "this one stays, it is")
    yield NewEvent(
        "risk_crossed",
        now.run_id,
        f"{figures.counted(len(crossed), 'valuable customer')} {have} come to be above {figures.percent(RISK_LIMIT)}"
        f" since {figures.day(before.cutoff)}. If {stay} worth {figures.money(value, now.currency)} in the next year.",
        {
            "run_id": now.run_id,
            "customers": len(crossed),
            "limit": RISK_LIMIT,
            "value_if_kept": round(value, 2),
            "currency": now.currency,
        },
    )


def newly_at_risk(now: RunFacts, before: RunFacts) -> pd.DataFrame:
    """Valuable active customers above ``RISK_LIMIT`` who were active and not above it before, the most valuable first."""
    active = now.active()
    if now.at_risk is None or active.empty:
        return active.head(0)
    limit = float(np.quantile(active["clv_if_kept"].to_numpy(float), 1 - VALUABLE_SHARE))
    high = active[(active["p_churn"] > RISK_LIMIT) & (active["clv_if_kept"] >= limit)]
    earlier = before.active()
    below = earlier.loc[earlier["p_churn"] <= RISK_LIMIT, "customer_id"]
    crossed = high[high["customer_id"].isin(below)]
    return crossed.sort_values(["clv_if_kept", "customer_id"], ascending=[False, True])

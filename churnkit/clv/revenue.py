"""Net revenue: of the shop's last year, by day, and of customers after earlier dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import ibis
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.features.events import steady_sum

YEAR_DAYS = 365


@dataclass(frozen=True)
class RecentRevenue:
    """Net revenue (purchases less returns, money) of the ``days`` before the scoring date: 365, or all there are."""

    net: float
    days: int

    @property
    def is_whole_year(self) -> bool:
        """Whether the history holds a year."""
        return self.days >= YEAR_DAYS


def revenue_last_365(transactions: ir.Table, scoring: datetime) -> RecentRevenue:
    """Net revenue of all customers in the 365 days before ``scoring``.

    Rows of unknown customers are in no canonical table, and so not in this sum.

    Parameters
    ----------
    transactions
        Canonical transactions, or events: ``ordered_at`` and ``amount``.
    """
    start = scoring - timedelta(days=YEAR_DAYS)
    before = transactions.filter(_.ordered_at < _instant(scoring))
    recent = ibis.ifelse(_.ordered_at >= _instant(start), _.amount, 0.0)
    row = before.aggregate(net=steady_sum(recent), first=_.ordered_at.min()).to_pyarrow().to_pylist()[0]
    if row["first"] is None:
        return RecentRevenue(0.0, 0)
    # The day of the first row counts: a file that begins at noon covers it.
    first_day = datetime.combine(row["first"].date(), datetime.min.time())
    return RecentRevenue(float(row["net"]), min(YEAR_DAYS, (scoring - first_day).days))


def net_spend(events: ir.Table, windows: Sequence[tuple[datetime, datetime]]) -> pd.DataFrame:
    """Net spend of every customer in each window ``[start, end)``: ``customer_id``, ``start``, ``end``, ``spend``.

    Customers without an event in a window have no row for it.
    """
    known = pd.DataFrame(sorted(set(windows)), columns=["start", "end"]).astype("datetime64[us]")
    table = ibis.memtable(known)
    inside = events.join(table, [events.ordered_at >= table.start, events.ordered_at < table.end])
    sums: pd.DataFrame = (
        inside.group_by(["customer_id", "start", "end"])
        .aggregate(spend=steady_sum(_.amount))
        .to_pyarrow()
        .to_pandas()
    )
    return sums


def revenue_by_day(events: ir.Table) -> pd.DataFrame:
    """One row per day with an event, ascending.

    Columns ``day``, ``net`` (money), ``newcomers`` (customers on their first purchase day) and ``repeats`` (customers
    on a later one).
    """
    starts = _.starts_day.fill_null(False)
    days = (
        events.group_by(day=_.ordered_at.date())
        .aggregate(
            net=steady_sum(_.amount),
            newcomers=(starts & _.gap_days.isnull()).cast("int64").sum(),
            repeats=(starts & _.gap_days.notnull()).cast("int64").sum(),
        )
        .order_by("day")
        .to_pyarrow()
        .to_pandas()
    )
    return days.assign(day=pd.to_datetime(days["day"]))


def known_share(events: ir.Table, start: datetime, end: datetime) -> float:
    """Share of the net revenue in ``[start, end)`` that came from customers who had bought before; 0..1, 1 without any."""
    bought_before = events.filter(_.is_purchase & (_.ordered_at < _instant(start))).select("customer_id")
    inside = events.filter((_.ordered_at >= _instant(start)) & (_.ordered_at < _instant(end)))
    theirs = inside.semi_join(bought_before, "customer_id")
    total = inside.aggregate(net=steady_sum(_.amount)).to_pyarrow()["net"][0].as_py() or 0.0
    known = theirs.aggregate(net=steady_sum(_.amount)).to_pyarrow()["net"][0].as_py() or 0.0
    return min(1.0, max(0.0, known / total)) if total > 0 else 1.0


def _instant(moment: datetime) -> ir.TimestampScalar:
    return ibis.timestamp(moment.isoformat(sep=" "))

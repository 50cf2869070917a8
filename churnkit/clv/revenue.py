"""Net revenue: by day, of customers in windows of time, and of known customers among all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import ibis
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.features.events import steady_sum


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
    days: pd.DataFrame = (
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
    days["day"] = pd.to_datetime(days["day"])
    return days


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

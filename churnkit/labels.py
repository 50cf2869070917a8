"""Outcomes: what a customer did in ``[cutoff, cutoff + horizon_days)``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import ibis
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.windows import outcome_end, window_over


def cutoff_table(cutoffs: Sequence[datetime], horizon_days: int, observed_until: datetime) -> ir.Table:
    """One row per distinct cutoff: ``cutoff``, ``outcome_end`` and whether its window is over at ``observed_until``.

    Examples
    --------
    >>> table = cutoff_table([datetime(2024, 2, 1)], 30, observed_until=datetime(2024, 3, 1))
    >>> table.to_pandas()["is_over"].tolist()
    [False]
    """
    instants = sorted(set(cutoffs))
    frame = pd.DataFrame(
        {
            "cutoff": pd.to_datetime(instants).astype("datetime64[us]"),
            "outcome_end": pd.to_datetime([outcome_end(c, horizon_days) for c in instants]).astype(
                "datetime64[us]"
            ),
            "is_over": [window_over(c, horizon_days, observed_until) for c in instants],
        }
    )
    return ibis.memtable(frame)


def trades(lines: ir.Table) -> ir.Table:
    """What happened, cutoffs apart: one row per (customer_id, order_id, ordered_at).

    ``amount`` (net), ``bought`` (purchases) and ``stands_until``, the instant by which all of them had been given
    back; NULL where one was not.
    """
    bought = lines.mutate(bought=ibis.greatest(_.amount, 0.0))
    stays = ((_.amount > 0) & _.cancelled_at.isnull()).cast("int64").sum()
    grouped = bought.group_by(["customer_id", "order_id", "ordered_at"]).aggregate(
        amount=_.amount.sum().round(4),
        bought=_.bought.sum().round(4),
        stays=stays,
        gone_at=_.cancelled_at.max(where=_.amount > 0),
    )
    gone_at = ibis.ifelse(_.stays > 0, ibis.null(lines.ordered_at.type()), _.gone_at)
    return grouped.mutate(stands_until=gone_at).drop("stays", "gone_at")


def outcomes(traded: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """Sums over the outcome window, grain (customer_id, cutoff), only customers who did anything in it.

    Columns ``outcome_orders`` (orders with a positive amount that were not given back whole within the window),
    ``outcome_spend`` (net of returns in the window).
    """
    inside = traded.join(
        cutoffs, [traded.ordered_at >= cutoffs.cutoff, traded.ordered_at < cutoffs.outcome_end]
    )
    is_order = (_.bought > 0) & (_.stands_until.isnull() | (_.stands_until >= _.outcome_end))
    return inside.group_by(["customer_id", "cutoff"]).aggregate(
        outcome_orders=ibis.ifelse(is_order, _.order_id, ibis.null("string")).nunique(),
        outcome_spend=_.amount.sum().round(4),
    )


def label(panel: ir.Table, traded: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """Add ``churned`` (1 = no purchase in the window), ``orders_next`` and ``spend_next``; NULL while the window runs."""
    done = outcomes(traded, cutoffs)
    over = cutoffs.select("cutoff", "is_over")
    joined = panel.join(over, "cutoff").left_join(done, ["customer_id", "cutoff"], rname="{name}_outcome")
    orders = _.outcome_orders.fill_null(0)
    labelled = joined.mutate(
        churned=ibis.ifelse(_.is_over, (orders == 0).cast("int64"), ibis.null("int64")),
        orders_next=ibis.ifelse(_.is_over, orders, ibis.null("int64")),
        spend_next=ibis.ifelse(_.is_over, _.outcome_spend.fill_null(0.0), ibis.null("float64")),
    )
    return labelled.select(*panel.columns, "churned", "orders_next", "spend_next")

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


def outcomes(events: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """Sums over the outcome window, grain (customer_id, cutoff), only customers who did anything in it.

    Columns ``outcome_orders`` (orders with a positive amount), ``outcome_spend`` (net of returns in the window).
    """
    inside = events.join(
        cutoffs, [events.ordered_at >= cutoffs.cutoff, events.ordered_at < cutoffs.outcome_end]
    )
    return inside.group_by(["customer_id", "cutoff"]).aggregate(
        outcome_orders=ibis.ifelse(_.is_purchase, _.order_id, ibis.null("string")).nunique(),
        outcome_spend=_.amount.sum().round(4),
    )


def label(panel: ir.Table, events: ir.Table, cutoffs: ir.Table) -> ir.Table:
    """Add ``churned`` (1 = no purchase in the window), ``orders_next`` and ``spend_next``; NULL while the window runs."""
    done = outcomes(events, cutoffs)
    over = cutoffs.select("cutoff", "is_over")
    joined = panel.join(over, "cutoff").left_join(done, ["customer_id", "cutoff"], rname="{name}_outcome")
    orders = _.outcome_orders.fill_null(0)
    labelled = joined.mutate(
        churned=ibis.ifelse(_.is_over, (orders == 0).cast("int64"), ibis.null("int64")),
        orders_next=ibis.ifelse(_.is_over, orders, ibis.null("int64")),
        spend_next=ibis.ifelse(_.is_over, _.outcome_spend.fill_null(0.0), ibis.null("float64")),
    )
    return labelled.select(*panel.columns, "churned", "orders_next", "spend_next")

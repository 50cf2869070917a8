"""Transactions as they would be if every customer had just bought once more: a question to ask of the features."""

from __future__ import annotations

from datetime import datetime, timedelta

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.features.panel import RANKED, SPEND_TIERS

# Behind the customer's own id there is nothing else in an order id: it cannot collide with one of the file's.
_ORDER_SUFFIX = "\u241fonce more"


def once_more(known: ir.Table, cutoff: datetime) -> ir.Table:
    """The lines before ``cutoff`` and, for each customer, the last order again, see :func:`repeated_orders`."""
    return known.union(repeated_orders(known, cutoff))


def repeated_orders(known: ir.Table, cutoff: datetime) -> ir.Table:
    """Each customer's last order once more at the usual order value, columns as ``known``.

    An order that was given back is repeated only for who has no other.

    The repeated order holds the purchase lines of the last one, so that products, categories and the number of lines are
    the customer's own; its amounts are scaled to the customer's mean order value. It is placed on the last day before
    the cutoff at the hour of the last order, but after it and before the cutoff.

    Parameters
    ----------
    known
        Canonical transactions before ``cutoff`` with the column ``cancelled_at`` of
        :func:`churnkit.features.cancellations.with_cancellations`.
    cutoff
        Instant at which the customers will be looked at.
    """
    # By sums instead of sorts, and of what they need alone: a history has many lines, and few of them are copied.
    purchases = known.filter(_.amount > 0).mutate(stands=_.cancelled_at.isnull().cast("int64"))
    orders = purchases.group_by(["customer_id", "order_id", "stands"]).aggregate(
        order_value=_.amount.sum(), last_line_at=_.ordered_at.max()
    )
    either = orders.group_by(["customer_id", "stands"]).aggregate(
        usual=_.order_value.mean(), last_line_at=_.last_line_at.max()
    )
    counted = either.semi_join(
        either.group_by("customer_id").aggregate(stands=_.stands.max()), ["customer_id", "stands"]
    )
    at_last = orders.inner_join(counted, ["customer_id", "stands", "last_line_at"])
    # Of several orders at that instant the last by id is meant.
    last = at_last.semi_join(
        at_last.group_by("customer_id").aggregate(order_id=_.order_id.max()), ["customer_id", "order_id"]
    )
    copied = purchases.inner_join(
        last.select(
            "customer_id",
            "order_id",
            "stands",
            "last_line_at",
            scale=(_.usual / _.order_value.nullif(0.0)),
        ),
        ["customer_id", "order_id", "stands"],
    )
    changed = {
        name: _[name] * _.scale for name in ("amount", "unit_price", "discount") if name in copied.columns
    }
    repeated = copied.mutate(
        **changed,
        order_id=_.customer_id + ibis.literal(_ORDER_SUFFIX),
        ordered_at=_instant(copied.last_line_at, cutoff),
        cancelled_at=ibis.null(known.cancelled_at.type()),
    )
    return repeated.select(*known.columns).cast(known.schema())


def _instant(last: ir.TimestampValue, cutoff: datetime) -> ir.TimestampValue:
    """The last order's hour on the last day before the cutoff, later than that order, earlier than the cutoff."""
    just_before = cutoff - timedelta(microseconds=1)
    day = datetime.combine(just_before.date(), datetime.min.time())
    usual = (
        ibis.timestamp(day.isoformat(sep=" "))
        + last.hour() * ibis.interval(hours=1)
        + last.minute() * ibis.interval(minutes=1)
    )
    return ibis.least(
        ibis.greatest(usual, last + ibis.interval(seconds=1)),
        ibis.timestamp(just_before.isoformat(sep=" ")),
    )


def ranks_among(changed: pd.DataFrame, actual: pd.DataFrame) -> pd.DataFrame:
    """``changed`` with the rank columns of customers who change one at a time, the others standing as they are.

    Parameters
    ----------
    changed
        Panel rows of one cutoff; any customers.
    actual
        The panel rows of all customers at that cutoff, as they are; a customer in both is replaced, not counted twice.
    """
    positions = pd.Index(actual["customer_id"]).get_indexer(changed["customer_id"])
    is_known = positions >= 0
    others = np.maximum(len(actual) - is_known, 1)
    ranks = {}
    for name in RANKED:
        column = f"{name}_rank"
        if column not in changed.columns:
            continue
        there = actual[name].to_numpy(dtype=float)
        here = changed[name].to_numpy(dtype=float)
        below = np.searchsorted(np.sort(there), here, side="left")
        own_below = is_known & (there[np.maximum(positions, 0)] < here)
        ranks[column] = (below - own_below) / others
    if "spend_tier" in changed.columns and "monetary_total_rank" in ranks:
        fifth = np.floor(ranks["monetary_total_rank"] * SPEND_TIERS) + 1
        ranks["spend_tier"] = np.minimum(fifth, SPEND_TIERS).astype(int)
    return changed.assign(**ranks)

"""Events with one more order for everybody: what the new orders add, while the events before them stay as they are."""

from __future__ import annotations

from datetime import datetime

import ibis
from ibis import _
from ibis.expr import types as ir

from churnkit.features.events import events_at, sums_of
from churnkit.features.standing import marked
from churnkit.labels import cutoff_table

_LEAST_MONEY = 0.001


def events_with(known: ir.Table, events: ir.Table, added: ir.Table, cutoff: datetime) -> ir.Table:
    """What :func:`churnkit.features.events.events_at` finds at ``cutoff`` in ``known`` and ``added`` together.

    Parameters
    ----------
    known
        Lines before ``cutoff`` with ``cancelled_at``.
    events
        Of ``known``, at ``cutoff``.
    added
        A later order of each customer, as :func:`churnkit.features.one_more_order.repeated_orders` makes it: all of its
        lines at one instant, of products that were bought before.

    Everything is worked out anew for customers of whom a purchase was given back, since one more order changes what is
    left of the earlier ones, for those with another line on the day of the new order, whose days it does not begin, and
    for orders worth nothing.
    """
    apart = apart_of(known, added)
    both = known.union(added).semi_join(apart, "customer_id")
    anew = events_at(both, cutoff_table([cutoff], 1, cutoff))
    stay = events.anti_join(apart, "customer_id")
    new = _new_events(added.anti_join(apart, "customer_id"), stay, cutoff)
    added_events, changed = (table.select(*events.columns).cast(events.schema()) for table in (new, anew))
    return stay.union(added_events).union(changed)


def apart_of(known: ir.Table, added: ir.Table) -> ir.Table:
    """``customer_id`` of those whose events one more order changes, or does not simply follow."""
    given_back = known.filter(_.cancelled_at.notnull()).select("customer_id")
    first_day = added.ordered_at.date().min()
    recent = known.filter(_.ordered_at.date() >= first_day.as_scalar()).select("customer_id")
    worthless = added.group_by("customer_id").aggregate(worth=_.amount.sum()).filter(_.worth < _LEAST_MONEY)
    return given_back.union(recent).union(worthless.select("customer_id")).distinct()


def _new_events(added: ir.Table, events: ir.Table, cutoff: datetime) -> ir.Table:
    """One event per customer of ``added``, each on a day of its own after all of ``events``."""
    columns = set(added.columns)
    lines = marked(added.mutate(is_void=ibis.literal(False)))
    sums = sums_of(columns)
    if "product_id" in columns:
        # Every product of a repeated order was bought on an earlier day.
        named = (_.is_purchase & _.product_id.notnull()).cast("int64").sum()
        sums |= {"new_products": ibis.literal(0, "int64"), "repeat_lines": named, "product_lines": named}
    if "category" in columns:
        sums["new_categories"] = ibis.literal(0, "int64")
    grouped = lines.group_by(["customer_id", "order_id", "ordered_at"]).aggregate(**sums)
    before = (
        events.filter(_.is_purchase)
        .group_by("customer_id")
        .aggregate(previous_at=_.ordered_at.max(), sequence=_.count())
    )
    dated = grouped.inner_join(before, "customer_id")
    same_month = (_.previous_at.year() == _.ordered_at.year()) & (
        _.previous_at.month() == _.ordered_at.month()
    )
    left = (_.gross - _.open_refund).round(4)
    return dated.mutate(
        cutoff=ibis.timestamp(cutoff.isoformat(sep=" ")),
        amount=(_.bought - _.refund).round(4),
        is_purchase=ibis.literal(True),
        starts_order=ibis.literal(True),
        starts_day=ibis.literal(True),
        starts_month=~same_month,
        gap_days=_.ordered_at.date().delta(_.previous_at.date(), unit="day"),
        is_weekend=_.ordered_at.day_of_week.index() >= 5,
        hour=_.ordered_at.hour(),
        order_value=ibis.greatest(left, 0.0),
        order_goes_on_at=ibis.null("timestamp"),
        order_sequence=_.sequence,
        **({"starts_discount": _.discount > 0} if "discount" in columns else {}),
    )

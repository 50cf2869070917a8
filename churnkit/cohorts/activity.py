"""Transactions -> what each cohort did in each month, as expressions that are equal on every engine.

Months are counted as year x 12 + month - 1, so that differences are plain subtractions and no engine's own date
functions take part.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import ibis
from ibis import _
from ibis.expr import types as ir

from churnkit.features.events import steady_sum

_FIRST = (("product", ("product_id", "product_name")), ("category", ("category",)))


def first_items(columns: Iterable[str]) -> dict[str, str]:
    """What customers can be told apart by beside the month, an item of their first order: "product", "category", and its
    column, as far as there is one."""
    known = set(columns)
    found = ((name, next((c for c in choices if c in known), None)) for name, choices in _FIRST)
    return {name: column for name, column in found if column}


def before(transactions: ir.Table, cutoff: datetime) -> ir.Table:
    """The rows strictly before ``cutoff`` with their ``month``."""
    known = transactions.filter(_.ordered_at < ibis.timestamp(cutoff.isoformat(sep=" ")))
    return known.mutate(month=month_number(known.ordered_at))


def month_number(instant: ir.TimestampValue) -> ir.IntegerValue:
    """Months since the year 0 of the calendar month that ``instant`` lies in."""
    months: ir.IntegerValue = instant.year().cast("int64") * 12 + instant.month().cast("int64") - 1
    return months


def orders_begun(rows: ir.Table) -> ir.Table:
    """Grain (customer_id, order_id), orders with a purchase: the instant ``started_at`` and the ``month`` they began.

    ``rows`` is what :func:`before` returns.
    """
    bought = rows.filter(_.amount > 0)
    return bought.group_by(["customer_id", "order_id"]).aggregate(
        started_at=_.ordered_at.min(), month=_.month.min()
    )


def starters(rows: ir.Table, column: str | None = None, *, begun: ir.Table | None = None) -> ir.Table:
    """Grain customer_id, buyers only: ``cohort``, the month of the first purchase, and ``item``.

    Parameters
    ----------
    rows
        What :func:`before` returns.
    column
        A column of :func:`first_items`: ``item`` is then the product or category on which most money went in the first
        order (the one with the earliest purchase line; ties by id), and customers whose first order names none are left
        out. By default ``item`` is empty.
    begun
        What :func:`orders_begun` returns, where it was worked out.
    """
    orders = orders_begun(rows) if begun is None else begun
    cohorts = orders.group_by("customer_id").aggregate(cohort=_.month.min())
    if column is None:
        return cohorts.mutate(item=ibis.literal(""))
    first_times = orders.group_by("customer_id").aggregate(started_at=_.started_at.min())
    at_first = orders.semi_join(first_times, ["customer_id", "started_at"])
    first_orders = at_first.group_by("customer_id").aggregate(order_id=_.order_id.min())
    named = rows.filter((_.amount > 0) & _[column].notnull())
    lines = named.semi_join(first_orders, ["customer_id", "order_id"])
    spent = lines.group_by(["customer_id", column]).aggregate(gross=steady_sum(_.amount))
    dearest = ibis.window(group_by="customer_id", order_by=[ibis.desc("gross"), ibis.asc(column)])
    items = spent.mutate(place=ibis.row_number().over(dearest)).filter(_.place == 0)
    chosen = items.select("customer_id", item=items[column])
    return cohorts.inner_join(chosen, "customer_id").select("customer_id", "cohort", "item")


def monthly(rows: ir.Table, *, begun: ir.Table | None = None) -> ir.Table:
    """Grain (customer_id, month): ``active`` (1 with a purchase, else 0), ``orders`` begun, net ``revenue``.

    ``begun`` as for :func:`starters`.
    """
    starts = orders_begun(rows) if begun is None else begun
    orders = starts.group_by(["customer_id", "month"]).aggregate(orders=_.count())
    months = rows.group_by(["customer_id", "month"]).aggregate(
        active=(_.amount > 0).cast("int64").max(), revenue=steady_sum(_.amount)
    )
    joined = months.left_join(orders, ["customer_id", "month"], rname="{name}_begun")
    return joined.select("customer_id", "month", "active", "revenue", orders=_.orders.fill_null(0))


def in_periods(by_month: ir.Table, started: ir.Table, length_months: int) -> ir.Table:
    """What :func:`monthly` returns, by longer calendar periods: ``month`` is then the first one of the period.

    What comes before a customer's first month belongs to nobody, as in :func:`cells`, also within the same period;
    ``started`` is what :func:`starters` returns of everybody.
    """
    since_first = by_month.inner_join(started, "customer_id").filter(_.month >= _.cohort)
    return (
        since_first.mutate(month=_.month - _.month % length_months)
        .group_by(["customer_id", "month"])
        .aggregate(active=_.active.max(), orders=_.orders.sum(), revenue=steady_sum(_.revenue))
    )


def begun_in_periods(started: ir.Table, length_months: int) -> ir.Table:
    """What :func:`starters` returns, with the first month of the calendar period of the first purchase as ``cohort``."""
    return started.mutate(cohort=_.cohort - _.cohort % length_months)


def cells(started: ir.Table, by_month: ir.Table) -> ir.Table:
    """Grain (item, cohort, age_months): ``customers`` who bought, ``orders``, net ``revenue``; months without are absent.
    Where ``started`` has several dimensions (``dimension``), that is a key too.

    Refunds of purchases older than the data fall before the cohort's month and belong to nobody's.
    """
    joined = by_month.inner_join(started, "customer_id").mutate(age_months=_.month - _.cohort)
    return (
        joined.filter(_.age_months >= 0)
        .group_by([*_keys(started), "age_months"])
        .aggregate(customers=_.active.sum(), orders=_.orders.sum(), revenue=steady_sum(_.revenue))
    )


def sizes(started: ir.Table) -> ir.Table:
    """Grain (item, cohort), of each ``dimension`` where there are several: ``size``, its customers."""
    return started.group_by(_keys(started)).aggregate(size=_.count())


def _keys(started: ir.Table) -> list[str]:
    return [name for name in ("dimension", "item", "cohort") if name in started.columns]


def items_by_customers(started: ir.Table, at_most: int) -> ir.Table:
    """The ``at_most`` items with which most customers began."""
    counted = started.group_by("item").aggregate(customers=_.count())
    return counted.order_by([ibis.desc("customers"), "item"]).limit(at_most)

"""How long customers stay, how many orders a day brings, and the smallest orders."""

from __future__ import annotations

from datetime import datetime

from ibis import _
from ibis.expr import types as ir

from churnkit.profiling import tables
from churnkit.profiling.tables import EngineRow
from churnkit.results.closer_look import CloserLook, DayOrders, LifetimeBar, Lifetimes, SmallOrder

# Days at which a bar begins: a month, a quarter, half a year, a year and so on.
BAR_STARTS = (1, 30, 90, 180, 365, 730)
SMALLEST = 10
TINY_SHARE = 0.01
_YEAR_DAYS = 365
_QUANTILES = (("p05", 0.05), ("p25", 0.25), ("median", 0.5), ("p75", 0.75), ("p95", 0.95))


def closer_look(transactions: ir.Table, cutoff: datetime) -> CloserLook:
    """The closer look at canonical transactions before the cutoff, at least one of them a purchase."""
    with tables.held(
        tables.purchases(tables.orders(tables.history(transactions, cutoff))), transactions
    ) as bought:
        per_day = tables.records(
            bought.group_by("day")
            .aggregate(orders=_.count(), customers=_.customer_id.nunique())
            .order_by("day")
        )
        # ``purchases`` has one row an order, ``day`` its first line's.
        each = bought.group_by("customer_id").aggregate(
            order_count=_.count(), days=_.day.nunique(), first=_.day.min(), last=_.day.max()
        )
        stayed = each.mutate(life=_["last"].delta(_["first"], unit="day")).filter(_.days > 1)
        values = tables.one_row(bought.aggregate(median=_.gross.quantile(0.5)))
        limit = TINY_SHARE * values["median"]
        span = (per_day[-1]["day"] - per_day[0]["day"]).days + 1
        return CloserLook(
            lifetimes=_lifetimes(each, stayed),
            per_day=tuple(DayOrders(**row) for row in per_day),
            days=span,
            orders_a_day=sum(row["orders"] for row in per_day) / span,
            orders_a_customer_a_year=_pace(stayed),
            smallest_orders=_smallest(bought),
            tiny_orders=tables.one_row(bought.aggregate(tiny=_.count(where=_.gross < limit)))["tiny"],
            tiny_limit=limit,
        )


def _lifetimes(each: ir.Table, stayed: ir.Table) -> Lifetimes:
    (alone,) = tables.records(each.aggregate(one_day=_.count(where=_.days == 1)))
    found = tables.one_row(
        stayed.aggregate(
            customers=_.count(),
            mean_days=_.life.mean(),
            max_days=_.life.max(),
            **{name: stayed.life.quantile(q) for name, q in _QUANTILES},
        )
    )
    return Lifetimes(
        one_day=alone["one_day"],
        **{name: value or 0 for name, value in found.items()},
        histogram=_histogram(stayed, found["customers"]),
    )


def _histogram(stayed: ir.Table, customers: int) -> tuple[LifetimeBar, ...]:
    ends = [start - 1 for start in BAR_STARTS[1:]]
    if not customers:
        return ()
    place = sum((stayed.life >= start).cast("int64") for start in BAR_STARTS[1:])
    counted = {
        row["place"]: row["customers"]
        for row in tables.records(stayed.group_by(place=place).aggregate(customers=_.count()))
    }
    last = max(counted)
    return tuple(
        LifetimeBar(
            from_days=BAR_STARTS[number],
            to_days=ends[number] if number < len(ends) else None,
            customers=counted.get(number, 0),
            share=counted.get(number, 0) / customers,
        )
        for number in range(last + 1)
    )


def _pace(stayed: ir.Table) -> float | None:
    """Over all of them together: a mean of each one's pace would be made by those who came twice in a week."""
    sums = tables.one_row(stayed.aggregate(further=(_.order_count - 1).sum(), days=_.life.sum()))
    return _YEAR_DAYS * sums["further"] / sums["days"] if sums["days"] else None


def _smallest(bought: ir.Table) -> tuple[SmallOrder, ...]:
    found = bought.order_by([_.gross, _.day, _.customer_id, _.order_id]).limit(SMALLEST)
    rows: list[EngineRow] = tables.records(found.select("order_id", "customer_id", "day", value=_.gross))
    return tuple(SmallOrder(**row) for row in rows)

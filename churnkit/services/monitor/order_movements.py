"""The shop's orders in the weeks before two dates, from the transactions of the later run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ibis import _
from ibis.expr import types as ir
from ibis.util import gen_name

from churnkit.monitoring.movement_words import movement
from churnkit.monitoring.movements import (
    YEAR_DAYS,
    Compared,
    Weeks,
    compared,
    empty_shares,
    first_purchases,
    orders_in,
    per_day,
    price_change,
    prices_of,
    returned_by_day,
    share_of_new_products,
)
from churnkit.results.drift import ColumnGap, Movement
from churnkit.results.interval import Interval
from churnkit.text.figures import percent

GAP_POINTS = 0.10
"""A column that is empty in so much more of the lines has lost its values."""
FIRST_BUYERS_AFTER_DAYS = 365
"""Before that, an old customer's first order in the history is mostly not the first."""
_COLUMNS = ("product_id", "product_name", "category", "quantity", "unit_price", "discount")


def movements_of(
    lines: ir.Table, before: Weeks, now: Weeks, history_start: datetime, currency: str | None
) -> tuple[Movement, ...]:
    """Each figure that the transactions allow, in both periods and a year before the later one."""
    year = now.earlier(YEAR_DAYS)
    dated = {"before": before, "now": now}
    if year.start >= history_start and year.end <= before.start:
        dated["year"] = year
    first = lines.get_backend().create_table(gen_name("churnkit_first"), first_purchases(lines), temp=True)
    orders = {name: orders_in(lines, weeks, first) for name, weeks in dated.items()}
    if not len(orders["before"]) or not len(orders["now"]):
        return ()
    found = [
        movement(
            "orders_per_day",
            compared(per_day(orders["before"], before), per_day(orders["now"], now)),
            float(per_day(orders["year"], year).mean()) if "year" in orders else None,
        ),
        movement(
            "order_value",
            compared(*(orders[name]["bought"].to_numpy(dtype=float) for name in ("before", "now"))),
            float(orders["year"]["bought"].mean()) if len(orders.get("year", ())) else None,
            currency,
        ),
    ]
    if (before.start - history_start).days >= FIRST_BUYERS_AFTER_DAYS:
        found.append(
            movement(
                "first_buyers",
                compared(*(orders[name]["is_first"].to_numpy(dtype=float) for name in ("before", "now"))),
                float(orders["year"]["is_first"].mean()) if len(orders.get("year", ())) else None,
            )
        )
    return (*found, *_of_products(lines, before, now), *_of_returns(lines, before, now))


def _of_products(lines: ir.Table, before: Weeks, now: Weeks) -> Iterator[Movement]:
    if not {"product_id", "quantity"} <= set(lines.columns):
        return
    prices = price_change(prices_of(lines, before), prices_of(lines, now))
    if prices is not None:
        yield movement("prices", prices, None)
    shares = [share_of_new_products(lines, weeks) for weeks in (before, now)]
    if shares[0] and shares[1] is not None:
        yield movement("new_products", _counted_whole(shares[0], shares[1]), None)


def _of_returns(lines: ir.Table, before: Weeks, now: Weeks) -> Iterator[Movement]:
    days = [returned_by_day(lines, weeks) for weeks in (before, now)]
    if all(len(one) and one["returned"].sum() > 0 for one in days):
        first, second = ((one["returned"] / one["bought"].mean()).to_numpy(dtype=float) for one in days)
        yield movement("returned_share", compared(first, second), None)


def _counted_whole(before: float, now: float) -> Compared:
    """Shares of all money spent: nothing was drawn, so nothing is left to chance."""
    change = now / before - 1
    return Compared(before, now, Interval(change, change, change))


def column_gaps(lines: ir.Table, before: Weeks, now: Weeks) -> tuple[ColumnGap, ...]:
    """Columns that are empty in ten points more of the lines than they were."""
    there = [name for name in _COLUMNS if name in lines.columns]
    first, second = (empty_shares(lines, weeks, there) for weeks in (before, now))
    return tuple(
        ColumnGap(
            column=name,
            before=first[name],
            now=second[name],
            words=f"{name.replace('_', ' ').capitalize()} is empty in {percent(second[name])} of the newer lines, in"
            f" {percent(first[name])} of those before: look at what the export leaves out.",
        )
        for name in there
        if second[name] - first[name] >= GAP_POINTS
    )


def history_start(lines: ir.Table) -> datetime:
    """The instant of the first line."""
    start: datetime = lines.aggregate(first=_.ordered_at.min()).to_pyarrow()["first"][0].as_py()
    return start

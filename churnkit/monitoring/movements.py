"""Orders, prices and products of some weeks beside those of earlier ones: Ibis expressions and their comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.results.interval import Interval

MIN_DAYS, MAX_DAYS = 14, 91
# Whole weeks, so that the same days of the week are compared.
YEAR_DAYS = 364
MIN_PRODUCTS = 20
# Two-sided 95 %.
_QUANTILE = 1.959964


class Weeks(NamedTuple):
    """From the first instant up to the second."""

    start: datetime
    end: datetime

    @property
    def days(self) -> int:
        """How long they are."""
        return (self.end - self.start).days

    def earlier(self, by_days: int) -> Weeks:
        """As many days, so much earlier."""
        return Weeks(self.start - timedelta(days=by_days), self.end - timedelta(days=by_days))


def weeks_before(reference: datetime, cutoff: datetime) -> tuple[Weeks, Weeks] | None:
    """Equally long periods that end at both dates and do not overlap; None where these lie too close.

    Examples
    --------
    >>> before, now = weeks_before(datetime(2024, 1, 1), datetime(2024, 2, 1))
    >>> before.days, now.start
    (28, datetime.datetime(2024, 1, 4, 0, 0))
    """
    apart = min((cutoff - reference).days, MAX_DAYS)
    if apart < MIN_DAYS:
        return None
    span = timedelta(days=apart // 7 * 7)
    return Weeks(reference - span, reference), Weeks(cutoff - span, cutoff)


@dataclass(frozen=True)
class Compared:
    """A figure in two periods: means, and the 95 % interval of the relative change."""

    before: float
    now: float
    change: Interval


def compared(before: np.ndarray, now: np.ndarray) -> Compared:
    """Means of two samples and the relative change between them (delta method).

    Examples
    --------
    >>> found = compared(np.array([10.0, 10.0]), np.array([12.0, 12.0]))
    >>> round(found.change.value, 2), round(found.change.low, 2)
    (0.2, 0.2)
    """
    first, second = float(np.mean(before)), float(np.mean(now))
    if first == 0:
        return Compared(first, second, Interval(np.nan, np.nan, np.nan))
    errors = [np.var(part, ddof=1) / len(part) if len(part) > 1 else np.nan for part in (before, now)]
    ratio = second / first
    spread = _QUANTILE * float(np.sqrt(errors[1] / first**2 + ratio**2 * errors[0] / first**2))
    return Compared(first, second, Interval(ratio - 1, ratio - 1 - spread, ratio - 1 + spread))


def _within(lines: ir.Table, weeks: Weeks) -> ir.Table:
    start, end = (ibis.timestamp(moment.isoformat(sep=" ")) for moment in weeks)
    return lines.filter(_.ordered_at >= start, _.ordered_at < end)


def first_purchases(lines: ir.Table) -> ir.Table:
    """``customer_id, first_at``: the instant of each customer's first purchase."""
    return lines.filter(_.amount > 0).group_by("customer_id").aggregate(first_at=_.ordered_at.min())


def orders_in(lines: ir.Table, weeks: Weeks, first: ir.Table | None = None) -> pd.DataFrame:
    """One row for each order with a purchase: ``day, customer_id, bought`` (money), ``is_first`` of the customer.

    ``first`` is what :func:`first_purchases` finds, where it was worked out.
    """
    orders = (
        _within(lines.filter(_.amount > 0), weeks)
        .group_by(["customer_id", "order_id"])
        .aggregate(bought=_.amount.sum(), at=_.ordered_at.min())
        .left_join(first_purchases(lines) if first is None else first, "customer_id")
    )
    found: pd.DataFrame = (
        orders.select(
            "customer_id", "bought", day=_.at.date(), is_first=_.first_at >= ibis.timestamp(_iso(weeks.start))
        )
        .to_pyarrow()
        .to_pandas()
    )
    return found


def per_day(orders: pd.DataFrame, weeks: Weeks) -> np.ndarray:
    """Orders of each day of the period, those without any as 0, shape (days,)."""
    days = pd.to_datetime(orders["day"])
    places = (days - pd.Timestamp(weeks.start).normalize()).dt.days.to_numpy()
    return np.bincount(np.clip(places, 0, weeks.days - 1), minlength=weeks.days).astype(float)


def returned_by_day(lines: ir.Table, weeks: Weeks) -> pd.DataFrame:
    """One row a day: ``bought`` and ``returned``, money, both positive."""
    found: pd.DataFrame = (
        _within(lines, weeks)
        .group_by(day=_.ordered_at.date())
        .aggregate(bought=ibis.greatest(_.amount, 0.0).sum(), returned=(-ibis.least(_.amount, 0.0)).sum())
        .to_pyarrow()
        .to_pandas()
    )
    return found


def prices_of(lines: ir.Table, weeks: Weeks) -> pd.DataFrame:
    """Mean price of each product that was sold: ``product_id, price, spent``."""
    sold = _within(lines, weeks).filter(_.amount > 0, _.quantity > 0, _.product_id.notnull())
    found: pd.DataFrame = (
        sold.group_by("product_id")
        .aggregate(spent=_.amount.sum(), pieces=_.quantity.sum(), lines=_.count())
        .filter(_.lines >= 3)
        .select("product_id", "spent", price=_.spent / _.pieces)
        .to_pyarrow()
        .to_pandas()
    )
    return found


def price_change(before: pd.DataFrame, now: pd.DataFrame) -> Compared | None:
    """How the prices of products sold in both periods moved: geometric mean by spend; None below 20 products.

    The interval is over products.
    """
    both = before.merge(now, on="product_id", suffixes=("_before", "_now"))
    if len(both) < MIN_PRODUCTS:
        return None
    ratio = np.log(both["price_now"].to_numpy(dtype=float) / both["price_before"].to_numpy(dtype=float))
    weight = both["spent_now"].to_numpy(dtype=float)
    weight = weight / weight.sum()
    mean = float(weight @ ratio)
    spread = _QUANTILE * float(np.sqrt(weight**2 @ (ratio - mean) ** 2))
    change = Interval(*(float(np.expm1(one)) for one in (mean, mean - spread, mean + spread)))
    return Compared(1.0, 1.0 + change.value, change)


def share_of_new_products(lines: ir.Table, weeks: Weeks) -> float | None:
    """Share of the period's spend on products that had never been sold before it; None without products."""
    sold = lines.filter(_.amount > 0, _.product_id.notnull())
    first = sold.group_by("product_id").aggregate(first_at=_.ordered_at.min())
    start = ibis.timestamp(_iso(weeks.start))
    rows = _within(sold, weeks).left_join(first, "product_id")
    sums = rows.aggregate(
        spent=_.amount.sum(), fresh=ibis.ifelse(_.first_at >= start, _.amount, 0.0).sum()
    ).to_pyarrow()
    spent, fresh = sums["spent"][0].as_py(), sums["fresh"][0].as_py()
    return None if not spent else float(fresh / spent)


def empty_shares(lines: ir.Table, weeks: Weeks, columns: Sequence[str]) -> dict[str, float]:
    """Share of the period's lines in which each column is empty."""
    if not columns:
        return {}
    within = _within(lines, weeks)
    shares = within.aggregate(**{name: within[name].isnull().mean() for name in columns}).to_pyarrow()
    return {name: float(shares[name][0].as_py() or 0.0) for name in columns}


def _iso(moment: datetime) -> str:
    return moment.isoformat(sep=" ")

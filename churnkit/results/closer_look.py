"""A closer look at the orders than the profile takes: worked out for those who ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from churnkit.results.codec import Step


@dataclass(frozen=True, kw_only=True)
class LifetimeBar:
    """Customers with ``from_days`` to ``to_days`` between first and last purchase; ``to_days`` is None in the last bar."""

    from_days: int
    to_days: int | None
    customers: int
    share: float


@dataclass(frozen=True, kw_only=True)
class Lifetimes:
    """Days from a customer's first purchase to the last one, over those who bought on more than one day.

    Attributes
    ----------
    one_day
        Customers with one day of purchases, who have no lifetime yet; not among the others.
    customers
        Those with more than one.
    mean_days, p05, p25, median, p75, p95, max_days
        Over ``customers``; 0 where there are none.
    """

    one_day: int
    customers: int
    mean_days: float
    p05: float
    p25: float
    median: float
    p75: float
    p95: float
    max_days: int
    histogram: tuple[LifetimeBar, ...]


@dataclass(frozen=True, kw_only=True)
class DayOrders:
    """Orders of one day, and the customers who placed them."""

    day: date
    orders: int
    customers: int


@dataclass(frozen=True, kw_only=True)
class SmallOrder:
    """One of the smallest orders; ``value`` is its gross amount."""

    order_id: str
    customer_id: str
    day: date
    value: float


@dataclass(frozen=True, kw_only=True)
class CloserLook:
    """Lifetimes, days and the smallest orders.

    Attributes
    ----------
    per_day
        Days with an order, in order of time.
    days
        All days from the first to the last of them, those without an order too.
    orders_a_day
        Mean over ``days``.
    orders_a_customer_a_year
        Orders after the first per 365 days of lifetime, over all customers of ``lifetimes`` together; None without any.
    smallest_orders
        At most 10, the smallest first.
    tiny_orders, tiny_limit
        Orders worth less than ``tiny_limit``, a hundredth of the median order: samples, deposits, mistakes.
    """

    title: ClassVar[str] = "the closer look at the orders"
    steps: ClassVar[tuple[Step, ...]] = ()
    lifetimes: Lifetimes
    per_day: tuple[DayOrders, ...]
    days: int
    orders_a_day: float
    orders_a_customer_a_year: float | None
    smallest_orders: tuple[SmallOrder, ...]
    tiny_orders: int
    tiny_limit: float

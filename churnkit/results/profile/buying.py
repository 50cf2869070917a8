"""What the profile says of customers, orders and products; money in the currency of the data, shares in 0..1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from churnkit.text.figures import counted, money, percent

# Codes of the two checks whose words hold amounts.
BEYOND_DEVIATIONS, OUTSIDE_FENCES = "DQ-401", "DQ-402"


@dataclass(frozen=True, kw_only=True)
class OrdersBar:
    """Customers with ``from_orders`` to ``to_orders`` orders; ``to_orders`` is None in the last bar."""

    from_orders: int
    to_orders: int | None
    customers: int
    share: float


@dataclass(frozen=True, kw_only=True)
class OrdersEach:
    """How many orders customers have: mean, largest number, quantiles at 5, 25, 50, 75 and 95 %."""

    mean: float
    max: int
    p05: float
    p25: float
    median: float
    p75: float
    p95: float
    histogram: tuple[OrdersBar, ...]


@dataclass(frozen=True, kw_only=True)
class LifetimeRevenue:
    """What customers have brought so far, refunds taken off."""

    mean: float
    max: float
    p05: float
    p25: float
    median: float
    p75: float
    p95: float


@dataclass(frozen=True, kw_only=True)
class BusiestCustomer:
    """The id with most orders, and their share of all."""

    customer_id: str
    orders: int
    share: float


@dataclass(frozen=True, kw_only=True)
class CustomerStatistics:
    """Customers with a purchase.

    Attributes
    ----------
    one_time, returning, frequent
        With one order, with more than one, with three or more.
    without_positive_net
        Whose refunds come to as much as their purchases.
    top_fifth_revenue_share
        Of gross revenue, what the best fifth (at least one customer) brings.
    """

    customers: int
    orders_per_customer: OrdersEach
    lifetime_revenue: LifetimeRevenue
    one_time: int
    one_time_share: float
    returning: int
    frequent: int
    frequent_share: float
    without_positive_net: int
    top_fifth_revenue_share: float
    busiest: BusiestCustomer


@dataclass(frozen=True, kw_only=True)
class OrderValue:
    """Gross value of orders; ``sd`` is their standard deviation, ``variation`` its share of the mean."""

    mean: float
    sd: float
    min: float
    max: float
    p05: float
    p25: float
    median: float
    p75: float
    p95: float
    variation: float


Spread = OrdersEach | LifetimeRevenue | OrderValue
"""What has a mean, a largest value and quantiles."""


@dataclass(frozen=True, kw_only=True)
class OrderStatistics:
    """Orders with a purchase, and the money that went back.

    Attributes
    ----------
    return_documents
        Documents that hold returns only; not among ``orders``.
    gross, refunded, net
        Money in, money back, and what is left.
    lines_per_order, units_per_order
        Means; units are None where the export has no quantities.
    """

    orders: int
    return_documents: int
    gross: float
    refunded: float
    net: float
    returned_share: float
    value: OrderValue
    lines_per_order: float
    units_per_order: float | None


@dataclass(frozen=True, kw_only=True)
class ValueOutliers:
    """Orders above ``limit``, the mean plus three standard deviations; ``revenue_share`` is what they bring."""

    limit: float
    orders: int
    share: float
    revenue_share: float

    def words(self, currency: str | None) -> str:
        """What was found, in a sentence."""
        return (
            f"{counted(self.orders, 'order')} above {money(self.limit, currency)} (mean plus three standard deviations),"
            f" with {percent(self.revenue_share)} of revenue."
        )


@dataclass(frozen=True, kw_only=True)
class FenceOutliers:
    """Orders outside ``low`` to ``high``: the quartiles and 1.5 times their distance."""

    low: float
    high: float
    orders: int
    share: float

    def words(self, currency: str | None) -> str:
        """What was found, in a sentence."""
        low, high = money(max(self.low, 0.0), currency), money(self.high, currency)
        return f"{percent(self.share)} of orders outside {low} to {high} (the quartiles and 1.5 times their distance)."


@dataclass(frozen=True, kw_only=True)
class OddOrder:
    """An order that is easily told from the others; ``score`` in 0..1, 0.5 being average."""

    order_id: str
    value: float
    score: float


@dataclass(frozen=True, kw_only=True)
class ForestOutliers:
    """Orders of an unusual make-up, scored above ``score_limit``, among those ``sampled``."""

    sampled: int
    orders: int
    share: float
    score_limit: float
    examples: tuple[OddOrder, ...]


@dataclass(frozen=True, kw_only=True)
class LargeOrder:
    """One of the largest orders."""

    order_id: str
    customer_id: str
    day: date
    value: float


@dataclass(frozen=True, kw_only=True)
class Outliers:
    """Orders that stand out by value, or by value and size together."""

    z_score: ValueOutliers
    iqr: FenceOutliers
    isolation_forest: ForestOutliers
    largest_orders: tuple[LargeOrder, ...]


@dataclass(frozen=True, kw_only=True)
class BestSeller:
    """A product or category by gross revenue; ``name`` is the id where the export names none."""

    id: str
    name: str
    gross: float
    share: float
    lines: int


@dataclass(frozen=True, kw_only=True)
class Assortment:
    """Products, or categories, that were bought.

    Attributes
    ----------
    number, effective
        How many there are, and how many equally strong ones would be as diverse (exponential of the entropy).
    herfindahl
        Sum of the squared shares of revenue.
    top
        The best sellers, strongest first.
    per_customer, repeat_line_share
        Different ones of a customer on average, and the share of lines whose product the customer has on another line;
        None where no line could be looked at.
    """

    number: int
    effective: float
    herfindahl: float
    top_fifth_revenue_share: float
    top: tuple[BestSeller, ...]
    per_customer: float | None
    repeat_line_share: float | None


@dataclass(frozen=True, kw_only=True)
class ProductStatistics:
    """What is sold; None for what the export does not name, never both."""

    products: Assortment | None
    categories: Assortment | None

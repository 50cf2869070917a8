"""Products with prices, and what each customer puts in the basket."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from churnkit.samples.portable_draws import BoolArray, FloatArray, IntArray, PortableDraws
from churnkit.samples.simulation import DAYS, Customers, Orders

TASTES = 3
# How much less attractive a category is that a customer has left behind, on the scale of the log of popularity.
LEFT_BEHIND = 4.0


@dataclass(frozen=True)
class Product:
    """One product: price in cents, popularity relative to the others."""

    sku: str
    name: str
    category: str
    cents: int
    popularity: float


@dataclass(frozen=True)
class Catalogue:
    """Products, and the direction in taste space ((TASTES,) per category) that likes them."""

    products: list[Product]
    category_tastes: dict[str, tuple[float, float, float]]

    def cents(self) -> IntArray:
        """Prices in cents, in catalogue order."""
        return np.array([product.cents for product in self.products], dtype=np.int64)

    def appeal(self) -> tuple[FloatArray, FloatArray]:
        """Log popularity (products,) and taste direction (products, TASTES)."""
        popularity = np.log([product.popularity for product in self.products])
        tastes = np.array([self.category_tastes[product.category] for product in self.products])
        return popularity, tastes


@dataclass(frozen=True)
class Lines:
    """Order lines, one array entry each: row of the order, of the product, and pieces."""

    order: IntArray
    product: IntArray
    quantity: IntArray


def fill_baskets(
    draws: PortableDraws,
    catalogue: Catalogue,
    customers: Customers,
    orders: Orders,
    *,
    mean_extra_lines: float,
    loyalty: float,
    second_piece_chance: float,
) -> Lines:
    """Order lines by each customer's taste and mood, a product at most once in an order.

    A better mood means more lines. Customers with price sensitivity prefer cheaper products. ``loyalty``
    says how strongly a customer sticks to personal favourites among products that nobody else singles out.
    Who fades buys from the favourite category no more.
    """
    extra = draws.exponential(len(orders)) * mean_extra_lines * np.exp(0.8 * orders.mood)
    count = 1 + np.minimum(extra.astype(np.int64), 7)
    order = np.repeat(np.arange(len(orders)), count)
    customer = orders.customer[order]

    popularity, tastes = catalogue.appeal()
    cheapness = -np.log(catalogue.cents() / catalogue.cents().mean())
    favourites = loyalty * draws.normal(customers.arrival.size, popularity.size)
    wish = customers.taste @ tastes.T + favourites + np.outer(customers.price_sensitivity, cheapness)
    wished = popularity + wish[customer]
    wished -= LEFT_BEHIND * (orders.fading[order] > 0)[:, None] * _of_favourite(catalogue, wish)[customer]
    product = draws.pick(wished)

    pair = np.unique(order * popularity.size + product)
    quantity = 1 + draws.chance(second_piece_chance, pair.size).astype(np.int64)
    return Lines(pair // popularity.size, pair % popularity.size, quantity)


def _of_favourite(catalogue: Catalogue, wish: FloatArray) -> BoolArray:
    """Whether a product (columns) is of the category that a customer (rows) likes best."""
    categories = list(catalogue.category_tastes)
    of = np.array([categories.index(product.category) for product in catalogue.products])
    liking = np.column_stack([wish[:, of == number].mean(axis=1) for number in range(len(categories))])
    of_favourite: BoolArray = of[None, :] == liking.argmax(axis=1)[:, None]
    return of_favourite


def discount_cents(gross_cents: IntArray, percent: IntArray) -> IntArray:
    """Discount on each line, rounded half up; whole cents, so that no platform rounds differently."""
    return (gross_cents * percent + 50) // 100


def money(cents: int) -> str:
    """``-1234`` cents as ``-12.34``."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def prices_on(
    catalogue: Catalogue, product: IntArray, day: IntArray, rise_day: int, rise_percent: dict[str, int]
) -> IntArray:
    """Price in cents of each product on each day; from ``rise_day`` on a category may cost more."""
    percent = np.array([rise_percent.get(item.category, 0) for item in catalogue.products], dtype=np.int64)
    cents = catalogue.cents()[product]
    risen = (cents * (100 + percent[product]) + 50) // 100
    return np.where(day >= rise_day, risen, cents)


def refunds(
    draws: PortableDraws, orders: Orders, lines: Lines, first_after_days: int, last_after_days: int
) -> tuple[IntArray, IntArray]:
    """Line row and day of each refund: one line of every returned order, unless the file ends before."""
    returned = np.flatnonzero(orders.returned)
    line = np.searchsorted(lines.order, returned)
    day = orders.day[returned] + draws.integers(first_after_days, last_after_days + 1, returned.size)
    inside = day < DAYS
    return line[inside], day[inside]

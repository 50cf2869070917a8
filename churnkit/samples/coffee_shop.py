"""A coffee shop's till with loyalty cards: one row per receipt line, date and time in two columns."""

from __future__ import annotations

import numpy as np

from churnkit.samples.portable_draws import BoolArray, IntArray, PortableDraws
from churnkit.samples.product_range import (
    TASTES,
    Catalogue,
    Product,
    discount_cents,
    fill_baskets,
    money,
    prices_on,
    refunds,
)
from churnkit.samples.simulation import (
    DAYS,
    FIRST_DAY,
    Behaviour,
    Customers,
    SeasonalClock,
    arrivals,
    day_number,
    simulate_orders,
)

HEADER = (
    "Date",
    "Time",
    "Receipt No",
    "Loyalty Card ID",
    "Item Code",
    "Item",
    "Category",
    "Qty",
    "Unit Price",
    "Discount",
    "Net Sales",
    "Payment Method",
)
CUSTOMERS = 1_900
CARD_FORGOTTEN_CHANCE = 0.04
PRICE_RISE_DAY = day_number("2025-09-01")
PRICE_RISE_PERCENT = {"Coffee": 9, "Cold Drinks": 12}
OPENS_SECOND, CLOSES_SECOND = 6 * 3600 + 1800, 19 * 3600

CATALOGUE = Catalogue(
    products=[
        Product("C01", "Espresso", "Coffee", 240, 6.0),
        Product("C02", "Americano", "Coffee", 290, 5.0),
        Product("C03", "Cappuccino", "Coffee", 360, 10.0),
        Product("C04", "Flat White", "Coffee", 380, 11.0),
        Product("C05", "Caffe Latte", "Coffee", 390, 9.0),
        Product("C06", "Filter Coffee", "Coffee", 270, 6.0),
        Product("T01", "Breakfast Tea", "Tea", 260, 3.0),
        Product("T02", "Green Tea", "Tea", 280, 2.0),
        Product("T03", "Chai Latte", "Tea", 390, 3.0),
        Product("D01", "Iced Latte", "Cold Drinks", 430, 3.0),
        Product("D02", "Cold Brew", "Cold Drinks", 420, 2.5),
        Product("D03", "Frozen Mocha", "Cold Drinks", 520, 3.5),
        Product("D04", "Orange Juice", "Cold Drinks", 350, 2.0),
        Product("P01", "Butter Croissant", "Bakery", 250, 6.0),
        Product("P02", "Pain au Chocolat", "Bakery", 290, 4.0),
        Product("P03", "Cinnamon Roll", "Bakery", 340, 3.0),
        Product("P04", "Banana Bread", "Bakery", 320, 2.5),
        Product("P05", "Blueberry Muffin", "Bakery", 310, 2.5),
        Product("F01", "Cheese Toastie", "Food", 640, 1.6),
        Product("F02", "Avocado Bagel", "Food", 790, 1.4),
        Product("F03", "Granola Bowl", "Food", 720, 1.0),
        Product("B01", "House Blend 250g", "Beans", 990, 0.7),
        Product("B02", "Single Origin 250g", "Beans", 1390, 0.5),
        Product("B03", "Decaf Blend 250g", "Beans", 1090, 0.2),
    ],
    category_tastes={
        "Coffee": (-0.5, 0.3, 0.0),
        "Tea": (-0.2, -0.8, 0.2),
        "Cold Drinks": (1.1, 0.2, 0.3),
        "Bakery": (0.2, -0.1, 0.5),
        "Food": (0.1, -0.4, 1.0),
        "Beans": (-1.0, 0.7, -0.3),
    },
)


def rows(seed: int) -> list[tuple[str, ...]]:
    """Rows of the file in time order, header not included."""
    draws = PortableDraws(seed, stream=1)
    commuter = draws.chance(0.6, CUSTOMERS)
    customers = _customers(draws, commuter)
    clock = SeasonalClock(
        month_factors=[1.05, 1.0, 1.0, 1.0, 0.95, 0.9, 0.75, 0.72, 1.0, 1.08, 1.12, 1.1],
        weekday_profiles=[[0.7, 0.7, 0.8, 0.8, 1.1, 1.7, 1.4], [1.2, 1.25, 1.25, 1.2, 1.1, 0.35, 0.2]],
    )
    behaviour = Behaviour(
        discount_chance=np.where(np.arange(DAYS) % 91 < 14, 0.22, 0.05),
        return_chance=0.008,
        price_rise_day=PRICE_RISE_DAY,
    )
    orders = simulate_orders(draws, customers, behaviour, clock)
    lines = fill_baskets(
        draws, CATALOGUE, customers, orders, mean_extra_lines=0.75, loyalty=1.3, second_piece_chance=0.06
    )
    preferred_hour = np.where(commuter, 7.9, 13.5) + np.where(commuter, 0.7, 2.0) * draws.normal(CUSTOMERS)
    hour = preferred_hour[orders.customer] + 0.6 * draws.normal(len(orders))
    second = np.clip((hour * 3600).astype(np.int64), OPENS_SECOND, CLOSES_SECOND)
    second = np.minimum(second + draws.integers(0, 600, len(orders)), CLOSES_SECOND)

    refunded_line, refund_day = refunds(draws, orders, lines, 1, 3)
    refund_second = draws.integers(OPENS_SECOND, CLOSES_SECOND, refunded_line.size)

    card_number = 100 + 7 * np.arange(CUSTOMERS) + draws.integers(0, 7, CUSTOMERS)
    card = np.where(draws.chance(CARD_FORGOTTEN_CHANCE, len(orders)), -1, card_number[orders.customer])
    by_cash = draws.chance(0.2, len(orders))
    percent = np.where(orders.discounted, np.array([10, 10, 20])[draws.integers(0, 3, len(orders))], 0)

    line = np.concatenate([np.arange(lines.order.size), refunded_line])
    is_refund = np.arange(line.size) >= lines.order.size
    order = lines.order[line]
    price = prices_on(CATALOGUE, lines.product[line], orders.day[order], PRICE_RISE_DAY, PRICE_RISE_PERCENT)
    return _print(
        day=np.concatenate([orders.day[lines.order], refund_day]),
        second=np.concatenate([second[lines.order], refund_second]),
        receipt=np.where(is_refund, len(orders) + np.cumsum(is_refund), order),
        card=card[order],
        product=lines.product[line],
        quantity=np.where(is_refund, -lines.quantity[line], lines.quantity[line]),
        price=price,
        percent=percent[order],
        by_cash=by_cash[order],
    )


def _customers(draws: PortableDraws, commuter: BoolArray) -> Customers:
    taste = draws.normal(CUSTOMERS, TASTES)
    hunger = draws.beta(0.5, 2.0, CUSTOMERS)
    pace = 0.075 * draws.gamma(1.0, CUSTOMERS) * np.exp(0.25 * taste[:, 1])
    return Customers(
        arrival=arrivals(draws, CUSTOMERS, established_share=0.3, established_days=30.0, growth=1.3),
        orders_per_day=np.clip(pace, 0.004, 0.4) * np.where(commuter, 1.2, 0.8),
        regularity=1 + draws.integers(0, 2, CUSTOMERS),
        leave_chance=draws.beta(0.7, 22.0, CUSTOMERS),
        one_time=draws.chance(0.12, CUSTOMERS),
        discount_hunger=hunger,
        price_sensitivity=draws.beta(1.0, 3.0, CUSTOMERS),
        mood_drift=-0.02 + 0.03 * draws.normal(CUSTOMERS),
        taste=taste,
        profile=commuter.astype(np.int64),
    )


def _print(
    *,
    day: IntArray,
    second: IntArray,
    receipt: IntArray,
    card: IntArray,
    product: IntArray,
    quantity: IntArray,
    price: IntArray,
    percent: IntArray,
    by_cash: BoolArray,
) -> list[tuple[str, ...]]:
    in_time = np.lexsort((product, receipt, second, day))
    _, first_seen, position = np.unique(receipt[in_time], return_index=True, return_inverse=True)
    number = np.argsort(np.argsort(first_seen))[position] + 1
    gross = quantity * price
    discount = np.sign(quantity) * discount_cents(np.abs(gross), percent)
    dates = np.datetime_as_string(FIRST_DAY + day).tolist()
    printed: list[tuple[str, ...]] = []
    for row, receipt_number in zip(in_time.tolist(), number.tolist(), strict=True):
        item = CATALOGUE.products[product[row]]
        hours, rest = divmod(int(second[row]), 3600)
        printed.append(
            (
                dates[row],
                f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}",
                f"R{receipt_number:06d}",
                f"{card[row]:05d}" if card[row] >= 0 else "",
                item.sku,
                item.name,
                item.category,
                str(quantity[row]),
                money(int(price[row])),
                money(int(discount[row])),
                money(int(gross[row] - discount[row])),
                "Cash" if by_cash[row] else "Card",
            )
        )
    return printed

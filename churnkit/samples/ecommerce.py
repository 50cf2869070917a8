"""An online shop's order export: one row per order line, e-mails as identity, and a realistic mess.

Most customers fade before they leave: longer gaps, smaller baskets, a category left behind, discounts and returns.
Guests without an e-mail, e-mails typed in many ways, orders exported twice, cancelled and failed orders,
refunds as negative lines on their own date, free gifts, dates that are none, dollar signs and thousands
separators.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import itemgetter

import numpy as np

from churnkit.samples.portable_draws import BoolArray, FloatArray, IntArray, PortableDraws
from churnkit.samples.product_range import (
    TASTES,
    Catalogue,
    Lines,
    Product,
    discount_cents,
    fill_baskets,
    prices_on,
    refunds,
)
from churnkit.samples.simulation import (
    DAYS,
    FIRST_DAY,
    Behaviour,
    Customers,
    Farewell,
    Orders,
    SeasonalClock,
    arrivals,
    day_number,
    simulate_orders,
)

HEADER = (
    "Order Number",
    "Order Date",
    "Customer Email",
    "SKU",
    "Product Name",
    "Category",
    "Qty",
    "Unit Price",
    "Discount",
    "Line Total",
    "Status",
)
CUSTOMERS = 1_800
FIRST_ORDER_NUMBER = 10_001
PRICE_RISE_DAY = day_number("2025-10-01")
PRICE_RISE_PERCENT = {"Kitchen": 12, "Gadgets": 8}
CAMPAIGNS = (
    ("2024-11-22", "2024-12-03"),
    ("2025-01-02", "2025-01-14"),
    ("2025-06-27", "2025-07-10"),
    ("2025-11-21", "2025-12-02"),
    ("2026-01-02", "2026-01-14"),
    ("2026-06-26", "2026-07-09"),
)
CLOCK = SeasonalClock(
    month_factors=[0.9, 0.85, 0.95, 1.0, 1.0, 0.9, 0.9, 0.85, 0.95, 1.05, 1.5, 1.65],
    weekday_profiles=[[1.1, 1.0, 1.0, 1.0, 0.85, 0.9, 1.2]],
)
FAREWELL = Farewell(share=0.9, orders=3, slower=1.35, gloom=0.15)
GUEST_CHANCE = 0.025
CANCELLED_CHANCE, FAILED_CHANCE = 0.015, 0.004
FREE_GIFT_CHANCE = 0.02
OVERLAPS, OVERLAP_ORDERS = 26, 4
UNTIDY_EMAIL_CHANCE = 0.07
NO_DATES = ("", "pending", "0/0/0000 12:00 AM", "n/a", "13/32/2025 9:61 PM")
BROKEN_DATE_LINES = 15

CATALOGUE = Catalogue(
    products=[
        Product("KIT-101", "Chef's Knife 20 cm", "Kitchen", 5490, 3.0),
        Product("KIT-102", "Cast Iron Skillet", "Kitchen", 4290, 3.0),
        Product("KIT-103", "Bamboo Cutting Board", "Kitchen", 2490, 4.0),
        Product("KIT-104", "Glass Storage Set, 6 pieces", "Kitchen", 3190, 4.0),
        Product("KIT-105", "Pour-Over Coffee Maker", "Kitchen", 3890, 2.5),
        Product("KIT-106", "Espresso Machine", "Kitchen", 124900, 0.12),
        Product("GAR-201", "Herb Seed Collection", "Garden", 1290, 4.0),
        Product("GAR-202", "Terracotta Pot, Large", "Garden", 1890, 3.0),
        Product("GAR-203", "Pruning Shears", "Garden", 2790, 2.0),
        Product("GAR-204", "Watering Can 5 l", "Garden", 2290, 2.0),
        Product("GAR-205", "Raised Bed Kit", "Garden", 8990, 0.8),
        Product("DEC-301", "Scented Candle", "Decor", 1690, 6.0),
        Product("DEC-302", "Wall Mirror, Round", "Decor", 7490, 1.2),
        Product("DEC-303", "Ceramic Vase", "Decor", 2990, 3.0),
        Product("DEC-304", 'Picture Frame 8x10"', "Decor", 1490, 3.0),
        Product("DEC-305", "String Lights", "Decor", 1990, 4.0),
        Product("TEX-401", "Linen Pillow Cover", "Textiles", 2190, 4.0),
        Product("TEX-402", "Wool Throw", "Textiles", 6990, 2.0),
        Product("TEX-403", "Cotton Bath Towel", "Textiles", 1890, 5.0),
        Product("TEX-404", "Duvet Set, Queen", "Textiles", 11900, 1.2),
        Product("GAD-501", "Wireless Charger", "Gadgets", 2990, 4.0),
        Product("GAD-502", "Smart Plug, 2-Pack", "Gadgets", 2490, 4.0),
        Product("GAD-503", "LED Desk Lamp", "Gadgets", 4490, 2.5),
        Product("GAD-504", "Bluetooth Speaker", "Gadgets", 5990, 2.5),
        Product("GAD-505", "Robot Vacuum", "Gadgets", 29900, 0.5),
        Product("GIF-601", "Chocolate Box", "Gifts", 1990, 4.0),
        Product("GIF-602", "Greeting Card Set", "Gifts", 990, 4.0),
        Product("GIF-603", "Spa Gift Basket", "Gifts", 4990, 2.0),
        Product("GIF-604", "Advent Calendar", "Gifts", 3490, 1.0),
    ],
    category_tastes={
        "Kitchen": (-0.7, 0.5, 0.2),
        "Garden": (-0.6, -0.2, -0.9),
        "Decor": (0.0, 0.3, 0.9),
        "Textiles": (-0.1, -0.6, 0.6),
        "Gadgets": (1.0, 0.4, -0.2),
        "Gifts": (0.8, -0.7, 0.1),
    },
)
FREE_GIFT = Product("FREE-000", "Thank-You Sample", "Gifts", 0, 0.0)
# Nobody chooses the gift, so it stands beside the products that compete for a place in the basket.
SHIPPED = Catalogue([*CATALOGUE.products, FREE_GIFT], CATALOGUE.category_tastes)
FIRST_WORDS = (
    "amber autumn birch bright cedar clover copper coral crimson dusty ember fern flint frosty ginger golden"
    " hazel indigo ivory jade juniper lemon lunar maple misty mossy nutmeg ocean olive opal pepper pine plum"
    " river rusty sage silver sunny velvet willow"
)
ANIMALS = (
    "badger beaver bison cricket crane dolphin falcon finch fox gecko hare heron ibex jackdaw koala lark"
    " lemur lynx magpie marten moose newt ocelot otter owl panda puffin quail raven robin seal sparrow stork"
    " swift tapir toad trout walrus wombat wren"
)
EMAIL_DOMAINS = ("example.com", "example.org", "example.net")


def rows(seed: int) -> list[tuple[str, ...]]:
    """Rows of the file in the order of their dates, header not included."""
    draws = PortableDraws(seed, stream=2)
    customers = _customers(draws)
    orders = simulate_orders(draws, customers, behaviour(), CLOCK)
    lines = fill_baskets(
        draws, CATALOGUE, customers, orders, mean_extra_lines=1.0, loyalty=0.8, second_piece_chance=0.15
    )
    second = _second_of_day(draws, orders)
    refunded_line, refund_day = refunds(draws, orders, lines, 4, 24)
    lines = _with_free_gifts(draws, lines, len(orders))

    line = np.concatenate([np.arange(lines.order.size), refunded_line])
    is_refund = np.arange(line.size) >= lines.order.size
    order, product = lines.order[line], lines.product[line]
    quantity = np.where(is_refund, -lines.quantity[line], lines.quantity[line])
    price = prices_on(SHIPPED, product, orders.day[order], PRICE_RISE_DAY, PRICE_RISE_PERCENT)
    percent = np.where(orders.discounted, np.array([10, 15, 15, 25])[draws.integers(0, 4, len(orders))], 0)
    discount = np.sign(quantity) * discount_cents(np.abs(quantity * price), percent[order])
    day = np.where(is_refund, 0, orders.day[order])
    day[is_refund] = refund_day
    when = day * 86_400 + np.where(is_refund, draws.integers(32_400, 61_200, line.size), second[order])
    number = _order_numbers(orders.day, second)
    shown = np.lexsort((product, number[order], when))

    dates = _dates(draws, when[shown])
    emails = _emails(draws, orders.customer, order[shown])
    statuses = _statuses(draws, len(orders), order[shown], is_refund[shown])
    printed: list[tuple[str, ...]] = []
    for row, date, email, status in zip(shown.tolist(), dates, emails, statuses, strict=True):
        item = SHIPPED.products[product[row]]
        printed.append(
            (
                str(number[order[row]]),
                date,
                email,
                item.sku,
                item.name,
                item.category,
                str(quantity[row]),
                _dollars(int(price[row])),
                _dollars(int(discount[row])),
                _dollars(int(quantity[row] * price[row] - discount[row])),
                status,
            )
        )
    return _with_overlaps(draws, printed)


def behaviour() -> Behaviour:
    """How this shop's customers react."""
    return Behaviour(
        _discount_chance(),
        return_chance=0.04,
        price_rise_day=PRICE_RISE_DAY,
        break_chance=0.02,
        break_days=30.0,
        farewell=FAREWELL,
    )


def _customers(draws: PortableDraws) -> Customers:
    taste = draws.normal(CUSTOMERS, TASTES)
    stages_per_day = 0.05 * draws.gamma(6.0, CUSTOMERS) * np.exp(0.3 * taste[:, 1])
    return Customers(
        arrival=arrivals(draws, CUSTOMERS, established_share=0.22, established_days=70.0, growth=1.6),
        orders_per_day=np.maximum(stages_per_day, 0.01),
        regularity=4 + draws.integers(0, 3, CUSTOMERS),
        leave_chance=draws.beta(1.2, 8.0, CUSTOMERS),
        one_time=draws.chance(0.22, CUSTOMERS),
        discount_hunger=draws.beta(0.5, 1.5, CUSTOMERS),
        price_sensitivity=draws.beta(1.0, 3.0, CUSTOMERS),
        mood_drift=-0.02 + 0.05 * draws.normal(CUSTOMERS),
        taste=taste,
        profile=np.zeros(CUSTOMERS, dtype=np.int64),
    )


def _discount_chance() -> FloatArray:
    chance = np.full(DAYS, 0.08)
    for first, last in CAMPAIGNS:
        chance[day_number(first) : day_number(last) + 1] = 0.45
    return chance


def _second_of_day(draws: PortableDraws, orders: Orders) -> IntArray:
    customers = int(orders.customer.max()) + 1
    evening = draws.chance(0.55, customers)
    usual_hour = np.where(evening, 20.0, 12.0) + 1.5 * draws.normal(customers)
    hour = np.mod(usual_hour[orders.customer] + 1.8 * draws.normal(len(orders)), 24.0)
    minute = np.minimum((hour * 60).astype(np.int64), 24 * 60 - 1)
    return minute * 60


def _with_free_gifts(draws: PortableDraws, lines: Lines, order_count: int) -> Lines:
    gifted = np.flatnonzero(draws.chance(FREE_GIFT_CHANCE, order_count))
    gift = SHIPPED.products.index(FREE_GIFT)
    return Lines(
        np.concatenate([lines.order, gifted]),
        np.concatenate([lines.product, np.full(gifted.size, gift)]),
        np.concatenate([lines.quantity, np.ones(gifted.size, dtype=np.int64)]),
    )


def _order_numbers(day: IntArray, second: IntArray) -> IntArray:
    number = np.empty(day.size, dtype=np.int64)
    number[np.lexsort((second, day))] = FIRST_ORDER_NUMBER + np.arange(day.size)
    return number


def _dates(draws: PortableDraws, when: IntArray) -> list[str]:
    days, minutes = when // 86_400, when % 86_400 // 60
    dates = np.datetime_as_string(FIRST_DAY + days).tolist()
    printed = []
    for date, minute in zip(dates, minutes.tolist(), strict=True):
        year, month, day = date.split("-")
        half = "AM" if minute < 720 else "PM"
        printed.append(
            f"{int(month)}/{int(day)}/{year} {(minute // 60 + 11) % 12 + 1}:{minute % 60:02d} {half}"
        )
    for number, row in enumerate(draws.integers(0, when.size, BROKEN_DATE_LINES).tolist()):
        printed[row] = NO_DATES[number % len(NO_DATES)]
    return printed


def _emails(draws: PortableDraws, customer: IntArray, order: IntArray) -> list[str]:
    """E-mail on each line: blank for guests, and typed untidily now and then."""
    guest = draws.chance(GUEST_CHANCE, customer.size)
    spelling = np.where(
        draws.chance(UNTIDY_EMAIL_CHANCE, customer.size), draws.integers(1, 5, customer.size), 0
    )
    emails = []
    for row in order.tolist():
        email = "" if guest[row] else _address(int(customer[row]))
        spellings = (email, email.title(), email.upper(), f" {email}", f"{email} ")
        emails.append(spellings[spelling[row]] if email else "")
    return emails


def _address(customer: int) -> str:
    first_words, animals = FIRST_WORDS.split(), ANIMALS.split()
    first = first_words[customer * 7 % len(first_words)]
    second = animals[customer * 11 % len(animals)]
    return f"{first}.{second}{customer % 97}@{EMAIL_DOMAINS[customer % 3]}"


def _statuses(draws: PortableDraws, order_count: int, order: IntArray, is_refund: BoolArray) -> list[str]:
    luck = draws.uniform(order_count)
    names = np.select(
        [luck < CANCELLED_CHANCE, luck < CANCELLED_CHANCE + FAILED_CHANCE],
        ["Cancelled", "Failed"],
        "Completed",
    )
    states: list[str] = np.where(is_refund, "Refunded", names[order]).tolist()
    return states


def _dollars(cents: int) -> str:
    amount = f"${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    return f"-{amount}" if cents < 0 else amount


def _with_overlaps(draws: PortableDraws, printed: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The lines as an export in pages writes them: here and there a page begins with the last orders of the one before."""
    runs = [list(lines) for _, lines in groupby(printed, key=itemgetter(0))]
    met = Counter(lines[0][0] for lines in runs)
    ends = set(draws.integers(OVERLAP_ORDERS, len(runs), OVERLAPS).tolist())
    pages: list[tuple[str, ...]] = []
    for place, lines in enumerate(runs):
        last = runs[place - OVERLAP_ORDERS : place]
        # An order with a refund elsewhere in the file is told apart from itself by that.
        if place in ends and all(met[order[0][0]] == 1 for order in last):
            pages += [line for order in last for line in order]
        pages += lines
    return pages

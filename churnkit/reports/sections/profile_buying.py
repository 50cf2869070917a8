"""Customers, orders and products in the profile's document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from churnkit.reports.document import Block, Chart, Heading, Row, Section, Table, TableColumn, Text
from churnkit.reports.plots import HALF_WIDTH, Bar, bar_list
from churnkit.reports.sections.registry_table import registry_table
from churnkit.results.profile import Assortment, CustomerStatistics, Profile, Spread
from churnkit.text import figures

PRODUCTS_SHOWN = 10

_ORDERS = {"order.order_id": 2.0, "customer_id": 2.0, "order.day": 1.0, "order.value": 1.0}
_PRODUCTS = {
    "product.name": 3.0,
    "product.id": 1.2,
    "product.gross": 1.0,
    "share": 0.8,
    "product.lines": 0.8,
}


def customers_section(profile: Profile) -> Section:
    """How often customers order, how much they spend, and the largest orders."""
    customers = profile.customers
    bars = [
        Bar(
            f"{cell.from_orders}{'' if cell.to_orders else ' or more'}",
            float(cell.customers),
            f"{figures.count(cell.customers)} ({figures.percent(cell.share)})",
        )
        for cell in customers.orders_per_customer.histogram
    ]
    chart = Chart("Orders each", bar_list(bars, "Customers by number of orders", width=HALF_WIDTH))
    blocks: list[Block] = [
        Row(chart, _facts(customers)),
        Heading("Orders and money"),
        _quantiles(profile),
        *_largest_orders(profile),
    ]
    return Section("customers", "Customers and orders", tuple(blocks))


def _facts(customers: CustomerStatistics) -> Table:
    rows = (
        ("Bought once only", figures.count(customers.one_time), figures.percent(customers.one_time_share)),
        ("Came back", figures.count(customers.returning), figures.percent(1 - customers.one_time_share)),
        (
            "Three orders or more",
            figures.count(customers.frequent),
            figures.percent(customers.frequent_share),
        ),
        ("Returned as much as they bought", figures.count(customers.without_positive_net), ""),
        ("Revenue from the top fifth", "", figures.percent(customers.top_fifth_revenue_share)),
    )
    return Table(
        (TableColumn("Customers", weight=2.2), TableColumn("", "right"), TableColumn("", "right")), rows
    )


def _quantiles(profile: Profile) -> Table:
    customers = profile.customers

    def money(value: float) -> str:
        return figures.money(value, profile.scope.currency)

    rows = (
        _quantile_row("Order value", profile.orders.value, money),
        _quantile_row("Revenue per customer", customers.lifetime_revenue, money),
        _quantile_row("Orders per customer", customers.orders_per_customer, figures.decimal),
    )
    heads = ("5 %", "25 %", "Median", "75 %", "95 %", "Largest")
    columns = (TableColumn("", weight=1.6), *(TableColumn(head, "right") for head in heads))
    return Table(columns, rows, _money_note(profile))


def _quantile_row(words: str, found: Spread, write: Callable[[float], str]) -> tuple[str, ...]:
    values = (found.p05, found.p25, found.median, found.p75, found.p95, found.max)
    return (words, *map(write, values))


def _money_note(profile: Profile) -> str:
    currency, orders = profile.scope.currency, profile.orders
    units = orders.units_per_order
    return (
        f"Gross {figures.money(orders.gross, currency)}, returned {figures.money(orders.refunded, currency)}"
        f" ({figures.percent(orders.returned_share)}), net {figures.money(orders.net, currency)};"
        f" {figures.decimal(orders.lines_per_order, 1)} lines"
        f"{f' and {figures.decimal(units, 1)} units' if units is not None else ''} an order on average."
    )


def _largest_orders(profile: Profile) -> list[Block]:
    if not profile.largest_orders:
        return []
    table = registry_table(_ORDERS, profile.largest_orders, currency=profile.scope.currency)
    return [Heading("Largest orders"), table]


def products_section(profile: Profile) -> Section:
    """The strongest products and categories, where the export names any."""
    products = profile.products
    if products is None:
        return Section("products", "Products", (Text("The export names neither products nor categories."),))
    blocks: list[Block] = []
    for name, one, found in (
        ("products", "Product", products.products),
        ("categories", "Category", products.categories),
    ):
        if found is not None:
            blocks += _product_blocks(found, name, one, profile.scope.currency)
    return Section("products", "Products", tuple(blocks))


def _product_blocks(found: Assortment, name: str, one: str, currency: str | None) -> list[Block]:
    words = (
        f"{figures.count(found.number)} {name}, as diverse as {figures.count(found.effective)} equally strong"
        f" ones; the top fifth brings {figures.percent(found.top_fifth_revenue_share)} of revenue. A customer buys"
        f" {figures.decimal(found.per_customer, 1)} of them on average;"
        f" {figures.percent(found.repeat_line_share)} of lines repeat one that the customer has on another line."
    )
    lines = [replace(item, id="" if item.id == item.name else item.id) for item in found.top[:PRODUCTS_SHOWN]]
    table = registry_table(_PRODUCTS, lines, currency=currency, titles={"product.name": one})
    return [Heading(f"Strongest {name}"), Text(words), table]

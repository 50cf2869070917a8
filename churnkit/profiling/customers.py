"""Customers and orders described, and what their numbers mean for a churn analysis."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr import types as ir

from churnkit.profiling.checks import CheckSpec
from churnkit.profiling.tables import EngineRow, one_row, records
from churnkit.results.profile import (
    BusiestCustomer,
    Check,
    CustomerStatistics,
    LifetimeRevenue,
    OrdersBar,
    OrdersEach,
    OrderStatistics,
    OrderValue,
)
from churnkit.text.figures import counted, percent

GROUP = "Fitness for forecasting"
QUARTILES = (("p05", 0.05), ("p25", 0.25), ("median", 0.50), ("p75", 0.75), ("p95", 0.95))
TOP_SHARE = 0.20
LAST_BAR = 11
FREQUENT_ORDERS = 3
MIN_FREQUENT_CUSTOMERS = 30
MIN_CUSTOMERS_TO_COMPARE = 20

REPEAT = CheckSpec(
    "DQ-704",
    "Customers with a habit",
    GROUP,
    "customers",
    "Use a longer export, or expect rough scores: habits show only in customers who came back.",
    warn_points=0.5,
    fail_points=1.5,
)
ONE_TIME = CheckSpec(
    "DQ-705",
    "One-time buyers",
    GROUP,
    "share of customers",
    "Check that the customer column names persons and not orders or guest checkouts.",
    warn_points=0.5,
)
DOMINANT = CheckSpec(
    "DQ-608",
    "Busiest customer id",
    "Consistency",
    "share of orders",
    "Check whether this id stands for walk-ins, guests or the shop itself; if so, leave it out.",
    warn_points=0.5,
    fail_points=1.0,
)
RETURNS = CheckSpec(
    "DQ-707",
    "Returned money",
    GROUP,
    "share of gross revenue",
    "Check that refunds are not recorded twice, and that negative amounts are refunds.",
    warn_points=0.25,
    fail_points=1.0,
)


def quantiles(column: ir.Column) -> dict[str, ir.Value]:
    """Expressions of the five quantiles that every distribution is shown with."""
    return {name: column.quantile(q) for name, q in QUARTILES}


def customer_statistics(customer_table: ir.Table) -> CustomerStatistics:
    """Orders each, lifetime revenue, one-time share and concentration, over customers with a purchase."""
    totals = one_row(
        customer_table.aggregate(
            customers=_.count(),
            orders=_.order_count.sum(),
            one_time=_.count(where=_.order_count == 1),
            frequent=_.count(where=_.order_count >= FREQUENT_ORDERS),
            max_orders=_.order_count.max(),
            gross=_.gross.sum(),
            net_mean=_.net.mean(),
            net_max=_.net.max(),
            net_not_positive=_.count(where=_.net <= 0),
            **{f"orders_{name}": value for name, value in quantiles(customer_table.order_count).items()},
            **{f"net_{name}": value for name, value in quantiles(customer_table.net).items()},
        )
    )
    number = totals["customers"]
    return CustomerStatistics(
        customers=number,
        orders_per_customer=OrdersEach(
            mean=totals["orders"] / number,
            max=totals["max_orders"],
            **_quantiles_of(totals, "orders_"),
            histogram=_orders_histogram(customer_table),
        ),
        lifetime_revenue=LifetimeRevenue(
            mean=totals["net_mean"], max=totals["net_max"], **_quantiles_of(totals, "net_")
        ),
        one_time=totals["one_time"],
        one_time_share=totals["one_time"] / number,
        returning=number - totals["one_time"],
        frequent=totals["frequent"],
        frequent_share=totals["frequent"] / number,
        without_positive_net=totals["net_not_positive"],
        top_fifth_revenue_share=_top_share(customer_table, number, totals["gross"]),
        busiest=_busiest(customer_table, totals["orders"]),
    )


def _quantiles_of(totals: EngineRow, prefix: str = "") -> dict[str, float]:
    return {name: totals[f"{prefix}{name}"] for name, _q in QUARTILES}


def _busiest(customer_table: ir.Table, orders: int) -> BusiestCustomer:
    found = one_row(customer_table.order_by([_.order_count.desc(), _.customer_id]).limit(1))
    return BusiestCustomer(
        customer_id=found["customer_id"], orders=found["order_count"], share=found["order_count"] / orders
    )


def _orders_histogram(customer_table: ir.Table) -> tuple[OrdersBar, ...]:
    """Customers by number of orders: 1 .. 10 one by one, then the rest."""
    capped = customer_table.mutate(orders=ibis.least(_.order_count, LAST_BAR))
    found = records(capped.group_by("orders").aggregate(customers=_.count()))
    counts = {line["orders"]: line["customers"] for line in found}
    total = sum(counts.values())
    return tuple(
        OrdersBar(
            from_orders=orders,
            to_orders=orders if orders < LAST_BAR else None,
            customers=counts.get(orders, 0),
            share=counts.get(orders, 0) / total,
        )
        for orders in range(1, LAST_BAR + 1)
    )


def _top_share(customer_table: ir.Table, number: int, gross: float) -> float:
    """Share of gross revenue that the top fifth of customers (at least one) brings."""
    top = max(1, round(TOP_SHARE * number))
    best = customer_table.order_by([_.gross.desc(), _.customer_id]).limit(top)
    share: float = one_row(best.aggregate(gross=_.gross.sum()))["gross"] / gross
    return share


def order_statistics(order_table: ir.Table) -> OrderStatistics:
    """Number, value, spread and size of orders with a purchase, and the money that went back."""
    measures: dict[str, ir.Value] = {
        "orders": order_table.count(where=order_table.gross > 0),
        "return_documents": order_table.count(where=order_table.gross == 0),
        "refunded": order_table.refunded.sum(),
    }
    totals = one_row(order_table.aggregate(**measures))
    bought = order_table.filter(_.gross > 0)
    values: dict[str, ir.Value] = {
        "gross": bought.gross.sum(),
        "mean": bought.gross.mean(),
        "sd": bought.gross.std(how="pop"),
        "min": bought.gross.min(),
        "max": bought.gross.max(),
        "lines": bought.lines.mean(),
        **quantiles(bought.gross),
    }
    if "units" in bought.columns:
        values["units"] = bought.units.mean()
    value = one_row(bought.aggregate(**values))
    return OrderStatistics(
        orders=totals["orders"],
        return_documents=totals["return_documents"],
        gross=value["gross"],
        refunded=totals["refunded"],
        net=value["gross"] - totals["refunded"],
        returned_share=totals["refunded"] / value["gross"],
        value=OrderValue(
            **{name: value[name] for name in ("mean", "sd", "min", "max")},
            **_quantiles_of(value),
            variation=value["sd"] / value["mean"],
        ),
        lines_per_order=value["lines"],
        units_per_order=value.get("units"),
    )


def checks(customer: CustomerStatistics, order: OrderStatistics) -> list[Check]:
    """What the statistics mean for the analysis."""
    return [_repeat(customer), _one_time(customer), _dominant(customer), _returns(order)]


def _repeat(customer: CustomerStatistics) -> Check:
    frequent = customer.frequent
    words = (
        f"{counted(frequent, 'customer')} ({percent(customer.frequent_share)}) with three orders"
        " or more: the ones whose habits can be learned."
    )
    if frequent == 0:
        return REPEAT.failed("No customer has three orders or more: there are no habits to learn.", 0)
    if frequent < MIN_FREQUENT_CUSTOMERS:
        return REPEAT.warned(words, frequent)
    return REPEAT.passed(words, frequent)


def _one_time(customer: CustomerStatistics) -> Check:
    share = customer.one_time_share
    words = f"{percent(share)} of customers have bought once only."
    return ONE_TIME.graded(share, words, warn_above=0.8, fail_above=0.98)


def _dominant(customer: CustomerStatistics) -> Check:
    if customer.customers < MIN_CUSTOMERS_TO_COMPARE:
        return DOMINANT.skipped(f"There are only {counted(customer.customers, 'customer')}.")
    busiest = customer.busiest
    words = f"{busiest.customer_id} has {counted(busiest.orders, 'order')}, {percent(busiest.share)} of all."
    return DOMINANT.graded(busiest.share, words, warn_above=0.05, fail_above=0.2)


def _returns(order: OrderStatistics) -> Check:
    share = order.returned_share
    words = f"{percent(share)} of gross revenue went back to customers."
    return RETURNS.graded(share, words, warn_above=0.2, fail_above=0.5)

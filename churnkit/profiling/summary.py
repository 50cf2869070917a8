"""The profile: one document that the page, the report and the API all render."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from ibis.expr import types as ir

from churnkit.config import Gates, ThresholdSettings
from churnkit.profiling import (
    calendar,
    calendar_checks,
    customers,
    duplicates,
    fitness,
    identity,
    outliers,
    plausibility,
    plausibility_checks,
    products,
    tables,
)
from churnkit.profiling.account import Account
from churnkit.profiling.ladder import ladder
from churnkit.profiling.score import quality_score
from churnkit.profiling.threshold import CountedDays, find_threshold
from churnkit.results.found import Found, Missing
from churnkit.results.profile import (
    Check,
    CustomerStatistics,
    Definition,
    Duplicates,
    IdentityFacts,
    OrderStatistics,
    Outliers,
    ProductStatistics,
    Profile,
    ProfileScope,
    RowCounts,
)

SIGNIFICANT_DIGITS = 12

DEFINITIONS = (
    ("Purchase", "A row with an amount above zero. An order counts if it holds at least one."),
    (
        "History",
        "From the first purchase to the cutoff, the first instant after the data that were analysed.",
    ),
    ("Churned", "No purchase within the threshold after a date: the outcome that is forecast."),
    ("Lapsed already", "No purchase for more than the threshold now: a description, not a forecast."),
    (
        "Return curve",
        "Of 100 purchases, how many are followed by another of that customer within so many days. Customers"
        " who have not come back yet count for as long as they have been watched (Kaplan-Meier).",
    ),
    (
        "Came back later",
        "Of the pauses longer than that many days, the share that a purchase ended all the same, as far as the history"
        " can tell: of customers called lost after such a silence, how many come back. Pauses that are not over"
        " count for as long as they have been watched (Kaplan-Meier).",
    ),
    (
        "Followed in time",
        "The share of purchases followed by another within the threshold, from the return curve.",
    ),
    (
        "Gap",
        "Days between two purchase days in a row of one customer; several orders of a day are one purchase"
        " day.",
    ),
    (
        "Strength of a rhythm",
        "0 to 1: the part of the ups and downs that repeats (Wang, Smith and Hyndman 2006).",
    ),
    (
        "Effective number",
        "That many equally strong products would be as diverse (exponential of the entropy).",
    ),
    ("Quality score", "10 less the points of the findings listed with it."),
)


def profile(
    transactions: ir.Table,
    *,
    cutoff: datetime,
    ledger: pd.DataFrame,
    rows_in: int,
    gates: Gates,
    threshold: ThresholdSettings,
    horizon_days: int | None = None,
    counted: CountedDays | None = None,
) -> Profile:
    """Profile canonical transactions.

    Parameters
    ----------
    transactions
        Canonical transactions. Optional columns may be absent: what needs them says ``not_applicable``.
    cutoff
        First instant after the history; later rows are counted and not looked at.
    ledger, rows_in
        Ingest's account: columns reason, action, rows, share, explanation; and the rows of the file.
    gates, threshold
        Settings of the ladder and of the churn threshold.
    horizon_days
        Take this threshold instead of searching one.
    counted
        What ``threshold.count_days`` finds, where it is known.

    Raises
    ------
    DataError
        If no purchase lies before the cutoff, or the ledger lacks a column.
    """
    chosen, balance = find_threshold(
        transactions, cutoff, threshold, horizon_days=horizon_days, counted=counted
    )
    suspicious = plausibility.count(transactions, cutoff)
    account = Account(rows_in, suspicious.rows + suspicious.after_cutoff, ledger)
    missing = plausibility.missing_values(suspicious, account, transactions.columns)
    about = _measure(transactions, cutoff, account)
    used = suspicious.usable_rows
    checks = sorted(
        [
            *account.checks(),
            *plausibility_checks.checks(suspicious, account, missing),
            *about.checks,
            *fitness.checks(used, about.customers.customers, chosen, balance, gates),
        ],
        key=lambda check: check.code,
    )
    found: Profile = cut_digits(
        Profile(
            scope=_scope(transactions, cutoff, about, chosen.history_days),
            rows=RowCounts(
                in_=rows_in,
                kept=account.rows_kept,
                dropped=account.dropped(),
                after_cutoff=suspicious.after_cutoff,
                used=used,
            ),
            ledger=account.lines(),
            rung=ladder(used, about.customers.customers, chosen.history_days, gates),
            score=quality_score(checks),
            checks=tuple(checks),
            missing=missing,
            duplicates=about.duplicates,
            outliers=about.outliers,
            identity=about.identity,
            customers=about.customers,
            orders=about.orders,
            time=calendar.statistics(about.days),
            products=about.products,
            threshold=chosen,
            class_balance=balance,
            definitions=tuple(Definition(term=term, meaning=meaning) for term, meaning in DEFINITIONS),
        )
    )
    return found


@dataclass(frozen=True, kw_only=True)
class _Measured:
    """What the tables of orders and customers say, and the checks on it."""

    customers: CustomerStatistics
    orders: OrderStatistics
    duplicates: Duplicates
    outliers: Found[Outliers] | Missing
    identity: IdentityFacts
    products: ProductStatistics | None
    days: calendar.Days
    checks: list[Check]


def _measure(transactions: ir.Table, cutoff: datetime, account: Account) -> _Measured:
    rows = tables.history(transactions, cutoff)
    with ExitStack() as stack:
        orders = stack.enter_context(tables.held(tables.orders(rows), transactions))
        buyers = stack.enter_context(tables.held(tables.customers(orders), transactions))
        about_customers = customers.customer_statistics(buyers)
        about_orders = customers.order_statistics(orders)
        duplicate_checks, about_duplicates = duplicates.find(rows, orders, account)
        identity_checks, about_identity = identity.find(rows, orders, buyers, account)
        outlier_checks, about_outliers = outliers.find(
            orders, about_orders.value, _only_currency(about_identity)
        )
        days = calendar.collect(rows, tables.purchases(orders), tables.end_day(cutoff))
        about_products = products.statistics(rows, buyers, about_customers.customers)
    return _Measured(
        customers=about_customers,
        orders=about_orders,
        duplicates=about_duplicates,
        outliers=about_outliers,
        identity=about_identity,
        products=about_products,
        days=days,
        checks=[
            *duplicate_checks,
            *outlier_checks,
            *identity_checks,
            *calendar_checks.checks(days),
            *customers.checks(about_customers, about_orders),
        ],
    )


def _scope(transactions: ir.Table, cutoff: datetime, about: _Measured, history_days: int) -> ProfileScope:
    return ProfileScope(
        cutoff=cutoff,
        first_order=about.days.first_order,
        last_order=about.days.last_order,
        history_days=history_days,
        currency=_only_currency(about.identity),
        columns=tuple(transactions.columns),
    )


def _only_currency(about: IdentityFacts) -> str | None:
    return about.currencies[0].currency if about.currencies and len(about.currencies) == 1 else None


def cut_digits(value: Any) -> Any:
    """A dataclass, or what it holds, with floats cut to 12 significant digits and NumPy's numbers as Python's.

    The last digits depend on the order in which an engine's threads add up.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: cut_digits(getattr(value, one.name)) for one in fields(value)})
    if isinstance(value, tuple):
        return tuple(cut_digits(item) for item in value)
    if isinstance(value, np.generic):
        return cut_digits(value.item())
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    return value

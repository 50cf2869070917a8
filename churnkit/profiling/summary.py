"""The profile: one plain dict that the page, the report and the API all render.

Top-level keys (money in the currency of the data; shares in 0..1; days as ISO text; ``None`` = unknown):

``schema_version``
    1.
``scope``
    What was profiled: ``cutoff``, ``first_order``, ``last_order``, ``history_days``, ``currency`` (``None``
    if unknown or mixed), ``columns`` present.
``rows``
    ``in`` (file), ``kept`` (by ingest), ``dropped``, ``after_cutoff``, ``used``.
``ledger``
    Ingest's account: ``[{reason, action, rows, share, explanation, examples}]``.
``rung``
    ``{name: rules|btyd|models, missing: [sentence], words}``, see `ladder`.
``score``
    ``{value, out_of: 10, verdict, words, deductions: [{code, points, why, figure, remedy}]}``.
``checks``
    ``[{code, title, group, outcome: pass|warn|fail|not_applicable|skipped, figure, unit, words, remedy,
    points}]``, ordered by code.
``missing``
    ``[{column, critical, missing, share, flagged}]``, dropped rows included for the critical columns.
``duplicates``, ``outliers``, ``identity``
    What the checks of those groups counted; ``outliers`` is empty with fewer than 50 orders.
``customers``, ``orders``
    Statistics of customers with a purchase and of orders.
``time``
    ``per_day``, ``per_week``, ``per_month``, ``per_weekday``, ``per_hour`` (``None`` without times),
    ``seasonality`` (weekly and yearly strengths), ``trend``, ``silences``, ``bursts``.
``products``
    ``{products, categories}`` or ``None``.
``threshold``, ``class_balance``
    See `Threshold` and `ClassBalance`.
``definitions``
    ``[{term, meaning}]`` of every figure whose name does not explain it.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import pandas as pd
from ibis.expr import types as ir

from churnkit.config import Gates, ThresholdSettings
from churnkit.profiling import (
    calendar,
    customers,
    duplicates,
    fitness,
    identity,
    outliers,
    plausibility,
    products,
    tables,
)
from churnkit.profiling.account import Account
from churnkit.profiling.checks import Check
from churnkit.profiling.ladder import ladder
from churnkit.profiling.score import quality_score
from churnkit.profiling.threshold import Threshold, find_threshold

SCHEMA_VERSION = 1
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
        "Followed later",
        "Of purchases followed by that many days of silence, the share followed by another in the end, as"
        " far as the history can tell.",
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
) -> dict[str, Any]:
    """Profile canonical transactions; the module's documentation holds the schema of the result.

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

    Raises
    ------
    DataError
        If no purchase lies before the cutoff, or the ledger lacks a column.
    """
    chosen = find_threshold(transactions, cutoff, threshold, horizon_days=horizon_days)
    suspicious = plausibility.count(transactions, cutoff)
    account = Account(rows_in, suspicious["rows"] + suspicious["after_cutoff"], ledger)
    missing = plausibility.missing_values(suspicious, account, list(transactions.columns))
    findings = [*account.checks(), *plausibility.checks(suspicious, account, missing)]

    rows = tables.history(transactions, cutoff)
    end = tables.end_day(cutoff)
    with ExitStack() as stack:
        orders = stack.enter_context(tables.held(tables.orders(rows), transactions))
        buyers = stack.enter_context(tables.held(tables.customers(orders), transactions))
        about_customers = customers.customer_statistics(buyers)
        about_orders = customers.order_statistics(orders)
        duplicate_checks, about_duplicates = duplicates.find(rows, orders, account)
        identity_checks, about_identity = identity.find(rows, orders, buyers, account)
        outlier_checks, about_outliers = outliers.find(
            orders, about_orders["value"], _only_currency(about_identity)
        )
        days = calendar.collect(rows, tables.purchases(orders), end)
        about_products = products.statistics(rows, buyers, about_customers["customers"])
    about_time = calendar.statistics(days)
    date_checks, unusual_days = calendar.checks(days)

    used = suspicious["rows"] - suspicious["early_date"]
    findings += [
        *duplicate_checks,
        *outlier_checks,
        *date_checks,
        *identity_checks,
        *customers.checks(about_customers, about_orders),
        *fitness.checks(used, about_customers["customers"], chosen, gates),
    ]
    summary = {
        "schema_version": SCHEMA_VERSION,
        "scope": _scope(transactions, cutoff, days, chosen, about_identity),
        "rows": {
            "in": rows_in,
            "kept": account.rows_kept,
            "dropped": account.dropped(),
            "after_cutoff": suspicious["after_cutoff"],
            "used": used,
        },
        "ledger": account.records(),
        "rung": ladder(used, about_customers["customers"], chosen.history_days, gates).as_dict(),
        **_judged(findings),
        "missing": missing,
        "duplicates": about_duplicates,
        "outliers": about_outliers,
        "identity": about_identity,
        "customers": about_customers,
        "orders": about_orders,
        "time": {**about_time, **unusual_days},
        "products": about_products,
        "threshold": chosen.as_dict(),
        "class_balance": asdict(chosen.class_balance),
        "definitions": [{"term": term, "meaning": meaning} for term, meaning in DEFINITIONS],
    }
    plain: dict[str, Any] = to_plain(summary)
    return plain


def _judged(findings: list[Check]) -> dict[str, Any]:
    ordered = sorted(findings, key=lambda check: check.code)
    return {"score": quality_score(ordered).as_dict(), "checks": [check.as_dict() for check in ordered]}


def _scope(
    transactions: ir.Table,
    cutoff: datetime,
    days: calendar.Days,
    chosen: Threshold,
    about_identity: dict[str, Any],
) -> dict[str, Any]:
    orders = days.frame["orders"]
    return {
        "cutoff": cutoff,
        "first_order": orders.index[0].date(),
        "last_order": orders[orders > 0].index[-1].date(),
        "history_days": chosen.history_days,
        "currency": _only_currency(about_identity),
        "columns": list(transactions.columns),
    }


def _only_currency(about_identity: dict[str, Any]) -> str | None:
    currencies = about_identity["currencies"]
    return currencies[0]["currency"] if currencies and len(currencies) == 1 else None


def to_plain(value: Any) -> Any:
    """Values that JSON knows, recursively.

    Dates become ISO text; NaN and infinite numbers ``None``; other floats are cut to 12 significant digits,
    because the last ones depend on the order in which an engine's threads add up.
    """
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    value = tables.plain(value)
    if isinstance(value, float):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value

"""Missing, impossible and contradictory values, counted in one pass over the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis
from ibis import _
from ibis.expr import types as ir

from churnkit.profiling.account import Account
from churnkit.profiling.tables import EARLIEST_PLAUSIBLE, one_row
from churnkit.results.profile import MissingValues

MISSING_LIMIT = 0.20
CRITICAL = ("customer_id", "ordered_at", "amount")
DROPPED_FOR = {
    "customer_id": ("no_customer", "placeholder_customer"),
    "ordered_at": ("unparseable_date",),
    "amount": ("unparseable_amount",),
}
PRICE_TOLERANCE = 0.01


@dataclass(frozen=True, kw_only=True)
class Suspicions:
    """Rows before the cutoff, and how many of them are suspicious in which way; None where the export lacks a column.

    Attributes
    ----------
    rows, after_cutoff
        Rows before the cutoff, and rows at or after it, which nothing else counts.
    bad_quantity, bad_price
        Purchase rows without a positive one.
    priced, price_differs
        Purchase rows with a price, and those whose amount does not fit it.
    purchases, lowest_amount, highest_amount
        Purchase rows, and their smallest and largest amount; None where there is none.
    missing
        Rows without a value, by column.
    """

    rows: int
    after_cutoff: int
    early_date: int
    no_number: int
    zero_amount: int
    negative_no_return: int
    positive_return: int
    bad_quantity: int | None = None
    bad_price: int | None = None
    priced: int | None = None
    price_differs: int | None = None
    discount_negative: int | None = None
    discount_above_price: int | None = None
    purchases: int
    lowest_amount: float | None
    highest_amount: float | None
    missing: Mapping[str, int]

    @property
    def usable_rows(self) -> int:
        """Rows before the cutoff that are not dated impossibly early."""
        return self.rows - self.early_date


def count(transactions: ir.Table, cutoff: datetime) -> Suspicions:
    """Counts of everything suspicious among the rows before the cutoff, and of the rows at or after it."""
    known = transactions.filter(_.ordered_at < cutoff)
    flags = _flags(known)
    values = [name for name in transactions.columns if name not in ("is_return", "source_row")]
    counts = {name: known.count(where=flag) for name, flag in flags.items()}
    counts |= {f"missing_{name}": known.count(where=_is_missing(known[name])) for name in values}
    bought = _bought(known)
    found = one_row(
        known.aggregate(
            rows=known.count(),
            purchases=known.count(where=bought),
            lowest_amount=known.amount.min(where=bought),
            highest_amount=known.amount.max(where=bought),
            **counts,
        )
    )
    later = transactions.filter(_.ordered_at >= cutoff)
    return Suspicions(
        rows=found["rows"],
        after_cutoff=one_row(later.aggregate(rows=later.count()))["rows"],
        **{name: found[name] for name in ("purchases", "lowest_amount", "highest_amount", *flags)},
        missing={name: found[f"missing_{name}"] for name in values},
    )


def _flags(known: ir.Table) -> dict[str, ir.Value]:
    columns = set(known.columns)
    flags: dict[str, ir.Value] = {
        "early_date": known.ordered_at < EARLIEST_PLAUSIBLE,
        "no_number": known.amount.isnull() | known.amount.isnan() | known.amount.isinf(),
        "zero_amount": known.amount == 0,
        "negative_no_return": (known.amount < 0) & ~known.is_return,
        "positive_return": (known.amount > 0) & known.is_return,
    }
    bought = _bought(known)
    if "quantity" in columns:
        flags["bad_quantity"] = bought & (known.quantity <= 0)
    if "unit_price" in columns:
        flags["bad_price"] = bought & (known.unit_price <= 0)
    if {"quantity", "unit_price"} <= columns:
        flags |= _price_flags(known, bought)
    if "discount" in columns:
        flags["discount_negative"] = known.discount < 0
        if {"quantity", "unit_price"} <= columns:
            gross = known.quantity * known.unit_price
            flags["discount_above_price"] = bought & (gross > 0) & (known.discount > gross)
    return flags


def _bought(known: ir.Table) -> ir.BooleanValue:
    return (known.amount > 0) & ~known.is_return


def _price_flags(known: ir.Table, bought: ir.BooleanValue) -> dict[str, ir.Value]:
    """Purchase lines with a price, and those whose amount fits it neither before nor after the discount."""
    gross = known.quantity * known.unit_price
    tolerance = PRICE_TOLERANCE * ibis.greatest(known.amount.abs(), 1.0)
    differs = (gross - known.amount).abs() > tolerance
    if "discount" in known.columns:
        differs = differs & ((gross - known.discount.fill_null(0.0) - known.amount).abs() > tolerance)
    priced = bought & gross.notnull()
    return {"priced": priced, "price_differs": priced & differs}


def _is_missing(column: ir.Value) -> ir.Value:
    if isinstance(column, ir.StringValue):
        return column.isnull() | (column == "")
    if isinstance(column, ir.FloatingValue):
        return column.isnull() | column.isnan()
    return column.isnull()


def missing_values(found: Suspicions, account: Account, columns: Sequence[str]) -> tuple[MissingValues, ...]:
    """Missing values per column: in the table, plus the rows that ingest dropped for lack of the value."""
    return tuple(_missing_values(found, account, name) for name in columns if name in found.missing)


def _missing_values(found: Suspicions, account: Account, column: str) -> MissingValues:
    missing = found.missing[column] + account.dropped(DROPPED_FOR.get(column, ()))
    among = account.considered if column in DROPPED_FOR else max(1, found.rows)
    share = min(1.0, missing / among)
    return MissingValues(
        column=column,
        critical=column in CRITICAL,
        missing=missing,
        share=share,
        flagged=share > MISSING_LIMIT,
    )

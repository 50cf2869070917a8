"""Rows that repeat another one, and orders that look like the same order twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ibis import _
from ibis.expr import types as ir

from churnkit.profiling.account import Account
from churnkit.profiling.checks import CheckSpec
from churnkit.profiling.tables import one_row
from churnkit.results.profile import Check, Duplicates
from churnkit.text.figures import count, counted, percent

GROUP = "Duplicates"

EXACT = CheckSpec(
    "DQ-301",
    "Repeated rows",
    GROUP,
    "share of rows",
    "Find out whether the export was joined or pasted twice; keep duplicates (a setting) if the shop scans"
    " piece by piece.",
    warn_points=0.25,
    fail_points=1.0,
)
NEAR = CheckSpec(
    "DQ-302",
    "Same customer, day and amount again",
    GROUP,
    "share of orders",
    "Look at some of them: orders sent twice inflate revenue and hide gaps, standing orders are fine.",
    warn_points=0.25,
    fail_points=1.0,
)


@dataclass(frozen=True)
class NearDuplicates:
    """Orders, or rows, that repeat another one of the same customer, day and value, and their share."""

    number: int
    unit: Literal["orders", "rows"]
    share: float


def find(rows: ir.Table, order_table: ir.Table, account: Account) -> tuple[list[Check], Duplicates]:
    """Count duplicates that are still in the table, beside those that ingest has dropped."""
    kept = exact(rows)
    alike = near(rows, order_table, kept)
    found = Duplicates(
        exact_dropped=account.dropped(("duplicate_line",)),
        exact_kept=kept,
        near=alike.number,
        near_unit=alike.unit,
        near_share=alike.share,
    )
    return [_exact(found, account), _near(found)], found


def exact(rows: ir.Table) -> int:
    """Number of rows beyond the first among those equal in every column but the source row.

    Rows that share order, instant and amount (and product) with another one are looked up first: comparing
    all columns of all rows takes several times as long.
    """
    columns = [name for name in rows.columns if name != "source_row"]
    key = [name for name in ("order_id", "ordered_at", "amount", "product_id") if name in columns]
    suspects = rows.group_by(key).aggregate(copies=_.count()).filter(_.copies > 1)
    same_key = [rows[name].identical_to(suspects[name]) for name in key]
    repeated = (
        rows.semi_join(suspects, same_key).group_by(columns).aggregate(copies=_.count()).filter(_.copies > 1)
    )
    extra: int = one_row(repeated.aggregate(extra=(_.copies - 1).sum()))["extra"] or 0
    return extra


def near(rows: ir.Table, order_table: ir.Table, exact_rows: int) -> NearDuplicates:
    """Orders beyond the first of the same customer, day and value; rows instead where order ids were made up.

    Ingest names orders ``<customer>@<day>`` when the export has no order ids: then there is one order a day
    by construction, and only the rows can tell; those equal in every column (``exact_rows``) count there.
    """
    bought = order_table.filter(_.gross > 0)
    made_up = bought.order_id == bought.customer_id + "@" + bought.ordered_at.date().cast("string")
    total = one_row(bought.aggregate(orders=_.count(), made_up=_.count(where=made_up)))
    unit: Literal["orders", "rows"]
    if total["made_up"] == total["orders"]:
        unit, events = "rows", rows.filter(_.amount > 0).select("customer_id", "ordered_at", value=_.amount)
        number = one_row(events.aggregate(rows=_.count()))["rows"]
    else:
        unit, events = "orders", bought.select("customer_id", "ordered_at", value=_.gross.round(2))
        number = total["orders"]
    alike = events.group_by("customer_id", "value", day=_.ordered_at.date()).aggregate(copies=_.count())
    extra = one_row(alike.filter(_.copies > 1).aggregate(extra=(_.copies - 1).sum()))["extra"] or 0
    if unit == "rows":
        extra = max(0, extra - exact_rows)
    return NearDuplicates(extra, unit, extra / number)


def _exact(found: Duplicates, account: Account) -> Check:
    dropped, kept = found.exact_dropped, found.exact_kept
    share = (dropped + kept) / account.considered
    if dropped + kept == 0:
        return EXACT.passed("No row repeats another.", 0.0)
    parts = [f"{counted(kept, 'row')} repeated and counted as purchases"] if kept else []
    parts += [f"{counted(dropped, 'row')} repeated and left out"] if dropped else []
    words = f"{', '.join(parts)} ({percent(share)} of the file)."
    return EXACT.graded(share, words, warn_above=0.005, fail_above=0.10)


def _near(found: Duplicates) -> Check:
    words = f"{count(found.near)} {found.near_unit} ({percent(found.near_share)}) repeat another of that day."
    return NEAR.graded(found.near_share, words, warn_above=0.01, fail_above=0.10)

"""Whether a discount is money, or a share of the price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from churnkit.ingest.cells import NumberFormat, number_sql
from churnkit.ingest.columns import ColumnMapping, normalise_header
from churnkit.ingest.engine import counted
from churnkit.ingest.files import RawTable
from churnkit.text.figures import count

DiscountKind = Literal["money", "rate", "percent"]
"""``rate`` is a share 0..1 of the line, ``percent`` a share 0..100."""

# A few discounts above their price are typing errors.
_MIN_ROWS = 10


def decide_discount_kind(
    raw: RawTable, mapping: ColumnMapping, numbers: Mapping[str, NumberFormat]
) -> tuple[DiscountKind, tuple[str, ...]]:
    """What the column of discounts holds, by its header or its cells, and what to tell of it."""
    column = mapping.columns.get("discount")
    if column is None:
        return "money", ()
    if numbers["discount"].percent:
        return "percent", ()
    gross = "NULL"
    if "unit_price" in numbers:
        gross = number_sql(mapping.columns["unit_price"], numbers["unit_price"])
        if "quantity" in numbers:
            gross += " * " + number_sql(mapping.columns["quantity"], numbers["quantity"])
    elif "amount" in numbers:
        gross = number_sql(mapping.columns["amount"], numbers["amount"])
    given, largest, fractions, impossible = raw.one(
        """
        SELECT {given}, coalesce(max(share), 0), {fractions}, {impossible}
        FROM (SELECT abs({discount}) AS share, {gross} AS gross FROM {head})
        """,
        given=counted("share <> 0"),
        fractions=counted("share <> round(share)"),
        impossible=counted("share > abs(gross) + 0.005"),
        discount=number_sql(column, numbers["discount"]),
        gross=gross,
    )
    words = set(normalise_header(column).split())
    says_share = "%" in column or bool(
        words & {"percent", "percentage", "pct", "rate", "prozent", "pourcentage"}
    )
    if says_share:
        return ("percent" if largest > 1 else "rate"), ()
    if largest <= 1 and fractions:
        return "rate", (f"{column!r} holds shares between 0 and 1, not money.",)
    # Rates are round numbers; 4.25 is money, and the price beside it another column's.
    round_ones = fractions <= 0.05 * given
    if largest <= 100 and round_ones and impossible > max(_MIN_ROWS, 0.05 * given):
        note = f"{column!r} exceeds the price on {count(impossible)} rows, so it is read as percent."
        return "percent", (note,)
    return "money", ()

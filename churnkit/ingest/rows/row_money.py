"""The money of raw rows before anything is dropped, for sums that are shown beside a choice."""

from __future__ import annotations

from churnkit.ingest.cells import number_sql
from churnkit.ingest.columns import ColumnMapping
from churnkit.ingest.rows.money_rules import MoneyRules


def row_money_sql(mapping: ColumnMapping, money: MoneyRules) -> str:
    """SQL expression: what the row's money is before discounts and refunds; NULL where it cannot be read."""
    value = number_sql(mapping.columns[money.route], money.numbers[money.route])
    if money.route == "unit_price" and "quantity" in mapping.columns:
        value = f"{number_sql(mapping.columns['quantity'], money.numbers['quantity'])} * {value}"
    return f"CASE WHEN isfinite({value}) THEN {value} END"

"""Checks of the gate on several sheets or files as one table: a month twice, a month missing, another unit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import median

from churnkit.ingest.questions import Check
from churnkit.ingest.rows.staged_rows import StagedRows
from churnkit.text import figures

# Two parts with the same money in one month, to this share, are one month twice.
_SAME_MONEY, _MIN_ORDERS_A_MONTH = 0.01, 5
# Amounts of an order this many times those of another part are cents, or another currency.
_OTHER_UNIT, _MIN_ORDERS_A_PART = 20, 20
# Shops with fewer orders a month have months without any.
_STEADY_ORDERS = 10

_REMEDY = "Read each sheet or file once: leave out what is there twice (--sheet), add what is missing."


@dataclass(frozen=True)
class _PartMonth:
    part: int
    month: int
    orders: int
    money: float
    typical: float


def check_part_edges(staged: StagedRows) -> Check:
    """Whether months and amounts of a table's parts fit together."""
    parts = staged.plan.raw.parts
    words = ""
    if len(parts) > 1:
        found = _part_months(staged)
        names = [part.name for part in parts]
        words = _twice(found, names) or _missing(found, names) or _other_unit(found, names)
    return Check("part_edges", not words, words, _REMEDY)


def _part_months(staged: StagedRows) -> list[_PartMonth]:
    """Orders and money by part and month; months count from year 0."""
    cases = " ".join(
        f"WHEN first_row <= {int(part.last_row)} THEN {place}"
        for place, part in enumerate(staged.plan.raw.parts)
    )
    rows = staged.rows(
        """
        SELECT CASE {cases} END AS part, year(ordered_at) * 12 + month(ordered_at) - 1 AS month,
               count(*) FILTER (amount > 0), sum(amount), median(amount) FILTER (amount > 0)
        FROM gate_orders GROUP BY part, month HAVING part IS NOT NULL AND count(*) FILTER (amount > 0) > 0
        ORDER BY part, month
        """,
        cases=cases,
    )
    return [_PartMonth(*row) for row in rows]


def _twice(found: list[_PartMonth], names: list[str]) -> str:
    for one, other in combinations(found, 2):
        many = min(one.orders, other.orders) >= _MIN_ORDERS_A_MONTH
        equal = abs(one.money - other.money) <= _SAME_MONEY * abs(one.money)
        if one.month == other.month and many and one.orders == other.orders and equal:
            return (
                f"{_month(one.month)} is in {names[one.part]!r} and in {names[other.part]!r} with"
                f" {figures.counted(one.orders, 'order')} and {figures.money(one.money)} each: it counts twice."
            )
    return ""


def _missing(found: list[_PartMonth], names: list[str]) -> str:
    """A month without orders between two parts of a shop that has some in every other month."""
    months = sorted({item.month for item in found})
    if not months or median(item.orders for item in found) < _STEADY_ORDERS:
        return ""
    gaps = [(before, after) for before, after in pairwise(months) if after > before + 1]
    for before, after in gaps[:1] if len(gaps) == 1 else []:
        ends = {item.part for item in found if item.month == before}
        begins = {item.part for item in found if item.month == after}
        if ends & begins:
            continue
        return (
            f"There are no orders from {_month(before + 1)} to {_month(after - 1)}, between"
            f" {names[max(ends)]!r} and {names[min(begins)]!r}: a part of the export may be missing."
        )
    return ""


def _other_unit(found: list[_PartMonth], names: list[str]) -> str:
    typical = {}
    for part in {item.part for item in found}:
        months = [item for item in found if item.part == part]
        if sum(item.orders for item in months) >= _MIN_ORDERS_A_PART:
            typical[part] = median(item.typical for item in months)
    if len(typical) < 2:
        return ""
    low, high = (choose(typical, key=typical.__getitem__) for choose in (min, max))
    if typical[high] <= _OTHER_UNIT * typical[low]:
        return ""
    return (
        f"An order of {names[high]!r} has {figures.money(typical[high])} as a rule, one of {names[low]!r}"
        f" {figures.money(typical[low])}: the amounts are in another unit or currency."
    )


def _month(months: int) -> str:
    return figures.month(f"{months // 12:04d}-{months % 12 + 1:02d}")

"""What is sold: the best sellers, diversity and concentration."""

from __future__ import annotations

import math
from typing import Any

import ibis
from ibis import _
from ibis.expr import types as ir

from churnkit.profiling.tables import held, money_sum, one_row, records, sampled

TOP = 10
TOP_SHARE = 0.20
SAMPLE_CUSTOMERS = 50_000


def statistics(rows: ir.Table, buyers: ir.Table, customers: int) -> dict[str, Any] | None:
    """Statistics of purchase lines by product and category; ``None`` where the export has neither.

    ``effective`` is the exponential of the Shannon entropy of the revenue shares: that many equally strong
    products would be as diverse. ``per_customer`` is the number of different products of a customer,
    ``repeat_line_share`` the share of lines whose product the customer has on another line; both are taken
    from a sample of customers where ``buyers`` (the table of ``customers`` rows) has more than 50,000.
    """
    bought = rows.filter(_.amount > 0)
    names = {"product_id": "products", "category": "categories"}
    present = {column: name for column, name in names.items() if column in rows.columns}
    result: dict[str, Any] = dict.fromkeys(names.values())
    for column, name in present.items():
        lines = bought.filter(_[column].notnull())
        with held(_items(lines, column), rows) as items:
            if one_row(items.aggregate(number=items.count()))["number"]:
                drawn = sampled(buyers, customers, SAMPLE_CUSTOMERS).select("customer_id")
                result[name] = {
                    **_revenue(items, column),
                    **_variety(lines.semi_join(drawn, "customer_id"), column),
                }
    return result if any(result.values()) else None


def _items(lines: ir.Table, column: str) -> ir.Table:
    measures: dict[str, ir.Value] = {"gross": money_sum(lines.amount), "lines": _.count()}
    if column == "product_id" and "product_name" in lines.columns:
        measures["name"] = _.product_name.max()
    return lines.group_by(column).aggregate(**measures)


def _revenue(items: ir.Table, column: str) -> dict[str, Any]:
    """Number of items, how revenue spreads over them, and the best sellers."""
    total = one_row(items.aggregate(number=items.count(), gross=_.gross.sum()))
    share = items.gross / ibis.literal(total["gross"])
    spread = one_row(items.aggregate(entropy=-(share * share.ln()).sum(), herfindahl=(share * share).sum()))
    ranked = items.order_by([_.gross.desc(), _[column]])
    best_fifth = ranked.limit(max(1, round(TOP_SHARE * total["number"]))).aggregate(gross=_.gross.sum())
    return {
        "number": total["number"],
        "effective": math.exp(spread["entropy"]),
        "herfindahl": spread["herfindahl"],
        "top_fifth_revenue_share": one_row(best_fifth)["gross"] / total["gross"],
        "top": [
            {
                "id": line[column],
                "name": line.get("name") or line[column],
                "gross": line["gross"],
                "share": line["gross"] / total["gross"],
                "lines": line["lines"],
            }
            for line in records(ranked.limit(TOP))
        ],
    }


def _variety(lines: ir.Table, column: str) -> dict[str, Any]:
    """How many different items a customer buys, and how many lines repeat one."""
    pairs = lines.group_by("customer_id", column).aggregate(lines=_.count())
    found = one_row(
        pairs.aggregate(pairs=pairs.count(), customers=pairs.customer_id.nunique(), lines=pairs.lines.sum())
    )
    if not found["customers"]:
        return {"per_customer": None, "repeat_line_share": None}
    return {
        "per_customer": found["pairs"] / found["customers"],
        "repeat_line_share": 1.0 - found["pairs"] / found["lines"],
    }

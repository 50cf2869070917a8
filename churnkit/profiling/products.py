"""What is sold: the best sellers, diversity and concentration."""

from __future__ import annotations

import math
from typing import Any

import ibis
from ibis import _
from ibis.expr import types as ir

from churnkit.profiling.tables import one_row, plain

TOP = 10
TOP_SHARE = 0.20


def statistics(rows: ir.Table) -> dict[str, Any] | None:
    """Statistics of purchase lines by product and category; ``None`` where the export has neither.

    ``effective`` is the exponential of the Shannon entropy of the revenue shares: that many equally strong
    products would be as diverse. ``repeat_line_share`` is the share of lines whose product the customer has
    on another line.
    """
    bought = rows.filter(_.amount > 0)
    names = {"product_id": "products", "category": "categories"}
    present = {column: name for column, name in names.items() if column in rows.columns}
    result: dict[str, Any] = dict.fromkeys(names.values())
    for column, name in present.items():
        filled = bought.filter(_[column].notnull())
        if one_row(filled.limit(1).aggregate(rows=_.count()))["rows"]:
            result[name] = _assortment(filled, column)
    return result if any(result.values()) else None


def _assortment(lines: ir.Table, column: str) -> dict[str, Any]:
    measures: dict[str, ir.Value] = {"gross": _.amount.sum(), "lines": _.count()}
    if column == "product_id" and "product_name" in lines.columns:
        measures["name"] = _.product_name.max()
    items = lines.group_by(column).aggregate(**measures)
    total = one_row(items.aggregate(number=_.count(), gross=_.gross.sum(), lines=_.lines.sum()))
    share = items.gross / ibis.literal(total["gross"])
    entropy = one_row(items.aggregate(entropy=-(share * share.ln()).sum(), herfindahl=(share * share).sum()))
    ranked = items.order_by([_.gross.desc(), _[column]])
    best_fifth = ranked.limit(max(1, round(TOP_SHARE * total["number"]))).aggregate(gross=_.gross.sum())
    pairs = one_row(lines.select("customer_id", column).distinct().aggregate(pairs=_.count()))["pairs"]
    customers = one_row(lines.select("customer_id").distinct().aggregate(number=_.count()))["number"]
    top = ranked.limit(TOP).to_pandas()
    return {
        "number": total["number"],
        "effective": math.exp(entropy["entropy"]),
        "herfindahl": entropy["herfindahl"],
        "top_fifth_revenue_share": one_row(best_fifth)["gross"] / total["gross"],
        "per_customer": pairs / customers,
        "repeat_line_share": 1.0 - pairs / total["lines"],
        "top": [
            {
                "id": str(line[column]),
                "name": _name(line, column),
                "gross": plain(line["gross"]),
                "share": float(line["gross"]) / total["gross"],
                "lines": int(line["lines"]),
            }
            for line in top.to_dict("records")
        ],
    }


def _name(line: dict[str, Any], column: str) -> str:
    name = plain(line.get("name"))
    return str(name) if name else str(line[column])

"""What is sold: the best sellers, diversity and concentration."""

from __future__ import annotations

import math

import ibis
from ibis import _
from ibis.expr import types as ir

from churnkit.profiling.tables import EngineRow, held, money_sum, one_row, records, sampled
from churnkit.results.profile import Assortment, BestSeller, ProductStatistics

TOP = 10
TOP_SHARE = 0.20
SAMPLE_CUSTOMERS = 50_000


def statistics(rows: ir.Table, buyers: ir.Table, customers: int) -> ProductStatistics | None:
    """Statistics of purchase lines by product and category; ``None`` where the export has neither.

    What a customer buys is taken from a sample of customers where ``buyers`` (the table of ``customers`` rows) has
    more than 50,000.
    """
    bought = rows.filter(_.amount > 0)
    drawn = sampled(buyers, customers, SAMPLE_CUSTOMERS).select("customer_id")
    products, categories = (
        _assortment(bought, drawn, column, rows) if column in rows.columns else None
        for column in ("product_id", "category")
    )
    if products is None and categories is None:
        return None
    return ProductStatistics(products=products, categories=categories)


def _assortment(bought: ir.Table, drawn: ir.Table, column: str, engine: ir.Table) -> Assortment | None:
    """How revenue spreads over the items of a column, the best sellers, and how varied customers buy."""
    lines = bought.filter(_[column].notnull())
    with held(_items(lines, column), engine) as items:
        total = one_row(items.aggregate(number=items.count(), gross=_.gross.sum()))
        if not total["number"]:
            return None
        share = items.gross / ibis.literal(total["gross"])
        spread = one_row(
            items.aggregate(entropy=-(share * share.ln()).sum(), herfindahl=(share * share).sum())
        )
        ranked = items.order_by([_.gross.desc(), _[column]])
        best_fifth = ranked.limit(max(1, round(TOP_SHARE * total["number"]))).aggregate(gross=_.gross.sum())
        per_customer, repeat_line_share = _variety(lines.semi_join(drawn, "customer_id"), column)
        return Assortment(
            number=total["number"],
            effective=math.exp(spread["entropy"]),
            herfindahl=spread["herfindahl"],
            top_fifth_revenue_share=one_row(best_fifth)["gross"] / total["gross"],
            top=tuple(_best_seller(line, column, total["gross"]) for line in records(ranked.limit(TOP))),
            per_customer=per_customer,
            repeat_line_share=repeat_line_share,
        )


def _items(lines: ir.Table, column: str) -> ir.Table:
    measures: dict[str, ir.Value] = {"gross": money_sum(lines.amount), "lines": _.count()}
    if column == "product_id" and "product_name" in lines.columns:
        measures["name"] = _.product_name.max()
    return lines.group_by(column).aggregate(**measures)


def _best_seller(line: EngineRow, column: str, gross: float) -> BestSeller:
    return BestSeller(
        id=line[column],
        name=line.get("name") or line[column],
        gross=line["gross"],
        share=line["gross"] / gross,
        lines=line["lines"],
    )


def _variety(lines: ir.Table, column: str) -> tuple[float | None, float | None]:
    """How many different items a customer buys, and the share of lines that repeat one; None without lines."""
    pairs = lines.group_by("customer_id", column).aggregate(lines=_.count())
    found = one_row(
        pairs.aggregate(pairs=pairs.count(), customers=pairs.customer_id.nunique(), lines=pairs.lines.sum())
    )
    if not found["customers"]:
        return None, None
    return found["pairs"] / found["customers"], 1.0 - found["pairs"] / found["lines"]

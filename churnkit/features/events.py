"""Order lines -> customer events: one row per (customer_id, order_id, instant).

Everything that does not depend on a cutoff is computed here once: gaps to the customer's previous purchase
day, first occurrences of orders, days, months, products and categories. A feature at a cutoff is then a plain
aggregate over the events strictly before it, so it cannot see later ones.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr import types as ir

EVENING_START_HOUR = 18
_SUM_DIGITS = 4


def steady_sum(column: ir.NumericValue, digits: int = _SUM_DIGITS) -> ir.Value:
    """A sum of money or quantities, rounded to 1/10,000.

    The digits behind that depend on the order in which an engine's threads add; they would break ties of ranks
    and of the favourite category by chance, and the same file would score differently from run to run.
    """
    return column.sum().round(digits)


def _lines(transactions: ir.Table) -> ir.Table:
    """Money in and out per line, and marks of first-time products and categories on purchase lines."""
    columns = set(transactions.columns)
    lines = transactions.mutate(
        is_purchase=_.amount > 0,
        gross=ibis.ifelse(_.amount > 0, _.amount, 0.0),
        refund=ibis.ifelse(_.amount < 0, -_.amount, 0.0),
    )
    for column, flag in (("product_id", "is_new_product"), ("category", "is_new_category")):
        if column in columns:
            first = ibis.window(
                group_by=["customer_id", column, "is_purchase"], order_by=["ordered_at", "source_row"]
            )
            lines = lines.mutate(
                **{flag: (ibis.row_number().over(first) == 0) & _.is_purchase & _[column].notnull()}
            )
    if "product_id" in columns:
        seen = ibis.window(group_by=["customer_id", "product_id", "is_purchase"])
        lines = lines.mutate(
            is_repeat_product=_.is_purchase
            & (_.ordered_at.min().over(seen).date() < _.ordered_at.date())
            & _.product_id.notnull()
        )
    return lines


def events(transactions: ir.Table) -> ir.Table:
    """Canonical transactions -> events.

    Returns
    -------
    ibis.Table
        Keys ``customer_id, order_id, ordered_at``; money columns ``gross`` (purchases), ``refund`` (positive),
        ``amount`` (net) and ``order_value`` (purchases of that order so far); ``is_purchase``;
        ``order_goes_on_at``, the order's next purchase event (NULL on the last); ``starts_order``,
        ``starts_day``, ``starts_month`` mark the first purchase event of that order, day and month; ``gap_days``
        since the customer's previous purchase day (NULL on the first and on later events of the same day);
        ``sequence`` numbers the customer's purchases; ``line_count`` and, where the columns exist, ``quantity``,
        ``discount``, ``starts_discount`` (the order's first discounted event), ``new_products``,
        ``repeat_lines``, ``product_lines``, ``new_categories``.
    """
    columns = set(transactions.columns)
    lines = _lines(transactions)
    sums: dict[str, ir.Value] = {
        "gross": steady_sum(_.gross),
        "refund": steady_sum(_.refund),
        "line_count": _.is_purchase.cast("int64").sum(),
    }
    if "quantity" in columns:
        sums["quantity"] = steady_sum(ibis.ifelse(_.is_purchase, _.quantity, ibis.null("float64")))
    if "discount" in columns:
        sums["discount"] = steady_sum(ibis.ifelse(_.is_purchase, _.discount.fill_null(0.0), 0.0))
    if "product_id" in columns:
        sums["new_products"] = _.is_new_product.cast("int64").sum()
        sums["repeat_lines"] = _.is_repeat_product.cast("int64").sum()
        sums["product_lines"] = (_.is_purchase & _.product_id.notnull()).cast("int64").sum()
    if "category" in columns:
        sums["new_categories"] = _.is_new_category.cast("int64").sum()
    grouped = lines.group_by(["customer_id", "order_id", "ordered_at"]).aggregate(**sums)
    table = grouped.mutate(amount=(_.gross - _.refund).round(_SUM_DIGITS), is_purchase=_.gross > 0)
    return _mark_sequence(_mark_discounts(table) if "discount" in columns else table)


def _mark_discounts(grouped: ir.Table) -> ir.Table:
    """An order whose lines carry several instants is one discounted order, not several."""
    marked = grouped.mutate(is_discounted=_.is_purchase & (_.discount > 0))
    in_order = ibis.window(group_by=["customer_id", "order_id", "is_discounted"], order_by=["ordered_at"])
    return marked.mutate(starts_discount=_.is_discounted & (ibis.row_number().over(in_order) == 0)).drop(
        "is_discounted"
    )


def _mark_sequence(grouped: ir.Table) -> ir.Table:
    by_time = ibis.window(group_by=["customer_id", "is_purchase"], order_by=["ordered_at", "order_id"])
    in_order = ibis.window(group_by=["customer_id", "is_purchase", "order_id"], order_by=["ordered_at"])
    so_far = ibis.cumulative_window(
        group_by=["customer_id", "is_purchase", "order_id"], order_by=["ordered_at"]
    )
    marked = grouped.mutate(
        order_value=_.gross.sum().over(so_far).round(_SUM_DIGITS),
        previous_day=_.ordered_at.lag().over(by_time).date(),
        order_position=ibis.row_number().over(in_order),
        order_goes_on_at=_.ordered_at.lead().over(in_order),
        sequence=ibis.row_number().over(by_time),
    )
    gap_days = _.ordered_at.date().delta(_.previous_day, unit="day")
    is_first = _.previous_day.isnull()
    same_month = (_.previous_day.year() == _.ordered_at.year()) & (
        _.previous_day.month() == _.ordered_at.month()
    )
    return marked.mutate(
        starts_order=_.is_purchase & (_.order_position == 0),
        starts_day=_.is_purchase & (is_first | (gap_days > 0)),
        starts_month=_.is_purchase & (is_first | ~same_month.fill_null(False)),
        gap_days=ibis.ifelse(_.is_purchase & (gap_days > 0), gap_days, ibis.null("int64")),
        is_weekend=_.is_purchase & (_.ordered_at.day_of_week.index() >= 5),
        hour=_.ordered_at.hour(),
    ).drop("previous_day", "order_position")

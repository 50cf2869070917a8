"""Order lines -> customer events as they stand at each cutoff: one row per (cutoff, customer_id, order_id, instant).

Gaps to the customer's previous purchase day, first occurrences of orders, days, months, products and categories
do not depend on the cutoff, and are computed once, unless a purchase that one cutoff knows is given back before a later
one: then they are computed for that customer at each cutoff. A feature at a cutoff is a plain aggregate over its events.
"""

from __future__ import annotations

from datetime import datetime

import ibis
from ibis import _
from ibis.expr import types as ir

from churnkit.features.cancellations import with_cancellations
from churnkit.features.standing import changing_customers, changing_lines, settled_lines, with_money
from churnkit.labels import cutoff_table

EVENING_START_HOUR = 18
_SUM_DIGITS = 4


def steady_sum(column: ir.NumericValue, digits: int = _SUM_DIGITS) -> ir.Value:
    """A sum of money or quantities, rounded to 1/10,000.

    The digits behind that depend on the order in which an engine's threads add; they would break ties of ranks
    and of the favourite category by chance, and the same file would score differently from run to run.
    """
    return column.sum().round(digits)


def events_at(lines: ir.Table, when: ir.Table, later: ir.Table | None = None) -> ir.Table:
    """Events of every customer before each cutoff.

    Parameters
    ----------
    lines
        Canonical transactions with ``cancelled_at`` (:func:`churnkit.features.cancellations.with_cancellations`).
    when
        One row per ``cutoff``.
    later
        Events of the same lines at one cutoff, not before those of ``when``, where they were worked out already: they
        are taken for all customers whose past looks the same from cutoff to cutoff.

    Returns
    -------
    ibis.Table
        Keys ``cutoff, customer_id, order_id, ordered_at``. Money: ``gross`` (purchases that stand), ``open_refund``
        (returns, positive, that cancelled nothing), ``amount`` (net of everything), ``bought`` and ``refund`` (as
        booked, cancelled or not), ``order_value`` (gross less open refunds of that order so far, 0 at least).
        ``is_purchase``; ``order_goes_on_at``, the order's next event (NULL on the last); ``order_sequence``, the number of
        the order's latest purchase event so far (NULL without one); ``starts_order``, ``starts_day``,
        ``starts_month`` mark the first purchase event of that order, day and month; ``gap_days`` since the
        customer's previous purchase day (NULL on the first and on later events of the same day);
        ``sequence`` numbers the customer's purchases; ``line_count`` and, where the columns exist, ``quantity``,
        ``discount``, ``starts_discount`` (the order's first discounted event), ``new_products``,
        ``repeat_lines``, ``product_lines``, ``new_categories``.
    """
    changing = changing_customers(lines, when)
    if later is None:
        once = _events(settled_lines(lines, changing), ["customer_id"])
    else:
        once = later.drop("cutoff").anti_join(changing, "customer_id")
    known = once.join(when.select("cutoff"), once.ordered_at < when.cutoff)
    anew = _events(changing_lines(lines, changing, when), ["customer_id", "cutoff"])
    return known.union(anew.select(*known.columns))


def events(transactions: ir.Table, cutoff: datetime) -> ir.Table:
    """The events of :func:`events_at` at one cutoff, from canonical transactions."""
    known = transactions.filter(_.ordered_at < ibis.timestamp(cutoff.isoformat(sep=" ")))
    return events_at(with_cancellations(known), cutoff_table([cutoff], 1, cutoff))


def _events(lines: ir.Table, by: list[str]) -> ir.Table:
    """Events of ``lines``, a history of its own for each value of ``by``."""
    columns = set(lines.columns)
    sums = sums_of(columns)
    if "product_id" in columns:
        sums["new_products"] = _.is_new_product.cast("int64").sum()
        sums["repeat_lines"] = _.is_repeat_product.cast("int64").sum()
        sums["product_lines"] = (_.is_purchase & _.product_id.notnull()).cast("int64").sum()
    if "category" in columns:
        sums["new_categories"] = _.is_new_category.cast("int64").sum()
    # Items first: an engine sorts the lines for that, and need not carry their money along.
    marked = with_money(_mark_items(lines, by))
    grouped = marked.group_by([*by, "order_id", "ordered_at"]).aggregate(**sums)
    table = grouped.mutate(amount=(_.bought - _.refund).round(_SUM_DIGITS), is_purchase=_.asked > 0)
    return _mark_sequence(table.drop("asked"), by)


def sums_of(columns: set[str]) -> dict[str, ir.Value]:
    """What lines (:func:`churnkit.features.standing.marked`) come to in an event."""
    sums = {name: steady_sum(_[name]) for name in ("gross", "open_refund", "bought", "refund", "asked")}
    sums["line_count"] = _.is_purchase.cast("int64").sum()
    if "quantity" in columns:
        sums["quantity"] = steady_sum(ibis.ifelse(_.is_purchase, _.quantity, ibis.null("float64")))
    if "discount" in columns:
        sums["discount"] = steady_sum(ibis.ifelse(_.gross > 0, _.discount.fill_null(0.0), 0.0))
    return sums


def _mark_items(lines: ir.Table, by: list[str]) -> ir.Table:
    """Marks of first-time products and categories on purchase lines."""
    columns = set(lines.columns)
    for column, flag in (("product_id", "is_new_product"), ("category", "is_new_category")):
        if column not in columns:
            continue
        key = {"group_by": [*by, column, "is_purchase"], "order_by": ["ordered_at", "source_row"]}
        is_first = ibis.row_number().over(ibis.window(**key)) == 0
        marks = {flag: is_first & _.is_purchase & _[column].notnull()}
        if column == "product_id":
            # In the same order, so that an engine sorts once: the earliest so far is the earliest of all.
            earliest = _.ordered_at.min().over(ibis.cumulative_window(**key))
            was_before = earliest.date() < _.ordered_at.date()
            marks["is_repeat_product"] = _.is_purchase & was_before & _.product_id.notnull()
        lines = lines.mutate(**marks)
    return lines


def _mark_sequence(grouped: ir.Table, by: list[str]) -> ir.Table:
    by_time = ibis.window(group_by=[*by, "is_purchase"], order_by=["ordered_at", "order_id"])
    marked = grouped.mutate(
        previous_day=_.ordered_at.lag().over(by_time).date(),
        sequence=ibis.row_number().over(by_time),
    )
    gap_days = _.ordered_at.date().delta(_.previous_day, unit="day")
    is_first = _.previous_day.isnull()
    same_month = (_.previous_day.year() == _.ordered_at.year()) & (
        _.previous_day.month() == _.ordered_at.month()
    )
    dated = marked.mutate(
        starts_day=_.is_purchase & (is_first | (gap_days > 0)),
        starts_month=_.is_purchase & (is_first | ~same_month.fill_null(False)),
        gap_days=ibis.ifelse(_.is_purchase & (gap_days > 0), gap_days, ibis.null("int64")),
        is_weekend=_.is_purchase & (_.ordered_at.day_of_week.index() >= 5),
        hour=_.ordered_at.hour(),
    ).drop("previous_day")
    return _mark_orders(dated, by)


def _mark_orders(dated: ir.Table, by: list[str]) -> ir.Table:
    """What the order of each event has come to by then, its own returns included; which event begins it, and which its
    discount. All in one order of the events, which an engine sorts once."""
    in_order = ibis.window(group_by=[*by, "order_id"], order_by=["ordered_at"])
    so_far = ibis.cumulative_window(group_by=[*by, "order_id"], order_by=["ordered_at"])

    def first(flag: ir.BooleanValue) -> ir.BooleanValue:
        return flag & (flag.cast("int64").sum().over(so_far) == 1)

    left = (_.gross - _.open_refund).sum().over(so_far).round(_SUM_DIGITS)
    marks: dict[str, ir.Value] = {
        "starts_order": first(dated.is_purchase),
        "order_value": ibis.greatest(left, 0.0),
        "order_goes_on_at": _.ordered_at.lead().over(in_order),
        "order_sequence": ibis.ifelse(_.is_purchase, _.sequence, None).max().over(so_far),
    }
    if "discount" in dated.columns:
        # An order whose lines carry several instants is one discounted order, not several.
        marks["starts_discount"] = first(dated.is_purchase & (dated.discount > 0))
    return dated.mutate(**marks)

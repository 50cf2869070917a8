"""Purchases that were given back: which return takes which purchase back, and from when on.

A line that was taken back carries the instant ``cancelled_at``. At a cutoff it counts as cancelled only if that
instant lies strictly before the cutoff, so that a return that is still to come changes nothing.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr import types as ir

# Money and quantities are compared in ten-thousandths, so that no sum of floats decides.
_STEPS = 10_000
# An order counts as refunded when what is left of it is rounding or a fee: one part in a hundred.
_REFUNDED_SHARE = 0.01
# A return that pays back much more or less than the purchase cost is another matter under the same product number
# ("manual", "postage"): both lines then stand.
_LEAST_PAID_BACK, _MOST_PAID_BACK = 0.8, 1.25
_TIME_ORDER = ["ordered_at", "gives_back", "source_row"]


def with_cancellations(transactions: ir.Table) -> ir.Table:
    """Canonical transactions with ``cancelled_at``, NULL for a line that stands, and ``product_id`` of :func:`with_items`.

    A return takes back the customer's latest earlier purchase of the same product in the same quantity that no
    other return has taken back yet; returns and purchases pair like brackets. Where product or quantity is missing
    the amount must be the same too; else what is paid back may differ from what was paid by a fifth. Purchases come
    before returns of the same instant, then the row in the file decides. A return that takes a purchase back is itself
    cancelled from its own instant on.

    Besides, all lines of an order are cancelled once the returns booked under its own number come to what was bought
    under it, within 1 %: many shops refund an order and not its products.

    Which purchase a return takes back depends on earlier lines only.
    """
    # Most customers never give anything back: their lines are not looked at item by item.
    gives_back = (_.amount < 0).fill_null(False)
    who = transactions.filter(gives_back).select("customer_id").distinct()
    some = transactions.semi_join(who, "customer_id").mutate(gives_back=gives_back.cast("int64"))
    settled = _refunded_orders(_pair(some)).drop("gives_back", "takes_back_order")
    others = transactions.anti_join(who, "customer_id").mutate(
        cancelled_at=ibis.null(transactions.ordered_at.type())
    )
    return with_items(others.select(*settled.columns).union(settled))


def with_items(lines: ir.Table) -> ir.Table:
    """Lines with ``product_id`` wherever products are known: where a file has no ids, names tell products apart.

    Returns were paired without: what is given back often stands under another name ("refund").
    """
    if "product_id" in lines.columns or "product_name" not in lines.columns:
        return lines
    return lines.mutate(product_id=_.product_name)


def _pair(lines: ir.Table) -> ir.Table:
    """Add ``cancelled_at``, and ``takes_back_order``: the order of the purchase that a return takes back."""
    columns = set(lines.columns)
    product = _.product_id.cast("string").fill_null("") if "product_id" in columns else ibis.literal("")
    quantity = (
        _steps(_.quantity.cast("float64").abs()).fill_null(0)
        if "quantity" in columns
        else ibis.literal(0, "int64")
    )
    keyed = lines.mutate(item_product=product, item_quantity=quantity).mutate(
        item_amount=ibis.ifelse(
            (_.item_product != "") & (_.item_quantity > 0), ibis.literal(0, "int64"), _steps(_.amount.abs())
        )
    )
    item = ["customer_id", "item_product", "item_quantity", "item_amount"]
    returned = keyed.filter(_.gives_back == 1).select(*item).distinct()
    nothing = {
        "cancelled_at": ibis.null(lines.ordered_at.type()),
        "takes_back_order": ibis.null(lines.order_id.type()),
    }
    kept = [*lines.columns, *nothing]
    apart = keyed.anti_join(returned, item).mutate(**nothing).select(*kept)
    dealt = keyed.semi_join(returned, item).filter(_.amount != 0)
    nought = keyed.semi_join(returned, item).filter((_.amount == 0) | _.amount.isnull()).mutate(**nothing)
    return apart.union(_brackets(dealt, item).select(*kept)).union(nought.select(*kept))


def _steps(value: ir.NumericValue) -> ir.IntegerValue:
    return (value * _STEPS).round().cast("int64")


def _brackets(dealt: ir.Table, item: list[str]) -> ir.Table:
    """Pair purchases and returns of each item as opening and closing brackets.

    ``depth`` counts what is bought less what is given back; below its lowest point so far lie returns of purchases
    that the file does not hold. A pair has the same ``level`` above that point, and within a level purchases
    and returns alternate.
    """
    in_time = ibis.window(group_by=item, order_by=_TIME_ORDER)
    so_far = ibis.cumulative_window(group_by=item, order_by=_TIME_ORDER)
    levelled = (
        dealt.mutate(depth=(1 - 2 * _.gives_back).sum().over(so_far))
        .mutate(floor=ibis.least(_.depth.min().over(so_far), 0))
        .mutate(level=_.depth + _.gives_back - _.floor.lag().over(in_time).fill_null(0))
    )
    alike = ibis.window(group_by=[*item, "level"], order_by=_TIME_ORDER)
    is_return = _.gives_back == 1
    neighbours = levelled.mutate(
        partner_at=ibis.ifelse(is_return, _.ordered_at.lag().over(alike), _.ordered_at.lead().over(alike)),
        partner_amount=ibis.ifelse(is_return, _.amount.lag().over(alike), _.amount.lead().over(alike)),
        partner_order=_.order_id.lag().over(alike),
    )
    paid_back = ibis.ifelse(
        is_return, _.amount / _.partner_amount.nullif(0.0), _.partner_amount / _.amount
    ).abs()
    is_pair = (_.level > 0) & paid_back.between(_LEAST_PAID_BACK, _MOST_PAID_BACK)
    is_pair = is_pair & (_.partner_amount * _.amount < 0)
    return neighbours.mutate(
        cancelled_at=ibis.ifelse(is_pair, ibis.ifelse(is_return, _.ordered_at, _.partner_at), None),
        takes_back_order=ibis.ifelse(is_pair & is_return, _.partner_order, None),
    )


def _refunded_orders(lines: ir.Table) -> ir.Table:
    """Move ``cancelled_at`` of every line to the instant its whole order was refunded, if that is earlier."""
    order = ["customer_id", "order_id"]
    refunded = lines.filter(_.gives_back == 1).select(*order).distinct()
    so_far = ibis.cumulative_window(group_by=order, order_by=_TIME_ORDER)
    from_here = ibis.window(group_by=order, order_by=_TIME_ORDER, preceding=0)
    # A return of another order's product, as in an exchange, says nothing about this one.
    is_own = _.takes_back_order.isnull() | (_.takes_back_order == _.order_id)
    summed = (
        lines.semi_join(refunded, order)
        .mutate(
            bought=ibis.greatest(_.amount, 0.0).sum().over(so_far),
            left=ibis.ifelse((_.gives_back == 0) | is_own, _.amount, 0.0).sum().over(so_far).abs(),
        )
        .mutate(
            refunded_at=ibis.ifelse(
                (_.gives_back == 1) & is_own & ((_.left - _.bought * _REFUNDED_SHARE).round(4) <= 0),
                _.ordered_at,
                None,
            )
        )
        .mutate(refunded_at=_.refunded_at.min().over(from_here))
    )
    earlier = _.cancelled_at.isnull() | (_.refunded_at < _.cancelled_at)
    settled = summed.mutate(
        cancelled_at=ibis.ifelse(_.refunded_at.notnull() & earlier, _.refunded_at, _.cancelled_at)
    )
    return lines.anti_join(refunded, order).union(settled.select(*lines.columns))

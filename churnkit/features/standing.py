"""Order lines as they stand at each cutoff: what was given back by then is worth nothing and is no purchase."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr import types as ir

_SUM_DIGITS = 4


def settled_lines(lines: ir.Table, changing: ir.Table) -> ir.Table:
    """Lines of the customers whose cancellations look the same at every cutoff that knows the purchase."""
    return with_purchases(lines.anti_join(changing, "customer_id").mutate(is_void=_.cancelled_at.notnull()))


def changing_lines(lines: ir.Table, changing: ir.Table, when: ir.Table) -> ir.Table:
    """Lines of the other customers, once for each ``cutoff`` after them, as they stand there.

    Who gave back everything he ever bought keeps the dates of his orders, as there are no others, but not their money.
    """
    own = lines.semi_join(changing, "customer_id")
    seen = own.join(when.select("cutoff"), own.ordered_at < when.cutoff)
    void = seen.mutate(is_void=(_.cancelled_at < _.cutoff).fill_null(False))
    known = ibis.window(group_by=["customer_id", "cutoff"])
    stands = ((_.amount.round(_SUM_DIGITS) > 0) & ~_.is_void).cast("int64").max().over(known)
    return with_purchases(void.mutate(has_nothing_else=stands == 0))


def changing_customers(lines: ir.Table, when: ir.Table) -> ir.Table:
    """``customer_id`` of those whose past looks different from cutoff to cutoff, one row each.

    At some cutoff a purchase is known and its return is not yet; or nothing but cancelled purchases is known.
    """
    cutoffs = when.select("cutoff")
    void = lines.filter(_.cancelled_at.notnull())
    straddling = void.join(cutoffs, [void.ordered_at < cutoffs.cutoff, void.cancelled_at >= cutoffs.cutoff])
    # Few customers gave anything back, and nobody else's purchases need to be grouped.
    bought = lines.filter(_.amount.round(_SUM_DIGITS) > 0).semi_join(
        void.select("customer_id").distinct(), "customer_id"
    )
    firsts = (
        bought.group_by("customer_id")
        .aggregate(
            first_void=_.ordered_at.min(where=_.cancelled_at.notnull()),
            first_standing=_.ordered_at.min(where=_.cancelled_at.isnull()),
        )
        .filter(_.first_void.notnull())
    )
    empty = firsts.join(cutoffs, firsts.first_void < cutoffs.cutoff).filter(
        _.first_standing.isnull() | (_.first_standing >= _.cutoff)
    )
    return straddling.select("customer_id").union(empty.select("customer_id")).distinct()


def marked(lines: ir.Table) -> ir.Table:
    """Which lines are purchases (:func:`with_purchases`), and their money (:func:`with_money`)."""
    return with_money(with_purchases(lines))


def with_purchases(lines: ir.Table) -> ir.Table:
    """``is_purchase``: a line above zero that stands, or is all that its customer has."""
    counts = ~_.is_void | _.has_nothing_else if "has_nothing_else" in lines.columns else ~_.is_void
    return lines.mutate(is_purchase=(_.amount > 0) & counts)


def with_money(lines: ir.Table) -> ir.Table:
    """Money per line: ``bought`` and ``refund`` as booked, ``gross`` and ``open_refund`` as they stand."""
    return lines.mutate(
        bought=ibis.greatest(_.amount, 0.0),
        refund=ibis.greatest(-_.amount, 0.0),
    ).mutate(
        gross=ibis.ifelse(_.is_void, 0.0, _.bought),
        open_refund=ibis.ifelse(_.is_void, 0.0, _.refund),
        asked=ibis.ifelse(_.is_purchase, _.bought, 0.0),
    )

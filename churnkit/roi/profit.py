"""What a sale leaves: the one sum behind the planner's promise, the readout and the value of a rule for whom to contact."""

from __future__ import annotations

from typing import Any


def profit(list_revenue: Any, discount: Any, margin: float, contact_cost: Any = 0.0) -> Any:
    """Money that is left: ``margin x list_revenue - discount - contact_cost``; numbers or arrays of one shape.

    The goods cost ``(1 - margin) x list_revenue`` whatever was paid for them, so a discount comes out of profit in
    full. The margin times what was *paid* would let a discount lower the cost of the goods.

    Parameters
    ----------
    list_revenue
        Money at the prices that the shop usually takes: what was paid, and the campaign's discount on top.
    discount
        Money of it that the campaign gave away.
    margin
        Share of revenue at usual prices that is profit, above 0 and at most 1.
    contact_cost
        Money spent on the contacts.

    Examples
    --------
    A margin of 40 % on 100 and 15 off: 85 are paid, the goods cost 60.

    >>> profit(100.0, 15.0, margin=0.4)
    25.0
    """
    return margin * list_revenue - discount - contact_cost


def redeemed(p_churn: Any, saved: Any, redeeming: float) -> Any:
    """Share of the contacted that buy and use the discount: all who are saved, and some of those who would have bought.

    Parameters
    ----------
    p_churn, saved
        Probability of not buying without a contact, and of buying because of it (reach included).
    redeeming
        Share of the contacted that use the discount among those who would have bought anyway (reach included).
    """
    return saved + redeeming * (1 - p_churn)

"""Check of the gate on money that is taken off twice: an order left out as refunded, and its credit note beside it."""

from __future__ import annotations

from churnkit.ingest.cells import classify_status
from churnkit.ingest.questions import Check, Choice
from churnkit.ingest.rows.gate_facts import GateFacts
from churnkit.ingest.rows.reading_plan import ReadingPlan
from churnkit.ingest.rows.value_meanings import ValueMeaning
from churnkit.text import figures

# One may be a second order of the same price; of these, so many are none.
_MIN_RETURNS, _MIN_SHARE = 3, 0.1

# No order that is kept can be what the credit note gives back.
_TWICE = """
    WITH gone AS (
        SELECT order_id, customer_id, sum(amount) AS amount, min(ordered_at) AS ordered_at
        FROM {staged} WHERE reason = 'cancelled' AND isfinite(amount) GROUP BY ALL
    ), back AS (SELECT order_id, customer_id, amount, ordered_at FROM gate_orders WHERE amount < 0)
    SELECT count(*), coalesce(-sum(amount), 0), min(order_id) FROM back
    WHERE EXISTS (
        SELECT 1 FROM gone WHERE gone.customer_id = back.customer_id AND gone.order_id <> back.order_id
        AND abs(gone.amount + back.amount) < 0.005 AND gone.ordered_at <= back.ordered_at
    ) AND NOT EXISTS (
        SELECT 1 FROM gate_orders AS kept WHERE kept.customer_id = back.customer_id
        AND abs(kept.amount + back.amount) < 0.005 AND kept.ordered_at <= back.ordered_at
    )
"""


def _taken_back(plan: ReadingPlan) -> list[ValueMeaning]:
    """The statuses that say so and leave their orders out."""
    words = plan.rules.status_words
    return [
        item
        for item in plan.statuses.meanings
        if item.meaning == "left_out" and classify_status(item.value, words) == "returned"
    ]


def check_returns_twice(facts: GateFacts) -> Check:
    """Whether orders were left out as refunded whose credit notes are rows of their own, so that both are taken off."""
    if not (facts.returns and facts.lost_rows.get("cancelled")):
        return Check("returns_twice", True, "")
    returns, money, example = facts.staged.one(_TWICE)
    fails = returns >= _MIN_RETURNS and money > _MIN_SHARE * facts.returns
    refunded = _taken_back(facts.staged.plan) if fails else []
    values = ", ".join(repr(item.value) for item in refunded)
    counted: dict[str, object] = {item.value.strip().lower(): "counts" for item in refunded}
    return Check(
        "returns_twice",
        not fails,
        f"{figures.count(returns)} credit notes ({figures.money(money)}) give back orders that are left out as refunded, for"
        f" example {example!r}: the money is taken off twice."
        if fails
        else "",
        "Let the refunded orders count (--status), as their credit notes take them off.",
        choices=(
            (
                Choice(
                    f"Orders with {values} count, and their credit notes take them off",
                    {"statuses": counted},
                    sum(item.rows for item in refunded),
                    sum(item.orders for item in refunded),
                    sum(item.amount or 0.0 for item in refunded),
                ),
            )
            if refunded
            else ()
        ),
    )

"""The question what becomes of known orders that a newer file of their time does not hold."""

from __future__ import annotations

import duckdb

from churnkit.ingest import Choice, OpenQuestions, Question
from churnkit.results.shop import AdditionFigures
from churnkit.results.shop_history import Teller
from churnkit.text.figures import counted, day, money

MISSING_ORDERS = "missing_orders"
_EXAMPLES = 3


def require_answer(
    connection: duckdb.DuckDBPyConnection, teller: Teller, figures: AdditionFigures, currency: str | None
) -> None:
    """See that no known order is missing from a file of its time; ``fates`` must be there.

    Raises
    ------
    OpenQuestions
        Some are: were they deleted in the shop, or does the export leave something out?
    """
    missing = figures.missing
    if not missing.orders:
        return
    found = connection.execute(
        "SELECT order_id FROM fates WHERE fate = 'missing' ORDER BY told_amount DESC, order_id LIMIT ?",
        [_EXAMPLES],
    ).fetchall()
    examples = ", ".join(str(one[0]) for one in found)
    period = ""
    if teller.covers_from is not None and teller.covers_to is not None:
        period = f" from {day(teller.covers_from)} to {day(teller.covers_to)}"
    of_known = f"{counted(missing.orders, 'order')} of {money(missing.amount, currency)}"
    question = Question(
        MISSING_ORDERS,
        f"{of_known} that earlier files told of are missing from this one, which is about their time{period} (for example"
        f" {examples}). An export that was filtered leaves orders out; a shop that deletes orders has lost them.",
        "Add the file again and say what becomes of them: `keep` or `take_out` (--missing), or settle it for the shop.",
        (
            Choice(
                "They stay in the history",
                {MISSING_ORDERS: "keep"},
                orders=missing.orders,
                amount=missing.amount,
            ),
            Choice(
                "They no longer exist: take them out",
                {MISSING_ORDERS: "take_out"},
                orders=missing.orders,
                amount=missing.amount,
            ),
        ),
        option="--missing",
    )
    raise OpenQuestions([question], "Adding a newer export")

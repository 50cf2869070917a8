"""What one value of a column of statuses or row kinds does to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

KnownBy = Literal["word", "system", "evidence", "answer", "nothing"]
"""What says what a value means."""


@dataclass(frozen=True)
class ValueMeaning:
    """One line of the table of statuses and row kinds.

    Attributes
    ----------
    kind
        ``status`` of an order or line, or ``row_kind``.
    column, value
        Where it stands, and as the file writes it.
    rows, orders
        Rows with it, and different orders among them; without an order number, rows.
    amount
        Money of those rows as it is read, None where the file has no money for them.
    meaning
        ``counts`` or ``left_out`` for a status; ``sale``, ``return`` or ``left_out`` for a row kind.
    known_by
        ``word``: the product knows it; ``system``: the shop system's export is known; ``evidence``: the file shows it;
        ``answer``: somebody said so; ``nothing``: it is a guess.
    """

    kind: Literal["status", "row_kind"]
    column: str
    value: str
    rows: int
    orders: int
    amount: float | None
    meaning: Literal["counts", "left_out", "sale", "return"]
    known_by: KnownBy

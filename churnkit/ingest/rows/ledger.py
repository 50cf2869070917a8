"""The account of every row that was left out or changed, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from churnkit.text.figures import count

if TYPE_CHECKING:
    import pandas as pd

Action = Literal["dropped", "mended"]

DROPPED: Mapping[str, str] = MappingProxyType(
    {
        "unreadable": "The record could not be read: it has too many or too few cells, or broken quotes.",
        "no_purchase": "A row of another kind: a view, a cart, a fee, a payout or the like.",
        "summary_row": "No purchase of its own: a subtotal or total of other rows, a heading, a footer or a blank line.",
        "unparseable_date": "The date is missing, or it is none.",
        "after_as_of": "At or after the date of the analysis; left out before anything else is computed.",
        "unclear_date": "Reads as day/month and as month/day in a column that has both, and nothing tells which.",
        "future_date": "Later than tomorrow: a typing error or an order that has not happened yet.",
        "implausible_date": "Before 1980: a default date of some program.",
        "no_customer": "No customer is named, so the purchase cannot be told from anybody's.",
        "placeholder_customer": "The customer cell names nobody (guest, n/a, 0 …).",
        "duplicate_line": "Its whole order stands there twice, line by line, as after a double import; it counts once.",
        "older_version": "Its order stands in another sheet or file of later orders, too; the order is taken from there.",
        "cancelled": "The order or line was cancelled, or refunded in full.",
        "left_out": "Somebody said that orders with this status do not count.",
        "unpaid": "The payment failed, is pending or was never taken.",
        "undelivered": "The goods never arrived, and nothing says that they were paid.",
        "bad_debt": "A bookkeeping entry for bad debt, not a purchase.",
        "other_currency": "In another currency than the one chosen for the analysis.",
        "tip": "A tip: no goods, and no part of the order's subtotal.",
        "continuation_line": "Belongs to the order above and holds no item.",
        "unparseable_amount": "No money can be derived: quantity, price or total is missing or no number.",
        "return_ignored": "A return, left out because returns are set to be ignored.",
        "zero_amount": "No money changed hands.",
        "erased": "Of customers who were erased on request, and whom no file brings back.",
        "no_longer_kept": "Older than the shop keeps its orders; how long that is stands under Settings, tab Privacy.",
    }
)
"""Reasons for leaving a row out. A row is counted under the first that applies, in this order."""

MENDED: Mapping[str, str] = MappingProxyType(
    {
        "filled_above": "Customer, date or order number, blank below the first row of a block, was taken from there.",
        "continuation_line": "Customer, date or status taken from the first row of the order.",
        "id_decimals": "The customer id lost the '.0' that a spreadsheet or program had added.",
        "id_trimmed": "Blanks around the customer id were removed.",
        "email_lower_case": "The e-mail address was put in lower case, so that one buyer is one customer.",
        "other_identity": "No customer id; the e-mail address or telephone number identifies the customer.",
        "one_person": "The same person's other id, address or number, or another spelling of it: ids, e-mail addresses"
        " and telephone numbers that stand together are one customer.",
        "order_id_made": "The order id is blank or a word for none; customer and moment stand for it.",
        "refund_sign": "A refund written as a positive amount was made negative.",
        "discount_shared": "The order's discount was shared over its lines in proportion to their value.",
        "refund_netted": "The order's refund was taken off its lines in proportion to their value.",
        "order_total_shared": "The order's total, counted once, was shared over its lines.",
        "date_other_order": "Day and month stand the other way round than in most rows, and are read so.",
        "date_swapped": "A spreadsheet had swapped day and month of the date; they were put back.",
        "currency_assumed": "The currency cell is blank; the file's only currency was assumed.",
    }
)
"""Changes to rows that were kept. One row can count under several."""

EXAMPLES = 5


@dataclass(frozen=True)
class LedgerEntry:
    """One reason.

    Attributes
    ----------
    reason
        Key of `DROPPED` or `MENDED`.
    rows
        Number of source rows, above 0.
    explanation
        What was done and why, in words.
    examples
        Up to `EXAMPLES` of (source_row, cells by column); the row counts from 1 below the header.
    """

    reason: str
    action: Action
    rows: int
    explanation: str
    examples: tuple[tuple[int, Mapping[str, str]], ...] = ()

    @property
    def example_text(self) -> str:
        """``row 7: Customer ID=, Date=2024-01-05``, examples apart by `` | ``."""
        return " | ".join(
            f"row {row}: " + ", ".join(f"{column}={cell}" for column, cell in cells.items())
            for row, cells in self.examples
        )


@dataclass(frozen=True)
class Ledger:
    """All reasons of one ingest; what was dropped first, in the order in which the rules are applied."""

    row_count_in: int
    row_count_kept: int
    entries: tuple[LedgerEntry, ...] = ()

    def __post_init__(self) -> None:
        if self.row_count_in != self.row_count_kept + self.row_count_dropped:
            raise ValueError(
                f"the account does not add up: {self.row_count_in} rows in, {self.row_count_kept} kept,"
                f" {self.row_count_dropped} dropped"
            )

    @property
    def row_count_dropped(self) -> int:
        """Source rows that did not reach the canonical table."""
        return sum(entry.rows for entry in self.entries if entry.action == "dropped")

    def rows(self, reason: str, action: Action = "dropped") -> int:
        """Number of rows under a reason, 0 where it did not occur."""
        return sum(entry.rows for entry in self.entries if (entry.reason, entry.action) == (reason, action))

    def to_frame(self) -> pd.DataFrame:
        """One line a reason: reason, action, rows, share (of the rows in), explanation, example_rows.

        ``example_rows`` is text: ``row 7: Customer ID=, Date=2024-01-05``, examples apart by `` | ``.
        """
        import pandas as pd

        return pd.DataFrame(
            {
                "reason": [entry.reason for entry in self.entries],
                "action": [entry.action for entry in self.entries],
                "rows": pd.Series([entry.rows for entry in self.entries], dtype="int64"),
                "share": pd.Series(
                    [entry.rows / self.row_count_in for entry in self.entries], dtype="float64"
                ),
                "explanation": [entry.explanation for entry in self.entries],
                "example_rows": [entry.example_text for entry in self.entries],
            }
        )

    def words(self) -> str:
        """The whole account in one sentence."""
        if not self.entries:
            return f"All {count(self.row_count_in)} rows were kept."
        dropped = ", ".join(
            f"{count(entry.rows)} {entry.reason}" for entry in self.entries if entry.action == "dropped"
        )
        return f"{count(self.row_count_in)} rows in, {count(self.row_count_kept)} kept" + (
            f"; dropped: {dropped}." if dropped else "."
        )

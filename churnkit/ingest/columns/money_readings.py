"""The ways in which a table's money can be read: a column row by row, once an order, or price times quantity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from churnkit.ingest.cells import NumberFormat
from churnkit.ingest.columns.cell_evidence import Evidence
from churnkit.ingest.columns.money_columns import Figures, MoneyColumns, measure
from churnkit.ingest.columns.money_ties import is_running_balance
from churnkit.ingest.columns.money_words import ADDED, TAKEN, MoneyName, money_name
from churnkit.ingest.files import RawTable

Shape = Literal["line", "order", "product"]

_PARTS = (*ADDED, *TAKEN, "fee", "gift", "points", "refund")
LESS = (*TAKEN, "gift", "points", "refund")
"""Kinds of columns that make an order's money smaller."""
_MIN_FILLED = 0.5
# Fewer rows than this prove nothing.
_FEW = 50


@dataclass(frozen=True)
class MoneyReading:
    """One way to read the money.

    Attributes
    ----------
    shape
        ``line``: added up over the rows; ``order``: counted once an order; ``product``: price times quantity.
    column
        The column of money or of prices.
    fields
        The mapping that reads it so.
    by_order
        The money of each order of the sample.
    rank
        The lower, the likelier by its name and place.
    """

    shape: Shape
    column: str
    fields: Mapping[str, str]
    by_order: Figures = field(repr=False, compare=False)
    name: MoneyName = field(default_factory=MoneyName)
    rank: float = 0.0

    @property
    def words(self) -> str:
        """The reading for a person."""
        if self.shape == "order":
            return f"{self.column}, counted once an order"
        if self.shape == "line":
            return f"{self.column}, added up over the rows"
        pieces = f"{self.fields['quantity']} × " if "quantity" in self.fields else ""
        less = f", less {self.fields['discount']}" if "discount" in self.fields else ""
        return f"{pieces}{self.column}{less}"


@dataclass(frozen=True)
class MoneyTable:
    """The numeric columns of a table that may be about money, measured on its first rows.

    Attributes
    ----------
    formats
        Notation by column.
    order, customer
        Columns of orders and customers, where they are known.
    quantity, discount
        Columns of pieces and of what was given away, where they are known.
    """

    raw: RawTable
    evidence: Mapping[str, Evidence]
    formats: Mapping[str, NumberFormat]
    measured: MoneyColumns
    order: str | None = None
    quantity: str | None = None
    discount: str | None = None

    @cached_property
    def names(self) -> dict[str, MoneyName]:
        """What the headers say."""
        return {column: money_name(column) for column in self.columns}

    @property
    def columns(self) -> list[str]:
        """The columns that may be money, without pieces."""
        return [column for column in self.formats if column != self.quantity]

    @cached_property
    def several_line_orders(self) -> int:
        """Number of orders of several rows."""
        return int(self.measured.several_lines.sum())

    def whole(self) -> MoneyTable:
        """The same over all rows."""
        if len(self.measured.values) >= self.raw.row_count:
            return self
        return replace(self, measured=measure(self.raw, self.formats, self.order, rows=None))

    def is_plausible(self, column: str) -> bool:
        """Most orders have money in it, not always the same, more of it received than given, and no running balance."""
        facts = self.evidence[column]
        if self.measured.nonzero_share(column) < _MIN_FILLED or facts.negative_share > 0.5:
            return False
        if facts.filled > _FEW and (facts.distinct <= 1 or (facts.whole_share == 1 and facts.largest <= 10)):
            return False
        figures = self.measured.figures(column)
        others = [self.measured.figures(other) for other in self.columns if other != column]
        return not is_running_balance(figures, others)

    def is_id(self, column: str) -> bool:
        """Whole numbers of which hardly any comes twice."""
        facts = self.evidence[column]
        return (
            facts.filled > _FEW
            and facts.whole_share == 1
            and facts.distinct_share > 0.9
            and not self.names[column].field
        )

    def line(self, column: str, rank: float = 0.0) -> MoneyReading:
        """The column added up over the rows."""
        summed = self.measured.summed(self.measured.figures(column))
        return MoneyReading(
            "line", column, self._with_pieces("amount", column), summed, money_name(column), rank
        )

    def once(self, column: str, rank: float = 0.0) -> MoneyReading:
        """The column counted once an order."""
        figures = self.measured.once(self.measured.figures(column))
        fields = self._with_pieces("order_total", column)
        return MoneyReading("order", column, fields, figures, money_name(column), rank)

    def product(self, price: str, rank: float = 0.0, *, discounted: bool = True) -> MoneyReading:
        """Price times quantity, less the discount."""
        gross = self.measured.figures(price)
        fields = {"unit_price": price}
        if self.quantity:
            gross = gross * self.measured.figures(self.quantity)
            fields["quantity"] = self.quantity
        by_order = self.measured.summed(gross)
        if self.discount and discounted:
            by_order = by_order - self._given(self.discount, gross)
            fields["discount"] = self.discount
        return MoneyReading("product", price, fields, by_order, money_name(price), rank)

    def parts(self, but: Iterable[str]) -> dict[str, Figures]:
        """What stands beside the money, by order and with its sign, by headers that say so."""
        found: dict[str, Figures] = {}
        for column in self.columns:
            kind = self.names[column].kind
            if column not in but and kind in _PARTS:
                figures = np.abs(self.measured.by_order(column))
                found[column] = -figures if kind in LESS else figures
        return found

    def same(self, reading: MoneyReading) -> MoneyReading:
        """A reading of another measurement of the same columns, on this one."""
        if reading.shape == "product":
            table = replace(self, quantity=reading.fields.get("quantity"))
            return table.product(reading.column, reading.rank, discounted="discount" in reading.fields)
        make = self.once if reading.shape == "order" else self.line
        return make(reading.column, reading.rank)

    def _with_pieces(self, name: str, column: str) -> dict[str, str]:
        return {name: column} | ({"quantity": self.quantity} if self.quantity else {})

    def _given(self, discount: str, gross: Figures) -> Figures:
        """What was given away by order: a share of each line, money of each line, or money of the order."""
        figures = np.abs(np.nan_to_num(self.measured.figures(discount)))
        facts = self.evidence[discount]
        if facts.largest <= 1 and facts.whole_share < 1:
            return self.measured.summed(np.nan_to_num(gross) * figures)
        if self.measured.level(discount) in ("order", "first"):
            return self.measured.once(np.where(np.isnan(self.measured.figures(discount)), np.nan, figures))
        return self.measured.summed(figures)

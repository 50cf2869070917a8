"""What the numeric columns of a table do: their figures row by row and order by order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from churnkit.ingest.cells import NumberFormat, number_sql, text_sql
from churnkit.ingest.columns.cell_evidence import Evidence
from churnkit.ingest.columns.suitability import looks_like_date
from churnkit.ingest.engine import quote_identifier
from churnkit.ingest.files import RawTable

Figures = npt.NDArray[np.float64]
Level = Literal["row", "line", "order", "first"]
"""Every row is an order; lines of an order differ; each line repeats the order's figure; one line of it has it."""

# Orders need neighbouring rows; so many tell what a column does.
SAMPLE_ROWS = 20_000
_MIN_NUMBERS = 0.8
_CONSTANT_SHARE = 0.95
# Prices change over the years; rounding moves a price per piece.
_SAME_PRICE = 1.03
_MIN_PRODUCTS = 3
# By so few rows a last one may be the sum of those above by chance.
_FEW_ROWS = 10


@dataclass(frozen=True)
class MoneyColumns:
    """Numeric columns as numbers.

    Attributes
    ----------
    values
        One column of floats for each, a row for each of the table's.
    orders
        Place of each row's order, 0, 1, 2 …; a row without one is an order of its own.
    order_count
        Number of orders.
    products
        The product of each row, None where the table names none.
    """

    values: pd.DataFrame
    orders: npt.NDArray[np.int64]
    order_count: int
    products: pd.Series | None = None
    _levels: dict[str, Level] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def several_lines(self) -> npt.NDArray[np.bool_]:
        """Which orders have several rows."""
        return np.bincount(self.orders, minlength=self.order_count) > 1

    def figures(self, column: str) -> Figures:
        """The column row by row, NaN where it has no number."""
        return np.asarray(self.values[column], dtype=np.float64)

    def summed(self, figures: Figures) -> Figures:
        """Figures added up by order."""
        sums = np.bincount(self.orders, weights=np.nan_to_num(figures), minlength=self.order_count)
        return sums.astype(np.float64)

    def once(self, figures: Figures) -> Figures:
        """The first figure of each order, 0 where it has none."""
        firsts = pd.Series(figures).groupby(self.orders).first()
        return np.asarray(firsts.reindex(range(self.order_count)).fillna(0.0), dtype=np.float64)

    def level(self, column: str) -> Level:
        """What the figures belong to."""
        if column not in self._levels:
            self._levels[column] = self._level(column)
        return self._levels[column]

    def _level(self, column: str) -> Level:
        several = self.several_lines
        grouped = self.values[column].groupby(self.orders)
        counts, distinct = (
            found.reindex(range(self.order_count)).to_numpy()[several]
            for found in (grouped.count(), grouped.nunique())
        )
        filled = counts > 0
        if not filled.any():
            return "row" if not several.any() else "line"
        if (distinct[filled] == 1).mean() < _CONSTANT_SHARE:
            return "line"
        return "first" if (counts[filled] == 1).mean() >= _CONSTANT_SHARE else "order"

    def priced_by(self, money: str, pieces: str) -> Literal["piece", "line"] | None:
        """Whether a product bought in several quantities keeps its figure, or its figure per piece; None where neither."""
        if self.products is None:
            return None
        frame = pd.DataFrame(
            {"money": self.values[money], "pieces": self.values[pieces], "product": self.products}
        )
        frame = frame[(frame["money"] > 0) & (frame["pieces"] > 0)].assign(
            each=frame["money"] / frame["pieces"]
        )
        grouped = frame.groupby("product")
        spread = (grouped.max() / grouped.min())[grouped["pieces"].nunique() > 1]
        if len(spread) < _MIN_PRODUCTS:
            return None
        piece, line = ((spread[name] <= _SAME_PRICE).mean() for name in ("money", "each"))
        if max(piece, line) < 0.5 or min(piece, line) > 0.3:
            return None
        return "piece" if piece > line else "line"

    def by_order(self, column: str) -> Figures:
        """The column's money of each order: added up over its lines, or counted once where it is the order's."""
        figures = self.figures(column)
        return self.once(figures) if self.level(column) in ("order", "first") else self.summed(figures)

    def nonzero_share(self, column: str) -> float:
        """Share of the orders in which the column holds money."""
        return float((self.summed(np.abs(self.figures(column))) > 0).mean()) if self.order_count else 0.0


def measure(
    raw: RawTable,
    formats: Mapping[str, NumberFormat],
    order: str | None,
    product: str | None = None,
    rows: int | None = SAMPLE_ROWS,
) -> MoneyColumns:
    """The columns of ``formats`` over the first ``rows`` of the table, or all of it but a last row with the totals."""
    selected = [f"{number_sql(name, fmt)} AS {quote_identifier(name)}" for name, fmt in formats.items()]
    frame = raw.frame(
        """
        SELECT {numbers}, {product} AS "product key", {order} AS "order key"
        FROM {first} ORDER BY {row}
        """,
        first=raw.source if rows is None else raw.first(rows),
        numbers=", ".join(selected),
        order=text_sql(order) if order else "NULL",
        product=text_sql(product) if product else "NULL",
    )
    values = frame.iloc[:, :-2].astype("float64")
    values.columns = pd.Index(list(formats))
    if _ends_in_totals(values):
        frame, values = frame.iloc[:-1], values.iloc[:-1]
    keys, products = frame.iloc[:, -1], frame.iloc[:, -2] if product else None
    if order is None:
        return MoneyColumns(values, np.arange(len(values)), len(values), products)
    codes, uniques = pd.factorize(keys)
    missing = codes < 0
    codes[missing] = len(uniques) + np.arange(int(missing.sum()))
    return MoneyColumns(values, codes.astype(np.int64), len(uniques) + int(missing.sum()), products)


def _ends_in_totals(values: pd.DataFrame) -> bool:
    """Every figure of the last row is the sum of its column above."""
    if len(values) <= _FEW_ROWS:
        return False
    last = values.iloc[-1].dropna()
    above = values.iloc[:-1][last.index].sum()
    return bool(last.any() and np.isclose(last, above, rtol=1e-9, atol=0.01).all())


def numeric_formats(evidence: Mapping[str, Evidence], names: Iterable[str]) -> dict[str, NumberFormat]:
    """How those of the columns that hold numbers write them; one separator for all where others leave it open."""
    found = {
        name: evidence[name].number
        for name in names
        if evidence[name].number_share >= _MIN_NUMBERS and not _is_date(evidence[name])
    }
    formats = {name: fmt for name, fmt in found.items() if fmt is not None}
    decided = {
        fmt.decimal for fmt in formats.values() if not (fmt.ambiguous or fmt.typed) and _shows_separator(fmt)
    }
    if len(decided) != 1:
        return formats
    (separator,) = decided
    return {name: replace(fmt, decimal=separator) if fmt.ambiguous else fmt for name, fmt in formats.items()}


def _shows_separator(fmt: NumberFormat) -> bool:
    """The column's own numbers say which separator marks decimals."""
    return fmt.thousands is not None or fmt.decimal == ","


def _is_date(facts: Evidence) -> bool:
    """Days written 20250131, or seconds since 1970; a price such as 45990.50 is no day of a spreadsheet."""
    if facts.whole_share < 1:
        return False
    return looks_like_date(facts) > 0.9 or facts.largest >= 1e9

"""How Excel and Streamlit's bars, sliders and fields are told to write a number as `figures` does."""

from __future__ import annotations

from functools import lru_cache

from churnkit.text import figures
from churnkit.text.columns.column import Column
from churnkit.text.currencies import symbol

# A bar shows a number by a format alone: it comes rounded, from ``figures.percent_number``.
BAR = f"%g{figures.NARROW}%%"
SLIDER_PERCENT = f"%d{figures.NARROW}%%"
CENTS = "%.2f"

EXCEL_TEXT = "@"
# Months stay English where Excel is not.
_EXCEL_TIMES = {"day": "[$-409]d mmm yyyy", "instant": "[$-409]d mmm yyyy, hh:mm"}


def excel_format(column: Column, value: float, currency: str | None = None) -> str:
    """The number format with which Excel shows ``value`` as :meth:`Column.write` writes it.

    Examples
    --------
    >>> clv = Column(key="clv", kind="money", term="clv")
    >>> excel_format(clv, 150.5, "GBP"), excel_format(clv, 12_345.6, "GBP")
    ('"£"#,##0.00', '"£"#,##0')
    """
    if column.kind == "money":
        return _money(figures.money_digits(value, currency), currency)
    if column.kind == "share":
        return _percent(value)
    if column.kind == "text":
        return EXCEL_TEXT
    return _number(_digits(column, value))


def excel_time(column: Column) -> str:
    """The format of a date in this column."""
    return _EXCEL_TIMES.get(column.kind, _EXCEL_TIMES["day"])


def _digits(column: Column, value: float) -> int:
    if column.kind == "score":
        return column.digits
    if column.kind == "number":
        return figures.decimal_digits(value, column.digits)
    return figures.decimal_digits(value, figures.ratio_digits(value)) if column.kind == "ratio" else 0


@lru_cache(maxsize=64)
def _money(digits: int, currency: str | None) -> str:
    before = symbol(currency)
    after = f"{figures.NARROW}{currency}" if currency and not before else ""
    return f"{_literal(before)}{_number(digits)}{_literal(after)}"


def _percent(share: float) -> str:
    if figures.is_edge(share):
        # No format can say "under" and show another number than the cell's.
        return _literal(figures.percent(share).removeprefix("-"))
    return _percent_of(figures.percent_digits(share))


@lru_cache(maxsize=4)
def _percent_of(digits: int) -> str:
    return f"{_number(digits)}{_literal(figures.NARROW)}%"


@lru_cache(maxsize=16)
def _number(digits: int) -> str:
    return f"#,##0.{'0' * digits}" if digits else "#,##0"


def _literal(text: str) -> str:
    quoted = text.replace('"', "")
    return f'"{quoted}"' if quoted else ""

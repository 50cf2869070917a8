"""How Excel and Streamlit's sliders and fields are told to write a number as `figures` does."""

from __future__ import annotations

from functools import lru_cache

from churnkit.text import figures
from churnkit.text.columns.column import Column
from churnkit.text.locale import current
from churnkit.text.locale_style import NARROW, Locale

# A field for a number follows the browser's language, not the shop's: no format of Streamlit's says otherwise.
CENTS = "%.2f"

EXCEL_TEXT = "@"
_EXCEL_PARTS = {"d": "d", "d2": "dd", "m": "m", "m2": "mm", "mon": "mmm", "y": "yyyy"}


def slider_percent() -> str:
    """How a slider writes whole percents."""
    return current().percent.replace("%", "%%").replace("#", "%d")


def date_field() -> str:
    """The order in which a date is typed: ``st.date_input(format=date_field())``."""
    return current().typed


def excel_format(column: Column, value: float, currency: str | None = None) -> str:
    """The number format with which Excel shows ``value`` as :meth:`Column.write` writes it.

    Examples
    --------
    >>> clv = Column(key="clv", kind="money", term="clv")
    >>> excel_format(clv, 150.5, "GBP"), excel_format(clv, 12_345.6, "GBP")
    ('"£"#,##0.00', '"£"#,##0')
    """
    if column.kind == "money":
        return _money(figures.money_digits(value, currency), currency, current())
    if column.kind == "share":
        return _percent(value, current())
    if column.kind == "text":
        return EXCEL_TEXT
    return _number(_digits(column, value))


def excel_time(column: Column) -> str:
    """The format of a date in this column; its month is in the shop's language wherever it is opened."""
    return _excel_time(current(), column.kind == "instant")


@lru_cache(maxsize=8)
def _excel_time(here: Locale, timed: bool) -> str:
    day = here.day.replace(" de ", '" de "').replace(NARROW, " ").format(**_EXCEL_PARTS)
    hours = f", {'h' if here.twelve else 'hh'}{here.clock}mm{' AM/PM' if here.twelve else ''}"
    return f"[$-{here.excel}]{day}{hours if timed else ''}"


def _digits(column: Column, value: float) -> int:
    if column.kind == "score":
        return column.digits
    if column.kind == "number":
        return figures.decimal_digits(value, column.digits)
    return figures.decimal_digits(value, figures.ratio_digits(value)) if column.kind == "ratio" else 0


@lru_cache(maxsize=64)
def _money(digits: int, currency: str | None, here: Locale) -> str:
    before, after = figures.unit_around(currency, here)
    return f"{_literal(before)}{_number(digits)}{_literal(after)}"


def _percent(share: float, here: Locale) -> str:
    if figures.is_edge(share):
        # No format can say "under" and show another number than the cell's.
        return _literal(figures.percent(share).removeprefix("-"))
    return _percent_of(figures.percent_digits(share), here)


@lru_cache(maxsize=8)
def _percent_of(digits: int, here: Locale) -> str:
    before, after = here.percent.replace(NARROW, f'"{NARROW}"').split("#")
    return f"{before}{_number(digits)}{after}"


@lru_cache(maxsize=16)
def _number(digits: int) -> str:
    return f"#,##0.{'0' * digits}" if digits else "#,##0"


def _literal(text: str) -> str:
    quoted = text.replace('"', "")
    return f'"{quoted}"' if quoted else ""

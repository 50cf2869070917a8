"""Tables as CSV that a spreadsheet can open without running anything."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

# Days without an hour, in tables whose other dates are instants.
DAYS = ("expected_next_order",)
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_HARMLESS = re.compile(r"[+-]?[\d\s().,/-]+\Z")


def harmless(cell: object) -> object:
    """Text that a spreadsheet would run as a formula, with an apostrophe before it; numbers and phones stay."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_START) and not _HARMLESS.match(cell):
        return "'" + cell
    return cell


def in_currency(frame: pd.DataFrame, currency: str | None) -> pd.DataFrame:
    """A table with amounts that says of which currency they are: in its last column, so that no other is renamed."""
    return frame if currency is None else frame.assign(currency=currency)


def to_csv(frame: pd.DataFrame) -> str:
    """Comma, ``\\n``; text cells made harmless (CSV injection)."""
    days = {c: frame[c].dt.strftime("%Y-%m-%d") for c in DAYS if c in frame and frame[c].dtype.kind == "M"}
    frame = frame.assign(**days)
    text = [c for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c])]
    safe = frame.assign(**{c: frame[c].map(harmless, na_action="ignore") for c in text})
    return str(safe.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%dT%H:%M:%S"))


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """:func:`to_csv` as a file in UTF-8."""
    # No translation of line ends, and lone halves of surrogate pairs must not stop a download.
    path.write_bytes(to_csv(frame).encode("utf-8", "replace"))

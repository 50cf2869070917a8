"""Where a table begins: preamble, header, or no header at all. Shared by text files and workbooks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MONEY = r"(?:[A-Z]{3}|Rs\.?|kr\.?|zł|R\$|[$€£¥₹₺₽₩₪฿])?"
_GAP = "[ \u00a0\u202f]*"
_NUMBER = re.compile(
    rf"[-+−(]?{_GAP}{_MONEY}{_GAP}[-+−]?[\d.,][\d.,'’ \u00a0\u202f]*(?:[eE][-+]?\d+)?\)?-?{_GAP}{_MONEY}%?"
)
_DATE = re.compile(
    r"(\d{1,4}[-/.] ?\d{1,2}[-/.] ?\d{1,4}\.?"
    r"|[^\W\d_]{3,12}[- .]{1,2}\d{1,2}[.,]?[- ]\d{2,4}"
    r"|\d{1,2}[- ./]{1,2}(?:de )?[^\W\d_]{3,12}[- ./,]+(?:de )?\d{2,4}"
    r"|[^\W\d_]{0,2}(?:\d{1,4}|元) ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日号號일]"
    r"|\d{4}\.? [^\W\d_]{3,12} \d{1,2}\.?)([^\W\d_]?[ T,]+[^\t;|]*\d[^\t;|]*)?"
)
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2})?[ .\dAPMapm]*")

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

# A column of which this share are values has a type; a header cell above it has not.
_TYPED_SHARE = 0.9


@dataclass(frozen=True)
class HeadRow:
    """One row of the head: its 1-based line, its cells as text."""

    line: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> int:
        """Number of cells that are not blank."""
        return sum(1 for cell in self.cells if cell.strip())


@dataclass(frozen=True)
class Head:
    """Where the records begin.

    Attributes
    ----------
    header
        Index of the header among the rows, None where the table has no header.
    first_record
        Index of the first record; ``len(rows)`` where there is none.
    """

    header: int | None
    first_record: int


def is_value(cell: str) -> bool:
    """Whether the cell reads as a number, a date, a time of day or an e-mail address: as no caption does."""
    text = cell.strip()
    if not any(character.isdigit() for character in text):
        return _EMAIL.fullmatch(text) is not None
    return any(pattern.fullmatch(text) for pattern in (_NUMBER, _DATE, _TIME, _EMAIL))


def is_caption(cells: Sequence[str]) -> bool:
    """Whether the cells could be a header: two or more, all filled, none a value."""
    return len(cells) > 1 and all(cell.strip() and not is_value(cell) for cell in cells)


def find_head(rows: Sequence[HeadRow]) -> Head:
    """The header among rows of equal width.

    The header is the first row that fills at least half as many cells as the fullest row, so that titles and
    print dates above it are passed over. It is data, and the table has no header, when most of the
    columns that hold numbers, dates or e-mail addresses hold one there too.
    """
    if not rows:
        return Head(None, 0)
    most = max(row.filled for row in rows)
    first = next(index for index, row in enumerate(rows) if row.filled >= min(max(2.0, most / 2), most))
    if not _is_data(rows[first], rows[first + 1 :]):
        return Head(first, first + 1)
    # Without a header nothing shows that sparse rows at the top are a title: only single cells are.
    start = next(index for index, row in enumerate(rows) if row.filled > 1 or index == first)
    return Head(None, start)


def _is_data(row: HeadRow, rest: Sequence[HeadRow]) -> bool:
    if not rest:
        return any(is_value(cell) for cell in row.cells)
    typed = same = 0
    for position, cell in enumerate(row.cells):
        below = [other.cells[position] for other in rest if other.cells[position].strip()]
        if below and sum(map(is_value, below)) >= _TYPED_SHARE * len(below):
            typed += 1
            same += is_value(cell)
    return typed > 0 and same > typed / 2

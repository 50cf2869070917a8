"""How far a worksheet reaches, found in its XML before the reader asks for memory for all of it.

A worksheet's ``<dimension>`` may lie, so the references of the cells count. A first pass only proves that no
cell lies beyond a bound that grows as it must; where the bound breaks a limit, a second one looks at every cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from churnkit.text.figures import count

EXCEL_ROWS = 1_048_576
EXCEL_COLUMNS = 16_384

_CHUNK_BYTES = 1 << 20
# A cell holds 32,767 characters at most, of at most ten bytes each as entities.
_MAX_TAG_BYTES = 1 << 20
_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_PREFIX = rb"<(?:[^\s<>/:\"'=]+:)?"
_ATTRIBUTES = rb"""([^>"']*+(?:"[^"]*"[^>"']*+|'[^']*'[^>"']*+)*+)"""
_TAG = re.compile(_PREFIX + rb"(c|row)(?=[\s/>])" + _ATTRIBUTES + rb">(?:\s*(</))?")
_REFERENCE = re.compile(rb"""(?:^|\s)r\s*=\s*["']\s*([A-Za-z]*)([0-9]*)""")
_SHARED = re.compile(rb"""(?:^|\s)t\s*=\s*["']s["']""")
_VALUE = re.compile(_PREFIX + rb"(?:(c)(?=[\s/>])" + _ATTRIBUTES + rb">|v(?:\s[^>]*)?>\s*([0-9]{1,9}))")


@dataclass(frozen=True)
class Extent:
    """A rectangle around a sheet's filled cells; ``farthest`` names those that stretch it, as in ``XFD1048576``."""

    rows: int
    columns: int
    farthest: tuple[str, ...] = ()

    @property
    def cells(self) -> int:
        """Rows times columns."""
        return self.rows * self.columns


def tag_chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """The XML in pieces that end where a tag begins, so that none is cut.

    Raises
    ------
    ValueError
        A tag and the text behind it are longer than any that Excel writes.
    """
    carried = b""
    while chunk := stream.read(_CHUNK_BYTES):
        chunk = carried + chunk
        cut = chunk.rfind(b"<")
        carried = chunk[cut:] if cut >= 0 else b""
        if len(carried) > _MAX_TAG_BYTES:
            raise ValueError(f"one of its cells is longer than {count(_MAX_TAG_BYTES)} bytes")
        yield chunk[:cut] if cut >= 0 else chunk
    if carried:
        yield carried


class CellBound:
    """The first pass: a rectangle that holds every cell, found without looking at most of them.

    Parameters
    ----------
    max_cells
        What the rectangle may hold; the rows are bounded by it as soon as the columns are known.
    """

    def __init__(self, max_cells: int) -> None:
        self.is_open = False
        self._max_cells = max_cells
        self._rows = self._columns = self._row_limit = 0
        self._beyond: re.Pattern[bytes] | None = None

    def look(self, chunk: bytes) -> None:
        """Widen the bound to what the chunk holds."""
        # From the right: the first letter that is compared is the rarer one.
        has_prefix = chunk.rfind(b":c") >= 0
        if self._beyond is not None and not has_prefix and self._beyond.search(chunk) is None:
            self._rows = max(self._rows, self._row_limit)
        elif not self.is_open:
            self._look_closely(chunk)

    def extent(self) -> Extent:
        """The rectangle; without meaning where ``is_open`` says that cells have no reference of their own."""
        return Extent(self._rows, self._columns)

    def _look_closely(self, chunk: bytes) -> None:
        widest = self._columns
        for tag in _TAG.finditer(chunk):
            if tag[1] == b"row":
                continue
            reference = _REFERENCE.search(tag[2])
            if reference is None or not reference[1] or not reference[2]:
                self.is_open = True
                return
            widest = max(widest, _column_number(reference[1]))
            self._rows = max(self._rows, int(reference[2][:9]))
        if widest > self._columns:
            self._columns = widest
            self._row_limit = max(1, min(EXCEL_ROWS, self._max_cells // widest))
            self._beyond = _beyond(min(widest, EXCEL_COLUMNS), self._row_limit)


def _beyond(columns: int, rows: int) -> re.Pattern[bytes]:
    """Finds a cell that is not written ``<c r="A1"`` with column and row within the bound."""
    return re.compile(
        f'<c(?=[\\s/>])(?! r="(?:{_columns_up_to(columns)})(?:{_numbers_up_to(rows)})")'.encode()
    )


def _columns_up_to(column: int) -> str:
    """A regular expression for the names of columns 1 .. ``column``."""
    return _words_up_to(column_name(column), _LETTERS)


def _numbers_up_to(number: int) -> str:
    """A regular expression for 0 .. ``number``, some of them with zeros in front."""
    return _words_up_to(str(number), _DIGITS)


def _words_up_to(last: str, alphabet: str) -> str:
    """Words of the alphabet from the shortest to ``last``, ordered by length and then by letter."""
    first, any_one = alphabet[0], f"[{alphabet[0]}-{alphabet[-1]}]"
    options = [f"{any_one}{{1,{len(last) - 1}}}"] if len(last) > 1 else []
    for place, letter in enumerate(last):
        is_final = place + 1 == len(last)
        top = alphabet.index(letter) - (0 if is_final else 1)
        if top >= 0:
            rest = "" if is_final else f"{any_one}{{{len(last) - place - 1}}}"
            options.append(f"{last[:place]}[{first}-{alphabet[top]}]{rest}")
    return "|".join(options)


class FilledCells:
    """The second pass: every cell that holds something, with or without a reference of its own."""

    def __init__(self) -> None:
        self.filled = 0
        self._row = self._column = 0
        self._top = self._left = 0
        self._bottom = self._right = 0
        self._lowest = self._rightmost = (0, 0)

    def look(self, chunk: bytes) -> None:
        """Widen the rectangle to the filled cells of the chunk."""
        for tag in _TAG.finditer(chunk):
            reference = _REFERENCE.search(tag[2])
            if tag[1] == b"row":
                self._row = int(reference[2][:9]) if reference and reference[2] else self._row + 1
                self._column = 0
                continue
            self._column += 1
            row = self._row or 1
            if reference is not None and reference[1]:
                self._column = _column_number(reference[1])
                row = int(reference[2][:9] or b"1")
            is_empty = tag[3] is not None or tag[2].endswith(b"/")
            if not is_empty:
                self._add(row, self._column)

    def _add(self, row: int, column: int) -> None:
        self.filled += 1
        if row > self._bottom:
            self._bottom, self._lowest = row, (row, column)
        if column > self._right:
            self._right, self._rightmost = column, (row, column)
        self._top = min(self._top or row, row)
        self._left = min(self._left or column, column)

    def extent(self) -> Extent:
        """The rectangle from the first to the last filled cell."""
        if not self.filled:
            return Extent(0, 0)
        far = dict.fromkeys((self._rightmost, self._lowest))
        names = tuple(f"{column_name(column)}{row}" for row, column in far)
        return Extent(self._bottom - self._top + 1, self._right - self._left + 1, names)


def shared_bytes(chunks: Iterator[bytes], length_of: Callable[[int], int]) -> int:
    """Bytes of text that the sheet's cells take from the shared strings, each cell counted."""
    total = 0
    is_shared = False
    for chunk in chunks:
        for found in _VALUE.finditer(chunk):
            if found[1]:
                is_shared = _SHARED.search(found[2]) is not None
            elif is_shared:
                total += length_of(int(found[3]))
    return total


def column_name(column: int) -> str:
    """``A`` for 1, ``XFD`` for 16,384."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = _LETTERS[rest] + name
    return name


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:8].upper():
        number = 26 * number + letter - 64
    return number

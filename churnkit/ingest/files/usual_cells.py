"""What the cells of each column look like, so that a line with bare delimiters in a text can be cut in the right place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_MIN_LINES = 20
# A shape of cells that so few lines have may be a slip itself.
_LEAST_SHARE = 0.02
_MOST_SHAPES = 12
_NUMBER = re.compile(r"\W*\d[\d\W]*")


@dataclass(frozen=True)
class UsualCells:
    """The shapes of cells by column: runs of digits as 9, of letters as a, all else as it stands.

    Attributes
    ----------
    shapes
        Those of each column that more than a few lines have; empty for a column of many shapes, which may hold anything.
    texts
        Columns that may hold a text with delimiters: some cell has letters, or most are empty.
    """

    shapes: tuple[frozenset[str], ...] = ()
    texts: tuple[int, ...] = ()

    @classmethod
    def of(cls, lines: Iterable[str], delimiter: str, width: int) -> UsualCells:
        """From the lines of a file that are as wide as its header and have no quotes."""
        plain = (line.rstrip("\r\n").split(delimiter) for line in lines if '"' not in line)
        rows = [fields for fields in plain if len(fields) == width]
        if len(rows) < _MIN_LINES:
            return cls()
        columns = [Counter(map(_shape, cells)) for cells in zip(*rows, strict=True)]
        least = _LEAST_SHARE * len(rows)
        shapes = tuple(
            frozenset(shape for shape, count in found.items() if count >= least)
            if len(found) <= _MOST_SHAPES or found.most_common(1)[0][1] > 0.5 * len(rows)
            else frozenset()
            for found in columns
        )
        texts = tuple(
            place
            for place, found in enumerate(columns)
            if 2 * found[""] > len(rows) or any("a" in shape for shape in found)
        )
        return cls(shapes, texts)

    def joined(self, fields: Sequence[str], delimiter: str) -> list[str] | None:
        """The fields with those of one text joined, None where no place or several fit."""
        more = len(fields) - len(self.shapes)
        if not self.shapes or more <= 0:
            return None
        found = []
        for place in self.texts:
            pieces = fields[place : place + more + 1]
            if any(_NUMBER.fullmatch(piece) for piece in pieces):
                # It may be the rest of an amount whose thousands or decimals bear the delimiter.
                continue
            text = delimiter.join(pieces)
            cells = [*fields[:place], text, *fields[place + more + 1 :]]
            others = (number for number in range(len(cells)) if number != place)
            if all(
                not self.shapes[number] or _shape(cells[number]) in self.shapes[number] for number in others
            ):
                found.append(cells)
        return found[0] if len(found) == 1 else None


def _shape(cell: str) -> str:
    letters = re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", cell))
    # A name is as many words as it likes.
    return re.sub(r"a(?: a)+", "a", letters)

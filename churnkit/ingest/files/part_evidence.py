"""What a sheet or file among several looks like: orders, a summary of them, or something else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from churnkit.ingest.files.raw_table import RawTable
from churnkit.ingest.files.table_start import is_value

_SAMPLE_ROWS = 300
_MOST = 0.6
# Two separators or a month in letters: looser than the dates of a header, for every language's months.
_DATE = re.compile(
    r"\d{1,4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,4}日?.*"
    r"|\d{1,2}[-. ]+(de )?[^\W\d]{3,10}\.?,?[-. ]+(de )?\d{2,4}.*"
    r"|[^\W\d]{3,10}\.?[- ]\d{1,2}(st|nd|rd|th)?,?[- ]\d{2,4}.*",
    re.IGNORECASE,
)
_COMPACT_DATE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])")
# Titles of sheets whose rows are no orders of their own, though their header may be the orders'.
_APART = re.compile(
    r"return|refund|cancel|draft|quote|offer|test|sample|template|backup|copy|old\b|archiv|storn|gutschrift|retour"
    r"|rückgabe|angebot|entw[uü]rf|vorlage|kopie|annul|devol|reembolso|rembours|brouillon|devis|reso\b|resi\b|rimbors"
    r"|zwrot|anulowan|возврат|отмен|unpaid|unbezahlt|offen|abandon",
    re.IGNORECASE,
)


def key_of(name: str) -> str:
    """A header cell by what it says: small letters and digits alone."""
    return re.sub(r"[\W_]+", "", name.casefold()) or name


@dataclass(frozen=True)
class PartEvidence:
    """The first rows of a raw table, column by column."""

    names: tuple[str, ...]
    columns: tuple[tuple[object, ...], ...]

    @classmethod
    def of(cls, raw: RawTable) -> PartEvidence:
        """Look at the first rows."""
        rows = raw.rows(
            "SELECT * EXCLUDE ({row}) FROM {raw} ORDER BY {row} LIMIT $rows", {"rows": _SAMPLE_ROWS}
        )
        return cls(raw.columns, tuple(zip(*rows, strict=True)) if rows else ())

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """What each column holds: ``date``, ``number``, ``text`` or ``blank``."""
        return tuple(_kind(cells) for cells in self.columns)

    @property
    def may_be_orders(self) -> bool:
        """Three columns or more, one of dates and one of numbers or texts that could be money."""
        return len(self.names) >= 3 and "date" in self.kinds and "number" in self.kinds

    @property
    def is_summary(self) -> bool:
        """One line a day or month and figures beside it: nobody who bought, and no date twice."""
        if "text" in self.kinds or self.kinds.count("date") != 1:
            return False
        dates = [_text(cell)[:10] for cell in self.columns[self.kinds.index("date")] if _text(cell)]
        return len(set(dates)) == len(dates)


def stands_apart(title: str) -> bool:
    """Whether the title of a sheet says that its rows are returns, drafts, copies and the like."""
    return _APART.search(title) is not None


def _kind(cells: Sequence[object]) -> str:
    filled = [cell for cell in cells if cell is not None and _text(cell)]
    if not filled:
        return "blank"
    if sum(map(_is_date, filled)) >= _MOST * len(filled):
        return "date"
    return "number" if sum(map(_is_number, filled)) >= _MOST * len(filled) else "text"


def _is_date(cell: object) -> bool:
    if isinstance(cell, date | datetime):
        return True
    text = _text(cell)
    return _DATE.fullmatch(text) is not None or _COMPACT_DATE.fullmatch(text) is not None


def _is_number(cell: object) -> bool:
    if isinstance(cell, int | float):
        return True
    text = _text(cell)
    return "@" not in text and is_value(text)


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()

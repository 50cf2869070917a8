"""What a column of any table is called, holds and means, and how a cell of it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from churnkit.text import figures
from churnkit.text.respelling import respelled
from churnkit.text.terms import TERMS

Kind = Literal[
    "text", "flag", "count", "number", "ratio", "score", "money", "share", "days", "day", "month", "instant"
]

UNITS: Mapping[Kind, str] = {
    "money": "the analysis' currency",
    "share": "0 to 1",
    "days": "days",
    "ratio": "times",
}
NUMBERS: frozenset[Kind] = frozenset(("count", "number", "ratio", "score", "money", "share", "days"))


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column, the same on screens, in the workbook and in reports.

    Attributes
    ----------
    key
        Its name in the registry: the frame's own name, after a subject and a dot where tables use one name for
        different things (``ledger.reason``).
    kind
        ``count`` is whole things, ``number`` any other figure, ``ratio`` so many times, ``score`` a figure of merit
        with all its ``digits``, ``share`` a part of 1, ``days`` a span, ``day`` a date,
        ``month`` one like ``2011-12``, ``instant`` a date and time.
    heading
        Its title; empty where it is that of its ``term``.
    term
        The term of ``text.terms`` that explains it.
    note
        What else is to know; stands before the term's meaning.
    width
        Letters, in the workbook; there a text from 60 on is wrapped.
    digits
        Decimals of a ``score``, and at most of a ``number``.
    letters
        A text is cut at so many on screen; 0 for none.
    told
        Whether it is a sentence of ours, whose figures are written for whoever reads it.
    wide, pinned, bar
        On screen: much room; stays in view; a share drawn as a bar.
    room
        On screen, the pixels of a text that goes on in the next line; 0 for as many as it takes.
    """

    key: str
    kind: Kind = "text"
    heading: str = ""
    term: str = ""
    note: str = ""
    width: float = 13.0
    digits: int = 2
    letters: int = 0
    told: bool = False
    wide: bool = False
    pinned: bool = False
    bar: bool = False
    room: int = 0

    @property
    def name(self) -> str:
        """Its name in a frame."""
        return self.key.rpartition(".")[2]

    @property
    def title(self) -> str:
        """What stands above it."""
        return self.heading or TERMS[self.term].title

    @property
    def help(self) -> str:
        """What it means, in a sentence or two; empty where the title says it."""
        return f"{self.note} {TERMS[self.term].meaning if self.term else ''}".strip()

    @property
    def unit(self) -> str:
        """What its values are counted in; empty for plain numbers and texts."""
        return UNITS.get(self.kind, "")

    @property
    def is_number(self) -> bool:
        """Whether it stands on the right."""
        return self.kind in NUMBERS

    def writer(self, values: Iterable[Any], currency: str | None = None) -> Callable[[Any], str]:
        """What writes the cells of a column that stand below each other: as :meth:`write`, all with the same decimals.

        Shares have one where any of them has one, amounts cents only where none is written without.

        Examples
        --------
        >>> write = Column(key="clv", kind="money", term="clv").writer([150.5, 12_345.6], "GBP")
        >>> write(150.5), write(12_345.6)
        ('£150', '£12,346')
        """
        known = [value for value in values if value is not None and value == value]
        if self.kind == "share" and known:
            digits = max(figures.percent_digits(value) for value in known)
            return lambda value: figures.UNKNOWN if value != value else figures.percent(value, digits)
        if self.kind == "money" and known:
            digits = min(figures.money_digits(value, currency) for value in known)
            return lambda value: figures.money(None if value != value else value, currency, digits)
        return lambda value: self.write(value, currency)

    def write(self, value: Any, currency: str | None = None) -> str:
        """A cell as it reads everywhere; ``currency`` stands beside money.

        Examples
        --------
        >>> Column(key="clv", kind="money", term="clv").write(150.5, "GBP")
        '£150.50'
        """
        if value is None or value != value:
            return figures.UNKNOWN
        if self.told:
            return respelled(str(value), currency)
        if self.kind == "money":
            return figures.money(value, currency)
        if self.kind in ("score", "number"):
            return _WITH_DIGITS[self.kind](value, self.digits)
        return _WRITERS[self.kind](value)


def _flag(value: object) -> str:
    return "yes" if value else "no"


def _instant(value: datetime | str) -> str:
    return figures.instant(value)


_WITH_DIGITS: Mapping[str, Callable[[float, int], str]] = {"score": figures.score, "number": figures.decimal}
_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "text": str,
    "flag": _flag,
    "count": figures.count,
    "ratio": figures.ratio,
    "share": figures.percent,
    # The title says that it is days.
    "days": figures.count,
    "day": figures.day,
    "month": figures.month,
    "instant": _instant,
}

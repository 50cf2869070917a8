"""What a report is made of, whatever it is rendered to: sections of blocks, every figure already written out.

Sections are made by ``reports.sections``; ``reports.pdf`` and ``reports.html`` draw them. Text is plain: a renderer
escapes it, cuts it and finds letters for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from churnkit.reports.drawing_marks import Figure

Tone = Literal["good", "fair", "weak", "plain"]
Role = Literal["body", "soft", "lead"]
Align = Literal["left", "right"]


@dataclass(frozen=True)
class Text:
    """A paragraph; ``soft`` is small and grey, ``lead`` opens a section."""

    text: str
    role: Role = "body"


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """Sentences, one below the other."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class KeyFigure:
    """One figure with its name above and a quiet line below."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """A row of cards."""

    cards: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Callout:
    """A box with a title and sentences, coloured by ``tone``."""

    title: str
    sentences: tuple[str, ...]
    tone: Tone = "plain"


@dataclass(frozen=True)
class Letter:
    """A message to send: subject line and body, line breaks kept."""

    subject: str
    body: str


@dataclass(frozen=True)
class TableColumn:
    """A table's column; ``weight`` is its share of the width beside the others'."""

    title: str
    align: Align = "left"
    weight: float = 1.0


@dataclass(frozen=True)
class Table:
    """A table of text; ``strong`` are the places of rows to bring out, ``note`` stands below."""

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    strong: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Chart:
    """A figure under its title; ``note`` says how to read it."""

    title: str
    figure: Figure
    note: str = ""


@dataclass(frozen=True)
class Row:
    """Two blocks side by side."""

    left: Chart | Table
    right: Chart | Table


@dataclass(frozen=True)
class Definitions:
    """Terms and what they mean."""

    entries: tuple[tuple[str, str], ...]


Block = Text | Heading | Bullets | KeyFigures | Callout | Letter | Table | Chart | Row | Definitions


@dataclass(frozen=True)
class Section:
    """A part of the report; ``key`` is what a caller chooses it by, ``new_page`` begins it on a page of its own,
    ``one_page`` keeps it on the page on which it begins, a little smaller if need be."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    new_page: bool = False
    one_page: bool = False


@dataclass(frozen=True)
class ReportDocument:
    """A whole report.

    Attributes
    ----------
    title, subtitle
        What it is, and about whose file.
    facts
        Short lines under the title: dates, threshold, currency.
    running_title
        What stands at the top of every page but the first.
    shop, logo
        Whose report it is: a name, and a picture as PNG that ours drew; empty and None where nobody has said.
    """

    title: str
    subtitle: str
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    running_title: str
    shop: str = ""
    logo: bytes | None = None

    @property
    def about(self) -> str:
        """What stands under the title: the shop, and its file."""
        return f"{self.shop} · {self.subtitle}" if self.shop else self.subtitle

    def of_shop(self, shop: str, logo: bytes | None) -> ReportDocument:
        """The same with a shop's name and logo at its head."""
        return replace(self, shop=shop, logo=logo)

    def only(self, keys: Sequence[str] | None) -> ReportDocument:
        """The same with the sections of these keys, in the report's own order; None keeps all."""
        if keys is None:
            return self
        kept = tuple(section for section in self.sections if section.key in keys)
        return replace(self, sections=kept)

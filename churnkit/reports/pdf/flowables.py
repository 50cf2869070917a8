"""Blocks of a document -> what reportlab lays out on pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import CondPageBreak, Flowable, KeepInFrame, KeepTogether, Paragraph, Spacer
from reportlab.platypus import Table as Grid

from churnkit.reports import document as doc
from churnkit.reports.pdf import styles
from churnkit.reports.pdf.drawing import to_drawing
from churnkit.reports.pdf.fonts import BOLD
from churnkit.reports.pdf.letters import Undrawn, cut, markup
from churnkit.reports.plots import FULL_WIDTH, HALF_WIDTH

GAP = FULL_WIDTH - 2 * HALF_WIDTH
MAX_CARDS_IN_A_ROW = 4
# A row of a table cannot be split over pages, so no cell may grow past this.
_MAX_LINES_IN_A_CELL, _MAX_LINES_OF_A_NAME = 14, 4
_LONG_TEXT = 4000
_SMALLEST_CARD_VALUE = 9.0
_ROOM_BELOW_A_HEADING = 110.0
_TALLEST_ROW = styles.FRAME_HEIGHT - 60
_CHART_TITLE_LETTERS, _CHART_NOTE_LETTERS = 120, 400
# Rows at a table's ends that stay together, so that none stands alone on a page.
_ROWS_TOGETHER, _SHORT_TABLE_ROWS = 3, 7
_LETTER_LINES = 60


class Layout:
    """Makes flowables and remembers letters that could not be drawn."""

    def __init__(self) -> None:
        self.undrawn = Undrawn()

    def blocks(self, blocks: Sequence[doc.Block]) -> Iterator[Flowable]:
        """The flowables of blocks in a row; a heading stays with what it heads."""
        pending: list[Flowable] = []
        for block in blocks:
            made = self.block(block)
            if isinstance(block, doc.Heading):
                pending += made
            elif pending and isinstance(block, doc.Row | doc.KeyFigures | doc.Chart):
                yield KeepTogether([*pending, *made])
                pending = []
            else:
                if pending:
                    yield CondPageBreak(_ROOM_BELOW_A_HEADING)
                yield from (*pending, *made)
                pending = []
        yield from pending

    def block(self, block: doc.Block) -> list[Flowable]:
        """The flowables of one block at full width."""
        if isinstance(block, doc.Text):
            return [self.paragraph(block.text, styles.STYLES_OF_ROLE[block.role])]
        if isinstance(block, doc.Heading):
            return [self.paragraph(block.text, styles.HEADING)]
        if isinstance(block, doc.Bullets):
            return [self.paragraph(item, styles.BULLET, bulletText="•") for item in block.items]
        if isinstance(block, doc.KeyFigures):
            return self._cards(block.cards)
        if isinstance(block, doc.Callout):
            return [self._callout(block), Spacer(1, 8)]
        if isinstance(block, doc.Letter):
            return [self._letter(block), Spacer(1, 8)]
        if isinstance(block, doc.Table):
            return self._table(block, FULL_WIDTH)
        if isinstance(block, doc.Chart):
            return [KeepTogether(self._chart(block)), Spacer(1, 6)]
        if isinstance(block, doc.Row):
            return [self._row(block), Spacer(1, 6)]
        return [self._definitions(block)]

    def paragraph(self, text: str, style: ParagraphStyle, limit: int = 1500, **options: Any) -> Paragraph:
        """Text of any origin in one style."""
        return Paragraph(markup(text, self.undrawn, face=style.fontName, limit=limit), style, **options)

    def _cards(self, cards: Sequence[doc.KeyFigure]) -> list[Flowable]:
        flowables: list[Flowable] = []
        for start in range(0, len(cards), MAX_CARDS_IN_A_ROW):
            row = cards[start : start + MAX_CARDS_IN_A_ROW]
            flowables += [self._card_row(row), Spacer(1, 8)]
        return flowables

    def _card_row(self, cards: Sequence[doc.KeyFigure]) -> Flowable:
        gap = 8.0
        width = (FULL_WIDTH - gap * (len(cards) - 1)) / len(cards)
        cells: list[Any] = []
        widths: list[float] = []
        look: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(9, 8)]
        for place, card in enumerate(cards):
            if place:
                cells.append("")
                widths.append(gap)
            column = 2 * place
            cells.append(self._card(card, width - 18))
            widths.append(width)
            look += [
                ("BACKGROUND", (column, 0), (column, 0), HexColor(styles.TONES["plain"][1])),
                ("LINEABOVE", (column, 0), (column, 0), 2, styles.colour("first")),
            ]
        return Grid([cells], colWidths=widths, style=look)

    def _card(self, card: doc.KeyFigure, width: float) -> list[Flowable]:
        size = styles.CARD_VALUE.fontSize
        value = cut(card.value, 60)
        while size > _SMALLEST_CARD_VALUE and stringWidth(value, BOLD, size) > width:
            size -= 0.5
        fitting = ParagraphStyle(
            "fitting", parent=styles.CARD_VALUE, fontSize=size, leading=22 if size > 12 else 14
        )
        parts: list[Flowable] = [
            self.paragraph(card.label, styles.CARD_LABEL, 60),
            self.paragraph(value, fitting),
        ]
        if card.note:
            parts.append(self.paragraph(card.note, styles.CARD_NOTE, 160))
        return parts

    def _callout(self, block: doc.Callout) -> Flowable:
        edge, ground = styles.TONES[block.tone]
        rows = [[self.paragraph(block.title, styles.CALLOUT_TITLE, 200)]]
        rows += [[self.paragraph(sentence, styles.BODY)] for sentence in block.sentences]
        return _boxed(rows, edge, ground)

    def _letter(self, block: doc.Letter) -> Flowable:
        lines = block.body.splitlines()[:_LETTER_LINES]
        rows: list[list[Flowable]] = [[self.paragraph(block.subject, styles.CALLOUT_TITLE, 200)]]
        rows += [[self.paragraph(line, styles.BODY)] if line.strip() else [Spacer(1, 4)] for line in lines]
        return _boxed(rows, "#8C989E", "#F7F9FA")

    def _chart(self, block: doc.Chart) -> list[Flowable]:
        parts: list[Flowable] = [self.paragraph(block.title, styles.HEADING, _CHART_TITLE_LETTERS)]
        parts.append(to_drawing(block.figure, self.undrawn))
        if block.note:
            parts.append(self.paragraph(block.note, styles.SOFT, _CHART_NOTE_LETTERS))
        return parts

    def _row(self, block: doc.Row) -> Flowable:
        cells = [
            self._chart(side) if isinstance(side, doc.Chart) else self._table(side, HALF_WIDTH)
            for side in (block.left, block.right)
        ]
        # A row cannot be split over pages: what is too tall is made smaller.
        cells = [[KeepInFrame(HALF_WIDTH, _TALLEST_ROW, cell, mode="shrink")] for cell in cells]
        return Grid(
            [[cells[0], "", cells[1]]],
            colWidths=[HALF_WIDTH, GAP, HALF_WIDTH],
            style=[("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(0, 0)],
        )

    def _table(self, block: doc.Table, width: float) -> list[Flowable]:
        total = sum(column.weight for column in block.columns)
        widths = [width * column.weight / total for column in block.columns]
        heads = [
            self.paragraph(column.title, styles.HEAD_RIGHT if column.align == "right" else styles.HEAD, 60)
            for column in block.columns
        ]
        rows: list[list[Any]] = [heads]
        look: list[tuple[Any, ...]] = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, styles.colour("quiet")),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, styles.colour("line")),
            *_padding(3, 2.6),
            ("LEFTPADDING", (0, 0), (0, -1), 0 if not block.strong else 3),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0 if not block.strong else 3),
        ]
        for place, column in enumerate(block.columns[1:], start=1):
            if column.align == "left" and block.columns[place - 1].align == "right":
                look.append(("LEFTPADDING", (place, 0), (place, -1), 12))
        last = len(block.rows)
        together = last if last <= _SHORT_TABLE_ROWS else min(_ROWS_TOGETHER, last)
        look.append(("NOSPLIT", (0, 0), (0, together)))
        look.append(("NOSPLIT", (0, max(0, last - _ROWS_TOGETHER + 1)), (0, last)))
        for place, row in enumerate(block.rows):
            strong = place in block.strong
            if strong:
                look.append(
                    ("BACKGROUND", (0, place + 1), (-1, place + 1), HexColor(styles.TONES["plain"][1]))
                )
            rows.append(
                [
                    self._cell(text, column, cell_width, strong)
                    for text, column, cell_width in zip(row, block.columns, widths, strict=True)
                ]
            )
        parts: list[Flowable] = [Grid(rows, colWidths=widths, repeatRows=1, style=look)]
        if block.note:
            parts.append(self.paragraph(block.note, styles.SOFT))
        parts.append(Spacer(1, 6))
        return parts

    def _cell(self, text: str, column: doc.TableColumn, width: float, strong: bool) -> Paragraph:
        if column.align == "right":
            style = styles.CELL_STRONG_RIGHT if strong else styles.CELL_RIGHT
        else:
            style = styles.CELL_STRONG if strong else styles.CELL
        letters_in_a_line = max(1, int((width - 6) / style.fontSize))
        # A name without blanks tells nothing more after three lines; a sentence does.
        endless = max(map(len, text[:_LONG_TEXT].split()), default=0) > 2 * letters_in_a_line
        lines = _MAX_LINES_OF_A_NAME if endless else _MAX_LINES_IN_A_CELL
        return self.paragraph(text, style, letters_in_a_line * lines)

    def _definitions(self, block: doc.Definitions) -> Flowable:
        rows = [
            [self.paragraph(term, styles.CELL_STRONG, 80), self.paragraph(meaning, styles.CELL, 900)]
            for term, meaning in block.entries
        ]
        look = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, styles.colour("line")),
            *_padding(0, 3),
        ]
        return Grid(rows, colWidths=[FULL_WIDTH * 0.25, FULL_WIDTH * 0.75], style=look)


def _boxed(rows: list[list[Any]], edge: str, ground: str) -> Flowable:
    return Grid(
        rows,
        colWidths=[FULL_WIDTH],
        style=[
            ("BACKGROUND", (0, 0), (-1, -1), HexColor(ground)),
            ("LINEBEFORE", (0, 0), (0, -1), 3, HexColor(edge)),
            *_padding(11, 1),
            ("TOPPADDING", (0, 0), (-1, 0), 7),
            ("BOTTOMPADDING", (0, -1), (-1, -1), 6),
        ],
    )


def _padding(sides: float, ends: float) -> list[tuple[Any, ...]]:
    everywhere = ((0, 0), (-1, -1))
    return [
        ("LEFTPADDING", *everywhere, sides),
        ("RIGHTPADDING", *everywhere, sides),
        ("TOPPADDING", *everywhere, ends),
        ("BOTTOMPADDING", *everywhere, ends),
    ]

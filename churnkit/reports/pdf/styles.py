"""Sizes, colours and paragraph styles of the PDF."""

from __future__ import annotations

from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle

from churnkit.reports.drawing_marks import INKS
from churnkit.reports.pdf.fonts import BOLD, REGULAR
from churnkit.reports.plots import FULL_WIDTH

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN_X = (PAGE_WIDTH - FULL_WIDTH) / 2
MARGIN_TOP, MARGIN_BOTTOM = 54.0, 48.0
FRAME_HEIGHT = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM

TONES = {
    "good": ("#2F855A", "#EDF6F0"),
    "fair": ("#B98A10", "#FBF5E4"),
    "weak": ("#C8553D", "#FBEEEA"),
    "plain": ("#1F6F80", "#F1F6F7"),
}
"""Edge and background of a callout."""


def colour(ink: str, opacity: float = 1.0) -> Color:
    """The colour of an ink's name; on paper there is one of each."""
    base = HexColor(INKS[ink])
    return Color(base.red, base.green, base.blue, alpha=opacity) if opacity < 1 else base


def _style(name: str, size: float, leading: float, **options: Any) -> ParagraphStyle:
    options.setdefault("fontName", REGULAR)
    options.setdefault("textColor", colour("ink"))
    return ParagraphStyle(name, fontSize=size, leading=leading, allowWidows=0, allowOrphans=0, **options)


TITLE = _style("title", 23, 27, fontName=BOLD)
SUBTITLE = _style("subtitle", 11.5, 16, textColor=colour("soft"), spaceBefore=3, spaceAfter=3)
FACT = _style("fact", 8.5, 12.5, textColor=colour("soft"))
SECTION = _style("section", 16, 20, fontName=BOLD, spaceBefore=12, spaceAfter=5)
HEADING = _style("heading", 10.5, 14, fontName=BOLD, spaceBefore=9, spaceAfter=3)
BODY = _style("body", 9, 13.2, spaceAfter=4)
LEAD = _style("lead", 10, 14.6, spaceAfter=6)
SOFT = _style("soft", 7.8, 11, textColor=colour("soft"), spaceBefore=2, spaceAfter=4)
BULLET = _style("bullet", 9, 13.2, leftIndent=11, bulletIndent=1, spaceAfter=3)
CARD_LABEL = _style("card label", 7.8, 10.5, textColor=colour("soft"))
CARD_VALUE = _style("card value", 17, 22, fontName=BOLD)
CARD_NOTE = _style("card note", 7.5, 10, textColor=colour("soft"))
CALLOUT_TITLE = _style("callout title", 9.5, 13, fontName=BOLD)
CELL = _style("cell", 8, 10.6)
CELL_RIGHT = _style("cell right", 8, 10.6, alignment=TA_RIGHT)
CELL_STRONG = _style("cell strong", 8, 10.6, fontName=BOLD)
CELL_STRONG_RIGHT = _style("cell strong right", 8, 10.6, fontName=BOLD, alignment=TA_RIGHT)
HEAD = _style("head", 7.4, 9.4, textColor=colour("soft"), fontName=BOLD)
HEAD_RIGHT = _style("head right", 7.4, 9.4, textColor=colour("soft"), fontName=BOLD, alignment=TA_RIGHT)

STYLES_OF_ROLE = {"body": BODY, "soft": SOFT, "lead": LEAD}

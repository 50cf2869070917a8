"""Which font has a letter: the report's own face first, then one by script, all shipped and embedded.

Fonts are read when a letter needs them; a file of four megabytes for Chinese and Japanese costs nobody else anything.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from pathlib import Path
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).parents[1] / "fonts"
REGULAR, BOLD = "NotoSans-Regular", "NotoSans-Bold"
SYMBOLS = "DejaVuSans"
PLACEHOLDER = "\ufffd"
"""Stands for a letter that no font has; itself in ``SYMBOLS``."""

# First code point of a range and the font that has its script; a range ends where the next begins.
_SCRIPTS = (
    (0x0000, SYMBOLS),
    (0x0900, "NotoSansDevanagari-Regular"),
    (0x0980, "NotoSansBengali-Regular"),
    (0x0A00, "NotoSansGurmukhi-Regular"),
    (0x0A80, "NotoSansGujarati-Regular"),
    (0x0B00, "NotoSansOriya-Regular"),
    (0x0B80, "NotoSansTamil-Regular"),
    (0x0C00, "NotoSansTelugu-Regular"),
    (0x0C80, "NotoSansKannada-Regular"),
    (0x0D00, "NotoSansMalayalam-Regular"),
    (0x0D80, "NotoSansSinhala-Regular"),
    (0x0E00, "NotoSansThai-Regular"),
    (0x0E80, SYMBOLS),
    (0x1000, "NotoSansMyanmar-Regular"),
    (0x10A0, SYMBOLS),
    (0x1100, "NanumSquareR"),
    (0x1200, "NotoSansEthiopic-Regular"),
    (0x13A0, SYMBOLS),
    (0x1780, "NotoSansKhmer-Regular"),
    (0x1800, SYMBOLS),
    (0x2E80, "DroidSansFallbackFull"),
    (0x3130, "NanumSquareR"),
    (0x3190, "DroidSansFallbackFull"),
    (0xA000, SYMBOLS),
    (0xAC00, "NanumSquareR"),
    (0xD800, SYMBOLS),
    (0xF900, "DroidSansFallbackFull"),
    (0xFB00, SYMBOLS),
    (0xFE30, "DroidSansFallbackFull"),
    (0xFE70, SYMBOLS),
    (0xFF00, "DroidSansFallbackFull"),
    (0xFFF0, SYMBOLS),
)
_STARTS = [start for start, _name in _SCRIPTS]
_lock = Lock()


@cache
def font(name: str) -> TTFont:
    """The font of that file, registered with reportlab once."""
    with _lock:
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(FOLDER / f"{name}.ttf")))
        return pdfmetrics.getFont(name)


@cache
def _code_points(name: str) -> frozenset[int]:
    return frozenset(font(name).face.charToGlyph)


def font_for(letter: str, face: str) -> str | None:
    """The name of the font to draw a letter in, ``face`` if that has it; None if none has."""
    code = ord(letter)
    if code in _code_points(face):
        return face
    script = _SCRIPTS[bisect_right(_STARTS, code) - 1][1]
    for name in (script, SYMBOLS):
        if code in _code_points(name):
            return name
    return None


def register() -> None:
    """Make the report's own face known to reportlab."""
    for name in (REGULAR, BOLD):
        font(name)

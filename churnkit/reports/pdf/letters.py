"""Text from anywhere -> runs of letters that a PDF can draw, in the order in which they stand on the page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from churnkit.reports.pdf.fonts import PLACEHOLDER, REGULAR, SYMBOLS, font_for
from churnkit.text.figures import NARROW

TEXT_LIMIT = 3000
"""Letters of a paragraph; what is longer ends with an ellipsis."""

_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_PERCENT = re.compile(r"(?<=\d) %")
# Invisible marks that steer shaping; fonts draw them as boxes.
_INVISIBLE = frozenset("\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\ufeff")
# Vowel signs that are written after their consonant and drawn before it.
_BEFORE = frozenset(
    "\u093f\u09bf\u09c7\u09c8\u0a3f\u0abf\u0b47\u0bc6\u0bc7\u0bc8\u0d46\u0d47\u0d48\u0dd9\u0dda\u0ddb\u1031\u17c1\u17c2\u17c3"
)
_VIRAMAS = frozenset("\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2")
_NUKTAS = frozenset("\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc")


@dataclass
class Undrawn:
    """Letters that no font had, collected over a document."""

    letters: set[str] = field(default_factory=set)

    def words(self, limit: int = 8) -> str:
        """A sentence that names them; empty if there are none."""
        if not self.letters:
            return ""
        names = [
            f"U+{ord(letter):04X} {unicodedata.name(letter, 'without a name').lower()}"
            for letter in sorted(self.letters)[:limit]
        ]
        more = f" and {len(self.letters) - limit} more" if len(self.letters) > limit else ""
        return (
            f"This PDF has no letters for {', '.join(names)}{more}: {PLACEHOLDER} stands in their place."
            " The HTML report and the workbook show them."
        )


def runs(text: str, face: str, undrawn: Undrawn) -> Iterator[tuple[str, str]]:
    """(font, letters) from left to right."""
    if text.isascii() and text.isprintable():
        yield face, text
        return
    current, letters = face, ""
    for letter in _visual(_drawable(text)):
        # A blank never begins another font, so that a sentence stays one run.
        name = font_for(letter, current if letter == " " else face)
        if name is None:
            undrawn.letters.add(letter)
            name, letter = SYMBOLS, PLACEHOLDER
        if name != current:
            if letters:
                yield current, letters
            current, letters = name, ""
        letters += letter
    if letters:
        yield current, letters


def markup(text: str, undrawn: Undrawn, *, face: str = REGULAR, limit: int = TEXT_LIMIT) -> str:
    """``text`` as the inside of a Paragraph: escaped, cut, each run in its font."""
    return "".join(
        escape(letters) if name == face else f'<font name="{name}">{escape(letters)}</font>'
        for name, letters in runs(cut(text, limit), face, undrawn)
    )


def cut(text: str, limit: int) -> str:
    """On one line, at most ``limit`` letters; a percent sign stays with its number."""
    # Only ASCII blanks: the narrow one inside figures must not be split at.
    line = _PERCENT.sub(f"{NARROW}%", _BLANKS.sub(" ", text[: 4 * limit]).strip())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _drawable(text: str) -> str:
    """Without control characters and other invisible marks; composed letters where there are any."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        letter
        for letter in composed
        if letter not in _INVISIBLE
        and not 0xFE00 <= ord(letter) <= 0xFE0F
        and unicodedata.category(letter) not in ("Cc", "Cf")
    )


def _visual(text: str) -> str:
    """Letters in the order of the page: Arabic joined and laid from right to left, Indic vowels before consonants."""
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text):
        from bidi import get_display

        text = str(get_display(_arabic().reshape(text)))
    if _BEFORE.intersection(text):
        text = _vowels_first(text)
    return text


@cache
def _arabic() -> Any:
    from arabic_reshaper import ArabicReshaper

    return ArabicReshaper({"delete_harakat": False, "support_ligatures": True})


def _vowels_first(text: str) -> str:
    """Move vowel signs that are drawn first in front of the consonants that they follow in writing."""
    placed: list[str] = []
    for letter in text:
        if letter not in _BEFORE or not placed:
            placed.append(letter)
            continue
        start = len(placed) - 1
        while start > 0 and placed[start] in _NUKTAS:
            start -= 1
        # A consonant joined to the one before by a virama belongs to the same cluster.
        while start > 1 and placed[start - 1] in _VIRAMAS:
            start -= 2
            while start > 0 and placed[start] in _NUKTAS:
                start -= 1
        placed.insert(start, letter)
    return "".join(placed)

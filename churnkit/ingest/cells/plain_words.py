"""Words as they are compared: in lower case, Latin, Greek and Cyrillic letters without accents; and tables of them."""

from __future__ import annotations

import re
import unicodedata

# Letters that are no letter with an accent to Unicode, and signs that stand for a word.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "#": " no ",
    }
)
# Accents of Latin, Greek and Cyrillic letters; the marks of other scripts make another letter.
_ACCENTS = re.compile("[\u0300-\u036f]")


def without_accents(text: str) -> str:
    """``text`` in lower case and full width, letters of alphabets without their accents: ``Środa`` -> ``sroda``."""
    if text.isascii():
        return text.lower().replace("#", " no ")
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", plain)))


def word_table(text: str) -> dict[str, tuple[str, ...]]:
    """``name: word, word`` entries, continued on indented lines, as a dictionary."""
    table: dict[str, tuple[str, ...]] = {}
    for entry in re.split(r"\n(?=\S)", text.strip("\n")):
        name, _, words = entry.partition(":")
        table[name] = tuple(
            word for word in (part.strip() for part in re.sub(r"\s+", " ", words).split(",")) if word
        )
    return table

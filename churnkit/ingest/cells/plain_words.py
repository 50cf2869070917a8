"""Words as they are compared: without accents, in lower case; and tables of them."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "æ": "ae", "œ": "oe", "№": "no", "#": " no "}
)


def without_accents(text: str) -> str:
    """``text`` in lower case, letters without their accents."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(char for char in plain if not unicodedata.combining(char)).lower()


def word_table(text: str) -> dict[str, tuple[str, ...]]:
    """``name: word, word`` entries, continued on indented lines, as a dictionary."""
    table: dict[str, tuple[str, ...]] = {}
    for entry in re.split(r"\n(?=\S)", text.strip("\n")):
        name, _, words = entry.partition(":")
        table[name] = tuple(
            word for word in (part.strip() for part in re.sub(r"\s+", " ", words).split(",")) if word
        )
    return table

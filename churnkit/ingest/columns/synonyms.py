"""Column headers that shops use, in the languages of `churnkit.ingest.columns.words`, as they are compared."""

from __future__ import annotations

import re
from collections.abc import Mapping

from churnkit.ingest.cells import without_accents, word_table
from churnkit.ingest.columns.words import LANGUAGES, WITHOUT_SPACES

STRENGTHS = {"strong": 1.0, "usual": 0.93, "weak": 0.85}

_LOWER, _UPPER = "a-zß-öø-ÿα-ωά-ώа-яёіїєґ", "A-ZÀ-ÖØ-ÞΑ-ΩА-ЯЁІЇЄҐ"
_CAMEL = re.compile(f"(?<=[{_LOWER}0-9])(?=[{_UPPER}])")
_NOT_WORD = re.compile(r"[\W_]+")
_NOT_WORD_OR_LINE = re.compile(r"(?:[^\w\n]|_)+")
_FIRST_WITHOUT_SPACES = "\u3040"
_PIECE = re.compile(
    "|".join(
        sorted(
            {
                without_accents(piece)
                for language in WITHOUT_SPACES
                for piece in word_table(language.PIECES)["pieces"]
            },
            key=lambda piece: (-len(piece), piece),
        )
    )
)


def normalise_header(header: str) -> str:
    """Words apart, in lower case, without accents: ``CustomerID`` -> ``customer id``, ``注文番号`` -> ``注文 番号``."""
    return _NOT_WORD.sub(" ", _plain(header)).strip()


def _plain(text: str) -> str:
    plain = without_accents(_CAMEL.sub(" ", text))
    return _PIECE.sub(r" \g<0> ", plain) if max(plain, default="") >= _FIRST_WITHOUT_SPACES else plain


def header_key(header: str) -> str:
    """The header without case, spaces and punctuation, for comparison with the headers of known exports."""
    return _NOT_WORD.sub("", without_accents(header))


def _joined(name: str) -> dict[str, tuple[str, ...]]:
    """One table of all languages, its words normalised, each once for an entry."""
    joined: dict[str, dict[str, None]] = {}
    for language in LANGUAGES:
        for key, words in word_table(getattr(language, name)).items():
            # All words of an entry at once: thousands of single ones would delay every start.
            lines = _NOT_WORD_OR_LINE.sub(" ", _plain("\n".join(words))).split("\n")
            joined.setdefault(key, {}).update(dict.fromkeys(map(str.strip, lines)))
    return {key: tuple(words) for key, words in joined.items()}


_HEADERS = _joined("HEADERS")

HEADERS: Mapping[str, tuple[tuple[str, float], ...]] = {
    field: tuple(
        (word, strength)
        for name, strength in STRENGTHS.items()
        for word in _HEADERS.get(f"{field} {name}", ())
    )
    for field in dict.fromkeys(key.split()[0] for key in _HEADERS)
}
"""Headers by field, each with how plainly it names the field (0..1)."""

DISQUALIFIERS: Mapping[str, frozenset[str]] = {
    field: frozenset(words) for field, words in _joined("DISQUALIFIERS").items()
}
"""Words by field that turn a header into something else."""

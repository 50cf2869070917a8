"""How near a header is to the words for a field (thefuzz over the synonyms)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from thefuzz import fuzz, process

from churnkit.ingest.columns.synonyms import DISQUALIFIERS, HEADERS, normalise_header

# A header without a synonym's letters in this share has nothing to do with it.
_MIN_SIMILARITY = 84
# Lengths that differ by more than this share are other words, however many letters they have in common.
_MAX_LENGTH_DIFFERENCE = 0.3
# All files of a session: more headers than any of them has.
_REMEMBERED = 4_096

_WORDS = tuple(dict.fromkeys(word for words in HEADERS.values() for word, _ in words))
_TOKENS = {word: frozenset(word.split()) for word in _WORDS}
_SORTED: dict[str, list[str]] = {}
_SQUEEZED: dict[str, list[str]] = {}
_BY_TOKEN: dict[str, list[str]] = {}
for _word in _WORDS:
    _SORTED.setdefault(" ".join(sorted(_word.split())), []).append(_word)
    _SQUEEZED.setdefault(_word.replace(" ", ""), []).append(_word)
    for _token in _TOKENS[_word]:
        _BY_TOKEN.setdefault(_token, []).append(_word)


def header_score(field: str, header: str) -> tuple[float, str]:
    """Similarity 0..1 of a header to the field's synonyms, and the nearest of them."""
    plain = normalise_header(header)
    similar = _similar(plain)
    if not similar:
        return 0.0, ""
    tokens, wrong = set(plain.split()), DISQUALIFIERS.get(field, frozenset())
    best, nearest = 0.0, ""
    for word, strength in HEADERS[field]:
        similarity = similar.get(word, 0.0)
        if similarity * strength <= best:
            continue
        if (tokens - _TOKENS[word]) & wrong:
            similarity *= 0.3
        if similarity * strength > best:
            best, nearest = similarity * strength, word
    return best, nearest


@lru_cache(maxsize=_REMEMBERED)
def _similar(plain: str) -> Mapping[str, float]:
    """The synonyms that a normalised header is similar to, with the similarity (0..1)."""
    found: dict[str, float] = {}
    for likeness, words in _like(plain):
        for word in words:
            if abs(len(plain) - len(word)) <= _MAX_LENGTH_DIFFERENCE * max(len(plain), len(word)):
                found[word] = max(found.get(word, 0.0), 0.95 * likeness / 100)
    tokens = frozenset(plain.split())
    for word in {word for token in tokens for word in _BY_TOKEN.get(token, ())}:
        if _TOKENS[word] < tokens:
            found[word] = max(0.7, 0.94 - 0.06 * len(tokens - _TOKENS[word]))
    found.update(dict.fromkeys(_SQUEEZED.get(plain.replace(" ", ""), ()), 1.0))
    return found


def _like(plain: str) -> list[tuple[float, list[str]]]:
    """Percent of letters in common and the words that have them, words in their order and in any."""
    if not plain:
        return []
    ordered = " ".join(sorted(plain.split()))
    # Half a percent below, as thefuzz rounds.
    limit = _MIN_SIMILARITY - 0.5
    options = {"processor": None, "scorer": fuzz.ratio, "score_cutoff": limit}
    as_written = process.extractWithoutOrder(plain, _WORDS, **options)
    in_order = process.extractWithoutOrder(ordered, list(_SORTED), **options)
    return [(score, [word]) for word, score in as_written] + [
        (score, _SORTED[word]) for word, score in in_order
    ]

"""Short texts -> what each of their words is: whole words, phrases, stems, words without blanks, negating prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from churnkit.ingest.cells.plain_words import without_accents

UNKNOWN = "unknown"
"""What a word is that no table knows."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+")
# Scripts that write words without blanks between them: kana, Chinese characters, Hangul, Thai.
_NO_BLANKS = re.compile("([\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+)")
_LONGEST_PHRASE = 6
_SHORTEST_STEM = 3


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared; digits and punctuation are none."""
    return _WORD.findall(without_accents(_CAMEL.sub(" ", text)))


class Vocabulary:
    """Words by role.

    Parameters
    ----------
    table
        Role -> words, phrases and stems; a stem ends in ``*`` and stands for every word that begins so. A role of
        two words is both of them: ``not paid``.
    prefixes
        Role -> what a word of it may begin with to mean the contrary: ``un`` makes ``unpaid`` of ``paid``.
    negation
        Role that such a prefix is.
    """

    def __init__(
        self,
        table: Mapping[str, Iterable[str]],
        prefixes: Mapping[str, Iterable[str]] | None = None,
        negation: str = "not",
    ) -> None:
        self._phrases: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        self._prefixes = {role: tuple(starts) for role, starts in (prefixes or {}).items()}
        self._negation = negation
        for role, words in table.items():
            for word in words:
                known = self._stems if word.endswith("*") else self._phrases
                known[" ".join(words_of(word))] = role
        self.roles = lru_cache(4096)(self._roles)

    def _roles(self, text: str) -> tuple[str, ...]:
        """The role of every word or phrase of the text, in order; `UNKNOWN` for those of no table."""
        return tuple(role for found in self._read(list(_parts(text))) for role in found.split())

    def _read(self, words: list[str]) -> Iterator[str]:
        place = 0
        while place < len(words):
            length = self._phrase_at(words, place)
            if length:
                yield self._phrases[" ".join(words[place : place + length])]
            else:
                yield from self._word(words[place])
            place += length or 1

    def _phrase_at(self, words: list[str], place: int) -> int:
        lengths = range(min(_LONGEST_PHRASE, len(words) - place), 0, -1)
        return next((n for n in lengths if " ".join(words[place : place + n]) in self._phrases), 0)

    def _word(self, word: str) -> Iterator[str]:
        if _NO_BLANKS.fullmatch(word):
            yield from self._characters(word)
            return
        role = self._stem(word)
        yield from (role,) if role != UNKNOWN else self._negated(word)

    def _stem(self, word: str) -> str:
        lengths = range(len(word), _SHORTEST_STEM - 1, -1)
        return next((self._stems[word[:n]] for n in lengths if word[:n] in self._stems), UNKNOWN)

    def _negated(self, word: str) -> tuple[str, ...]:
        for role, starts in self._prefixes.items():
            for start in starts:
                rest = word.removeprefix(start)
                if rest != word and (self._phrases.get(rest) or self._stem(rest)) == role:
                    return (self._negation, role)
        return (UNKNOWN,)

    def _characters(self, word: str) -> Iterator[str]:
        """The longest known words from left to right."""
        place = 0
        while place < len(word):
            ends = range(len(word), place, -1)
            end = next((end for end in ends if word[place:end] in self._phrases), None)
            yield UNKNOWN if end is None else self._phrases[word[place:end]]
            place = end or place + 1


def _parts(text: str) -> Iterator[str]:
    """Words; where scripts meet without a blank, they are two."""
    for word in words_of(text):
        yield from (part for part in _NO_BLANKS.split(word) if part)

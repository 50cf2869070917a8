"""How likely a text is under a code page: its letters are those of a language, and stand where letters stand."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import log

from churnkit.ingest.files.alphabets import CHINESE_SIGNS, JAPANESE_SIGNS, Language

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
# A word that is in the text for certain weighs as much as a few letters; many words prove no more.
_STEM_SCORE, _MAX_STEMS = 1.5, 4
# Behind or before a number nothing else is written so often, and nobody's name is.
_MONEY_WORD = re.compile(
    r"0[ \u00a0\u202f]?(?:zł|zł\.|Kč|kč|лв\.?|руб\.?|р\.|грн\.?|ден\.?|円|元|원|圓|₽|₴)$|^(?:¥|￥|£|€)[ \u00a0]?0"
)
_MONEY_SCORE = 6.0
_VOWELS = frozenset("aeiouyáéíóúàèìòùâêîôûäëïöü")
_MONEY = frozenset("€£¥₪")
_PUNCTUATION = frozenset("’‘“”„‚«»–—…•®™©²³½¼¾×·°º ª§´‹›№¿¡")
_APOSTROPHES = frozenset("’")
_BLANKS = frozenset("\u00a0\u2007\u2009\u202f")

# Costs are natural logarithms of how seldom a thing is beside what is usual.
_CONTROL, _STRANGE, _INSIDE_A_WORD, _SIGN, _IN_PLACE, _AT_A_NUMBER = -12.0, -9.0, -8.0, -4.0, -2.0, -1.0
_UPPER_INSIDE, _LOWER_INSIDE, _LETTER_AT_DIGIT, _LETTER_ALONE, _TWO_SCRIPTS = -5.0, -3.0, -3.0, -2.0, -6.0
_THREE_IN_A_ROW = -4.0


def alphabet_score(
    cells: Sequence[str], languages: Iterable[Language], bonuses: Mapping[str, float]
) -> float:
    """Logarithm of how likely cells with letters beyond ASCII are in the language that makes them likeliest.

    Parameters
    ----------
    bonuses
        By name of the language, what else speaks for it.
    """
    places, letters, alone = money_score(cells), Counter[str](), Counter[str]()
    for cell in cells:
        for match in _BEYOND_ASCII.finditer(cell):
            at = match.start()
            char, before, behind = match[0], cell[at - 1 : at], cell[at + 1 : at + 2]
            places += _place_score(char, before, behind)
            if char.isalpha() or unicodedata.combining(char):
                letters[char.lower()] += 1
                if not (before.isalpha() or behind.isalpha()):
                    alone[char.lower()] += 1
    return places + max(
        bonuses[language.name]
        + sum(count * language.log_share(letter) for letter, count in letters.items())
        + sum(count * _LETTER_ALONE for letter, count in alone.items() if letter not in language.alone)
        for language in languages
    )


def _place_score(char: str, before: str, behind: str) -> float:
    """What the neighbours say about a character, whatever the language."""
    if not char.isalpha():
        return _sign_score(char, before, behind)
    score = 0.0
    if char.isupper() and before.islower():
        score += _UPPER_INSIDE
    elif char.islower() and before.isupper() and behind.isupper():
        score += _LOWER_INSIDE
    if before.isdigit() or behind.isdigit():
        score += _LETTER_AT_DIGIT
    if _script(char) != "latin":
        score += _TWO_SCRIPTS * any(side.isascii() and side.isalpha() for side in (before, behind))
    elif before > "\x7f" and before.isalpha() and behind > "\x7f" and behind.isalpha():
        score += _THREE_IN_A_ROW
    # In Polish the vowel behind would soften the consonant by itself.
    if char in "ńŃ" and behind.lower() in _VOWELS:
        score += _LETTER_AT_DIGIT
    return score


def _sign_score(char: str, before: str, behind: str) -> float:
    inside = before.isalpha() and behind.isalpha()
    if unicodedata.combining(char):
        return 0.0
    if char in _MONEY or char in _BLANKS:
        at_number = any(side.isdigit() or side in (" ", "-", "") for side in (before, behind))
        return _AT_A_NUMBER if at_number and not inside else _SIGN
    if char in _PUNCTUATION:
        if char in _APOSTROPHES or _is_in_place(char, before, behind):
            return _IN_PLACE
        return _INSIDE_A_WORD if inside else _SIGN
    return _CONTROL if unicodedata.category(char) == "Cc" else _STRANGE


def _is_in_place(char: str, before: str, behind: str) -> bool:
    """Whether a dash stands between blanks, a quotation mark before or behind a word."""
    if char in "–—":
        return before == behind == " "
    opens = before in ("", " ", "(") and behind.isalnum()
    return (char in "“„«‘" and opens) or (
        char in "”“»’" and before.isalnum() and behind in ("", " ", ")", ".")
    )


@cache
def _script(char: str) -> str:
    return unicodedata.name(char, "UNKNOWN").split()[0].lower()


def money_score(cells: Iterable[str]) -> float:
    """What an amount with a currency's word speaks for the page."""
    return _MONEY_SCORE if any(_MONEY_WORD.search(cell.strip()) for cell in cells) else 0.0


def stem_score(words: frozenset[str], languages: Iterable[Language]) -> dict[str, float]:
    """By name of the language, what its words speak for it; ``words`` are the ASCII words of the text."""
    found = {}
    for language in languages:
        hits = sum(
            any(word == stem[:-1] if stem.endswith("_") else word.startswith(stem) for word in words)
            for stem in language.stems
        )
        found[language.name] = _STEM_SCORE * min(hits, _MAX_STEMS)
    return found


# Scores of kana, of a sign of the first level (running text has some 7 nats a sign), of signs of exports.
_EAST_ASIAN = {
    "japanese": (log(0.5 / 170), -7.0, JAPANESE_SIGNS, log(0.3 / 60)),
    "chinese": (-12.0, -7.0, CHINESE_SIGNS, log(0.3 / 110)),
    "korean": (-12.0, -13.0, frozenset[str](), 0.0),
}
_HANGUL, _HALF_WIDTH, _RARE = -6.5, log(0.05 / 63), -13.0
_FULL_WIDTH = frozenset("、。・「」『』（）！？：；，　ー～〜【】＿－／％＃＆＋")
_AT_ASCII_LETTER = -4.0


def east_asian_score(cells: Sequence[str], codec: str, language: str) -> float:
    """Logarithm of how likely cells of a Japanese, Chinese or Korean text are."""
    kana, common, signs, sign = _EAST_ASIAN[language]
    score = money_score(cells)
    for cell in cells:
        for match in _BEYOND_ASCII.finditer(cell):
            at, char = match.start(), match[0]
            near = (cell[at - 1 : at], cell[at + 1 : at + 2])
            if char in signs:
                score += sign
            elif char in _FULL_WIDTH:
                score += -5.0
            elif "\u3041" <= char <= "\u30fe":
                score += kana
            elif "\uac00" <= char <= "\ud7a3":
                score += _HANGUL if language == "korean" and _is_common(char, codec) else _RARE
            elif "\uff61" <= char <= "\uff9f":
                score += _HALF_WIDTH if language == "japanese" else _RARE
            elif "\uff01" <= char <= "\uff5e":
                score += -6.0
            else:
                score += common if _is_common(char, codec) else _RARE
            # A comma stands between two words of any script.
            if char not in _FULL_WIDTH and any(side.isascii() and side.islower() for side in near):
                score += _AT_ASCII_LETTER
    return score


@cache
def _is_common(char: str, codec: str) -> bool:
    """Whether the sign is one of the first level of its standard, which hold the frequent ones."""
    standard, first, last = {
        "cp932": ("euc_jp", 0xB0, 0xCF),
        "euc_jp": ("euc_jp", 0xB0, 0xCF),
        "gb18030": ("gb2312", 0xB0, 0xD7),
        "big5": ("big5", 0xA4, 0xC6),
        "cp949": ("euc_kr", 0xB0, 0xC8),
    }[codec]
    try:
        encoded = char.encode(standard)
    except UnicodeEncodeError:
        return False
    return len(encoded) == 2 and first <= encoded[0] <= last

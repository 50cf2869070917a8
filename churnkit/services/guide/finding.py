"""Full-text search in the help: sections that hold all words asked for, those in titles first."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from churnkit.services.guide.made import Section
from churnkit.services.guide.topics import Topic

MAX_SHOWN = 12
_EXCERPT = 200
# Fewer letters begin too many words.
_PREFIX = 3
_TOPIC_WEIGHT, _TITLE_WEIGHT = 6.0, 4.0
# Words that say nothing of what is looked for.
_STOP = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "as",
        "be",
        "do",
        "does",
        "how",
        "i",
        "in",
        "is",
        "it",
        "my",
        "of",
        "on",
        "or",
        "the",
    }
    | {"to", "what", "where", "which", "who", "why", "with"}
)
_MARKS = re.compile(r"[\\*_`>#|]|<!--.*?-->|:\w+-badge|\[|\]\([^)]*\)")


@dataclass(frozen=True)
class Hit:
    """A section that was found; ``section`` is None for what stands before the first."""

    topic: Topic
    section: Section | None
    excerpt: str
    score: float


@dataclass(frozen=True)
class _Page:
    """What is searched: a section with its words."""

    topic: Topic
    section: Section | None

    @cached_property
    def text(self) -> str:
        return _MARKS.sub("", self.section.body if self.section else self.topic.intro).strip()

    @cached_property
    def body(self) -> Counter[str]:
        return Counter(_words(self.text))

    @cached_property
    def title(self) -> frozenset[str]:
        return frozenset(_words(self.section.title if self.section else self.topic.title))

    @cached_property
    def above(self) -> frozenset[str]:
        return frozenset(_words(self.topic.title))


def find(asked: str, topics: Mapping[str, Topic]) -> list[Hit]:
    """Sections for a question, best first, at most ``MAX_SHOWN``.

    A word also finds longer ones that begin with it. Where no section holds all words, those that hold most come.
    """
    words = [one for one in dict.fromkeys(_words(asked)) if one not in _STOP] or list(_words(asked))
    if not words:
        return []
    pages = [one for topic in topics.values() for one in _pages(topic)]
    scored = [(_score(words, page), page) for page in pages]
    most = max((held for (held, _), _ in scored), default=0)
    if most == 0:
        return []
    best = sorted(((score, page) for (held, score), page in scored if held == most), key=lambda one: -one[0])
    return [
        Hit(page.topic, page.section, _excerpt(page.text, words), score) for score, page in best[:MAX_SHOWN]
    ]


def _pages(topic: Topic) -> Iterable[_Page]:
    yield _Page(topic, None)
    for section in topic.sections:
        yield _Page(topic, section)


def _score(words: list[str], page: _Page) -> tuple[int, float]:
    """How many of the words a section holds, and how well."""
    # Of two titles with the word, the shorter one is more about it.
    held, score, in_all = 0, 0.0, max(1, len(page.title - _STOP))
    for word in words:
        times = sum(number for one, number in page.body.items() if _is(one, word))
        in_title = any(_is(one, word) for one in page.title)
        in_topic = any(_is(one, word) for one in page.above)
        held += bool(times or in_title or in_topic)
        exact = 1.0 if word in page.title or word in page.body else 0.7
        score += exact * in_title * _TITLE_WEIGHT * (1 + 1 / in_all)
        score += exact * _TOPIC_WEIGHT * (in_topic and page.section is None)
        # A long section holds a word more often without being more about it.
        score += exact * math.log1p(times) / math.log(8 + page.body.total())
    return held, score


def _is(one: str, word: str) -> bool:
    """Whether a word is the one that was asked for, or a longer one that begins with it."""
    return one == word or (len(word) >= _PREFIX and one.startswith(word))


def _words(text: str) -> list[str]:
    """Words in small letters, without accents and without the s of a plural."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    return [_singular(one) for one in re.findall(r"\w+", plain)]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _excerpt(text: str, words: list[str]) -> str:
    """The part of a text around the first word that was asked for."""
    line = " ".join(text.split())
    folded = line.casefold()
    places = [place for place in (folded.find(word) for word in words) if place >= 0]
    start = max(0, min(places, default=0) - _EXCERPT // 4)
    start = 0 if start == 0 else line.find(" ", start) + 1
    cut = line[start : start + _EXCERPT]
    return f"{'… ' if start else ''}{cut}{' …' if start + _EXCERPT < len(line) else ''}"

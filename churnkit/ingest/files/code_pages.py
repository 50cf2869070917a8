"""Which code page a text that is no UTF-8 is written in: decided where its letters leave no doubt, else asked.

Every code page under which all bytes have a meaning is tried on the lines with bytes beyond ASCII, and judged by whose
letters come out and where they stand (`churnkit.ingest.files.code_page_scores`). Pages that read those lines alike are
one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from churnkit.ingest.files.alphabets import (
    ARABIC,
    BALTIC,
    CENTRAL,
    CYRILLIC,
    GREEK,
    HEBREW,
    TURKISH,
    WESTERN,
    Language,
)
from churnkit.ingest.files.code_page_scores import alphabet_score, east_asian_score, stem_score
from churnkit.ingest.questions import Choice, OpenQuestions, Question

_CHUNK_BYTES = 4 << 20
_LINES_OF_FIRST_CHUNK, _LINES_OF_CHUNK, _MAX_LINES = 1_000, 100, 3_000
_MAX_LINE_BYTES, _MAX_REST = 4_000, 1 << 16
_MAX_CELLS = 600
_CELL_END, _TEXT_CELL_END = re.compile(rb'[,;|\t"]+'), re.compile(r'[,;|\t"\n]+')
_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)
_TEXT_DIGIT = re.compile(r"[1-9]")
_HIGH_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_ASCII = bytes(range(128))
_WORD = re.compile(rb"[a-z]{3,}")

# Natural logarithms. Below the first the runner-up is no rival; within the last it is shown beside the others.
_CERTAIN, _PLAUSIBLE = 3.0, 12.0
_MAX_CHOICES = 4
_EXAMPLE = 120
# A text whose characters are this unlikely on average is none of the pages that are known here.
_HOPELESS = -8.0
# Letters on fewer lines than this share of them change names, not figures: the likelier reading is taken, and said.
_FEW_LINES = 0.01


@dataclass(frozen=True)
class _Page:
    """A code page, who writes in it, and how much rarer it is than Windows-1252 (natural logarithm)."""

    codec: str
    languages: tuple[Language, ...] = ()
    rarity: float = 0.0
    east_asian: str = ""


_PAGES = (
    _Page("cp1252", WESTERN),
    _Page("iso8859-1", WESTERN, 0.5),
    _Page("cp1250", CENTRAL, 1.5),
    _Page("cp1251", CYRILLIC, 1.5),
    _Page("cp1254", TURKISH + WESTERN, 2.0),
    _Page("cp1253", GREEK, 1.5),
    _Page("cp1257", BALTIC, 2.5),
    _Page("cp1255", HEBREW, 2.0),
    _Page("cp1256", ARABIC, 2.0),
    _Page("iso8859-15", WESTERN, 3.0),
    _Page("iso8859-2", CENTRAL, 2.5),
    _Page("iso8859-9", TURKISH, 3.5),
    _Page("iso8859-7", GREEK, 2.5),
    _Page("iso8859-5", CYRILLIC, 4.0),
    _Page("koi8-r", CYRILLIC, 3.0),
    _Page("cp866", CYRILLIC, 3.0),
    _Page("mac-roman", WESTERN, 3.0),
    _Page("mac-latin2", CENTRAL, 4.5),
    _Page("mac-cyrillic", CYRILLIC, 4.0),
    _Page("cp850", WESTERN, 3.0),
    _Page("cp437", WESTERN, 3.5),
    _Page("cp852", CENTRAL, 3.5),
    _Page("cp857", TURKISH, 4.5),
    _Page("cp737", GREEK, 4.5),
    _Page("cp932", rarity=1.5, east_asian="japanese"),
    _Page("euc_jp", rarity=2.5, east_asian="japanese"),
    _Page("gb18030", rarity=1.5, east_asian="chinese"),
    _Page("big5", rarity=1.5, east_asian="chinese"),
    _Page("cp949", rarity=1.5, east_asian="korean"),
)

NAMES = {
    "cp1252": "Windows-1252",
    "iso8859-1": "Latin-1",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1257": "Windows-1257 (Baltic)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "iso8859-15": "Latin-9",
    "iso8859-2": "Latin-2 (Central European)",
    "iso8859-9": "Latin-5 (Turkish)",
    "iso8859-7": "ISO 8859-7 (Greek)",
    "iso8859-5": "ISO 8859-5 (Cyrillic)",
    "koi8-r": "KOI8-R (Cyrillic)",
    "cp866": "DOS 866 (Cyrillic)",
    "mac-roman": "Mac Roman",
    "mac-latin2": "Mac Central European",
    "mac-cyrillic": "Mac Cyrillic",
    "cp850": "DOS 850 (Western European)",
    "cp437": "DOS 437 (Western European)",
    "cp852": "DOS 852 (Central European)",
    "cp857": "DOS 857 (Turkish)",
    "cp737": "DOS 737 (Greek)",
    "cp932": "Shift_JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "gb18030": "GB18030 (simplified Chinese)",
    "big5": "Big5 (traditional Chinese)",
    "cp949": "EUC-KR (Korean)",
}
"""Code pages for a person, by the name of their Python codec."""


@dataclass(frozen=True)
class CodePage:
    """The page that a text was found to be in; ``guess`` where its few letters leave a doubt."""

    codec: str
    guess: bool = False


@dataclass(frozen=True)
class _Sample:
    """Lines with bytes beyond ASCII, the first line, and which such bytes the whole file has."""

    lines: tuple[bytes, ...]
    header: bytes
    bytes_met: bytes
    share: float


@dataclass(frozen=True)
class _Candidate:
    page: _Page
    text: str
    score: float
    letters: int


def find_code_page(path: Path, name: str) -> CodePage:
    """The code page of the file at ``path``.

    Raises
    ------
    OpenQuestions
        Several pages fit and read enough of the file differently; the choices show a line under each.
    """
    sample = _sample(path)
    ranked = sorted(_candidates(sample), key=lambda found: -found.score)
    if not ranked:
        # Latin-1 gives every byte a meaning and is always among them, but for bytes that only others have.
        return CodePage("iso8859-1", guess=True)
    best = ranked[0]
    rivals = [found for found in ranked[1:] if best.score - found.score < _PLAUSIBLE]
    certain = not rivals or best.score - rivals[0].score >= _CERTAIN
    if certain and best.score > _HOPELESS * best.letters:
        return CodePage(best.page.codec)
    if sample.share < _FEW_LINES and sample.header.isascii():
        return CodePage(best.page.codec, guess=True)
    raise OpenQuestions([_question([best, *rivals][:_MAX_CHOICES], name)], f"Reading {name}")


def _sample(path: Path) -> _Sample:
    lines: list[bytes] = []
    met: set[int] = set()
    header, looked_at = b"", 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES) + stream.readline(_MAX_REST):
            header = header or chunk.lstrip(b"\r\n")[:_MAX_LINE_BYTES].splitlines()[0]
            met.update(chunk.translate(None, _ASCII))
            room = _LINES_OF_CHUNK if lines else _LINES_OF_FIRST_CHUNK
            found = list(islice(_HIGH_LINE.finditer(chunk), min(room, _MAX_LINES - len(lines))))
            end = found[-1].end() if len(found) == room else len(chunk)
            looked_at += max(chunk.count(b"\n", 0, end), chunk.count(b"\r", 0, end)) + 1
            lines += [_cut(match[0]) for match in found]
    return _Sample(tuple(_telling(lines)), header, bytes(sorted(met)), len(lines) / max(1, looked_at))


def _cut(line: bytes) -> bytes:
    """The line, a very long one up to a delimiter, which no character of several bytes holds."""
    if len(line) <= _MAX_LINE_BYTES:
        return line
    whole = line[:_MAX_LINE_BYTES]
    return whole[: max(whole.rfind(end) for end in (b",", b";", b"\t")) + 1]


def _telling(lines: Sequence[bytes]) -> Iterator[bytes]:
    """The lines that bring cells which are not like those before; digits are alike."""
    seen: set[bytes] = set()
    for line in lines:
        cells = {cell for cell in _CELL_END.split(line.translate(_ONE_DIGIT)) if not cell.isascii()}
        if not cells <= seen:
            seen |= cells
            yield line
        if len(seen) > _MAX_CELLS:
            return


def _candidates(sample: _Sample) -> list[_Candidate]:
    """The pages under which every byte means something, each reading of the sample once."""
    words = frozenset(
        word.decode() for word in _WORD.findall(b"\n".join([sample.header, *sample.lines[:30]]).lower())
    )
    readings: dict[str, _Candidate] = {}
    for page in _PAGES:
        text = _decoded(sample, page)
        if text is None:
            continue
        found = _judged(page, text, words)
        known = readings.get(text)
        if known is None or found.score > known.score:
            readings[text] = found
    return list(readings.values())


def _decoded(sample: _Sample, page: _Page) -> str | None:
    """The sample's lines under the page; None where a byte of the file has no meaning."""
    try:
        if not page.east_asian:
            sample.bytes_met.decode(page.codec)
        return b"\n".join(sample.lines).decode(page.codec)
    except UnicodeDecodeError:
        return None


def _judged(page: _Page, text: str, words: frozenset[str]) -> _Candidate:
    cells = list(
        dict.fromkeys(cell for cell in _TEXT_CELL_END.split(_TEXT_DIGIT.sub("0", text)) if not cell.isascii())
    )
    letters = sum(1 for cell in cells for char in cell if not char.isascii())
    if page.east_asian:
        score = east_asian_score(cells, page.codec, page.east_asian)
    else:
        score = alphabet_score(cells, page.languages, stem_score(words, page.languages))
    return _Candidate(page, text, score - page.rarity, letters)


def _question(found: Sequence[_Candidate], name: str) -> Question:
    """Which page it is, shown on a line that they read differently, below the header where there is one."""
    readings = [candidate.text.split("\n") for candidate in found]
    lines = [number for number, read in enumerate(zip(*readings, strict=False)) if len(set(read)) > 1]
    place = next((number for number in lines if number > 0), lines[0] if lines else 0)
    choices = tuple(
        Choice(
            NAMES[candidate.page.codec], {"encoding": candidate.page.codec}, example=read[place][:_EXAMPLE]
        )
        for candidate, read in zip(found, readings, strict=True)
    )
    shown = "; ".join(f"as {choice.label}: {choice.example!r}" for choice in choices)
    return Question(
        "encoding",
        f"the text is not in UTF-8, and its letters can be read in more than one way. One line reads {shown}.",
        f"Name the encoding that reads right (--encoding {found[0].page.codec}), or export the file as UTF-8.",
        choices,
        option="--encoding",
    )

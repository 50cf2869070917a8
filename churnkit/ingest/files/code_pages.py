"""Which code page a text that is no UTF-8 is written in: decided where its letters leave no doubt, else asked.

Every code page under which all bytes have a meaning is tried on the lines with bytes beyond ASCII, and judged by whose
letters come out and where they stand (`churnkit.ingest.files.code_page_scores`). Pages that read those lines alike are
one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from churnkit.ingest.files.code_page_scores import alphabet_score, east_asian_score, stem_score
from churnkit.ingest.files.known_code_pages import NAMES, PAGES, Page
from churnkit.ingest.questions import Choice, OpenQuestions, Question

_CHUNK_BYTES = 4 << 20
_LINES_OF_FIRST_CHUNK, _LINES_OF_CHUNK, _MAX_LINES = 1_000, 100, 3_000
_MAX_LINE_BYTES, _MAX_REST = 4_000, 1 << 16
_MAX_CELLS = 600
_CELL_END, _TEXT_CELL_END = re.compile(rb'[,;|\t"]+'), re.compile(r'[,;|\t"\n]+')
_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)
_TEXT_DIGIT = re.compile(r"[1-9]")
_HIGH = re.compile(rb"[\x80-\xff]")
_ASCII = bytes(range(128))
_WORD = re.compile(rb"[a-z]{3,}")

# Natural logarithms. Below the first the runner-up is no rival; within the last it is shown beside the others.
_CERTAIN, _PLAUSIBLE = 3.0, 12.0
_MAX_CHOICES = 4
_EXAMPLE = 120
# A text whose characters are this unlikely on average is none of the pages that are known here.
_HOPELESS = -8.0
# A cell on this share of the lines, and on so many, is a status, a currency or the like. Others are names: read one way or
# the other they change no figure, and the likelier way is taken, and said.
_USUAL_SHARE, _MIN_USUAL = 0.05, 3


@dataclass(frozen=True)
class CodePage:
    """The page that a text was found to be in; ``guess`` where its few letters leave a doubt."""

    codec: str
    guess: bool = False


@dataclass(frozen=True)
class _Sample:
    """Lines with bytes beyond ASCII, of how many lines, those of them that tell something new, the first line, and which
    such bytes the whole file has."""

    lines: tuple[bytes, ...]
    line_count: int
    telling: tuple[bytes, ...]
    header: bytes
    bytes_met: bytes


@dataclass(frozen=True)
class _Candidate:
    page: Page
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
    close = [found for found in rivals if best.score - found.score < _CERTAIN]
    if close and not _matters(best, close, sample):
        return CodePage(best.page.codec, guess=True)
    raise OpenQuestions([_question([best, *rivals][:_MAX_CHOICES], name)], f"Reading {name}")


def _matters(best: _Candidate, close: Sequence[_Candidate], sample: _Sample) -> bool:
    """Whether pages that fit as well read the header or a cell of many lines differently."""
    cells = Counter(
        cell for line in sample.lines for cell in set(_CELL_END.split(line.translate(_ONE_DIGIT)))
    )
    least = max(_MIN_USUAL, _USUAL_SHARE * sample.line_count)
    usual = [cell for cell, count in cells.items() if count >= least and not cell.isascii()]
    return any(
        text.decode(best.page.codec, "replace") != text.decode(found.page.codec, "replace")
        for text in (sample.header, *usual)
        for found in close
    )


def _sample(path: Path) -> _Sample:
    lines: list[bytes] = []
    met: set[int] = set()
    header, looked_at = b"", 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES) + stream.readline(_MAX_REST):
            chunk = chunk.replace(b"\r", b"\n")
            header = header or chunk.lstrip(b"\n")[:_MAX_LINE_BYTES].partition(b"\n")[0]
            met.update(chunk.translate(None, _ASCII))
            room = _LINES_OF_CHUNK if lines else _LINES_OF_FIRST_CHUNK
            found = list(islice(_high_lines(chunk), min(room, _MAX_LINES - len(lines))))
            looked_at += chunk.count(b"\n", 0, found[-1][1] if len(found) == room else len(chunk)) + 1
            lines += [_cut(chunk[start:end]) for start, end in found]
    return _Sample(tuple(lines), looked_at, tuple(_telling(lines)), header, bytes(sorted(met)))


def _high_lines(chunk: bytes) -> Iterator[tuple[int, int]]:
    """Where the lines with bytes beyond ASCII start and end."""
    end = 0
    while match := _HIGH.search(chunk, end):
        start = chunk.rfind(b"\n", end, match.start()) + 1 or end
        end = chunk.find(b"\n", match.start())
        end = len(chunk) if end < 0 else end
        yield start, end


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
        word.decode() for word in _WORD.findall(b"\n".join([sample.header, *sample.telling[:30]]).lower())
    )
    readings: dict[str, _Candidate] = {}
    for page in PAGES:
        text = _decoded(sample, page)
        if text is None:
            continue
        found = _judged(page, text, words)
        known = readings.get(text)
        if known is None or found.score > known.score:
            readings[text] = found
    return list(readings.values())


def _decoded(sample: _Sample, page: Page) -> str | None:
    """The sample's lines under the page; None where a byte of the file has no meaning."""
    try:
        if not page.east_asian:
            sample.bytes_met.decode(page.codec)
        return b"\n".join(sample.telling).decode(page.codec)
    except UnicodeDecodeError:
        return None


def _judged(page: Page, text: str, words: frozenset[str]) -> _Candidate:
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

"""Lines of delimited text -> records: the careful reader behind DuckDB's fast one.

It knows what strict readers refuse: quotes that do not balance (``Pipe 5"``), quotes escaped by a
backslash, white space before a quote, records of the wrong width, blank lines and footers. A quote that is
never closed costs its own line only, not everything up to the next quote.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

WHITESPACE = " "

# A quoted field with line breaks is an address or a note; beyond this a quote was left open.
# Four bytes a character stay below the 2 MB that DuckDB allows for a line.
MAX_RECORD_LINES = 200
MAX_RECORD_CHARACTERS = 400_000
MAX_PROBLEM_CHARACTERS = 300

# White space, and the end-of-file mark of old DOS programs.
_BLANK = " \t\r\n\x0b\x0c\x1a\u00a0"

Reason = Literal["too few fields", "too many fields", "unreadable quoting", "record too long"]


class TextRecord(NamedTuple):
    """One record: its first physical line (1-based), its text, and its fields.

    ``reason`` says why it cannot count as a record of the expected width. A blank line has no fields.
    """

    line: int
    text: str
    fields: list[str]
    reason: Reason | None = None
    line_count: int = 1

    @property
    def is_blank(self) -> bool:
        """Whether the line is no record at all."""
        return not self.fields and self.reason is None


class LineQueue:
    """Physical lines with look-ahead: lines taken for a quoted field can be handed back.

    ``line_number`` is that of the line given last.
    """

    def __init__(self, lines: Iterable[str], first_line: int = 1) -> None:
        self.line_number = first_line - 1
        self._lines = iter(lines)
        self._returned: deque[str] = deque()

    def __iter__(self) -> Iterator[str]:
        while (line := self.take()) is not None:
            yield line

    def take(self) -> str | None:
        """The next line, None at the end."""
        line = self._returned.popleft() if self._returned else next(self._lines, None)
        if line is not None:
            self.line_number += 1
        return line

    def hand_back(self, lines: Sequence[str]) -> None:
        """Give these lines out again, before any other."""
        self._returned.extendleft(reversed(lines))
        self.line_number -= len(lines)


def split_records(lines: Iterable[str], delimiter: str, first_line: int = 1) -> Iterator[TextRecord]:
    """Records of any width, blank lines among them; ``first_line`` is the number of the first line."""
    queue = LineQueue(lines, first_line)
    for line in queue:
        yield read_record(line, queue, delimiter, None)


def read_record(first: str, queue: LineQueue, delimiter: str, width: int | None) -> TextRecord:
    """The record that begins with the line ``first``, which was just taken from the queue.

    Parameters
    ----------
    delimiter
        One character; " " means any run of white space, without quoting.
    width
        Number of fields that the record must have. None accepts any number.
    """
    line = queue.line_number
    text = first.rstrip("\r\n")
    if not text.strip(_BLANK):
        return TextRecord(line, text, [])
    if len(text) > MAX_RECORD_CHARACTERS:
        return TextRecord(line, text[:MAX_PROBLEM_CHARACTERS], [], "record too long")
    if delimiter == WHITESPACE:
        return _judge(line, text, text.split(), width)
    if '"' not in text:
        return _judge(line, text, text.split(delimiter), width)
    return _quoted_record(queue, first, line, delimiter, width)


def _judge(line: int, text: str, fields: list[str], width: int | None, line_count: int = 1) -> TextRecord:
    """Empty fields beyond the width come from a trailing delimiter and do no harm."""
    if width is None or len(fields) == width:
        return TextRecord(line, text, fields, None, line_count)
    if len(fields) < width:
        return TextRecord(line, text, fields, "too few fields", line_count)
    if any(field.strip(_BLANK) for field in fields[width:]):
        return TextRecord(line, text, fields, "too many fields", line_count)
    return TextRecord(line, text, fields[:width], None, line_count)


def _quoted_record(queue: LineQueue, first: str, line: int, delimiter: str, width: int | None) -> TextRecord:
    own_text = first.rstrip("\r\n")
    own = _parse(own_text, delimiter)
    if own is not None:
        record = _judge(line, own_text, own, width)
        if record.reason is None:
            return record
    taken = _take_while_open(queue, first) if own is None else [first]
    text = "".join(taken).rstrip("\r\n")
    for fields in _readings(text, delimiter):
        record = _judge(line, text, fields, width, len(taken))
        if record.reason is None:
            return record
    queue.hand_back(taken[1:])
    # The quotes mean something else (inches, a quote left open): the line stands for itself.
    literal = _judge(line, own_text, own_text.split(delimiter), width)
    if literal.reason is None:
        return literal
    return TextRecord(line, own_text, literal.fields, "unreadable quoting" if own is None else literal.reason)


def _take_while_open(queue: LineQueue, first: str) -> list[str]:
    """``first`` and the lines after it until the quotes are even in number, or the limits are reached."""
    taken = [first]
    quotes, characters = first.count('"'), len(first)
    while quotes % 2 and len(taken) < MAX_RECORD_LINES and characters < MAX_RECORD_CHARACTERS:
        following = queue.take()
        if following is None:
            break
        taken.append(following)
        quotes += following.count('"')
        characters += len(following)
    return taken


def _readings(text: str, delimiter: str) -> Iterator[list[str]]:
    """What the record may mean: by the rules, with backslash escapes, with white space before a quote."""
    readings = [_parse(text, delimiter)]
    if '\\"' in text:
        readings.append(_parse(text, delimiter, escape="\\"))
    if text.startswith(" ") or ' "' in text:
        readings.append(_parse(text, delimiter, skip_blanks=True))
    for fields in readings:
        if fields is not None:
            yield fields


def _parse(
    text: str, delimiter: str, *, escape: str | None = None, skip_blanks: bool = False
) -> list[str] | None:
    """The fields of one record, None where its quoting breaks the rules."""
    reader = csv.reader(
        [text], delimiter=delimiter, strict=True, escapechar=escape, skipinitialspace=skip_blanks
    )
    try:
        return next(reader, None)
    except csv.Error:
        return None

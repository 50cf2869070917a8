"""The delimiter, width and header of a delimited text, judged from its head.

DuckDB's own sniffer turns a ragged file into one column without a word, so everything is decided here and
handed to it explicitly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from churnkit.errors import DataError
from churnkit.ingest.files.column_names import unique_names
from churnkit.ingest.files.file_format import SkippedLine
from churnkit.ingest.files.refusals import READABLE, SAVE_AS_CSV, NoTableError
from churnkit.ingest.files.table_start import HeadRow, find_head, is_caption, is_value
from churnkit.ingest.files.text_records import MAX_PROBLEM_CHARACTERS, WHITESPACE, TextRecord, split_records

DELIMITERS = (",", ";", "\t", "|")

_DELIMITER_NAMES = {
    "tab": "\t",
    "\\t": "\t",
    "comma": ",",
    "semicolon": ";",
    "pipe": "|",
    "space": WHITESPACE,
}
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[,;\t|]*', re.IGNORECASE)
# Below this share of lines with the same number of fields a character separates nothing.
_MIN_SUPPORT = 0.25
_MIN_WHITESPACE_SUPPORT = 0.95


@dataclass(frozen=True)
class Dialect:
    """How the records of a delimited text are written.

    Attributes
    ----------
    delimiter
        One character; " " means any run of white space.
    names
        Column names, as many as a record has fields.
    header_line
        1-based line of the header, 0 without one.
    first_line
        1-based line of the first record.
    skipped
        Lines above the records that are neither header nor blank.
    """

    delimiter: str
    names: tuple[str, ...]
    header_line: int
    first_line: int
    skipped: tuple[SkippedLine, ...]


def delimiter_setting(delimiter: str | None) -> str | None:
    """The setting as one character; names such as ``tab`` are accepted."""
    if delimiter is None:
        return None
    character = _DELIMITER_NAMES.get(delimiter.lower(), delimiter)
    if len(character) != 1 or character in '"\r\n':
        raise DataError(
            f"Setting delimiter = {delimiter!r}: it must be one character, not a quote or a line break.",
            "Use ',', ';', '|' or 'tab', or leave it out to have it found.",
        )
    return character


def detect_dialect(lines: Sequence[str], is_whole: bool, delimiter: str | None, name: str) -> Dialect:
    """Judge the first lines of a text.

    Parameters
    ----------
    lines
        Physical lines from the start of the file, with their line ends.
    is_whole
        Whether these are all the lines; otherwise the last record may be cut and is left out.
    delimiter
        Overrides detection.
    name
        What to call the file in messages.

    Raises
    ------
    DataError
        There is no delimiter, no record below the header, or the header's width is not that of the records.
    """
    separator = _separator_line(lines)
    chosen = delimiter or (separator[1] if separator else None)
    start = separator[0] if separator else 0
    if chosen is None:
        chosen = _best_delimiter(lines[start:], is_whole)
    records = _head_records(lines, chosen, is_whole, start) if chosen else []
    width = _usual_width(records)[0]
    if chosen is None or width < 2:
        raise _one_column_error(lines, chosen, name)
    dialect = _place_header(records, width, chosen, is_whole, name)
    if separator is None:
        return dialect
    line = SkippedLine(start, lines[start - 1].strip(), "separator line")
    return Dialect(
        dialect.delimiter, dialect.names, dialect.header_line, dialect.first_line, (line, *dialect.skipped)
    )


def _separator_line(lines: Sequence[str]) -> tuple[int, str] | None:
    """Line number and delimiter of a leading ``sep=;``, which Excel understands."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            match = _SEPARATOR_LINE.fullmatch(line.strip("\r\n \ufeff"))
            return (number, match[1]) if match else None
    return None


def _head_records(lines: Sequence[str], delimiter: str, is_whole: bool, skip: int = 0) -> list[TextRecord]:
    """Records below the first ``skip`` lines that are not blank."""
    records = list(split_records(lines[skip:], delimiter, skip + 1))
    if not is_whole and len(records) > 1:
        records.pop()
    return [record for record in records if not record.is_blank]


def _usual_width(records: Sequence[TextRecord]) -> tuple[int, float]:
    """The most frequent number of fields above one, and the share of records that have it."""
    widths = Counter(len(record.fields) for record in records if len(record.fields) > 1)
    if not widths:
        return 1, 0.0
    width, count = widths.most_common(1)[0]
    return width, count / len(records)


def _best_delimiter(lines: Sequence[str], is_whole: bool) -> str | None:
    """The character that cuts the most lines alike and leaves the fewest other delimiters in the fields."""
    best, best_rank, best_support = None, (0.0, 0), 0.0
    for delimiter in DELIMITERS:
        records = _head_records(lines, delimiter, is_whole)
        width, support = _usual_width(records)
        if support < _MIN_SUPPORT:
            continue
        rank = (support * _clean_share(records, width, delimiter), width)
        if rank > best_rank:
            best, best_rank, best_support = delimiter, rank, support
    if best_support < _MIN_WHITESPACE_SUPPORT and _is_whitespace_table(lines, is_whole):
        return WHITESPACE
    return best


def _clean_share(records: Sequence[TextRecord], width: int, delimiter: str) -> float:
    """Share of fields that show no trace of another delimiter.

    Quoted texts and the comma of a value (``2,50``) may hold one; quotes left over inside a field mean that
    the cut went through a quoted text.
    """
    others = set(DELIMITERS) - {delimiter}
    clean = total = 0
    for record in records:
        if len(record.fields) == width:
            total += width
            suspects = set() if '"' in record.text else others
            clean += sum(_is_clean(field, suspects) for field in record.fields)
    return clean / total


def _is_clean(field: str, suspects: set[str]) -> bool:
    found = suspects.intersection(field)
    if found:
        return found == {","} and is_value(field)
    return not (field.startswith('"') or field.endswith('"') or '","' in field)


def _is_whitespace_table(lines: Sequence[str], is_whole: bool) -> bool:
    """Prose has words of varying number; a table has equal numbers of them, and some are values."""
    records = _head_records(lines, WHITESPACE, is_whole)
    width, support = _usual_width(records)
    if width < 2 or support < _MIN_WHITESPACE_SUPPORT:
        return False
    rows = [record.fields for record in records[1:] or records if len(record.fields) == width]
    return any(all(is_value(row[position]) for row in rows) for position in range(width))


def _one_column_error(lines: Sequence[str], delimiter: str | None, name: str) -> NoTableError:
    example = next((line.strip() for line in lines if line.strip()), "")[:80]
    if delimiter is None:
        sought = "no comma, semicolon, tab or pipe cuts its lines into columns"
    else:
        sought = f"the delimiter {delimiter!r} does not cut its lines into columns"
    return NoTableError(
        f"Reading {name}: two or more columns are needed, but {sought}; the first line is {example!r}.",
        f"It must be {READABLE}. If it is separated by another character, name it in the setting delimiter.",
        "a text without columns",
    )


def _place_header(
    records: Sequence[TextRecord], width: int, delimiter: str, is_whole: bool, name: str
) -> Dialect:
    rows = _rows_of_width(records, width)
    head = find_head(rows)
    if head.first_record >= len(rows) and is_whole:
        raise NoTableError(
            f"Reading {name}: line {rows[-1].line} is a header of {width} columns, but no row stands below.",
            SAVE_AS_CSV,
            "a header without rows",
        )
    top = rows[head.header if head.header is not None else head.first_record]
    above = [record for record in records if record.line < top.line]
    _check_header_width(above, top, width, name)
    if head.header is None:
        names = tuple(f"column_{position}" for position in range(1, width + 1))
    else:
        names = unique_names(top.cells)
    skipped = [SkippedLine(r.line, r.text[:MAX_PROBLEM_CHARACTERS], "above the header") for r in above]
    header_line, first_line = 0, top.line
    if head.header is not None:
        header_line = top.line
        first_line += next(record.line_count for record in records if record.line == top.line)
    return Dialect(delimiter, names, header_line, first_line, tuple(skipped))


def _rows_of_width(records: Sequence[TextRecord], width: int) -> list[HeadRow]:
    """The records of the usual width, and a header one field short where rows end in an empty field."""
    full = [record for record in records if len(record.fields) == width]
    padded = all(not record.fields[-1].strip() for record in full)
    rows = []
    for record in records:
        fields = record.fields
        if len(fields) > width and not any(field.strip() for field in fields[width:]):
            fields = fields[:width]
        elif padded and len(fields) == width - 1 and is_caption(fields):
            fields = [*fields, ""]
        if len(fields) == width:
            rows.append(HeadRow(record.line, tuple(fields)))
    return rows


def _check_header_width(above: Sequence[TextRecord], top: HeadRow, width: int, name: str) -> None:
    """A caption of another width right above the records is their header, and the file is broken."""
    if not above or not any(is_value(cell) for cell in top.cells):
        return
    fields = above[-1].fields
    if is_caption(fields) and abs(len(fields) - width) <= max(2, width // 3):
        raise DataError(
            f"Reading {name}: the header in line {above[-1].line} has {len(fields)} columns, but rows have"
            f" {width}, for example line {top.line}: {', '.join(top.cells)[:80]!r}.",
            "A field that holds the delimiter must stand in quotes: export again, or mend the header.",
        )

"""Text whose quotes are not those of CSV -> the same text with the usual ones, before its dialect is judged.

Spreadsheets put a whole line into quotes where a text was pasted into their first column; some programs quote with an
apostrophe.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from churnkit.ingest.files.encoding import Utf8Text

_DELIMITERS = (",", ";", "\t", "|")
_MIN_LINES = 2
_MOST = 0.98
_WHOLE = "each line stood in quotes as a whole, which were taken off"
_SINGLE = "cells were in single quotes"


def usually_quoted(text: Utf8Text, head: Sequence[str], folder: Path) -> tuple[Utf8Text, str]:
    """The text, or a copy in the folder with the quotes of CSV, and what was mended; judged by its first lines."""
    lines = [line.rstrip("\r\n") for line in head if line.strip()]
    if len(lines) < _MIN_LINES:
        return text, ""
    if _nearly_all(lines, lambda line: _inner(line) is not None):
        return _rewritten(text, folder, lambda line: _inner(line) or line), _WHOLE
    for delimiter in _DELIMITERS:
        if _nearly_all(lines, partial(_is_quoted, delimiter=delimiter)):
            return _rewritten(text, folder, partial(_quoted, delimiter=delimiter)), _SINGLE
    return text, ""


def _is_quoted(line: str, delimiter: str) -> bool:
    return _cells(line, delimiter) is not None


def _nearly_all(lines: Sequence[str], holds: Callable[[str], bool]) -> bool:
    # Most files are told by their first line.
    return holds(lines[0]) and sum(map(holds, lines)) >= _MOST * len(lines)


def _inner(line: str) -> str | None:
    """What a line that is one quoted cell holds, None where it is none or holds no cells."""
    if len(line) < 2 or line[0] != '"' or line[-1] != '"':
        return None
    body = line[1:-1]
    if body.replace('""', "").count('"') or not any(mark in body for mark in _DELIMITERS):
        return None
    return body.replace('""', '"')


def _cells(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line each of which stands in apostrophes, two of them inside for one; None where one does not."""
    if len(line) < 2 or line[0] != "'" or line[-1] != "'":
        return None
    cells = line[1:-1].split(f"'{delimiter}'")
    whole = len(cells) > 1 and not any(cell.replace("''", "").count("'") for cell in cells)
    return [cell.replace("''", "'") for cell in cells] if whole else None


def _quoted(line: str, delimiter: str) -> str:
    cells = _cells(line, delimiter)
    if cells is None:
        return line
    return delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells)


def _rewritten(text: Utf8Text, folder: Path, mended: Callable[[str], str]) -> Utf8Text:
    target = folder / "quoted"
    with target.open("w", encoding="utf-8", newline="") as sink:
        for line in text.lines():
            body = line.rstrip("\r\n")
            sink.write(mended(body) + "\n")
    if text.is_temporary:
        text.path.unlink()
    return replace(text, path=target, bom_bytes=0, is_temporary=True)

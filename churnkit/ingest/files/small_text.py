"""A small text in memory, read by the rules for exports as far as its table: encoding, header and delimiter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from churnkit.errors import DataError
from churnkit.ingest.files.delimited_text import head_lines, refuse_other_text
from churnkit.ingest.files.dialect import DELIMITERS, detect_dialect
from churnkit.ingest.files.encoding import to_utf8
from churnkit.ingest.files.text_records import WHITESPACE
from churnkit.ingest.questions import OpenQuestions

_LINE_CHARACTERS = 1_000_000


@dataclass(frozen=True)
class SmallText:
    """The text from its header on, and what separates its cells; a text of one column has a comma."""

    text: str
    delimiter: str


def small_text(data: bytes, name: str) -> SmallText:
    """The table in the bytes of a text file.

    Parameters
    ----------
    name
        What to call it in messages.

    Raises
    ------
    DataError
        It is no text, or is in no UTF-8 and its letters can be read in more than one way.
    """
    with TemporaryDirectory(prefix="churnkit-small-") as folder:
        path = Path(folder) / "table"
        path.write_bytes(data)
        try:
            found = to_utf8(path, Path(folder), None, name)
        except OpenQuestions as error:
            raise DataError(error.message, "Save it as CSV UTF-8.") from error
        lines, is_whole = head_lines(found)
        text = found.path.read_bytes()[found.bom_bytes :].decode()
    if not text.strip():
        return SmallText("", ",")
    refuse_other_text(lines, name)
    try:
        dialect = detect_dialect(lines, is_whole, None, name)
    except DataError:
        # One column, or no row of its header's width: the caller says what is wrong with the rows.
        first = text.lstrip()[:_LINE_CHARACTERS].partition("\n")[0]
        return SmallText(text.lstrip(), max(DELIMITERS, key=first.count))
    above = lines[: (dialect.header_line or dialect.first_line) - 1]
    start = sum(map(len, above))
    if dialect.delimiter == WHITESPACE:
        return SmallText(text[start:].lstrip(), ",")
    return SmallText(text[start:].lstrip("\r\n"), dialect.delimiter)

"""Handed-over files without one person's rows, every other line as it was, byte by byte."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from churnkit.errors import ChurnkitError
from churnkit.ingest.files.delimited_text import head_lines
from churnkit.ingest.files.dialect import Dialect, detect_dialect
from churnkit.ingest.files.encoding import Utf8Text, to_utf8
from churnkit.ingest.files.file_kind import kind_of
from churnkit.ingest.files.text_records import TextRecord, split_records
from churnkit.services.privacy.scrubbing import Person, plain_cell


def without_rows_of(
    path: Path, person: Person, columns: dict[str, str], work: Path, target: Path
) -> int | None:
    """Write a handed-over file to ``target`` without a person's rows, if it holds any.

    Parameters
    ----------
    columns
        The file's headers by field; the person is looked for in those of customer and order, their addresses anywhere.

    Returns
    -------
    int | None
        Rows that were left out, 0 where nothing was written; None where no row can be taken out of a file of this kind.
    """
    try:
        kind = kind_of(path, path.name)
        if kind == "parquet":
            return _parquet(path, person, columns, target)
        return _text(path, person, columns, work, target) if kind == "delimited" else None
    except ChurnkitError:
        # Nobody knows how to read it, so nobody can tell whose rows it holds.
        return None


def _parquet(path: Path, person: Person, columns: dict[str, str], target: Path) -> int | None:
    table = pq.read_table(path)
    checks = _Checks(person, columns, table.column_names)
    if not checks.can_tell:
        return None
    cells = [["" if cell is None else str(cell) for cell in column.to_pylist()] for column in table.columns]
    keep = [not checks.is_theirs(row) for row in zip(*cells, strict=True)]
    if all(keep):
        return 0
    pq.write_table(table.filter(pa.array(keep)), target)
    return len(keep) - sum(keep)


def _text(path: Path, person: Person, columns: dict[str, str], work: Path, target: Path) -> int | None:
    with TemporaryDirectory(dir=work, prefix="raw-") as folder:
        text = to_utf8(path, Path(folder), None, path.name)
        lines, is_whole = head_lines(text)
        dialect = detect_dialect(lines, is_whole, None, path.name)
        checks = _Checks(person, columns, dialect.names)
        if not checks.can_tell:
            return None
        gone = {
            number
            for record in _records(text, dialect)
            if checks.is_theirs(record.fields)
            for number in range(record.line, record.line + record.line_count)
        }
        if gone:
            _write_others(path, text, gone, target)
        return len(gone)


def _records(text: Utf8Text, dialect: Dialect) -> Iterator[TextRecord]:
    for record in split_records(text.lines(), dialect.delimiter):
        if record.line >= dialect.first_line:
            yield record


def _write_others(path: Path, text: Utf8Text, gone: set[int], target: Path) -> None:
    """The lines whose numbers are not among ``gone``, in the file's own encoding."""
    line_end = _line_end(text)
    with (
        path.open(encoding=text.encoding, errors="surrogateescape", newline=line_end) as source,
        target.open("w", encoding=text.encoding, errors="surrogateescape", newline="") as sink,
    ):
        for number, line in enumerate(source, 1):
            if number not in gone:
                sink.write(line)


def _line_end(text: Utf8Text) -> str:
    first = next(text.lines(), "")
    return "\r" if first.endswith("\r") else "\n"


class _Checks:
    """Whether a row is a person's, by the places of its cells."""

    def __init__(self, person: Person, columns: dict[str, str], names: Sequence[str]) -> None:
        places = {name: place for place, name in enumerate(names)}
        self._customer = places.get(columns.get("customer_id", ""))
        if self._customer is None and all("@" in one for one in person.customer_ids):
            # Without ids, customers go by their addresses.
            self._customer = places.get(columns.get("email", ""))
        self._order = places.get(columns.get("order_id", ""))
        self._ids = frozenset(map(plain_cell, person.customer_ids))
        self._orders = frozenset(map(plain_cell, person.order_ids))
        self._addresses = frozenset(
            plain_cell(one) for one in person.addresses | person.customer_ids if "@" in one
        )

    @property
    def can_tell(self) -> bool:
        """Whether the file says who bought."""
        return self._customer is not None

    def is_theirs(self, fields: Sequence[str]) -> bool:
        """Whether one of the cells names the person or one of their orders."""
        if self._has(fields, self._customer, self._ids) or self._has(fields, self._order, self._orders):
            return True
        return bool(self._addresses) and any(
            address in cell for cell in map(plain_cell, fields) if "@" in cell for address in self._addresses
        )

    @staticmethod
    def _has(fields: Sequence[str], place: int | None, names: frozenset[str]) -> bool:
        return place is not None and place < len(fields) and plain_cell(fields[place]) in names

"""What csv.writer wrote, in any dialect and encoding, comes back as it was."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnkit.config import IngestSettings, ReadingLimits
from churnkit.errors import DataError
from churnkit.ingest.engine import connect
from churnkit.ingest.files.careful_reader import read_carefully
from churnkit.ingest.files.delimited_text import head_lines
from churnkit.ingest.files.dialect import detect_dialect
from churnkit.ingest.files.encoding import Utf8Text
from churnkit.ingest.files.file_format import FileFormat
from churnkit.ingest.files.file_to_read import FileToRead
from churnkit.ingest.files.growth import Growth
from churnkit.ingest.files.opening import read_raw
from churnkit.ingest.files.unpacking import PlainFile
from churnkit.ingest.questions import OpenQuestions

HEADER = ["order id", "note", "amount", "place"]

# What the codecs can write; the control characters are those that no export has.
TEXT = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), include_characters="\t\n\r,;|\"'"),
    max_size=12,
)
LATIN_TEXT = st.text(st.characters(codec="cp1252", min_codepoint=32, exclude_characters="\x7f"), max_size=12)


def rows_of(text: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    row = st.tuples(st.integers(1, 10**9), text, st.integers(-9999, 9999), text)
    return st.lists(row.map(lambda cells: [str(cell) for cell in cells]), min_size=1, max_size=12)


@st.composite
def dialects(draw: st.DrawFn) -> dict[str, object]:
    return {
        "delimiter": draw(st.sampled_from(",;\t|")),
        "lineterminator": draw(st.sampled_from(["\n", "\r\n"])),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    }


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with tempfile.TemporaryDirectory() as folder:
        yield connect(Path(folder))


def written(rows: list[list[str]], dialect: dict[str, Any]) -> str:
    if any("\r" in cell for row in rows for cell in row):
        # csv.writer leaves these bare where its own line end has none.
        dialect = {**dialect, "quoting": csv.QUOTE_ALL}
    stream = io.StringIO(newline="")
    csv.writer(stream, **dialect).writerows([HEADER, *rows])
    return stream.getvalue()


def read_back(
    content: bytes, connection: duckdb.DuckDBPyConnection, **chosen: Any
) -> tuple[tuple[str, ...], list[list[str]]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        path.write_bytes(content)
        raw = read_raw(path, Path(folder), connection, IngestSettings(**chosen))
        assert raw.problem_count == 0
        found = connection.execute(
            "SELECT * FROM read_parquet(?) ORDER BY source_row", [str(raw.path)]
        ).fetchall()
    assert [row[-1] for row in found] == list(range(1, raw.row_count + 1))
    return raw.columns, [["" if cell is None else cell for cell in row[:-1]] for row in found]


@settings(max_examples=60, deadline=None, print_blob=True)
@given(rows=rows_of(TEXT), dialect=dialects(), codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_unicode(
    connection: duckdb.DuckDBPyConnection, rows: list[list[str]], dialect: dict[str, object], codec: str
) -> None:
    content = written(rows, dialect).encode(codec)
    assert read_back(content, connection, delimiter=dialect["delimiter"]) == (tuple(HEADER), rows)


@settings(max_examples=50, deadline=None, print_blob=True)
@given(rows=rows_of(LATIN_TEXT), dialect=dialects())
def test_windows_1252(
    connection: duckdb.DuckDBPyConnection, rows: list[list[str]], dialect: dict[str, object]
) -> None:
    content = written(rows, dialect).encode("cp1252")
    chosen = {"delimiter": dialect["delimiter"], "encoding": "cp1252"}
    assert read_back(content, connection, **chosen) == (tuple(HEADER), rows)


PLAIN = st.text(st.characters(categories=("L", "N"), include_characters=" .-"), max_size=12)


@settings(max_examples=60, deadline=None, print_blob=True)
@given(rows=rows_of(PLAIN), dialect=dialects())
def test_the_delimiter_is_found(
    connection: duckdb.DuckDBPyConnection, rows: list[list[str]], dialect: dict[str, object]
) -> None:
    assert read_back(written(rows, dialect).encode(), connection) == (tuple(HEADER), rows)


@settings(max_examples=60, deadline=None, print_blob=True)
@given(rows=rows_of(TEXT), dialect=dialects())
def test_the_careful_reader_agrees(
    connection: duckdb.DuckDBPyConnection, rows: list[list[str]], dialect: dict[str, object]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        path.write_bytes(written(rows, dialect).encode())
        text = Utf8Text(path, "utf-8")
        found = detect_dialect(*head_lines(text), str(dialect["delimiter"]), "orders.csv")
        file = FileToRead(
            plain=PlainFile(path, "delimited", None, is_temporary=False, name=path.name),
            name="orders.csv",
            folder=Path(folder),
            connection=connection,
            settings=IngestSettings(),
            limits=ReadingLimits(),
            growth=Growth(1_000_000, ReadingLimits()),
        )
        lines = read_carefully(file, text, found)
        raw = file.raw_table(found.names, lines.row_count, FileFormat("delimited"))
        cells = raw.rows("SELECT * FROM {raw} ORDER BY {row}")
    assert lines.row_count == len(rows)
    assert [["" if cell is None else cell for cell in row[:-1]] for row in cells] == rows


@settings(max_examples=60, deadline=None, print_blob=True)
@given(content=st.binary(max_size=300), head=st.sampled_from([b"", b"a,b\n1,2\n", b'a;b\n"1;2\n']))
def test_any_bytes_are_read_or_refused(
    connection: duckdb.DuckDBPyConnection, content: bytes, head: bytes
) -> None:
    """Records in the file = rows + problems, or one DataError or question; nothing else ever comes out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        path.write_bytes(head + content)
        try:
            raw = read_raw(path, Path(folder) / "work", connection, IngestSettings())
        except (DataError, OpenQuestions) as error:
            assert error.message
            return
        count = connection.execute("SELECT count(*) FROM read_parquet(?)", [str(raw.path)]).fetchone()
    assert count == (raw.row_count,)

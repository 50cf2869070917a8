"""Delimited text: dialects, encodings, headers, what is skipped, and what cannot be read."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from churnkit.config import IngestSettings
from churnkit.errors import DataError
from churnkit.ingest.engine import connect
from churnkit.ingest.files.column_names import unique_names
from churnkit.ingest.files.file_format import MAX_PROBLEMS, SkippedLine
from churnkit.ingest.files.opening import read_raw
from churnkit.ingest.files.raw_table import RawTable

Rows = list[tuple[object, ...]]
ReadBytes = Callable[..., tuple[RawTable, Rows]]

ORDERS = "order,date,amount\nA1,2026-01-05,10.50\nA2,2026-01-06,7.25\n"
ORDER_ROWS: Rows = [("A1", "2026-01-05", "10.50", 1), ("A2", "2026-01-06", "7.25", 2)]


@pytest.fixture
def read_bytes(tmp_path: Path) -> ReadBytes:
    """``read_bytes(content, name="orders.csv", **settings)`` -> the raw table and its rows in file order."""
    connection = connect(tmp_path / "work")

    def read(content: bytes | str, name: str = "orders.csv", **settings: Any) -> tuple[RawTable, Rows]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        raw = read_raw(path, tmp_path / "work", connection, IngestSettings(**settings))
        return raw, rows_of(connection, raw)

    return read


def rows_of(connection: duckdb.DuckDBPyConnection, raw: RawTable) -> Rows:
    query = "SELECT * FROM read_parquet(?) ORDER BY source_row"
    rows = connection.execute(query, [str(raw.path)]).fetchall()
    assert len(rows) == raw.row_count
    return rows


def test_a_plain_file(read_bytes: ReadBytes) -> None:
    raw, rows = read_bytes(ORDERS)
    assert raw.columns == ("order", "date", "amount")
    assert rows == ORDER_ROWS
    assert raw.problem_count == 0
    assert raw.format.words() == "comma-separated text, UTF-8, header in line 1"


@pytest.mark.parametrize(
    ("delimiter", "words"),
    [
        (",", "comma-separated"),
        (";", "semicolon-separated"),
        ("\t", "tab-separated"),
        ("|", "pipe-separated"),
        (" ", "whitespace-separated"),
    ],
)
def test_delimiters(read_bytes: ReadBytes, delimiter: str, words: str) -> None:
    raw, rows = read_bytes(ORDERS.replace(",", delimiter))
    assert rows == ORDER_ROWS
    assert raw.format.delimiter == delimiter
    assert words in raw.format.words()


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";"),
        ("name;price;date\nShirt, blue;12,50;2026-01-01\nSock, red;7,50;2026-01-02\n", ";"),
        ("date\tcity\n2026-01-01\tRome, IT\n2026-01-02\tParis, FR\n", "\t"),
        ("id|items\n1|a,b;c\n2|a,b\n", "|"),
        ('id,items\n1,"key:a|key:b"\n2,"key:c|key:d"\n', ","),
        ('name,note\n"a;b;c","x;y;z"\n"d;e;f","u;v;w"\n', ","),
    ],
)
def test_a_delimiter_among_others(read_bytes: ReadBytes, text: str, delimiter: str) -> None:
    raw, _ = read_bytes(text)
    assert raw.format.delimiter == delimiter
    assert raw.format.header_row == 1


def test_the_delimiter_can_be_named(read_bytes: ReadBytes) -> None:
    raw, rows = read_bytes("a^b\n1^2\n", delimiter="^")
    assert raw.columns == ("a", "b")
    assert rows == [("1", "2", 1)]
    assert read_bytes("a\tb,c\n1\t2,3\n", delimiter="tab")[0].columns == ("a", "b,c")


GREETING = "order,name,amount\nA1,Zoë Müller – “x”,5 €\nA2,Ångström,7 €\n"


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_encodings_are_found(read_bytes: ReadBytes, codec: str, name: str) -> None:
    raw, rows = read_bytes(GREETING.encode(codec))
    assert raw.columns == ("order", "name", "amount")
    assert rows == [("A1", "Zoë Müller – “x”", "5 €", 1), ("A2", "Ångström", "7 €", 2)]
    assert name in raw.format.words()


def test_utf_16_with_big_endian_mark(read_bytes: ReadBytes) -> None:
    raw, rows = read_bytes(b"\xfe\xff" + ORDERS.encode("utf-16-be"))
    assert rows == ORDER_ROWS
    assert raw.format.encoding == "utf-16-be"


def test_latin_1_where_windows_1252_has_no_meaning(read_bytes: ReadBytes) -> None:
    raw, rows = read_bytes("order,name\nA1,café\u0081\nA2,Müller\nA3,Señor\nA4,Größe\n".encode("latin-1"))
    assert raw.format.encoding == "iso8859-1"
    assert rows[0] == ("A1", "caf\u00e9\u0081", 1)


def test_the_encoding_can_be_named(read_bytes: ReadBytes) -> None:
    _, rows = read_bytes("order,name\nA1,Łódź\n".encode("cp1250"), encoding="cp1250")
    assert rows == [("A1", "Łódź", 1)]
    assert read_bytes(ORDERS.encode("utf-16-be"), encoding="utf-16-be")[1] == ORDER_ROWS


def test_nearly_valid_utf_8_stays_utf_8(read_bytes: ReadBytes) -> None:
    good = "".join(f"A{number},Müller\n" for number in range(20)).encode()
    raw, rows = read_bytes(b"order,name\n" + good + b"A20,M\xc3,\n".replace(b",\n", b"\n"))
    assert raw.format.encoding == "utf-8"
    assert raw.format.broken_characters == 1
    assert rows[0] == ("A0", "Müller", 1)
    assert rows[-1] == ("A20", "M\ufffd", 21)
    assert "1 broken characters" in raw.format.words()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(read_bytes: ReadBytes, end: str) -> None:
    assert read_bytes(ORDERS.replace("\n", end))[1] == ORDER_ROWS
    assert read_bytes(ORDERS.replace("\n", end).rstrip())[1] == ORDER_ROWS


def test_mixed_line_ends(read_bytes: ReadBytes) -> None:
    assert read_bytes("order,date,amount\r\nA1,2026-01-05,10.50\nA2,2026-01-06,7.25\r\n")[1] == ORDER_ROWS


def test_quoted_line_breaks_and_doubled_quotes(read_bytes: ReadBytes) -> None:
    raw, rows = read_bytes('id,note\n1,"first\nsecond, ""third"""\n2,"a\r\nb"\n3,\n4,""\n')
    assert rows == [("1", 'first\nsecond, "third"', 1), ("2", "a\r\nb", 2), ("3", None, 3), ("4", None, 4)]
    assert raw.problem_count == 0


def test_a_header_with_a_line_break(read_bytes: ReadBytes) -> None:
    raw, rows = read_bytes('id,"order\ndate"\n1,2026-01-05\n2,2026-01-06\n')
    assert raw.columns == ("id", "order\ndate")
    assert rows == [("1", "2026-01-05", 1), ("2", "2026-01-06", 2)]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('5" pipe,3', ('5" pipe', "3")),
        ('"5 inch" pipe,3', ('"5 inch" pipe', "3")),
        ('"open,3', ('"open', "3")),
        ('"say \\"hi\\" now",3', ('say "hi" now', "3")),
        (' "a, b" ,3', None),
        ('"a, b", "3"', ("a, b", "3")),
    ],
)
def test_quotes_against_the_rules(read_bytes: ReadBytes, line: str, cells: tuple[str, str] | None) -> None:
    """An open quote costs its own line at most; the rows around it survive."""
    raw, rows = read_bytes(f"item,quantity\nbefore,1\n{line}\nafter,2\n")
    assert raw.row_count + raw.problem_count == 3
    assert (rows[0], rows[-1]) == (("before", "1", 1), ("after", "2", 3))
    if cells is not None:
        assert rows[1] == (*cells, 2)


def test_an_open_quote_does_not_swallow_the_rows_below(read_bytes: ReadBytes) -> None:
    lines = [f"A{number},thing,{number}" for number in range(1, 400)]
    lines[99] = 'A100,"thing, large,100'
    raw, rows = read_bytes("order,item,amount\n" + "\n".join(lines) + "\n")
    assert raw.row_count == 398
    assert raw.problem_counts == (("unreadable quoting", 1),)
    assert (raw.problems[0].line, raw.problems[0].text) == (101, 'A100,"thing, large,100')
    assert [row[-1] for row in rows] == [number for number in range(1, 400) if number != 100]


def test_preamble_separator_line_and_footer(read_bytes: ReadBytes) -> None:
    text = (
        "Orders report\n"
        '"Seller: shop, Ltd"\n'
        "\n"
        "Order,Sale Date,Total\n"
        "1,Jul-25-26,$45.99\n"
        "2,Jul-26-26,$5.00\n"
        "\n"
        "2 record(s) downloaded\n"
        "Seller ID : shop\n"
    )
    raw, rows = read_bytes(text)
    assert rows == [("1", "Jul-25-26", "$45.99", 1), ("2", "Jul-26-26", "$5.00", 2)]
    assert raw.format.header_row == 4
    assert raw.problem_count == 0
    assert raw.format.skipped_lines == (
        SkippedLine(1, "Orders report", "above the header"),
        SkippedLine(2, '"Seller: shop, Ltd"', "above the header"),
        SkippedLine(7, "", "blank"),
        SkippedLine(8, "2 record(s) downloaded", "below the last record"),
        SkippedLine(9, "Seller ID : shop", "below the last record"),
    )


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;"])
def test_separator_line(read_bytes: ReadBytes, line: str) -> None:
    raw, rows = read_bytes(f"{line}\n{ORDERS.replace(',', ';')}")
    assert rows == ORDER_ROWS
    assert raw.format.skipped_lines == (SkippedLine(1, line, "separator line"),)
    assert raw.format.header_row == 2


def test_a_padded_title_is_no_header(read_bytes: ReadBytes) -> None:
    raw, rows = read_bytes("Orders,,\n" + ORDERS)
    assert raw.columns == ("order", "date", "amount")
    assert rows == ORDER_ROWS


def test_blank_lines_are_counted_not_read(read_bytes: ReadBytes) -> None:
    raw, rows = read_bytes("order,date,amount\n\nA1,2026-01-05,10.50\n\r\n\nA2,2026-01-06,7.25\n\n")
    assert rows == ORDER_ROWS
    assert raw.format.skipped_lines == (SkippedLine(2, "", "blank, the first of 4"),)


def test_lines_of_white_space_are_blank(read_bytes: ReadBytes) -> None:
    raw, rows = read_bytes("order,date,amount\nA1,2026-01-05,10.50\n   \nA2,2026-01-06,7.25\n\x1a")
    assert rows == ORDER_ROWS
    assert raw.problem_count == 0


def test_ragged_rows_are_counted_with_line_and_reason(read_bytes: ReadBytes) -> None:
    good = [f"A{number},2026-01-05,{number}.00" for number in range(1, 11)]
    good[3] = "A4,2026-01-05"
    good[6] = "A7,2026-01-05,7,50"
    raw, rows = read_bytes("order,date,amount\n" + "\n".join(good) + "\n")
    assert raw.row_count == 8
    assert raw.problem_counts == (("too few fields", 1), ("too many fields", 1))
    assert [(problem.line, problem.text, problem.reason) for problem in raw.problems] == [
        (5, "A4,2026-01-05", "too few fields"),
        (8, "A7,2026-01-05,7,50", "too many fields"),
    ]
    assert [row[-1] for row in rows] == [1, 2, 3, 5, 6, 8, 9, 10]


def test_a_last_row_cut_off_is_a_problem_not_a_footer(read_bytes: ReadBytes) -> None:
    raw, _ = read_bytes(ORDERS + "A3,2026-0")
    assert raw.row_count == 2
    assert [(problem.line, problem.text) for problem in raw.problems] == [(4, "A3,2026-0")]


def test_problems_are_capped_their_counts_are_not(read_bytes: ReadBytes) -> None:
    good = "A1,2026-01-05,10.50\n" * 3 * MAX_PROBLEMS
    raw, _ = read_bytes("order,date,amount\n" + good + "A2,x\n" * 2 * MAX_PROBLEMS)
    assert len(raw.problems) == MAX_PROBLEMS
    assert raw.problem_count == 2 * MAX_PROBLEMS
    assert raw.row_count == 3 * MAX_PROBLEMS


def test_empty_fields_behind_the_last_column_do_no_harm(read_bytes: ReadBytes) -> None:
    raw, rows = read_bytes("order,date,amount\nA1,2026-01-05,10.50,\nA2,2026-01-06,7.25,\n")
    assert raw.columns == ("order", "date", "amount", "column_4")
    assert [row[:3] for row in rows] == [row[:3] for row in ORDER_ROWS]
    assert read_bytes("order,date,amount,\nA1,2026-01-05,10.50\nA2,2026-01-06,7.25\n")[1] == ORDER_ROWS


@pytest.mark.parametrize(
    "text",
    [
        "00001 19970101  1   11.77\n00002 19970112  1   12.00\n",
        "00001,19970101,1,11.77\n00002,19970112,1,12.00\n",
        "00001;01/02/1997;1;11,77\n00002;13/02/1997;1;12,00\n",
    ],
)
def test_a_file_without_header(read_bytes: ReadBytes, text: str) -> None:
    raw, rows = read_bytes(text)
    assert raw.columns == ("column_1", "column_2", "column_3", "column_4")
    assert raw.format.header_row == 0
    assert "no header" in raw.format.words()
    assert rows[0][0] == "00001"
    assert raw.row_count == 2


def test_a_file_without_header_but_with_text(read_bytes: ReadBytes) -> None:
    for text in ("C9,2026-01-05,shirt,10.50\nC8,2026-01-06,sock,7.25\n", "ann@x.com,Rome\nbob@x.com,Paris\n"):
        raw, _ = read_bytes(text)
        assert raw.format.header_row == 0
        assert raw.row_count == 2


def test_names_are_trimmed_and_unique(read_bytes: ReadBytes) -> None:
    raw, rows = read_bytes(' id ,Price,price,,source_row\nx,1,2,3,"4"\n')
    assert raw.columns == ("id", "Price", "price_2", "column_4", "source_row_2")
    assert rows == [("x", "1", "2", "3", "4", 1)]


def test_unique_names_by_hand() -> None:
    assert unique_names(["a", "A", "a_2", "\ufeffb\u200b", ""]) == ("a", "A_2", "a_2_2", "b", "column_5")


def test_gzip_and_zip(read_bytes: ReadBytes, tmp_path: Path) -> None:
    raw, rows = read_bytes(gzip.compress(ORDERS.encode()), name="orders.csv.gz")
    assert rows == ORDER_ROWS
    assert raw.format.compression == "gzip"
    with zipfile.ZipFile(tmp_path / "made.zip", "w") as archive:
        archive.writestr("__MACOSX/._orders.csv", "x")
        archive.writestr("folder/orders.csv", ORDERS)
    raw, rows = read_bytes((tmp_path / "made.zip").read_bytes(), name="orders.zip")
    assert rows == ORDER_ROWS
    assert "packed with zip" in raw.format.words()


def test_a_name_with_wildcards_and_quotes(read_bytes: ReadBytes) -> None:
    assert read_bytes(ORDERS, name="year=2026 o'rders *[1]?.csv")[1] == ORDER_ROWS


def test_two_files_in_one_folder_do_not_meet(read_bytes: ReadBytes) -> None:
    first, _ = read_bytes(ORDERS)
    second, _ = read_bytes("a,b\n1,2\n")
    assert first.path != second.path
    assert first.path.exists()


def test_only_the_table_is_left_behind(read_bytes: ReadBytes, tmp_path: Path) -> None:
    raw, _ = read_bytes(gzip.compress((GREETING + "A3\n").encode("cp1252")))
    assert [path.name for path in raw.path.parent.iterdir()] == ["raw.parquet"]
    with pytest.raises(DataError):
        read_bytes("x")
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == ["raw_1", "spill"]


@pytest.mark.parametrize("in_memory", [False, True])
def test_rows_keep_the_order_of_a_large_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: bool
) -> None:
    """Larger than the buffers of DuckDB's parallel reader, with line breaks in quotes across their borders."""
    monkeypatch.setattr("churnkit.ingest.files.delimited_text.read_carefully", None)
    count, filler = 400_000, "x" * 150
    path = tmp_path / "orders.csv"
    with path.open("w", newline="") as stream:
        stream.write("id,note,filler\n")
        for number in range(1, count + 1):
            note = f'"note\n{number}"' if number % 100 == 0 else "note"
            stream.write(f"{number},{note},{filler}\n")
    connection = connect(tmp_path / "work")
    raw = read_raw(path, tmp_path / "work", connection, IngestSettings(), in_memory=in_memory)
    assert bool(raw.table) is in_memory
    assert raw.one("SELECT count(*), count(*) FILTER (id <> CAST({row} AS VARCHAR)) FROM {raw}") == (count, 0)


def test_a_very_long_field_is_a_problem_not_a_crash(read_bytes: ReadBytes) -> None:
    raw, rows = read_bytes(ORDERS + "A3,2026-01-07," + "9" * 5_000_000 + "\nA4,2026-01-08,1\n")
    assert raw.problem_counts == (("record too long", 1),)
    assert len(raw.problems[0].text) == 300
    assert rows[-1] == ("A4", "2026-01-08", "1", 4)


def test_bare_delimiters_in_the_last_text_cost_no_row(read_bytes: ReadBytes) -> None:
    lines = [
        f"A{place},2026-01-05,10.50,{'call, then ring' if place % 6 == 0 else 'ok'}" for place in range(60)
    ]
    raw, rows = read_bytes("order,date,amount,note\n" + "\n".join(lines) + "\n")
    assert (raw.row_count, raw.problem_count, rows[6]) == (
        60,
        0,
        ("A6", "2026-01-05", "10.50", "call, then ring", 7),
    )
    assert raw.notes[0].startswith("10 lines had bare delimiters")


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        (lambda line: '"' + line.replace('"', '""') + '"', "each line stood in quotes"),
        (lambda line: "'" + line.replace(",", "','") + "'", "single quotes"),
    ],
)
def test_quotes_of_other_programs(read_bytes: ReadBytes, quote: Callable[[str], str], words: str) -> None:
    raw, rows = read_bytes("\n".join(map(quote, ORDERS.splitlines())) + "\n")
    assert (raw.columns, rows) == (("order", "date", "amount"), ORDER_ROWS)
    assert words in raw.notes[0]


def test_apostrophes_in_cells_are_no_quotes(read_bytes: ReadBytes) -> None:
    raw, rows = read_bytes("'tis,date\n'a,2026-01-05\nb',2026-01-06\n")
    assert (raw.notes, rows[0][0]) == ((), "'a")

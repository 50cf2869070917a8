"""What parsing numbers and parsing dates share: a column as text, and what counts as empty."""

from __future__ import annotations

import re

import duckdb

from churnkit.ingest.engine import compose, one_row
from churnkit.ingest.formats import RawTable, quote_identifier

# Written by programs that have no value to write.
EMPTY_WORDS = ("", "-", "--", "—", "–", "na", "n/a", "#n/a", "nan", "nat", "null", "(null)", "none", "nil")

# Blanks beyond the ASCII ones: no-break, figure, thin, narrow no-break, ideographic.
WIDE_BLANKS = "\u00a0\u2007\u2009\u202f\u3000"

_NUMERIC_TYPE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*")
_TYPE_OF = "DESCRIBE SELECT {column} FROM read_parquet($source)"


def column_type(connection: duckdb.DuckDBPyConnection, raw: RawTable, column: str) -> str:
    """The column's SQL type, ``VARCHAR`` for text."""
    statement = compose(_TYPE_OF, column=quote_identifier(column))
    return str(one_row(connection, statement, {"source": str(raw.path)})[1])


def is_numeric(sql_type: str) -> bool:
    """Whether the SQL type is one of numbers."""
    return _NUMERIC_TYPE.fullmatch(sql_type) is not None


def text_sql(column: str) -> str:
    """SQL expression: the column as text, whatever its type."""
    return f"CAST({quote_identifier(column)} AS VARCHAR)"


def blanks_sql(text: str) -> str:
    """SQL expression: ``text`` with every kind of blank turned into a space, and none at its ends."""
    return f"trim(translate({text}, '{WIDE_BLANKS}\t\r\n', '{' ' * (len(WIDE_BLANKS) + 3)}'))"


def empty_sql(text: str, also: tuple[str, ...] = ()) -> str:
    """SQL condition: ``text`` is NULL, blank or a word for nothing."""
    words = ", ".join(f"'{word}'" for word in (*EMPTY_WORDS, *also))
    return f"({text} IS NULL OR lower({blanks_sql(text)}) IN ({words}))"

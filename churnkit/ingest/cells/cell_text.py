"""What parsing numbers and parsing dates share: a column as text, empty cells, samples and examples."""

from __future__ import annotations

import re
from collections import Counter

import duckdb

from churnkit.ingest.engine import compose, one_row
from churnkit.ingest.files.raw_table import SOURCE_ROW, RawTable, quote_identifier

# Written by programs that have no value to write.
EMPTY_WORDS = ("", "-", "--", "—", "–", "na", "n/a", "#n/a", "nan", "nat", "null", "(null)", "none", "nil")

# Beyond the space: tab and line breaks, no-break, figure, thin, narrow no-break, ideographic.
BLANKS = "[ \t\r\n\u00a0\u2007\u2009\u202f\u3000]*"

SAMPLE_ROWS = 2_000
# A column is not searched for what less than this share of an even sample looks like.
MIN_SAMPLE_SHARE = 0.01
MAX_EXAMPLES = 5

_NUMERIC_TYPE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*")
_EXAMPLE_ROWS = 1_000

_TYPE_OF = "DESCRIBE SELECT {column} FROM read_parquet($source)"
_SAMPLE = """
    SELECT {text} FROM read_parquet($source)
    WHERE {row} % $step = 1 % $step AND NOT {empty} ORDER BY {row} LIMIT {limit}
"""
_EXAMPLES = """
    SELECT {text} FROM read_parquet($source) WHERE {condition} ORDER BY {row} LIMIT {limit}
"""
_FILLED = "SELECT count(*), count(*) FILTER (NOT {empty}) FROM read_parquet($source)"


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


def empty_sql(text: str, also: tuple[str, ...] = ()) -> str:
    """SQL condition: ``text`` is NULL, blank or a word for nothing; ``also`` names further such words."""
    words = "|".join(re.escape(word) for word in (*EMPTY_WORDS, *also))
    return f"({text} IS NULL OR regexp_full_match({text}, '{BLANKS}(?i:{words}){BLANKS}'))"


def count_filled(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, text: str, empty: str
) -> tuple[int, int]:
    """Numbers of rows and of cells that are not empty."""
    total, filled = one_row(connection, compose(_FILLED, text=text, empty=empty), {"source": str(raw.path)})
    return int(total), int(filled)


def even_sample(connection: duckdb.DuckDBPyConnection, raw: RawTable, text: str, empty: str) -> list[str]:
    """Some 2,000 filled cells spread evenly over the column, or the first ones where the spread meets none."""
    steps = (max(1, raw.row_count // SAMPLE_ROWS), 1)
    statement = compose(
        _SAMPLE, text=text, row=quote_identifier(SOURCE_ROW), empty=empty, limit=str(2 * SAMPLE_ROWS)
    )
    for step in dict.fromkeys(steps):
        rows = connection.execute(statement, {"source": str(raw.path), "step": step}).fetchall()
        if rows:
            return [str(row[0]) for row in rows]
    return []


def examples(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, text: str, condition: str
) -> tuple[str, ...]:
    """Up to five different cells for which ``condition`` holds, the most frequent of the file's first ones."""
    statement = compose(
        _EXAMPLES, text=text, condition=condition, row=quote_identifier(SOURCE_ROW), limit=str(_EXAMPLE_ROWS)
    )
    rows = connection.execute(statement, {"source": str(raw.path)}).fetchall()
    return most_frequent([str(row[0]) for row in rows])


def most_frequent(values: list[str]) -> tuple[str, ...]:
    """Up to five different values, the most frequent first."""
    return tuple(value for value, _ in Counter(values).most_common(MAX_EXAMPLES))

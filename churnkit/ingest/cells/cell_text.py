"""What parsing numbers and parsing dates share: a column as text, empty cells, samples and examples."""

from __future__ import annotations

import re
from collections import Counter

from churnkit.ingest.engine import quote_identifier
from churnkit.ingest.files import RawTable

# Written by programs that have no value to write.
EMPTY_WORDS = ("", "-", "--", "—", "–", "na", "n/a", "#n/a", "nan", "nat", "null", "(null)", "none", "nil")

# Signs without a width that come along when cells are copied: joiners, marks of direction, a stray byte-order mark.
UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"

# Beyond the space: tab and line breaks, no-break, figure, thin, narrow no-break, ideographic, and what has no width.
BLANKS = f"[ \t\r\n\u00a0\u2007\u2009\u202f\u3000{UNSEEN}]*"

# Around the cells that ids and other texts are taken from.
_ID_BLANKS = " \t\r\n\u00a0\u2007\u2009\u202f\u3000" + UNSEEN

SAMPLE_ROWS = 2_000  # One of `SPREADS`.
# A column is not searched for what less than this share of an even sample looks like.
MIN_SAMPLE_SHARE = 0.01
MAX_EXAMPLES = 5

_NUMERIC_TYPE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*")
_EXAMPLE_ROWS = 1_000

_SAMPLE = """
    SELECT {text} FROM {raw}
    WHERE NOT {empty} ORDER BY {row} LIMIT {limit}
"""
_EXAMPLES = """
    SELECT {text} FROM {raw} WHERE {condition} ORDER BY {row} LIMIT {limit}
"""
_FILLED = "SELECT count(*), count(*) FILTER (NOT {empty}) FROM {raw}"


def is_numeric(sql_type: str) -> bool:
    """Whether the SQL type is one of numbers."""
    return _NUMERIC_TYPE.fullmatch(sql_type) is not None


def text_sql(column: str) -> str:
    """SQL expression: the column as text, whatever its type."""
    return f"CAST({quote_identifier(column)} AS VARCHAR)"


def trimmed_sql(raw: RawTable, column: str) -> str:
    """SQL expression: the cell as trimmed text, NULL where empty; whole floats lose their ``.0``."""
    quoted, sql_type = quote_identifier(column), raw.types[column]
    if sql_type in ("DOUBLE", "FLOAT") or sql_type.startswith("DECIMAL"):
        whole = f"TRY_CAST({quoted} AS HUGEINT)"
        return (
            f"CASE WHEN isnan(CAST({quoted} AS DOUBLE)) THEN NULL WHEN {whole} = {quoted}"
            f" THEN CAST({whole} AS VARCHAR) ELSE CAST({quoted} AS VARCHAR) END"
        )
    if column in raw.tidy:
        return quoted
    if sql_type == "VARCHAR":
        # Trimming a set of characters costs ten times as much as looking whether there is one of them.
        ends = f"contains('{_ID_BLANKS}', left({quoted}, 1)) OR contains('{_ID_BLANKS}', right({quoted}, 1))"
        return f"CASE WHEN {ends} THEN nullif(trim({quoted}, '{_ID_BLANKS}'), '') ELSE {quoted} END"
    return f"CAST({quoted} AS VARCHAR)"


def empty_sql(text: str, also: tuple[str, ...] = ()) -> str:
    """SQL condition: ``text`` is NULL, blank or a word for nothing; ``also`` names further such words."""
    words = "|".join(re.escape(word) for word in (*EMPTY_WORDS, *also))
    return f"({text} IS NULL OR regexp_full_match({text}, '{BLANKS}(?i:{words}){BLANKS}'))"


def count_filled(raw: RawTable, empty: str) -> tuple[int, int]:
    """Numbers of rows and of cells that are not ``empty``."""
    total, filled = raw.one(_FILLED, empty=empty)
    return int(total), int(filled)


def even_sample(raw: RawTable, text: str, empty: str) -> list[str]:
    """Some 2,000 filled cells spread evenly over the column, or the first ones where the spread meets none."""
    for table in (raw.spread(SAMPLE_ROWS), raw) if raw.step(SAMPLE_ROWS) > 1 else (raw,):
        rows = table.rows(_SAMPLE, text=text, empty=empty, limit=str(2 * SAMPLE_ROWS))
        if rows:
            return [str(row[0]) for row in rows]
    return []


def examples(raw: RawTable, text: str, condition: str) -> tuple[str, ...]:
    """Up to five different cells for which ``condition`` holds, the most frequent of the file's first ones."""
    rows = raw.rows(_EXAMPLES, text=text, condition=condition, limit=str(_EXAMPLE_ROWS))
    return most_frequent([str(row[0]) for row in rows])


def most_frequent(values: list[str]) -> tuple[str, ...]:
    """Up to five different values, the most frequent first."""
    return tuple(value for value, _ in Counter(values).most_common(MAX_EXAMPLES))

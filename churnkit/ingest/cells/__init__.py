"""Text in cells -> values: a column of a raw table goes in, how it writes numbers or dates comes out, and SQL for them.

What a status or a customer's name says is read here as well. Which column is asked is decided elsewhere.
"""

from churnkit.ingest.cells.cell_text import text_sql, trimmed_sql
from churnkit.ingest.cells.dates import TURNED, DateFormat, date_sql, detect_date_format
from churnkit.ingest.cells.numbers import NumberFormat, detect_number_format, number_sql
from churnkit.ingest.cells.plain_words import without_accents, word_table
from churnkit.ingest.cells.status_words import (
    GUESTS,
    NOT_FLAGGED,
    StatusClass,
    classify_event,
    classify_status,
)

__all__ = [
    "GUESTS",
    "NOT_FLAGGED",
    "TURNED",
    "DateFormat",
    "NumberFormat",
    "StatusClass",
    "classify_event",
    "classify_status",
    "date_sql",
    "detect_date_format",
    "detect_number_format",
    "number_sql",
    "text_sql",
    "trimmed_sql",
    "without_accents",
    "word_table",
]

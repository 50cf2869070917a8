"""Text in cells -> values: a column of a raw table goes in, how it writes numbers or dates comes out, and SQL for them.

What a status or a customer's name says is read here as well. Which column is asked is decided elsewhere.
"""

from churnkit.ingest.cells.cell_text import UNSEEN, text_sql, trimmed_sql
from churnkit.ingest.cells.consent_words import CONSENT_GIVEN, CONSENT_REFUSED, is_consent
from churnkit.ingest.cells.date_codes import IN_DIGITS
from churnkit.ingest.cells.date_format import TURNED, DateFormat, date_sql
from churnkit.ingest.cells.dates import detect_date_format
from churnkit.ingest.cells.dates_in_words import DATE_IN_WORDS
from churnkit.ingest.cells.numbers import NumberFormat, detect_number_format, number_sql
from churnkit.ingest.cells.placeholders import GUEST_ADDRESS, GUESTS, NO_NUMBERS, NOT_FLAGGED
from churnkit.ingest.cells.plain_words import without_accents, word_table
from churnkit.ingest.cells.row_kind_words import RowKind, classify_row_kind, is_plain_sale
from churnkit.ingest.cells.status_headers import (
    StatusSubject,
    is_of_line,
    is_other_status,
    is_status_header,
    status_subject,
)
from churnkit.ingest.cells.status_meaning import (
    StatusClass,
    Verdict,
    classify_status,
    is_paid_on_delivery,
    verdict_of,
)
from churnkit.ingest.cells.total_words import TOTAL_ALONE, TOTAL_OF

__all__ = [
    "CONSENT_GIVEN",
    "CONSENT_REFUSED",
    "DATE_IN_WORDS",
    "GUESTS",
    "GUEST_ADDRESS",
    "IN_DIGITS",
    "NOT_FLAGGED",
    "NO_NUMBERS",
    "TOTAL_ALONE",
    "TOTAL_OF",
    "TURNED",
    "UNSEEN",
    "DateFormat",
    "NumberFormat",
    "RowKind",
    "StatusClass",
    "StatusSubject",
    "Verdict",
    "classify_row_kind",
    "classify_status",
    "date_sql",
    "detect_date_format",
    "detect_number_format",
    "is_consent",
    "is_of_line",
    "is_other_status",
    "is_paid_on_delivery",
    "is_plain_sale",
    "is_status_header",
    "number_sql",
    "status_subject",
    "text_sql",
    "trimmed_sql",
    "verdict_of",
    "without_accents",
    "word_table",
]

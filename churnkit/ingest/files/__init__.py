"""The first room: a file's bytes go in, a raw table comes out: columns by their headers, cells as they are.

`opened` judges the kind by content, unpacks, finds encoding, dialect or sheet, and refuses what is damaged or beyond
the limits. Nothing is understood yet: what a column means is decided in ``columns``.
"""

from churnkit.ingest.files.column_names import SOURCE_ROW, written
from churnkit.ingest.files.file_kind import OLE, is_workbook
from churnkit.ingest.files.guard import in_words
from churnkit.ingest.files.opening import opened, read_raw
from churnkit.ingest.files.raw_table import PARQUET_OPTIONS, TIDY, RawTable
from churnkit.ingest.files.refusals import MAX_UNPACKED_FACTOR
from churnkit.ingest.files.small_text import small_text
from churnkit.ingest.files.table_start import HeadRow, find_head
from churnkit.ingest.files.workbook_archive import PackedWorkbook

__all__ = [
    "MAX_UNPACKED_FACTOR",
    "OLE",
    "PARQUET_OPTIONS",
    "SOURCE_ROW",
    "TIDY",
    "HeadRow",
    "PackedWorkbook",
    "RawTable",
    "find_head",
    "in_words",
    "is_workbook",
    "opened",
    "read_raw",
    "small_text",
    "written",
]

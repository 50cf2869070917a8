"""A Parquet file as a raw table: typed columns stay typed, nested ones are refused."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from churnkit.config import ReadingLimits
from churnkit.errors import DataError
from churnkit.ingest.engine import compose, quote_identifier
from churnkit.ingest.files.column_names import unique_names
from churnkit.ingest.files.file_format import FileFormat
from churnkit.ingest.files.file_to_read import FileToRead
from churnkit.ingest.files.raw_table import RawTable
from churnkit.ingest.files.refusals import SAVE_AS_CSV, check_table_size
from churnkit.text.figures import count

_NESTED = re.compile(r"\]$|^(STRUCT|MAP|UNION|VARIANT|GEOMETRY)\b", re.IGNORECASE)
# Types that have no counterpart in Parquet or none in an order export are kept as their text.
_AS_TEXT = re.compile(r"^(UUID|ENUM|INTERVAL|BIT|BLOB|JSON)\b", re.IGNORECASE)

_SOURCE = "read_parquet($source, binary_as_string = true, hive_partitioning = false)"
_DESCRIBE = "DESCRIBE SELECT * FROM {source}"
_SELECT = "SELECT {columns}, row_number() OVER () AS {row} FROM {source}"


def read_parquet_file(file: FileToRead) -> RawTable:
    """Copy the file with ``source_row`` added, in its own order.

    Raises
    ------
    DataError
        The file is damaged, encrypted, empty, beyond ``limits``, or has nested columns.
    """
    _check_footer(file.plain.path, file.limits, file.name)
    try:
        return _copy(file)
    except (duckdb.InvalidInputException, duckdb.IOException, duckdb.SerializationException) as error:
        raise _damaged_error(error, file.name) from error


def _check_footer(path: Path, limits: ReadingLimits, name: str) -> None:
    """Judge the file by its footer, before a column is touched."""
    length = _footer_bytes(path)
    if length > limits.max_footer_bytes:
        raise DataError(
            f"Reading {name}: the description at the end of the Parquet file must have {count(limits.max_footer_bytes)}"
            f" bytes at most, it has {count(length)}.",
            SAVE_AS_CSV,
        )
    try:
        footer = pq.read_metadata(path)
    except (pa.ArrowException, OSError) as error:
        raise _damaged_error(error, name) from error
    groups = footer.num_row_groups
    if groups > limits.max_row_groups:
        raise DataError(
            f"Reading {name}: a Parquet file may have {count(limits.max_row_groups)} row groups at most, this one has"
            f" {count(groups)}.",
            "Write it again with row groups of 100,000 rows or more.",
        )
    rows = max(footer.num_rows, sum(footer.row_group(group).num_rows for group in range(groups)))
    check_table_size(rows, footer.num_columns, limits, name)


def _footer_bytes(path: Path) -> int:
    """The footer's length as the last bytes of the file give it, 0 where they give none that can be."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 8))
        tail = stream.read(8)
    length = int.from_bytes(tail[:4], "little")
    return length if tail.endswith(b"PAR1") and length < size else 0


def _damaged_error(error: Exception, name: str) -> DataError:
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return DataError(
        f"Reading {name}: the Parquet file is damaged, cut off or encrypted ({reason}).",
        "Download or write it again, and check that its size is that of the original.",
    )


def _copy(file: FileToRead) -> RawTable:
    source = {"source": str(file.plain.path)}
    described = file.connection.execute(compose(_DESCRIBE, source=_SOURCE), source).fetchall()
    types = {column: str(kind) for column, kind, *_ in described}
    nested = [f"{column} ({kind[:40]})" for column, kind in types.items() if _NESTED.search(kind)]
    if nested:
        raise DataError(
            f"Reading {file.name}: columns must hold single values, but {len(nested)} of {len(types)} are nested:"
            f" {', '.join(nested[:5])}.",
            "Write one row per order line, with the nested fields as columns of their own.",
        )
    names = unique_names(list(types))
    columns = ", ".join(
        _select_item(column, kind, new) for (column, kind), new in zip(types.items(), names, strict=True)
    )
    row_count = file.copy(_SELECT, source, columns=columns, source=_SOURCE)
    if row_count == 0:
        raise DataError(f"Reading {file.name}: the Parquet file has columns but no rows.", SAVE_AS_CSV)
    return file.raw_table(names, row_count, FileFormat(kind="parquet", compression=file.plain.compression))


def _select_item(column: str, kind: str, new_name: str) -> str:
    expression = quote_identifier(column)
    if _AS_TEXT.match(kind):
        expression = f"CAST({expression} AS VARCHAR)"
    return f"{expression} AS {quote_identifier(new_name)}"

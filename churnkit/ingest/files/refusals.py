"""What is refused before it is read, and how that is said: limits, damaged archives, files that grow too much."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence

from churnkit.config import ReadingLimits
from churnkit.errors import DataError
from churnkit.text.figures import count, size

# Order exports shrink five- to fifteenfold; what grows by more than this is not an export.
MAX_UNPACKED_FACTOR = 10

READABLE = "a CSV, tab-, semicolon- or pipe-separated text file, an Excel .xlsx workbook or a Parquet file"
SAVE_AS_CSV = "Export the orders again as CSV, .xlsx or Parquet."
RAISE_MAX_BYTES = "raise the limit: --max-bytes of a command, CHURNKIT_MAX_BYTES of the server"


class NoTableError(DataError):
    """The file or sheet is sound, but no table of orders: among others it can be passed over.

    Parameters
    ----------
    what
        What it is, in words that complete "readme.txt is …".
    """

    def __init__(self, message: str, remedy: str, what: str) -> None:
        super().__init__(message, remedy)
        self.what = what


def damaged_error(name: str, what: str, error: Exception) -> DataError:
    """An archive that cannot be unpacked; ``what`` says of which kind."""
    return DataError(
        f"Opening {name}: the {what} is damaged or was cut off ({error}).",
        "Download or copy it again, and check that its size is that of the original.",
    )


def check_members(
    members: Sequence[zipfile.ZipInfo], max_bytes: int, limits: ReadingLimits, name: str
) -> None:
    """Refuse an archive by what its directory says; what comes out of it is counted as well.

    Raises
    ------
    DataError
        There are more members than ``limits.max_members``, or they unpack to more than ``max_bytes``.
    """
    if len(members) > limits.max_members:
        raise DataError(
            f"Opening {name}: an archive may hold {count(limits.max_members)} files at most, this one holds"
            f" {count(len(members))}.",
            "Hand over the one file with the orders in it.",
        )
    if sum(member.file_size for member in members) > max_bytes:
        raise too_large_error(name, max_bytes)


def check_table_size(rows: int, columns: int, limits: ReadingLimits, name: str) -> None:
    """Refuse a text or Parquet file by the rows and columns that were counted in it.

    Raises
    ------
    DataError
        There are more columns, rows or cells than ``limits`` allow.
    """
    if columns > limits.max_columns:
        raise DataError(
            f"Reading {name}: {count(columns)} columns were found, {count(limits.max_columns)} are the limit.",
            "Export one row per order or order line, with the orders' fields as columns.",
        )
    if rows > limits.max_rows or rows * columns > limits.max_cells:
        raise DataError(
            f"Reading {name}: {count(rows)} rows of {count(columns)} columns were counted; {count(limits.max_rows)} rows and"
            f" {count(limits.max_cells)} cells are the limits.",
            "Export a shorter period or fewer columns.",
        )


def check_part_count(found: int, limits: ReadingLimits, name: str) -> None:
    """Refuse more sheets and files than can be one table.

    Raises
    ------
    DataError
        There are more than ``limits.max_parts``.
    """
    if found > limits.max_parts:
        raise DataError(
            f"Opening {name}: {count(found)} sheets and files were found, {count(limits.max_parts)} are the limit.",
            "Hand over the tables with the orders alone.",
        )


def too_large_error(name: str, limit: int) -> DataError:
    """An archive that unpacks to more than ``limit`` bytes."""
    return DataError(
        f"Unpacking {name}: it grows beyond {size(limit)},"
        f" which is {MAX_UNPACKED_FACTOR} times the limit for a file.",
        f"Export a shorter period or fewer columns, or {RAISE_MAX_BYTES}.",
    )


def ratio_error(name: str, limits: ReadingLimits) -> DataError:
    """An archive that unpacks to too many times its size."""
    return DataError(
        f"Unpacking {name}: it grows to more than {limits.max_ratio} times its size, as no export of orders does.",
        f"Unpack it and look at what it holds. {SAVE_AS_CSV}",
    )

"""Small files that a reader hands to a page: contacts, results of a campaign, an experiment."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from churnkit.config import ReadingLimits, reading_limits
from churnkit.errors import DataError
from churnkit.ingest.files import (
    MAX_UNPACKED_FACTOR,
    OLE,
    HeadRow,
    PackedWorkbook,
    find_head,
    in_words,
    is_workbook,
    small_text,
)
from churnkit.text.figures import count, size

MAX_BYTES = 50_000_000
_HEADER_CHARACTERS = 1_000_000
_CELL_CHARACTERS = 131_072
# A title and a date of printing above the header are within so many rows.
_HEAD_ROWS = 50


def read_table(data: bytes, filename: str, what: str, limits: ReadingLimits | None = None) -> pd.DataFrame:
    """A CSV or .xlsx file as text, blanks as None; header names without spaces around them.

    Encoding, delimiter and header of a text are found as in an export of orders.

    Parameters
    ----------
    what
        What the file is, for messages: "a list of contacts".
    limits
        Those of the server unless given.

    Raises
    ------
    DataError
        If it is too large, empty, no table, or a column has no name of its own.
    """
    limits = limits or reading_limits()
    if len(data) > MAX_BYTES:
        raise DataError(
            f"Reading {what}: the file must have {size(MAX_BYTES)} at most, it has {size(len(data))}.",
            "Keep the columns that are needed.",
        )
    with in_words(Path(filename), "file"):
        if data.startswith((b"PK", OLE)) or filename.lower().endswith((".xlsx", ".xls")):
            rows = _workbook(data, what, limits)
        else:
            found = small_text(data, what)
            rows = _delimited(found.text, found.delimiter, what, limits)
        frame = _headed(rows, what)
        if frame.empty:
            raise DataError(f"Reading {what}: the file has a header and no rows.", "Choose another file.")
        return frame


def _headed(rows: pd.DataFrame, what: str) -> pd.DataFrame:
    """The first row as the header of the others, trimmed; columns without name and content are left out."""
    longest = int(rows.apply(lambda column: column.str.len().max()).max())
    if longest > _CELL_CHARACTERS:
        raise DataError(
            f"Reading {what}: a cell must have {count(_CELL_CHARACTERS)} characters at most, one has {count(longest)}.",
            "Look for a quote that is never closed, or leave that column out.",
        )
    trimmed = rows.apply(lambda column: column.str.strip()).astype(object)
    trimmed = trimmed.where(trimmed.notna() & (trimmed != ""), None)
    frame = trimmed.iloc[1:].reset_index(drop=True)
    names = trimmed.iloc[0]
    blank = names.isna()
    unnamed = frame.loc[:, blank].notna().any()
    if unnamed.any():
        raise DataError(
            f"Reading {what}: each column with cells must have a name in the first row, but column"
            f" {int(unnamed.idxmax()) + 1} has none.",
            "Write a name above it, or delete it.",
        )
    named: pd.DataFrame = (
        frame.loc[:, ~blank].set_axis(names[~blank], axis="columns").rename_axis(columns=None)
    )
    twice = named.columns[named.columns.duplicated()]
    if len(twice):
        raise DataError(
            f"Reading {what}: each column must have a name of its own, but {twice[0]!r} occurs twice.",
            "Rename one of them.",
        )
    return named


def renamed(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Columns under our names: ``names`` holds ours by any spelling in lower case without spaces and dashes."""
    ours = {
        column: names[key]
        for column in frame.columns
        for key in ["".join(c for c in column.lower() if c.isalnum())]
        if key in names
    }
    return frame.rename(columns={theirs: our for theirs, our in ours.items() if our not in frame.columns})


def _workbook(data: bytes, what: str, limits: ReadingLimits) -> pd.DataFrame:
    source = io.BytesIO(data)
    if data.startswith(OLE) or not zipfile.is_zipfile(source) or not is_workbook(source, what):
        raise DataError(
            f"Reading {what}: it is no workbook that can be read; .xlsx is, the older .xls is not.",
            "Save it as .xlsx or CSV.",
        )
    small = replace(limits, max_sheet_cells=limits.small_cells, max_sheet_bytes=4 * MAX_BYTES)
    packed = PackedWorkbook(source, what, MAX_UNPACKED_FACTOR * MAX_BYTES, small)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            if not workbook.sheet_names:
                raise DataError(f"Reading {what}: the workbook has no sheet.", "Save it as CSV.")
            packed.check_sheet(workbook.sheet_names[0])
        frame = pd.read_excel(
            io.BytesIO(data), dtype=str, engine="calamine", header=None, keep_default_na=False
        )
    except (CalamineError, ValueError) as error:
        raise DataError(
            f"Reading {what}: it is no workbook that can be read ({error}).", "Save it as CSV."
        ) from error
    if frame.empty:
        raise DataError(f"Reading {what}: the first sheet is empty.", "Choose another file.")
    _check_size(len(frame), frame.shape[1], what, limits)
    return _below_titles(frame)


def _below_titles(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a sheet from the header on."""
    top = rows.head(_HEAD_ROWS).fillna("").astype(str)
    head = find_head(
        [HeadRow(line, tuple(row)) for line, row in enumerate(top.itertuples(index=False), start=1)]
    )
    return rows.iloc[head.header or 0 :]


def _check_size(rows: int, columns: int, what: str, limits: ReadingLimits) -> None:
    if columns > limits.max_columns or rows > limits.small_rows or rows * columns > limits.small_cells:
        raise DataError(
            f"Reading {what}: {count(rows)} rows of {count(columns)} columns were counted; {count(limits.small_rows)} rows,"
            f" {count(limits.max_columns)} columns and {count(limits.small_cells)} cells are the limits.",
            "Keep the columns and rows that are needed.",
        )


def _delimited(text: str, delimiter: str, what: str, limits: ReadingLimits) -> pd.DataFrame:
    try:
        header = next(csv.reader(io.StringIO(text[:_HEADER_CHARACTERS]), delimiter=delimiter), [])
        _check_size(max(text.count("\n"), text.count("\r")), len(header), what, limits)
        # Without a header of its own, so that a longer row is an error and not an index.
        return pd.read_csv(io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False, header=None)
    except (csv.Error, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError(
            f"Reading {what}: it must be a table with a header and as many cells in each row ({error}).",
            "Save it as CSV again.",
        ) from error

"""Small files that a reader hands to a page: contacts, results of a campaign, an experiment."""

from __future__ import annotations

import io
from collections.abc import Mapping
from zipfile import BadZipFile

import pandas as pd

from churnkit.errors import DataError

MAX_BYTES = 50_000_000
_DELIMITERS = (",", ";", "\t", "|")
_BOM_16 = (b"\xff\xfe", b"\xfe\xff")


def read_table(data: bytes, filename: str, what: str) -> pd.DataFrame:
    """A CSV or Excel file as text, blanks as None; header names without spaces around them.

    Parameters
    ----------
    what
        What the file is, for messages: "a list of contacts".

    Raises
    ------
    DataError
        If it is too large, empty, no table, or has two columns of one name.
    """
    if len(data) > MAX_BYTES:
        raise DataError(
            f"Reading {what}: the file must have {MAX_BYTES // 1_000_000} MB at most, it has {len(data) / 1e6:.0f}.",
            "Keep the columns that are needed.",
        )
    if filename.lower().endswith((".xlsx", ".xls")):
        frame = _workbook(data, what)
    else:
        frame = _delimited(_text(data, what), what)
    frame.columns = [str(name).strip() for name in frame.columns]
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise DataError(
            f"Reading {what}: each column must have a name of its own, but {twice[0]!r} occurs twice.",
            "Rename one of them.",
        )
    if frame.empty:
        raise DataError(f"Reading {what}: the file has a header and no rows.", "Choose another file.")
    trimmed = frame.apply(lambda column: column.str.strip())
    return trimmed.astype(object).where(trimmed.notna() & (trimmed != ""), None)


def renamed(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Columns under our names: ``names`` holds ours by any spelling in lower case without spaces and dashes."""
    ours = {
        column: names[key]
        for column in frame.columns
        for key in ["".join(c for c in column.lower() if c.isalnum())]
        if key in names
    }
    return frame.rename(columns={theirs: our for theirs, our in ours.items() if our not in frame.columns})


def _workbook(data: bytes, what: str) -> pd.DataFrame:
    from python_calamine import CalamineError

    try:
        return pd.read_excel(io.BytesIO(data), dtype=str, engine="calamine")
    except (CalamineError, ValueError, BadZipFile) as error:
        raise DataError(
            f"Reading {what}: it is no workbook that can be read ({error}).", "Save it as CSV."
        ) from error


def _text(data: bytes, what: str) -> str:
    try:
        return data.decode("utf-16" if data.startswith(_BOM_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"Reading {what}: the file must be in UTF-8; byte {error.start:,} is not.",
            "Save it as CSV UTF-8.",
        ) from error


def _delimited(text: str, what: str) -> pd.DataFrame:
    header = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    try:
        # Without a header of its own, so that a longer row is an error and not an index.
        rows = pd.read_csv(io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False, header=None)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError(
            f"Reading {what}: it must be a table with a header and as many cells in each row ({error}).",
            "Save it as CSV again.",
        ) from error
    return rows.iloc[1:].set_axis(rows.iloc[0], axis="columns").reset_index(drop=True)

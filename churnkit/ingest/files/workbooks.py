"""An Excel workbook as a raw table: the sheet that looks like a table, dates and numbers typed."""

from __future__ import annotations

from collections.abc import Sequence

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from churnkit.errors import DataError
from churnkit.ingest.files.file_to_read import FileToRead
from churnkit.ingest.files.raw_table import RawTable
from churnkit.ingest.files.refusals import MAX_UNPACKED_FACTOR, SAVE_AS_CSV
from churnkit.ingest.files.sheet_table import head_rows, table_of_sheet
from churnkit.ingest.files.table_start import find_head
from churnkit.ingest.files.workbook_archive import PackedWorkbook


def read_workbook(file: FileToRead) -> RawTable:
    """Read one sheet: ``settings.sheet``, else the first that looks like a table.

    A column whose cells are all dates becomes TIMESTAMP, all numbers BIGINT or DOUBLE, anything else text;
    numbers in a text column are written without a superfluous ``.0``.

    Raises
    ------
    DataError
        The workbook is damaged, encrypted or beyond ``limits``, the sheet does not exist, or no sheet holds a
        table.
    """
    path, name = file.plain.path, file.name
    packed = PackedWorkbook(path, name, file.settings.max_bytes * MAX_UNPACKED_FACTOR, file.limits)
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            sheet = _choose_sheet(workbook, packed, file.settings.sheet, name)
            return _read_sheet(file, sheet, tuple(workbook.sheet_names))
    except PasswordError as error:
        raise DataError(
            f"Opening {name}: the workbook is encrypted with a password.",
            "Open it in Excel, remove the password and save it again as .xlsx.",
        ) from error
    except CalamineError as error:
        raise DataError(
            f"Opening {name}: the workbook is damaged or was cut off ({error}).",
            "Open it in Excel, save it again as .xlsx, or export the orders as CSV.",
        ) from error


def _choose_sheet(
    workbook: CalamineWorkbook, packed: PackedWorkbook, wanted: str | None, name: str
) -> CalamineSheet:
    sheets = workbook.sheet_names
    if wanted is not None:
        exact = [sheet for sheet in sheets if sheet == wanted]
        alike = [sheet for sheet in sheets if sheet.strip().casefold() == wanted.strip().casefold()]
        if not (exact or len(alike) == 1):
            raise DataError(
                f"Opening {name}: there is no sheet {wanted!r}; the workbook has {_listed(sheets)}.",
                "Name one of these in the setting sheet, or leave it out to have it chosen.",
            )
        chosen = (exact or alike)[0]
        packed.check_sheet(chosen)
        return workbook.get_sheet_by_name(chosen)
    for title in sheets:
        packed.check_sheet(title)
        sheet = workbook.get_sheet_by_name(title)
        if _looks_like_table(sheet):
            return sheet
    raise DataError(
        f"Opening {name}: no sheet holds a table of two columns and a row below the header; the workbook has"
        f" {_listed(sheets)}.",
        SAVE_AS_CSV,
    )


def _listed(sheets: Sequence[str]) -> str:
    shown = ", ".join(repr(sheet) for sheet in sheets[:10])
    return f"{len(sheets)} sheets: {shown}{' ...' if len(sheets) > 10 else ''}"


def _looks_like_table(sheet: CalamineSheet) -> bool:
    rows = head_rows(sheet)
    return sum(1 for row in rows if row.filled >= 2) >= 2


def _read_sheet(file: FileToRead, sheet: CalamineSheet, sheets: tuple[str, ...]) -> RawTable:
    rows = head_rows(sheet)
    head = find_head(rows)
    if head.first_record >= len(rows) or sheet.width < 2:
        raise DataError(
            f"Reading {file.name}: sheet {sheet.name!r} must hold two columns or more and rows below a header,"
            f" but it has {len(rows)} filled rows and {sheet.width} columns.",
            f"The workbook has {_listed(sheets)}; name the right one in the setting sheet.",
        )
    return table_of_sheet(file, sheet, sheets, rows, head)

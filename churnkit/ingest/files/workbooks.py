"""An Excel workbook as raw tables: every sheet that looks like a table, dates and numbers typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from churnkit.errors import DataError
from churnkit.ingest.files.file_to_read import FileToRead
from churnkit.ingest.files.raw_table import RawTable
from churnkit.ingest.files.refusals import SAVE_AS_CSV, check_part_count
from churnkit.ingest.files.sheet_table import head_rows, table_of_sheet
from churnkit.ingest.files.table_choice import WantedSheet
from churnkit.ingest.files.table_start import find_head
from churnkit.ingest.files.unpacking import LeftOut
from churnkit.ingest.files.workbook_archive import FarSheetError, PackedWorkbook

# A table has a header and a row of two columns or more; fewer cells are a slip of the hand somewhere on a sheet.
_MIN_TABLE_CELLS = 6


def read_workbook(file: FileToRead) -> tuple[list[RawTable], list[LeftOut]]:
    """Read the sheet that ``settings.sheet`` names alone, else every sheet that looks like a table.

    A column whose cells are all dates becomes TIMESTAMP, all numbers BIGINT or DOUBLE, anything else text;
    numbers in a text column are written without a superfluous ``.0``.

    Raises
    ------
    DataError
        The workbook is damaged, encrypted or beyond ``limits``, the sheet does not exist, or no sheet holds a
        table.
    """
    path, name = file.plain.path, file.name
    packed = PackedWorkbook(path, name, file.growth.max_bytes - file.growth.unpacked, file.limits)
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            wanted = WantedSheet.of(file.settings.sheet)
            if wanted is not None and not wanted.and_alike:
                return _named_sheet(file, workbook, packed, wanted.name), []
            return _all_tables(file, workbook, packed)
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
    finally:
        file.growth.unpacked += packed.unpacked_bytes


def _named_sheet(
    file: FileToRead, workbook: CalamineWorkbook, packed: PackedWorkbook, wanted: str
) -> list[RawTable]:
    sheets = workbook.sheet_names
    exact = [sheet for sheet in sheets if sheet == wanted]
    alike = [sheet for sheet in sheets if sheet.strip().casefold() == wanted.strip().casefold()]
    if not (exact or len(alike) == 1):
        raise DataError(
            f"Opening {file.name}: there is no sheet {wanted!r}; the workbook has {_listed(sheets)}.",
            "Name one of these in the setting sheet, or leave it out to have it chosen.",
        )
    chosen = (exact or alike)[0]
    packed.check_sheet(chosen)
    return [_read_sheet(file, workbook.get_sheet_by_name(chosen), sheets)]


def _all_tables(
    file: FileToRead, workbook: CalamineWorkbook, packed: PackedWorkbook
) -> tuple[list[RawTable], list[LeftOut]]:
    tables: list[RawTable] = []
    left_out: list[LeftOut] = []
    far: FarSheetError | None = None
    check_part_count(len(workbook.sheet_names), file.limits, file.name)
    for place, title in enumerate(workbook.sheet_names):
        try:
            packed.check_sheet(title)
        except FarSheetError as error:
            if error.filled >= _MIN_TABLE_CELLS:
                raise
            far = far or error
            left_out.append(LeftOut(title, "holds a few cells far apart"))
            continue
        sheet = workbook.get_sheet_by_name(title)
        if not _looks_like_table(sheet):
            left_out.append(LeftOut(title, "holds no table"))
            continue
        folder = file.folder / f"sheet_{place}"
        folder.mkdir()
        tables.append(_read_sheet(replace(file, folder=folder), sheet, workbook.sheet_names))
    if not tables:
        raise far or DataError(
            f"Opening {file.name}: no sheet holds a table of two columns and a row below the header; the workbook has"
            f" {_listed(workbook.sheet_names)}.",
            SAVE_AS_CSV,
        )
    return tables, left_out


def _listed(sheets: Sequence[str]) -> str:
    shown = ", ".join(repr(sheet) for sheet in sheets[:10])
    return f"{len(sheets)} sheets: {shown}{' ...' if len(sheets) > 10 else ''}"


def _looks_like_table(sheet: CalamineSheet) -> bool:
    rows = head_rows(sheet)
    if sum(1 for row in rows if row.filled >= 2) < 2:
        return False
    return find_head(rows).first_record < len(rows)


def _read_sheet(file: FileToRead, sheet: CalamineSheet, sheets: Sequence[str]) -> RawTable:
    rows = head_rows(sheet)
    head = find_head(rows)
    if head.first_record >= len(rows) or sheet.width < 2:
        raise DataError(
            f"Reading {file.name}: sheet {sheet.name!r} must hold two columns or more and rows below a header,"
            f" but it has {len(rows)} filled rows and {sheet.width} columns.",
            f"The workbook has {_listed(sheets)}; name the right one in the setting sheet.",
        )
    return table_of_sheet(file, sheet, tuple(sheets), rows, head)

"""Tables -> an Excel workbook, written by openpyxl as a stream.

Every text is stored as text, so none can become a formula; rows are written as they come, so that a sheet of a million
costs no memory. The same tables give the same bytes.
"""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from churnkit.reports.csv_files import harmless
from churnkit.text import figures
from churnkit.text.columns import Column
from churnkit.text.number_formats import EXCEL_TEXT, excel_format, excel_time

Look = Literal["title", "note"]

MAX_ROWS = 1_048_576
MAX_LETTERS = 32_767
MAX_SHEET_NAME = 31
# A text column that is wider than this many letters breaks its lines.
WRAPPED_WIDTH = 60.0

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED_BY_EXCEL = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SHEET_NAME_ILLEGAL = re.compile(r"[\[\]:*?/\\']")
# Before this day Excel counts days differently from everybody else.
_FIRST_DAY = datetime(1900, 3, 1)
# The oldest day that a zip archive can name.
_ALWAYS = datetime(1980, 1, 1)
_FACE = "Calibri"


@dataclass(frozen=True)
class Cell:
    """A value that is written as one of another column would be, or a line above a table."""

    value: object
    how: Column | Look


@dataclass(frozen=True)
class Sheet:
    """A sheet with one table; ``above`` are lines over its header, which stays in view and carries the filters.

    ``currency`` stands beside every amount.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[object]]
    above: tuple[Cell, ...] = ()
    filtered: bool = True
    currency: str | None = None


def write_xlsx(sheets: Sequence[Sheet], *, title: str, author: str = "churnkit") -> bytes:
    """The workbook as bytes; rows beyond Excel's 1,048,576 are left out (say so in ``above``)."""
    book = Workbook(write_only=True)
    book.properties = DocumentProperties(
        title=cell_text(title), creator=author, created=_ALWAYS, modified=_ALWAYS
    )
    styles = _Styles(book)
    for name, sheet in zip(_distinct_names([sheet.name for sheet in sheets]), sheets, strict=True):
        _write_sheet(book.create_sheet(name), sheet, styles)
    buffer = BytesIO()
    # The workbook's own ``save`` would write the present time into it.
    ExcelWriter(book, _Archive(buffer, "w", ZIP_DEFLATED, allowZip64=True)).save()
    return buffer.getvalue()


def room_for_rows(above: int) -> int:
    """How many rows of a table fit below ``above`` lines and its header."""
    return MAX_ROWS - above - 1


def cell_text(value: object) -> str:
    """Text as a cell holds it: harmless, without characters that XML forbids, cut to what a cell can hold."""
    text = str(harmless(_ILLEGAL.sub("", str(value))))
    if len(text) > MAX_LETTERS:
        text = text[: MAX_LETTERS - 1] + "…"
    return text


def _distinct_names(names: Sequence[str]) -> list[str]:
    taken: list[str] = []
    for name in names:
        clean = _SHEET_NAME_ILLEGAL.sub(" ", _ILLEGAL.sub("", name)).strip()[:MAX_SHEET_NAME] or "Sheet"
        number = 2
        distinct = clean
        while distinct.lower() in {other.lower() for other in taken}:
            distinct = f"{clean[: MAX_SHEET_NAME - 4]} ({number})"
            number += 1
        taken.append(distinct)
    return taken


class _Archive(ZipFile):
    """A zip whose members are all of one day."""

    def writestr(
        self,
        zinfo_or_arcname: Any,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        super().writestr(self._entry(str(zinfo_or_arcname)), data)

    def write(self, filename: Any, arcname: Any = None, *arguments: Any, **options: Any) -> None:
        with Path(filename).open("rb") as source, self.open(self._entry(str(arcname)), "w") as target:
            shutil.copyfileobj(source, target, 1 << 20)

    def _entry(self, name: str) -> ZipInfo:
        entry = ZipInfo(name, _ALWAYS.timetuple()[:6])
        entry.compress_type = ZIP_DEFLATED
        return entry


class _Styles:
    """Makes dressed cells: openpyxl writes a cell before the next one needs it, so each is used again."""

    def __init__(self, book: Workbook) -> None:
        self._sheet = book.create_sheet("styles")
        book.remove(self._sheet)
        wrapped = Alignment(vertical="top", wrap_text=True)
        self._looks: dict[str, dict[str, Any]] = {
            "plain": {},
            "wrapped": {"alignment": wrapped},
            "note": {"font": Font(name=_FACE, size=10, color="FF5F6E75")},
            "title": {"font": Font(name=_FACE, size=15, bold=True)},
            "head": {
                "font": Font(name=_FACE, size=11, bold=True),
                "fill": PatternFill("solid", fgColor="FFE7F0F2"),
                "border": Border(bottom=Side("thin", color="FF8C989E")),
                "alignment": wrapped,
            },
        }

    def cell(self, look: str, number_format: str = EXCEL_TEXT) -> Any:
        """A cell without a value."""
        cell = WriteOnlyCell(self._sheet)
        cell.number_format = number_format
        for name, part in self._looks[look].items():
            setattr(cell, name, part)
        return cell

    def text(self, value: object, cell: Any) -> Any:
        """``cell`` with text in it that nothing takes for a formula, a number or an error; None for a blank."""
        text = cell_text(value)
        if not text:
            return None
        cell.value = _ESCAPED_BY_EXCEL.sub("_x005F_", text) if "_x" in text else text
        cell.data_type = "s"
        return cell


class _Pen:
    """Writes the values of one column, each with the number format that shows it as it reads elsewhere."""

    def __init__(self, styles: _Styles, column: Column, currency: str | None) -> None:
        self._styles, self._column, self._currency = styles, column, currency
        wraps = column.kind == "text" and column.width >= WRAPPED_WIDTH
        self._text = styles.cell("wrapped" if wraps else "plain")
        self._cells: dict[str, Any] = {}

    def written(self, value: object) -> Any:
        """A cell with ``value`` in it; None for a blank."""
        if isinstance(value, Cell):
            return _single(self._styles, value, self._currency)
        if isinstance(value, bool):
            return self._styles.text("yes" if value else "no", self._text)
        if isinstance(value, int | float):
            return self._number(value) if math.isfinite(value) else None
        # A missing time of pandas is a date that equals nothing.
        if value is None or value != value:
            return None
        if isinstance(value, date):
            return self._day(value)
        told = self._column.write(value, self._currency) if self._column.told else value
        return self._styles.text(told, self._text)

    def _number(self, value: float) -> Any:
        cell = self._formatted(excel_format(self._column, value, self._currency))
        cell.value = value
        return cell

    def _day(self, value: date) -> Any:
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        moment = moment.replace(tzinfo=None)
        if moment < _FIRST_DAY:
            return self._styles.text(figures.day(moment), self._text)
        cell = self._formatted(excel_time(self._column))
        cell.value = moment
        return cell

    def _formatted(self, number_format: str) -> Any:
        if number_format not in self._cells:
            self._cells[number_format] = self._styles.cell("plain", number_format)
        return self._cells[number_format]


def _single(styles: _Styles, one: Cell, currency: str | None) -> Any:
    if isinstance(one.how, Column):
        return _Pen(styles, one.how, currency).written(one.value)
    return styles.text(one.value, styles.cell(one.how))


def _write_sheet(page: Any, sheet: Sheet, styles: _Styles) -> None:
    head_row = len(sheet.above) + 1
    last_column = get_column_letter(len(sheet.columns))
    _set_up(page, sheet, head_row)
    for line in sheet.above:
        page.append([_single(styles, line, sheet.currency)])
    page.append([styles.text(column.title, styles.cell("head")) for column in sheet.columns])
    pens = [_Pen(styles, column, sheet.currency).written for column in sheet.columns]
    last = head_row
    for values in islice(sheet.rows, MAX_ROWS - head_row):
        page.append([write(value) for write, value in zip(pens, values, strict=True)])
        last += 1
    if sheet.filtered and last > head_row:
        page.auto_filter.ref = f"A{head_row}:{last_column}{last}"


def _set_up(page: Any, sheet: Sheet, head_row: int) -> None:
    for place, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = column.width
    page.freeze_panes = f"A{head_row + 1}"
    page.print_title_rows = f"{head_row}:{head_row}"
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.6)

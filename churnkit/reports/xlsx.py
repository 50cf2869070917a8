"""Tables -> an Excel workbook (Office Open XML, ECMA-376), written as a stream.

Every text is stored as text, so none can become a formula; rows are written as they come, so that a sheet of a million
costs no memory. The same tables give the same bytes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, TextIOWrapper
from typing import Literal
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from churnkit.reports.tables import harmless

Format = Literal["text", "count", "decimal", "money", "percent", "day", "title", "note", "wrapped"]

MAX_ROWS = 1_048_576
MAX_LETTERS = 32_767
MAX_SHEET_NAME = 31
WRAPPED_WIDTH = 60.0

_NUMBER_FORMATS = {
    "count": "#,##0",
    "decimal": "#,##0.000",
    "money": "#,##0.00",
    "percent": "0.0%",
    "day": "yyyy-mm-dd",
}
# Places in styles.xml's cellXfs.
_STYLES = {
    "text": 0,
    "count": 1,
    "decimal": 2,
    "money": 3,
    "percent": 4,
    "day": 5,
    "head": 6,
    "title": 7,
    "note": 8,
    "wrapped": 9,
}
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED_BY_EXCEL = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SHEET_NAME_ILLEGAL = re.compile(r"[\[\]:*?/\\']")
_EPOCH = datetime(1899, 12, 30)
# Before this day Excel counts days differently from everybody else.
_FIRST_DAY = datetime(1900, 3, 1)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True)
class SheetColumn:
    """A column's title, how its numbers are written, and its width in letters."""

    title: str
    format: Format = "text"
    width: float = 14.0


@dataclass(frozen=True)
class Cell:
    """A value with a format of its own."""

    value: object
    format: Format


@dataclass(frozen=True)
class Sheet:
    """A sheet with one table; ``above`` are lines over its header, which stays in view and carries the filters.

    ``large`` allows for more than two gigabytes before compression, in a form that a few old programs do not read.
    """

    name: str
    columns: tuple[SheetColumn, ...]
    rows: Iterable[Sequence[object]]
    above: tuple[Cell, ...] = ()
    filtered: bool = True
    large: bool = False


def write_xlsx(sheets: Sequence[Sheet], *, title: str, author: str = "churnkit") -> bytes:
    """The workbook as bytes; rows beyond Excel's 1,048,576 are left out (say so in ``above``)."""
    names = _distinct_names([sheet.name for sheet in sheets])
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=5) as archive:
        heights = [
            _write_sheet(archive, f"xl/worksheets/sheet{number}.xml", sheet, first=number == 1)
            for number, sheet in enumerate(sheets, start=1)
        ]
        for path, text in _parts(sheets, names, heights, title, author).items():
            archive.writestr(_entry(path), _HEAD + text)
    return buffer.getvalue()


def room_for_rows(above: int) -> int:
    """How many rows of a table fit below ``above`` lines and its header."""
    return MAX_ROWS - above - 1


def cell_text(value: object) -> str:
    """Text as a cell holds it: harmless, without characters that XML forbids, cut to what a cell can hold."""
    text = _ILLEGAL.sub("", str(harmless(str(value))))
    if len(text) > MAX_LETTERS:
        text = text[: MAX_LETTERS - 1] + "…"
    return text


def _entry(path: str) -> ZipInfo:
    entry = ZipInfo(path, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    return entry


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


def _write_sheet(archive: ZipFile, path: str, sheet: Sheet, *, first: bool) -> int:
    """Write one sheet; returns the number of its last row."""
    head_row = len(sheet.above) + 1
    letters = [_letters(place) for place in range(len(sheet.columns))]
    formats = [column.format for column in sheet.columns]
    with archive.open(_entry(path), "w", force_zip64=sheet.large) as raw, TextIOWrapper(raw, "utf-8") as out:
        out.write(_HEAD + _sheet_head(sheet, head_row, letters, first=first))
        for number, cell in enumerate(sheet.above, start=1):
            out.write(f'<row r="{number}">{_cell("A", number, cell.value, cell.format)}</row>')
        heads = "".join(
            _text_cell(letter, head_row, column.title, _STYLES["head"])
            for letter, column in zip(letters, sheet.columns, strict=True)
        )
        out.write(f'<row r="{head_row}">{heads}</row>')
        last = head_row
        for values in sheet.rows:
            if last >= MAX_ROWS:
                break
            last += 1
            cells = [
                _cell(letter, last, value, how)
                for letter, value, how in zip(letters, values, formats, strict=True)
            ]
            out.write(f'<row r="{last}">{"".join(cells)}</row>')
        out.write("</sheetData>")
        if sheet.filtered and last > head_row:
            out.write(f'<autoFilter ref="A{head_row}:{letters[-1]}{last}"/>')
        out.write('<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>')
        out.write('<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>')
    return last


def _sheet_head(sheet: Sheet, head_row: int, letters: Sequence[str], *, first: bool) -> str:
    selected = ' tabSelected="1"' if first else ""
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{column.width:g}" customWidth="1"/>'
        for place, column in enumerate(sheet.columns, start=1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView{selected} workbookViewId="0">'
        f'<pane ySplit="{head_row}" topLeftCell="A{head_row + 1}" activePane="bottomLeft" state="frozen"/>'
        f'</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{widths}</cols><sheetData>'
    )


def _cell(letter: str, row: int, value: object, how: Format) -> str:
    if isinstance(value, Cell):
        return _cell(letter, row, value.value, value.format)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _text_cell(letter, row, "yes" if value else "no", _STYLES["text"])
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return ""
        return f'<c r="{letter}{row}" s="{_STYLES[how]}"><v>{value!r}</v></c>'
    if isinstance(value, date):
        return _day_cell(letter, row, value)
    return _text_cell(letter, row, value, _STYLES[how])


def _day_cell(letter: str, row: int, value: date) -> str:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    # A missing time of pandas is a datetime that equals nothing.
    if moment != moment:
        return ""
    moment = moment.replace(tzinfo=None)
    if moment < _FIRST_DAY:
        return _text_cell(letter, row, f"{moment:%Y-%m-%d}", _STYLES["text"])
    serial = (moment - _EPOCH).total_seconds() / 86_400
    return f'<c r="{letter}{row}" s="{_STYLES["day"]}"><v>{serial!r}</v></c>'


def _text_cell(letter: str, row: int, value: object, style: int) -> str:
    text = cell_text(value)
    if not text:
        return ""
    if "_x" in text:
        text = _ESCAPED_BY_EXCEL.sub("_x005F_", text)
    return f'<c r="{letter}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _letters(place: int) -> str:
    """``A``, ``B`` … ``Z``, ``AA`` of a column counted from 0."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _parts(
    sheets: Sequence[Sheet], names: Sequence[str], heights: Sequence[int], title: str, author: str
) -> dict[str, str]:
    numbers = range(1, len(sheets) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.spreadsheetml.worksheet+xml"/>'
        for n in numbers
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
            '.spreadsheetml.sheet.main+xml"/>'
            '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument'
            '.spreadsheetml.styles+xml"/>'
            '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package'
            f'.core-properties+xml"/>{types}</Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
            f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties"'
            ' Target="docProps/core.xml"/></Relationships>'
        ),
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{escape(cell_text(title))}</dc:title><dc:creator>{escape(author)}</dc:creator>"
            "</cp:coreProperties>"
        ),
        "xl/workbook.xml": _workbook(sheets, names, heights),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            f'<Relationship Id="rId{len(sheets) + 1}" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
            "</Relationships>"
        ),
        "xl/styles.xml": _styles(),
    }


def _workbook(sheets: Sequence[Sheet], names: Sequence[str], heights: Sequence[int]) -> str:
    listed = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, start=1)
    )
    defined = ""
    for place, (sheet, name, last) in enumerate(zip(sheets, names, heights, strict=True)):
        head_row = len(sheet.above) + 1
        reference = f"'{escape(name)}'!"
        if sheet.filtered and last > head_row:
            area = f"{reference}$A${head_row}:${_letters(len(sheet.columns) - 1)}${last}"
            defined += f'<definedName name="_xlnm._FilterDatabase" localSheetId="{place}" hidden="1">{area}</definedName>'
        defined += (
            f'<definedName name="_xlnm.Print_Titles" localSheetId="{place}">'
            f"{reference}${head_row}:${head_row}</definedName>"
        )
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{listed}</sheets><definedNames>{defined}</definedNames></workbook>"
    )


def _styles() -> str:
    numbers = "".join(
        f'<numFmt numFmtId="{164 + place}" formatCode="{escape(code)}"/>'
        for place, code in enumerate(_NUMBER_FORMATS.values())
    )
    cells = '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    cells += "".join(
        f'<xf numFmtId="{164 + place}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for place in range(len(_NUMBER_FORMATS))
    )
    wrapped = '<alignment vertical="top" wrapText="1"/>'
    cells += (
        '<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1"'
        f' applyAlignment="1">{wrapped}</xf>'
        '<xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="49" fontId="3" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        f'<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">{wrapped}</xf>'
    )
    face = '<name val="Calibri"/><family val="2"/>'
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="{len(_NUMBER_FORMATS)}">{numbers}</numFmts>'
        f'<fonts count="4"><font><sz val="11"/>{face}</font><font><b/><sz val="11"/>{face}</font>'
        f'<font><b/><sz val="15"/>{face}</font><font><sz val="10"/><color rgb="FF5F6E75"/>{face}</font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFE7F0F2"/></patternFill></fill></fills>'
        '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/>'
        '<bottom style="thin"><color rgb="FF8C989E"/></bottom><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(_STYLES)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )

"""Workbooks written part by part, as no program would write them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(path: Path, sheet: str, shared: str = "", **more: bytes) -> Path:
    """A workbook with one sheet ``Sheet`` of the given XML, shared strings if any, and further members."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["text"])
    book.save(stream)
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            content = source.read(member)
            if member == "xl/worksheets/sheet1.xml":
                content = sheet.encode()
            target.writestr(member, content)
        if shared:
            target.writestr("xl/sharedStrings.xml", shared)
        for member, content in more.items():
            target.writestr(member, content)
    return path


def sheet_xml(rows: str, *, dimension: str = "A1:C9") -> str:
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{SPREADSHEET}" xmlns:x="{SPREADSHEET}"><dimension'
        f' ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    )


def strings_xml(*texts: str) -> str:
    return f'<?xml version="1.0"?><sst xmlns="{SPREADSHEET}">{"".join(f"<si><t>{t}</t></si>" for t in texts)}</sst>'


def table_rows(count: int = 20) -> str:
    """A header and ``count`` orders of three columns, all texts inline."""
    rows = [f'<row r="1">{inline("A1", "customer")}{inline("B1", "date")}{inline("C1", "amount")}</row>']
    for row in range(2, count + 2):
        cells = f"{inline(f'A{row}', f'c{row % 5}')}{inline(f'B{row}', f'2026-01-{row % 28 + 1:02d}')}"
        rows.append(f'<row r="{row}">{cells}<c r="C{row}"><v>9.5</v></c></row>')
    return "".join(rows)


def inline(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'

"""A workbook's archive, counted before the reader opens it: members, bytes, shared texts, cells of a sheet.

Everything is counted on the bytes that really come out, since the sizes in an archive's directory may lie.
"""

from __future__ import annotations

import copy
import html
import io
import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from pathlib import Path

from churnkit.config import MEGABYTE, ReadingLimits
from churnkit.errors import DataError
from churnkit.ingest.files.file_kind import open_zip
from churnkit.ingest.files.refusals import check_members, damaged_error, ratio_error, too_large_error
from churnkit.ingest.files.sheet_extent import CellBound, Extent, FilledCells, shared_bytes, tag_chunks
from churnkit.text.figures import count

# The shortest cell with a value, `<c><v>1</v></c>`, and the shortest that names a shared text.
_MIN_CELL_BYTES = 12
_MIN_SHARED_BYTES = 20

# A sheet whose texts have at most this share of the limit by a rough count is not counted again.
_ROUGH_SHARE = 0.05

_STRING = re.compile(rb"<(?:[^\s<>/:]+:)?si(?=[\s/>])")
_SHEET = re.compile(rb"<(?:[^\s<>/:]+:)?sheet(?=\s)([^>]*)>")
_RELATION = re.compile(rb"<(?:[^\s<>/:]+:)?Relationship(?=\s)([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_MEND = (
    "In Excel, press Ctrl+End to see where the sheet ends, delete the rows below the table and the columns to the"
    " right of it, and save; or export the orders as CSV."
)


class FarSheetError(DataError):
    """A sheet reaches too far; ``filled`` is the number of its cells that hold something."""

    def __init__(self, message: str, remedy: str, filled: int) -> None:
        super().__init__(message, remedy)
        self.filled = filled


class PackedWorkbook:
    """An .xlsx, a file or bytes in memory, before it is read; `check_sheet` comes before a sheet is loaded.

    Raises
    ------
    DataError
        Too many members or shared texts, or more bytes than ``max_bytes`` or the ratio allow.
    """

    def __init__(self, source: Path | io.BytesIO, name: str, max_bytes: int, limits: ReadingLimits) -> None:
        self._source, self._name, self._limits = source, name, limits
        self._max_bytes = max_bytes
        self._text_bytes = 0
        self._packed = source.stat().st_size if isinstance(source, Path) else source.getbuffer().nbytes
        self._unpacked = 0
        self._cells: dict[str, int] = {}
        self._exact: set[str] = set()
        self._counted: set[str] = set()
        self._lengths = array("I")
        with open_zip(source, name) as archive:
            members = archive.infolist()
            check_members(members, max_bytes, limits, name)
            self._members = {str(place): member for place, member in enumerate(members)}
            for key, member in self._members.items():
                if not _is_sheet_part(member.filename):
                    self._count_part(archive, key, member)
            self._parts = self._sheet_parts(archive)

    @property
    def unpacked_bytes(self) -> int:
        """What came out of the archive so far."""
        return self._unpacked

    def check_sheet(self, title: str) -> None:
        """Refuse the sheet where its cells, found in the file, are more than the limits.

        Raises
        ------
        DataError
            The sheet reaches too far, holds too much text, or cannot be unpacked.
        """
        keys = self._parts.get(title) or list(self._members)
        with open_zip(self._source, self._name) as archive:
            for key in keys:
                self._check_part(archive, key, title)

    def _count_part(self, archive: zipfile.ZipFile, key: str, member: zipfile.ZipInfo) -> None:
        if member.filename.casefold().endswith("sharedstrings.xml"):
            for chunk in self._chunks(archive, key):
                self._add_strings(chunk)
        else:
            for _ in self._chunks(archive, key):
                pass

    def _add_strings(self, chunk: bytes) -> None:
        first, *others = map(len, _STRING.split(chunk))
        if self._lengths:
            self._lengths[-1] += first
        self._lengths.extend(others)
        if len(self._lengths) > self._limits.max_sheet_cells:
            raise DataError(
                f"Opening {self._name}: its cells share more than {count(self._limits.max_sheet_cells)} texts, which is"
                " the limit.",
                "Export a shorter period or fewer columns, or export the orders as CSV.",
            )

    def _check_part(self, archive: zipfile.ZipFile, key: str, title: str) -> None:
        limits = self._limits
        bound = CellBound(limits.max_sheet_cells)
        size = 0
        for chunk in self._chunks(archive, key):
            bound.look(chunk)
            size += len(chunk)
        extent = bound.extent()
        is_long = size > _MIN_CELL_BYTES * limits.max_sheet_cells
        if bound.is_open or is_long or self._breaks(extent):
            measure = self._measured(archive, key)
            extent = measure.extent()
            self._refuse_many(max(extent.cells, measure.filled), measure.filled, extent, title)
        self._cells[key] = extent.cells
        self._check_all_cells(archive, title)
        self._check_texts(archive, key, size, title)

    def _measured(self, archive: zipfile.ZipFile, key: str) -> FilledCells:
        measure = FilledCells()
        for chunk in self._chunks(archive, key):
            measure.look(chunk)
        return measure

    def _check_all_cells(self, archive: zipfile.ZipFile, title: str) -> None:
        """Refuse sheets that together are more than two of the largest; bounds are measured once they add up to that."""
        limit = 2 * self._limits.max_sheet_cells
        if sum(self._cells.values()) <= limit:
            return
        for key in self._cells.keys() - self._exact:
            self._cells[key] = self._measured(archive, key).extent().cells
            self._exact.add(key)
        total = sum(self._cells.values())
        if total > limit:
            raise DataError(
                f"Opening {self._name}: the sheets up to {title!r} hold {count(total)} cells,"
                f" {count(limit)} are the limit for all of them.",
                "Name the sheet with the orders in the setting sheet, or hand over one workbook a year.",
            )

    def _breaks(self, extent: Extent) -> bool:
        return extent.cells > self._limits.max_sheet_cells or extent.columns > self._limits.max_columns

    def _refuse_many(self, cells: int, filled: int, extent: Extent, title: str) -> None:
        limits = self._limits
        far = f"cell {' and cell '.join(extent.farthest)}"
        if extent.columns > limits.max_columns:
            raise FarSheetError(
                f"Opening {self._name}: sheet {title!r} must have {count(limits.max_columns)} columns at most, but it"
                f" reaches {far}, which makes {count(extent.columns)}.",
                _MEND,
                filled,
            )
        if cells > limits.max_sheet_cells:
            raise FarSheetError(
                f"Opening {self._name}: sheet {title!r} must have {count(limits.max_sheet_cells)} cells at most, but it"
                f" reaches {far}: {count(extent.rows)} rows by {count(extent.columns)} columns, {count(cells)}"
                " cells, most of"
                " which may be empty.",
                _MEND,
                filled,
            )

    def _check_texts(self, archive: zipfile.ZipFile, key: str, size: int, title: str) -> None:
        limit = self._limits.max_sheet_bytes
        longest = max(self._lengths, default=0)
        total = size + longest * (size // _MIN_SHARED_BYTES)
        if total > _ROUGH_SHARE * limit:
            lengths = self._lengths
            total = size + shared_bytes(
                self._chunks(archive, key), lambda index: lengths[index] if index < len(lengths) else 0
            )
        self._text_bytes += total
        if self._text_bytes > 2 * limit:
            raise DataError(
                f"Opening {self._name}: the texts in the sheets up to {title!r} have"
                f" {count(self._text_bytes / MEGABYTE)} MB, {count(2 * limit / MEGABYTE)} are the limit for all of them.",
                "Hand over one workbook a year, or export the orders as CSV.",
            )
        if total > limit:
            raise DataError(
                f"Opening {self._name}: the texts in the cells of sheet {title!r} must have"
                f" {count(limit / MEGABYTE)} MB at most, but they have {count(total / MEGABYTE)}.",
                "Export a shorter period, leave out columns of long texts, or export the orders as CSV.",
            )

    def _chunks(self, archive: zipfile.ZipFile, key: str) -> Iterator[bytes]:
        """The bytes of a member, whatever its headers say of their number, counted once against the limits."""
        member = copy.copy(self._members[key])
        member.file_size = 1 << 62
        is_new = key not in self._counted
        self._counted.add(key)
        try:
            with archive.open(member) as stream:
                for chunk in tag_chunks(stream):
                    if is_new:
                        self._unpacked += len(chunk)
                        self._check_unpacked()
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise damaged_error(self._name, "workbook", error) from error

    def _check_unpacked(self) -> None:
        if self._unpacked > self._max_bytes:
            raise too_large_error(self._name, self._max_bytes)
        if self._unpacked > max(self._limits.free_bytes, self._limits.max_ratio * self._packed):
            raise ratio_error(self._name, self._limits)

    def _sheet_parts(self, archive: zipfile.ZipFile) -> dict[str, list[str]]:
        """The members that may hold each sheet by its title; a title without an entry may be any of them."""
        by_name: dict[str, list[str]] = {}
        for key, member in self._members.items():
            by_name.setdefault(_plain_name(member.filename), []).append(key)
        targets: dict[str, list[str]] = {}
        for relation in self._tags(archive, by_name.get("xl/_rels/workbook.xml.rels", ()), _RELATION):
            targets.setdefault(relation.get("Id", ""), []).append(_target_name(relation.get("Target", "")))
        parts: dict[str, list[str]] = {}
        for sheet in self._tags(archive, by_name.get("xl/workbook.xml", ()), _SHEET):
            ids = [value for name, value in sheet.items() if name.rpartition(":")[2] == "id"]
            keys = [key for one in ids for target in targets.get(one, ()) for key in by_name.get(target, ())]
            parts.setdefault(sheet.get("name", ""), []).extend(keys)
        return parts

    def _tags(
        self, archive: zipfile.ZipFile, keys: list[str] | tuple[str, ...], pattern: re.Pattern[bytes]
    ) -> Iterator[dict[str, str]]:
        for key in keys:
            for chunk in self._chunks(archive, key):
                for tag in pattern.finditer(chunk):
                    yield {
                        name: html.unescape(double or single)
                        for name, double, single in _ATTRIBUTE.findall(tag[1].decode("utf-8", "replace"))
                    }


def _is_sheet_part(member: str) -> bool:
    return _plain_name(member).startswith("xl/worksheets/") and member.casefold().endswith(".xml")


def _plain_name(member: str) -> str:
    return member.replace("\\", "/").strip("/").casefold()


def _target_name(target: str) -> str:
    plain = _plain_name(target)
    return plain if plain.startswith("xl/") else f"xl/{plain}"

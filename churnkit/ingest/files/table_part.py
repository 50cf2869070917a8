"""A sheet or file that may be a part of the table, before it is decided what belongs together."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.ingest.files.raw_table import RawTable
from churnkit.ingest.files.unpacking import LeftOut


@dataclass(frozen=True)
class TablePart:
    """One raw table of several.

    Attributes
    ----------
    name
        What to call it: the title of its sheet, the name of its file, or both.
    title
        The title of its sheet, the name of its file otherwise.
    is_sheet
        Whether it is the sheet of a workbook.
    """

    name: str
    title: str
    raw: RawTable
    is_sheet: bool

    @property
    def row_count(self) -> int:
        """Records that were read, and those that could not be."""
        return self.raw.row_count + self.raw.problem_count


@dataclass(frozen=True)
class TableParts:
    """All that was found in what was handed over, in its order."""

    found: tuple[TablePart, ...]
    left_out: tuple[LeftOut, ...]

"""One plain file with what its reader needs to make a raw table of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from churnkit.config import IngestSettings, ReadingLimits
from churnkit.ingest.engine import compose, one_row, quote_identifier
from churnkit.ingest.files.column_names import SOURCE_ROW
from churnkit.ingest.files.file_format import FileFormat, RowProblem
from churnkit.ingest.files.growth import Growth
from churnkit.ingest.files.raw_table import PARQUET_OPTIONS, RawTable
from churnkit.ingest.files.unpacking import PlainFile


@dataclass(frozen=True, kw_only=True)
class FileToRead:
    """What is handed to a reader.

    Attributes
    ----------
    plain
        The file, unpacked.
    name
        What to call it in messages.
    folder
        For the raw table and for intermediate files.
    limits
        What is refused before it is read.
    growth
        What packed files came to so far.
    in_memory
        The raw table may be one of the connection instead of a file: it is asked many times and by nobody else.
    """

    plain: PlainFile
    name: str
    folder: Path
    connection: duckdb.DuckDBPyConnection
    settings: IngestSettings
    limits: ReadingLimits
    growth: Growth
    in_memory: bool = False

    def copy(self, select: str, bound: Mapping[str, object], **slots: str) -> int:
        """Write the rows of ``select`` as the raw table; their number. ``{row}`` names the column ``source_row``."""
        statement = compose(
            f"COPY ({select}) TO $target ({{options}})",
            options=PARQUET_OPTIONS,
            row=quote_identifier(SOURCE_ROW),
            **slots,
        )
        (rows,) = one_row(self.connection, statement, {"target": str(self._target), **bound})
        return int(rows)

    def raw_table(
        self,
        columns: tuple[str, ...],
        row_count: int,
        file_format: FileFormat,
        problems: tuple[RowProblem, ...] = (),
        problem_counts: tuple[tuple[str, int], ...] = (),
        table: str = "",
    ) -> RawTable:
        """What :meth:`copy` wrote, or the rows of a ``table``, as a raw table."""
        return RawTable(
            connection=self.connection,
            path=self._target,
            columns=columns,
            row_count=row_count,
            format=file_format,
            problems=problems,
            problem_counts=problem_counts,
            table=table,
        )

    @property
    def _target(self) -> Path:
        return self.folder / "raw.parquet"

"""Any order export -> a raw Parquet table, with what was skipped and what could not be read."""

from __future__ import annotations

from pathlib import Path

import duckdb

from churnkit.config import IngestSettings, ReadingLimits, reading_limits
from churnkit.ingest.files.delimited_text import read_delimited
from churnkit.ingest.files.guard import in_words
from churnkit.ingest.files.parquet_files import read_parquet_file
from churnkit.ingest.files.raw_table import RawTable
from churnkit.ingest.files.unpacking import make_workdir, remove, remove_workdir, unpack
from churnkit.ingest.files.workbooks import read_workbook


def read_raw(
    path: Path,
    workdir: Path,
    connection: duckdb.DuckDBPyConnection,
    settings: IngestSettings,
    limits: ReadingLimits | None = None,
) -> RawTable:
    """Read the file at ``path`` into a Parquet file inside ``workdir``.

    The kind is judged by content, not by the file's name. Memory stays at the connection's limit for text
    and Parquet; a workbook's chosen sheet is held once. What breaks ``limits`` (those of the server unless
    given) is refused before it is read.

    Raises
    ------
    DataError
        The file is missing, empty, above ``settings.max_bytes``, of a kind that is not read, damaged, or
        no table; `churnkit.ingest.files.unpacking` and `churnkit.ingest.files.dialect` list the cases.
    """
    limits = limits or reading_limits()
    with in_words(path):
        folder = make_workdir(workdir)
        try:
            plain = unpack(path, folder, settings.max_bytes, limits)
            if plain.kind == "excel":
                raw = read_workbook(plain, folder, connection, settings, limits, path.name)
            elif plain.kind == "parquet":
                raw = read_parquet_file(plain, folder, connection, limits, path.name)
            else:
                raw = read_delimited(plain, folder, connection, settings, limits, path.name)
        except BaseException:
            remove_workdir(folder)
            raise
        remove(plain)
        return raw

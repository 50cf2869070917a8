"""Any order export -> a raw table, for as long as somebody works on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from churnkit.config import IngestSettings, ReadingLimits, reading_limits
from churnkit.errors import DataError
from churnkit.ingest.engine import connect
from churnkit.ingest.files.delimited_text import read_delimited
from churnkit.ingest.files.file_to_read import FileToRead
from churnkit.ingest.files.guard import in_words
from churnkit.ingest.files.parquet_files import read_parquet_file
from churnkit.ingest.files.raw_table import RawTable
from churnkit.ingest.files.unpacking import make_workdir, remove, remove_workdir, unpack
from churnkit.ingest.files.workbooks import read_workbook


@contextmanager
def opened(path: Path, workdir: Path, settings: IngestSettings) -> Iterator[RawTable]:
    """The raw table of the file at ``path``, in a folder inside ``workdir`` that is gone afterwards.

    Raises
    ------
    DataError
        As for `read_raw`, and where the file has no rows.
    """
    with in_words(path):
        workdir.mkdir(parents=True, exist_ok=True)
        with (
            TemporaryDirectory(dir=workdir, prefix="ingest-") as folder,
            connect(Path(folder)) as connection,
        ):
            raw = read_raw(path, Path(folder), connection, settings)
            if raw.row_count == 0:
                raise DataError(
                    f"Reading {path.name}: it has a header and no rows that can be read.",
                    "Export again with orders in it.",
                )
            yield raw


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
            raw = _read(
                FileToRead(
                    plain=plain,
                    name=path.name,
                    folder=folder,
                    connection=connection,
                    settings=settings,
                    limits=limits,
                )
            )
        except BaseException:
            remove_workdir(folder)
            raise
        remove(plain)
        return raw


def _read(file: FileToRead) -> RawTable:
    if file.plain.kind == "excel":
        return read_workbook(file)
    if file.plain.kind == "parquet":
        return read_parquet_file(file)
    return read_delimited(file)

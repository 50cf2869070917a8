"""Any order export, of one file or several -> a raw table, for as long as somebody works on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from churnkit.config import IngestSettings, ReadingLimits, reading_limits
from churnkit.errors import DataError
from churnkit.ingest.engine import connect
from churnkit.ingest.files.delimited_text import read_delimited
from churnkit.ingest.files.file_to_read import FileToRead
from churnkit.ingest.files.growth import Growth
from churnkit.ingest.files.guard import in_words
from churnkit.ingest.files.joining import joined
from churnkit.ingest.files.parquet_files import read_parquet_file
from churnkit.ingest.files.raw_table import RawTable
from churnkit.ingest.files.refusals import MAX_UNPACKED_FACTOR, SAVE_AS_CSV, NoTableError, check_part_count
from churnkit.ingest.files.table_choice import choose_parts
from churnkit.ingest.files.table_part import TablePart, TableParts
from churnkit.ingest.files.unpacking import (
    LeftOut,
    PlainFile,
    Unpacked,
    make_workdir,
    remove,
    remove_workdir,
    unpack_all,
)
from churnkit.ingest.files.workbooks import read_workbook


@contextmanager
def opened(path: Path | Sequence[Path], workdir: Path, settings: IngestSettings) -> Iterator[RawTable]:
    """The raw table of one file or several, in a folder inside ``workdir`` that is gone afterwards.

    Raises
    ------
    DataError
        As for `read_raw`, and where there are no rows.
    OpenQuestions
        Several sheets or files may be the orders.
    """
    paths = _paths(path)
    with in_words(paths[0]):
        workdir.mkdir(parents=True, exist_ok=True)
        with (
            TemporaryDirectory(dir=workdir, prefix="ingest-") as folder,
            connect(Path(folder)) as connection,
        ):
            raw = read_raw(paths, Path(folder), connection, settings, in_memory=True)
            if raw.row_count == 0:
                raise DataError(
                    f"Reading {paths[0].name}: it has a header and no rows that can be read.",
                    "Export again with orders in it.",
                )
            yield raw


def read_raw(
    path: Path | Sequence[Path],
    workdir: Path,
    connection: duckdb.DuckDBPyConnection,
    settings: IngestSettings,
    limits: ReadingLimits | None = None,
    *,
    in_memory: bool = False,
) -> RawTable:
    """Read one file, or several that are one history, into a Parquet file inside ``workdir``.

    The kind is judged by content, not by the file's name. A zip's files and a workbook's sheets with the same header are
    one table. Memory stays at the connection's limit for text and Parquet; a workbook's sheets are held one at a time.
    What breaks ``limits`` (those of the server unless given) is refused before it is read. With ``in_memory`` a single
    text that is small enough becomes a table of the connection, which is quicker to write and to ask than a file.

    Raises
    ------
    DataError
        A file is missing, empty, above ``settings.max_bytes``, of a kind that is not read, damaged, or
        no table; `churnkit.ingest.files.unpacking` and `churnkit.ingest.files.dialect` list the cases.
    OpenQuestions
        Several sheets or files may be the orders.
    """
    limits = limits or reading_limits()
    paths = _paths(path)
    with in_words(paths[0]):
        folder = make_workdir(workdir)
        try:
            growth = Growth(settings.max_bytes * MAX_UNPACKED_FACTOR, limits)
            unpacked = unpack_all(paths, folder, settings.max_bytes, growth)
            check_part_count(len(unpacked.files), limits, paths[0].name)
            files = [
                FileToRead(
                    plain=plain,
                    name=plain.name,
                    folder=_own_folder(folder, place),
                    connection=connection,
                    settings=settings,
                    limits=limits,
                    growth=growth,
                    in_memory=in_memory and len(unpacked.files) == 1,
                )
                for place, plain in enumerate(unpacked.files)
            ]
            parts = _read_all(files, unpacked)
            check_part_count(len(parts.found), limits, paths[0].name)
            return joined(choose_parts(parts, settings.sheet), folder, limits, paths[0].name)
        except BaseException:
            remove_workdir(folder)
            raise


def _paths(path: Path | Sequence[Path]) -> list[Path]:
    paths = [Path(path)] if isinstance(path, str | Path) else list(path)
    if not paths:
        raise DataError("Reading the orders: no file was named.", "Name one file or several.")
    return paths


def _own_folder(folder: Path, place: int) -> Path:
    own = folder / f"table_{place}"
    own.mkdir()
    return own


def _read_all(files: Sequence[FileToRead], unpacked: Unpacked) -> TableParts:
    found: list[TablePart] = []
    left_out = list(unpacked.left_out)
    is_alone = len(files) == 1
    names = _names([file.plain for file in files])
    for file, name in zip(files, names, strict=True):
        try:
            tables, others = _read(file)
        except NoTableError as error:
            if is_alone and not unpacked.left_out:
                raise
            left_out.append(LeftOut(name, f"is {error.what}"))
            continue
        finally:
            remove(file.plain)
        found += [_part(raw, name, is_alone=is_alone, is_only=len(tables) == 1) for raw in tables]
        left_out += [LeftOut(one if is_alone else f"{name}: {one}", why) for one, why in others]
    if not found:
        listing = "; ".join(f"{name} {why}" for name, why in left_out[:5])
        raise DataError(f"Reading {files[0].name}: none of the files is a table: {listing}.", SAVE_AS_CSV)
    return TableParts(tuple(found), tuple(left_out))


def _part(raw: RawTable, name: str, *, is_alone: bool, is_only: bool) -> TablePart:
    sheet = raw.format.sheet
    if sheet is None:
        return TablePart(name, name, raw, is_sheet=False)
    if is_alone:
        return TablePart(sheet, sheet, raw, is_sheet=True)
    return TablePart(name if is_only else f"{name}: {sheet}", sheet, raw, is_sheet=True)


def _names(files: Sequence[PlainFile]) -> list[str]:
    """Names that tell the files apart."""
    seen: Counter[str] = Counter()
    names = []
    for file in files:
        seen[file.name] += 1
        names.append(file.name if seen[file.name] == 1 else f"{file.name} ({seen[file.name]})")
    return names


def _read(file: FileToRead) -> tuple[list[RawTable], list[LeftOut]]:
    if file.plain.kind == "excel":
        return read_workbook(file)
    if file.plain.kind == "parquet":
        return [read_parquet_file(file)], []
    return [read_delimited(file)], []

"""From the file as it came to a plain file on disk: size limits, kind by content, gzip and zip."""

from __future__ import annotations

import gzip
import lzma
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from churnkit.config import ReadingLimits
from churnkit.errors import DataError
from churnkit.ingest.files.raw_table import FileKind
from churnkit.text import figures
from churnkit.text.figures import count, size

# Order exports shrink five- to fifteenfold; what grows by more than this is not an export.
MAX_UNPACKED_FACTOR = 10

READABLE = "a CSV, tab-, semicolon- or pipe-separated text file, an Excel .xlsx workbook or a Parquet file"
SAVE_AS_CSV = "Export the orders again as CSV, .xlsx or Parquet."

_CHUNK_BYTES = 1 << 20
_HEAD_BYTES = 1 << 16
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"ARROW1", "an Arrow file"),
    (b"Obj\x01", "an Avro file"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a rich-text document"),
)


@dataclass(frozen=True)
class PlainFile:
    """A file that is not packed: ``is_temporary`` says that it may be deleted once it is read."""

    path: Path
    kind: FileKind
    compression: Literal["gzip", "zip"] | None
    is_temporary: bool


def unpack(path: Path, workdir: Path, max_bytes: int, limits: ReadingLimits) -> PlainFile:
    """Check the file's size and kind, and unpack it into ``workdir`` if it is packed.

    Raises
    ------
    DataError
        The file is missing, a folder, empty, above ``max_bytes``, of a kind that is not read, damaged,
        encrypted, packed twice, or unpacks to more than ``max_bytes * MAX_UNPACKED_FACTOR`` or than
        ``limits.max_ratio`` times its size.
    """
    _check_size(path, max_bytes)
    kind = _kind_of(path, path.name)
    if kind != "gzip" and kind != "zip":
        return PlainFile(path, kind, None, is_temporary=False)
    target = workdir / "unpacked"
    limit = max_bytes * MAX_UNPACKED_FACTOR
    if kind == "gzip":
        inner_name = path.name.removesuffix(".gz")
        _gunzip(path, target, limit, limits)
    else:
        inner_name = _unzip_only_member(path, target, limit, limits)
    if target.stat().st_size == 0:
        raise DataError(f"Opening {path.name}: it holds an empty file.", SAVE_AS_CSV)
    inner_kind = _kind_of(target, inner_name)
    if inner_kind == "gzip" or inner_kind == "zip":
        raise DataError(
            f"Opening {path.name}: it holds {inner_name}, which is packed once more.",
            "Unpack it first and hand over the file inside.",
        )
    return PlainFile(target, inner_kind, kind, is_temporary=True)


def _check_size(path: Path, max_bytes: int) -> None:
    if not path.exists():
        raise DataError(f"Opening {path}: there is no such file.", "Check the path and its spelling.")
    if path.is_dir():
        raise DataError(f"Opening {path}: this is a folder.", "Hand over the one file with the orders in it.")
    size = path.stat().st_size
    if size == 0:
        raise DataError(f"Opening {path.name}: the file is empty (0 bytes).", SAVE_AS_CSV)
    if size > max_bytes:
        raise DataError(
            f"Opening {path.name}: it is {figures.size(size)}, the limit is {figures.size(max_bytes)}.",
            "Export a shorter period or fewer columns, pack it with gzip, or raise the limit max_bytes.",
        )


def _kind_of(path: Path, name: str) -> Literal["delimited", "excel", "parquet", "gzip", "zip"]:
    """The kind by content, whatever the file is called; text of any sort is "delimited"."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "excel" if is_workbook(path, name) else "zip"
    if head.startswith(OLE):
        raise _ole_error(path, name)
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise _foreign_error(name, what)
    if head[:3] == b"BZh" and head[4:10] == b"1AY&SY":
        raise _foreign_error(name, "a bzip2 archive")
    if head[8:12] == b"DUCK":
        raise _foreign_error(name, "a DuckDB database")
    if head[257:262] == b"ustar":
        raise _foreign_error(name, "a tar archive")
    return "delimited"


def _foreign_error(name: str, what: str) -> DataError:
    return DataError(f"Opening {name}: it must be {READABLE}, but it is {what}.", SAVE_AS_CSV)


def _ole_error(path: Path, name: str) -> DataError:
    if _ENCRYPTED_STREAM in path.read_bytes():
        return DataError(
            f"Opening {name}: the workbook is encrypted with a password.",
            "Open it in Excel, remove the password and save it again as .xlsx.",
        )
    return DataError(
        f"Opening {name}: it is an old binary Office file (.xls), which is not read.",
        "Open it in Excel or LibreOffice and save it as .xlsx or CSV.",
    )


def open_zip(source: Path | IO[bytes], name: str) -> zipfile.ZipFile:
    """The archive, opened for reading; a DataError where it is none."""
    try:
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise damaged_error(name, "zip archive or .xlsx workbook", error) from error


def damaged_error(name: str, what: str, error: Exception) -> DataError:
    """An archive that cannot be unpacked; ``what`` says of which kind."""
    return DataError(
        f"Opening {name}: the {what} is damaged or was cut off ({error}).",
        "Download or copy it again, and check that its size is that of the original.",
    )


def is_workbook(source: Path | IO[bytes], name: str) -> bool:
    """Whether the archive is an .xlsx workbook; a DataError where it is another office document."""
    with open_zip(source, name) as archive:
        members = archive.namelist()
        if "mimetype" in members and "content.xml" in members:
            raise _foreign_error(name, "an OpenDocument file (.ods)")
        if "[Content_Types].xml" not in members:
            return False
        if not any(member.startswith("xl/") for member in members):
            raise _foreign_error(name, "an Office document without sheets")
        if any(member.casefold() == "xl/workbook.bin" for member in members):
            raise _foreign_error(name, "a binary .xlsb workbook")
    return True


def check_members(
    members: Sequence[zipfile.ZipInfo], max_bytes: int, limits: ReadingLimits, name: str
) -> None:
    """Refuse an archive by what its directory says; what comes out of it is counted as well.

    Raises
    ------
    DataError
        There are more members than ``limits.max_members``, or they unpack to more than ``max_bytes``.
    """
    if len(members) > limits.max_members:
        raise DataError(
            f"Opening {name}: an archive may hold {count(limits.max_members)} files at most, this one holds"
            f" {count(len(members))}.",
            "Hand over the one file with the orders in it.",
        )
    if sum(member.file_size for member in members) > max_bytes:
        raise too_large_error(name, max_bytes)


def check_table_size(rows: int, columns: int, limits: ReadingLimits, name: str) -> None:
    """Refuse a text or Parquet file by the rows and columns that were counted in it.

    Raises
    ------
    DataError
        There are more columns, rows or cells than ``limits`` allow.
    """
    if columns > limits.max_columns:
        raise DataError(
            f"Reading {name}: {count(columns)} columns were found, {count(limits.max_columns)} are the limit.",
            "Export one row per order or order line, with the orders' fields as columns.",
        )
    if rows > limits.max_rows or rows * columns > limits.max_cells:
        raise DataError(
            f"Reading {name}: {count(rows)} rows of {count(columns)} columns were counted; {count(limits.max_rows)} rows and"
            f" {count(limits.max_cells)} cells are the limits.",
            "Export a shorter period or fewer columns.",
        )


def too_large_error(name: str, limit: int) -> DataError:
    """An archive that unpacks to more than ``limit`` bytes."""
    return DataError(
        f"Unpacking {name}: it grows beyond {size(limit)},"
        f" which is {MAX_UNPACKED_FACTOR} times the limit for a file.",
        "Export a shorter period or fewer columns, or raise the limit max_bytes.",
    )


def ratio_error(name: str, limits: ReadingLimits) -> DataError:
    """An archive that unpacks to too many times its size."""
    return DataError(
        f"Unpacking {name}: it grows to more than {limits.max_ratio} times its size, as no export of orders does.",
        f"Unpack it and look at what it holds. {SAVE_AS_CSV}",
    )


def _copy_limited(
    source: IO[bytes] | gzip.GzipFile,
    target: Path,
    packed: int,
    max_bytes: int,
    limits: ReadingLimits,
    name: str,
) -> None:
    written = 0
    with target.open("wb") as sink:
        while chunk := source.read(_CHUNK_BYTES):
            written += len(chunk)
            if written > max_bytes:
                raise too_large_error(name, max_bytes)
            if written > max(limits.free_bytes, limits.max_ratio * packed):
                raise ratio_error(name, limits)
            sink.write(chunk)


def _gunzip(path: Path, target: Path, max_bytes: int, limits: ReadingLimits) -> None:
    try:
        with gzip.open(path, "rb") as source:
            _copy_limited(source, target, path.stat().st_size, max_bytes, limits, path.name)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise damaged_error(path.name, "gzip file", error) from error


def _is_clutter(member: str) -> bool:
    """What Finder and Explorer add to an archive on their own."""
    parts = PurePosixPath(member).parts
    if parts in ((), ("/",)):
        return True
    return parts[0] == "__MACOSX" or parts[-1].startswith("._") or parts[-1] in (".DS_Store", "Thumbs.db")


def _unzip_only_member(path: Path, target: Path, max_bytes: int, limits: ReadingLimits) -> str:
    with open_zip(path, path.name) as archive:
        check_members(archive.infolist(), max_bytes, limits, path.name)
        members = [
            member
            for member in archive.infolist()
            if not member.is_dir() and not _is_clutter(member.filename)
        ]
        if not members:
            raise DataError(f"Opening {path.name}: there is no file in the zip archive.", SAVE_AS_CSV)
        if len(members) > 1:
            names = ", ".join(member.filename for member in members[:5])
            more = f" and {len(members) - 5} more" if len(members) > 5 else ""
            raise DataError(
                f"Opening {path.name}: a zip archive must hold one file, this one holds {len(members)}:"
                f" {names}{more}.",
                "Unpack it and hand over the file with the orders.",
            )
        member = members[0]
        if member.flag_bits & 0x1:
            raise DataError(
                f"Opening {path.name}: {member.filename} in it is encrypted with a password.",
                "Unpack it with the password and hand over the file inside.",
            )
        try:
            with archive.open(member) as source:
                _copy_limited(source, target, path.stat().st_size, max_bytes, limits, path.name)
        except (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError) as error:
            raise damaged_error(path.name, "zip archive", error) from error
        except NotImplementedError as error:
            raise DataError(
                f"Opening {path.name}: {member.filename} is packed in a way that is not read ({error}).",
                "Unpack it and hand over the file inside.",
            ) from error
    return member.filename


def remove(plain: PlainFile) -> None:
    """Delete the unpacked copy; the user's own file stays."""
    if plain.is_temporary:
        plain.path.unlink(missing_ok=True)


def make_workdir(workdir: Path) -> Path:
    """A fresh folder inside ``workdir``, so that two files read into the same folder never meet."""
    workdir.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        folder = workdir / f"raw_{number}"
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        else:
            return folder


def remove_workdir(folder: Path) -> None:
    """Delete a folder made by `make_workdir` after a failure."""
    shutil.rmtree(folder, ignore_errors=True)

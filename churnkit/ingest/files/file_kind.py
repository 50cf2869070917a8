"""What a file is, judged by its bytes and never by its name."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO, Literal

from churnkit.errors import DataError
from churnkit.ingest.files.refusals import READABLE, SAVE_AS_CSV, NoTableError, damaged_error

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEAD_BYTES = 1 << 16
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
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
_NO_SHEETS = "an Office document without sheets"
_PAPER = (
    "a PDF document",
    "a PNG picture",
    "a JPEG picture",
    "a GIF picture",
    "a rich-text document",
    _NO_SHEETS,
)


def kind_of(path: Path, name: str) -> Literal["delimited", "excel", "parquet", "gzip", "zip"]:
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
    message = f"Opening {name}: it must be {READABLE}, but it is {what}."
    # An archive, a database or another office's sheet may hold orders and is never passed over.
    return NoTableError(message, SAVE_AS_CSV, what) if what in _PAPER else DataError(message, SAVE_AS_CSV)


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


def is_workbook(source: Path | IO[bytes], name: str) -> bool:
    """Whether the archive is an .xlsx workbook; a DataError where it is another office document."""
    with open_zip(source, name) as archive:
        members = archive.namelist()
        if "mimetype" in members and "content.xml" in members:
            raise _foreign_error(name, "an OpenDocument file (.ods)")
        if "[Content_Types].xml" not in members:
            return False
        if not any(member.startswith("xl/") for member in members):
            raise _foreign_error(name, _NO_SHEETS)
        if any(member.casefold() == "xl/workbook.bin" for member in members):
            raise _foreign_error(name, "a binary .xlsb workbook")
    return True


def open_zip(source: Path | IO[bytes], name: str) -> zipfile.ZipFile:
    """The archive, opened for reading; a DataError where it is none."""
    try:
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise damaged_error(name, "zip archive or .xlsx workbook", error) from error

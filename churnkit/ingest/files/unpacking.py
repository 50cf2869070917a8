"""From the file as it came to a plain file on disk: its size, gzip and zip."""

from __future__ import annotations

import gzip
import lzma
import shutil
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from churnkit.config import ReadingLimits
from churnkit.errors import DataError
from churnkit.ingest.files.file_format import FileKind
from churnkit.ingest.files.file_kind import kind_of, open_zip
from churnkit.ingest.files.refusals import (
    MAX_UNPACKED_FACTOR,
    SAVE_AS_CSV,
    check_members,
    damaged_error,
    ratio_error,
    too_large_error,
)
from churnkit.text import figures

_CHUNK_BYTES = 1 << 20


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
    kind = kind_of(path, path.name)
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
    inner_kind = kind_of(target, inner_name)
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

"""The files inside a zip archive, unpacked one by one under one count of bytes."""

from __future__ import annotations

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from churnkit.errors import DataError
from churnkit.ingest.files.file_kind import open_zip
from churnkit.ingest.files.growth import ArchiveGrowth, Growth
from churnkit.ingest.files.refusals import SAVE_AS_CSV, check_members, damaged_error

BUNDLE_MARK = b"churnkit bundle 1"
"""Comment of an archive that was made of several uploads: each of its members is a file that somebody handed over."""

_CHUNK_BYTES = 1 << 20


def is_bundle(path: Path, name: str) -> bool:
    """Whether the archive is one of several uploads."""
    with open_zip(path, name) as archive:
        return archive.comment == BUNDLE_MARK


def unzip(path: Path, folder: Path, name: str, growth: Growth) -> Iterator[tuple[str, Path]]:
    """Each member's name and its unpacked copy in ``folder``; what Finder and Explorer add is passed over.

    Raises
    ------
    DataError
        The archive holds no file, is damaged, has too many members or grows too much, or a member is encrypted or packed
        in an unknown way.
    """
    with open_zip(path, name) as archive:
        check_members(archive.infolist(), growth.max_bytes, growth.limits, name)
        members = [
            member
            for member in archive.infolist()
            if not member.is_dir() and not _is_clutter(member.filename)
        ]
        if not members:
            raise DataError(f"Opening {name}: there is no file in the zip archive.", SAVE_AS_CSV)
        grown = ArchiveGrowth(name, path.stat().st_size, growth)
        for place, member in enumerate(members):
            target = folder / f"member_{place}"
            _unzip_member(archive, member, target, grown)
            yield member.filename, target


def copy_counted(source: IO[bytes] | gzip.GzipFile, target: Path, growth: ArchiveGrowth) -> None:
    """Write what comes out of an archive, never more than it may grow to."""
    with target.open("wb") as sink:
        while chunk := source.read(_CHUNK_BYTES):
            growth.add(len(chunk))
            sink.write(chunk)


def _unzip_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, growth: ArchiveGrowth
) -> None:
    name = growth.name
    if member.flag_bits & 0x1:
        raise DataError(
            f"Opening {name}: {member.filename} in it is encrypted with a password.",
            "Unpack it with the password and hand over the file inside.",
        )
    try:
        with archive.open(member) as source:
            copy_counted(source, target, growth)
    except (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError) as error:
        raise damaged_error(name, "zip archive", error) from error
    except NotImplementedError as error:
        raise DataError(
            f"Opening {name}: {member.filename} is packed in a way that is not read ({error}).",
            "Unpack it and hand over the file inside.",
        ) from error


def _is_clutter(member: str) -> bool:
    """What Finder and Explorer add to an archive on their own."""
    parts = PurePosixPath(member).parts
    if parts in ((), ("/",)):
        return True
    return parts[0] == "__MACOSX" or parts[-1].startswith("._") or parts[-1] in (".DS_Store", "Thumbs.db")

"""From what was handed over to plain files on disk: sizes, gzip, zip, several files at once."""

from __future__ import annotations

import gzip
import shutil
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

from churnkit.errors import DataError
from churnkit.ingest.files.file_format import FileKind
from churnkit.ingest.files.file_kind import kind_of
from churnkit.ingest.files.growth import ArchiveGrowth, Growth
from churnkit.ingest.files.refusals import RAISE_MAX_BYTES, SAVE_AS_CSV, NoTableError, damaged_error
from churnkit.ingest.files.zip_archives import copy_counted, is_bundle, unzip
from churnkit.text import figures


@dataclass(frozen=True)
class PlainFile:
    """A file that is not packed.

    Attributes
    ----------
    is_temporary
        Whether it may be deleted once it is read.
    name
        What to call it in messages.
    """

    path: Path
    kind: FileKind
    compression: Literal["gzip", "zip"] | None
    is_temporary: bool
    name: str


class LeftOut(NamedTuple):
    """A file or sheet that is no table of orders: ``readme.txt``, ``is a PDF document``."""

    name: str
    why: str


@dataclass
class Unpacked:
    """Plain files in the order in which they were handed over, and what was left out among them."""

    files: list[PlainFile] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def unpack_all(paths: Sequence[Path], workdir: Path, max_bytes: int, growth: Growth) -> Unpacked:
    """Check sizes and kinds, and unpack into ``workdir`` what is packed.

    Parameters
    ----------
    max_bytes
        What the files as they were handed over may come to, all together.

    Raises
    ------
    DataError
        A file is missing, a folder, empty, of a kind that is not read, damaged, encrypted, packed twice, or all of them
        come to more than ``max_bytes``, or unpack to more than ``growth`` allows.
    """
    found = Unpacked()
    _check_sizes(paths, max_bytes)
    for place, path in enumerate(paths):
        folder = workdir / f"file_{place}"
        folder.mkdir()
        for name, one in _handed_over(path, folder, growth):
            _add(found, one, name, folder, growth, is_alone=len(paths) == 1 and one == path)
    if not found.files:
        listing = "; ".join(f"{name} {why}" for name, why in found.left_out[:5])
        raise DataError(f"Opening {paths[0].name}: none of its files is a table: {listing}.", SAVE_AS_CSV)
    return found


def _handed_over(path: Path, folder: Path, growth: Growth) -> Iterator[tuple[str, Path]]:
    """The file itself, or each of several that were uploaded together."""
    if kind_of(path, path.name) == "zip" and is_bundle(path, path.name):
        for member, unpacked in unzip(path, folder, path.name, growth):
            yield PurePosixPath(member).name, unpacked
    else:
        yield path.name, path


def _add(found: Unpacked, path: Path, name: str, folder: Path, growth: Growth, *, is_alone: bool) -> None:
    try:
        kind = kind_of(path, name)
        if kind == "gzip":
            target = folder / f"{path.name}_plain"
            _gunzip(path, target, name, growth)
            _add_inner(found, target, name.removesuffix(".gz"), name, "gzip")
        elif kind == "zip":
            inside = folder / f"{path.name}_members"
            inside.mkdir()
            members = list(unzip(path, inside, name, growth))
            for member, target in members:
                _add_member(found, target, member, name, is_only=len(members) == 1)
        else:
            found.files.append(PlainFile(path, kind, None, is_temporary=False, name=name))
    except NoTableError as error:
        if is_alone:
            raise
        found.left_out.append(LeftOut(name, f"is {error.what}"))


def _add_member(found: Unpacked, target: Path, member: str, archive: str, *, is_only: bool) -> None:
    """One file of a zip archive; papers and empty files beside others are left out."""
    if is_only:
        _add_inner(found, target, member, archive, "zip", called=archive)
    elif target.stat().st_size == 0:
        found.left_out.append(LeftOut(member, "is empty"))
    else:
        try:
            _add_inner(found, target, member, archive, "zip")
        except NoTableError as error:
            found.left_out.append(LeftOut(member, f"is {error.what}"))


def _add_inner(
    found: Unpacked, target: Path, inner: str, outer: str, packed: Literal["gzip", "zip"], called: str = ""
) -> None:
    if target.stat().st_size == 0:
        raise DataError(f"Opening {outer}: it holds an empty file.", SAVE_AS_CSV)
    kind = kind_of(target, inner)
    if kind == "gzip" or kind == "zip":
        raise DataError(
            f"Opening {outer}: it holds {inner}, which is packed once more.",
            "Unpack it first and hand over the files inside.",
        )
    name = called or (outer if packed == "gzip" else inner)
    found.files.append(PlainFile(target, kind, packed, is_temporary=True, name=name))


def _check_sizes(paths: Sequence[Path], max_bytes: int) -> None:
    total = 0
    for path in paths:
        if not path.exists():
            raise DataError(f"Opening {path}: there is no such file.", "Check the path and its spelling.")
        if path.is_dir():
            raise DataError(
                f"Opening {path}: this is a folder.", "Hand over the files with the orders, or a zip of them."
            )
        size = path.stat().st_size
        if size == 0:
            raise DataError(f"Opening {path.name}: the file is empty (0 bytes).", SAVE_AS_CSV)
        total += size
        if total > max_bytes:
            what = "it is" if len(paths) == 1 else "the files up to it are"
            raise DataError(
                f"Opening {path.name}: {what} {figures.size(total)}, the limit is {figures.size(max_bytes)}.",
                f"Export a shorter period or fewer columns, pack it with gzip, or {RAISE_MAX_BYTES}.",
            )


def _gunzip(path: Path, target: Path, name: str, growth: Growth) -> None:
    try:
        with gzip.open(path, "rb") as source:
            copy_counted(source, target, ArchiveGrowth(name, path.stat().st_size, growth))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise damaged_error(name, "gzip file", error) from error


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

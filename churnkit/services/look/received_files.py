"""Files that users hand over: on disk under names of our own, and on record."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from churnkit.errors import DataError, disk_failures
from churnkit.services.look.packed_uploads import pack_files
from churnkit.store import Store, Upload
from churnkit.text.figures import count, counted

MEGABYTE = 1_000_000
CHUNK_BYTES = 1 << 20
PARTIAL = ".part"
_SUFFIXES = (".csv", ".tsv", ".txt", ".gz", ".zip", ".xlsx", ".xls", ".parquet")
_LABEL_LENGTH = 200
_NAME = re.compile(
    rf"[0-9a-f]{{32}}({'|'.join(map(re.escape, (*_SUFFIXES, '.data')))})({re.escape(PARTIAL)})?"
)


def receive_upload(
    store: Store, stream: BinaryIO, filename: str, folder: Path, *, max_bytes: int, user_id: str | None = None
) -> Upload:
    """Copy a stream into ``folder`` in pieces and record it; a file that is refused or breaks off leaves nothing.

    The user's ``filename`` is kept as a label only: it never becomes part of a path.

    Raises
    ------
    DataError
        The file is empty, or larger than ``max_bytes``.
    DiskError
        The disk is full, or the folder cannot be written.
    """
    label = _label(filename)

    def write(partial: Path) -> tuple[int, str]:
        return _copy(stream, partial, label, max_bytes)

    return _received(store, label, folder / f"{uuid.uuid4().hex}{known_suffix(filename)}", write, user_id)


def adopt_upload(
    store: Store, path: Path, filename: str, folder: Path, *, max_bytes: int, sha256: str | None = None
) -> Upload:
    """Record a finished file that lies on the disk of ``folder``: it is moved there, not copied.

    Parameters
    ----------
    path
        Gone afterwards, also where the file is refused.
    sha256
        Of its bytes, in hexadecimal digits; worked out unless it is known from writing them.

    Raises
    ------
    DataError
        The file is empty, or larger than ``max_bytes``.
    DiskError
        The folder cannot be written.
    """
    label = _label(filename)

    def write(partial: Path) -> tuple[int, str]:
        size = path.stat().st_size
        if not size:
            raise _empty(label)
        if size > max_bytes:
            raise _too_large(label, max_bytes)
        path.replace(partial)
        if sha256 is not None:
            return size, sha256
        with partial.open("rb") as file:
            return size, hashlib.file_digest(file, "sha256").hexdigest()

    try:
        return _received(store, label, folder / f"{uuid.uuid4().hex}{known_suffix(filename)}", write, None)
    finally:
        _forget(path)


def receive_uploads(
    store: Store, files: Sequence[tuple[BinaryIO, str]], folder: Path, *, max_bytes: int
) -> Upload:
    """Keep several streams with their names as one upload, which is read as one table; one alone as it is.

    Raises
    ------
    DataError
        A file is empty, or all of them are larger than ``max_bytes``.
    DiskError
        The disk is full, or the folder cannot be written.
    """
    if len(files) == 1:
        ((stream, name),) = files
        return receive_upload(store, stream, name, folder, max_bytes=max_bytes)
    ordered = sorted(files, key=lambda file: file[1])
    for stream, name in ordered:
        if not stream.read(1):
            raise _empty(_label(name))
        stream.seek(0)

    def write(partial: Path) -> tuple[int, str]:
        pack_files(ordered, partial, max_bytes)
        with partial.open("rb") as packed:
            return partial.stat().st_size, hashlib.file_digest(packed, "sha256").hexdigest()

    label = f"{_label(ordered[0][1])} and {counted(len(files) - 1, 'more file')}"
    return _received(store, label, folder / f"{uuid.uuid4().hex}.zip", write, None)


def _received(
    store: Store, label: str, target: Path, write: Callable[[Path], tuple[int, str]], user_id: str | None
) -> Upload:
    """Put a file on disk and on record; ``write`` says its size and the digest of its bytes."""
    partial = target.with_name(target.name + PARTIAL)
    try:
        with disk_failures(f"Receiving {label}"):
            target.parent.mkdir(parents=True, exist_ok=True)
            size, digest = write(partial)
            partial.replace(target)
    finally:
        _forget(partial)
    try:
        return store.uploads.add(
            filename=label,
            file_path=target,
            file_size_bytes=size,
            uploaded_at=datetime.now(UTC),
            user_id=user_id,
            sha256=digest,
        )
    except BaseException:
        _forget(target)
        raise


def is_upload_name(name: str) -> bool:
    """Whether ``name`` is one that :func:`receive_upload` gives, to a complete file or to one under way."""
    return _NAME.fullmatch(name) is not None


def known_suffix(filename: str) -> str:
    """The ending by which readers know the format; ``.data`` for any other."""
    suffix = Path(filename).suffix.lower()
    return suffix if suffix in _SUFFIXES else ".data"


def _forget(path: Path) -> None:
    # What cannot be removed now has no row, and goes with the other leftovers.
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _copy(stream: BinaryIO, target: Path, label: str, max_bytes: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with target.open("wb") as file:
        while chunk := stream.read(CHUNK_BYTES):
            size += len(chunk)
            if size > max_bytes:
                raise _too_large(label, max_bytes)
            digest.update(chunk)
            file.write(chunk)
    if not size:
        raise _empty(label)
    return size, digest.hexdigest()


def _too_large(label: str, max_bytes: int) -> DataError:
    return DataError(
        f"Receiving {label}: a file may have {count(max_bytes / MEGABYTE)} MB at most, this one has more.",
        "Export a shorter period, leave columns out, zip the file, or have the limit raised: CHURNKIT_MAX_BYTES of the"
        " server.",
    )


def _empty(label: str) -> DataError:
    return DataError(f"Receiving {label}: the file is empty.", "Export it again and upload the new file.")


def _label(filename: str) -> str:
    """The last part of a name from any system, in one line."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter for letter in last if letter.isprintable()).strip()
    return plain[-_LABEL_LENGTH:] or "upload"

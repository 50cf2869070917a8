"""Addresses of object storage: told from paths, and worked on where an engine has no means of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from churnkit.errors import JobError

if TYPE_CHECKING:
    from pyarrow import fs

_S3A = re.compile(r"s3[an]://")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def is_address(place: str) -> bool:
    """Whether it is none of a file system: a single letter is a drive.

    Examples
    --------
    >>> is_address("s3://shop/scores"), is_address("C://scores"), is_address("scores")
    (True, False, False)
    """
    return _ADDRESS.match(place) is not None


def below(place: str, name: str) -> str:
    """What is called ``name`` in a folder or at an address, before its settings.

    Examples
    --------
    >>> below("s3://shop/scores/?region=eu-central-1", "customers")
    's3://shop/scores/customers?region=eu-central-1'
    """
    path, mark, settings = place.partition("?") if is_address(place) else (place, "", "")
    return f"{path.rstrip('/')}/{name}{mark}{settings}"


def opened(address: str) -> tuple[fs.FileSystem, str]:
    """Arrow's file system of an address, with credentials by its own means, and the path in it.

    Raises
    ------
    JobError
        Arrow knows no such address.
    """
    import pyarrow as pa
    from pyarrow import fs

    try:
        # Hadoop's name for the same.
        filesystem, path = fs.FileSystem.from_uri(_S3A.sub("s3://", address))
    except (pa.ArrowException, ValueError, OSError) as error:
        raise JobError(f"Opening {address.partition('?')[0]}: it cannot be opened ({error}).") from error
    return filesystem, path.rstrip("/")


def has_files(address: str) -> bool:
    """Whether anything lies at or below an address."""
    from pyarrow import fs

    filesystem, path = opened(address)
    with _failing(address):
        if filesystem.get_file_info(path).type == fs.FileType.File:
            return True
        found = filesystem.get_file_info(fs.FileSelector(path, allow_not_found=True, recursive=True))
        return any(one.type == fs.FileType.File for one in found)


def remove(address: str) -> None:
    """Everything below an address, if there is anything."""
    from pyarrow import fs

    filesystem, path = opened(address)
    with _failing(address):
        if filesystem.get_file_info(path).type == fs.FileType.Directory:
            filesystem.delete_dir(path)


def write_bytes(content: bytes, address: str) -> None:
    """A file at an address; it appears whole."""
    filesystem, path = opened(address)
    with _failing(address), filesystem.open_output_stream(path) as stream:
        stream.write(content)


@contextmanager
def _failing(address: str) -> Iterator[None]:
    """Say in words what the storage refuses."""
    try:
        yield
    except OSError as error:
        raise JobError(
            f"Working at {address.partition('?')[0]}: the storage refuses ({error}).",
            "See that the machine's credentials may read, write and remove there.",
        ) from error

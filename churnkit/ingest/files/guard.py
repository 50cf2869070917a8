"""One guard around every reader: whatever a library raises on a file becomes a DataError in words."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from churnkit.errors import ChurnkitError, DataError

_log = logging.getLogger(__name__)

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_NO_SPACE = ("no space left", "disk quota exceeded", "file too large", "max_temp_directory_size")
_NO_PERMISSION = ("permission denied", "read-only file system", "operation not permitted")
_MAGIC = (
    (b"PAR1", "Parquet file"),
    (b"PK", "workbook or zip archive"),
    (b"\x1f\x8b", "gzip file"),
)


@contextmanager
def in_words(path: Path, kind: str | None = None) -> Iterator[None]:
    """Run a reader of the file at ``path``; the original of what it raises goes to the log.

    Parameters
    ----------
    kind
        What the file is, for the message; by its first bytes unless given.

    Raises
    ------
    DataError
        In place of anything that is no `ChurnkitError`; stopping the process passes.
    """
    try:
        yield
    except (ChurnkitError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    # A panic inside of a reader in Rust is a BaseException and nothing more.
    except BaseException as error:
        _log.warning("Reading %s failed", path.name, exc_info=error)
        raise explained(error, path.name, kind or kind_words(path)) from error


def explained(error: BaseException, name: str, kind: str) -> DataError:
    """What a reader raised, as the error for a user; ``kind`` says what was being read."""
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException) and not _says(error, _NO_SPACE):
        return DataError(
            f"Reading {name}: this {kind} needs more memory than the reader may take.",
            "Export a shorter period or fewer columns, or hand over CSV, which is read piece by piece.",
        )
    if _is(error, _FULL, _NO_SPACE):
        return DataError(
            f"Reading {name}: the disk for intermediate files must have room, but it is full.",
            "Free some space in the data folder and try again; the file itself may be sound.",
        )
    if isinstance(error, FileNotFoundError):
        return DataError(
            f"Reading {name}: the file, or one that was made from it, is no longer there"
            f" ({Path(str(error.filename or name)).name}).",
            "Upload it again.",
        )
    if _is(error, _FORBIDDEN, _NO_PERMISSION):
        where = f" ({error.filename})" if isinstance(error, OSError) and error.filename else ""
        return DataError(
            f"Reading {name}: the file must be readable and the folder for intermediate files writable, but"
            f" permission was denied{where}.",
            "Let the user that runs churnkit read the file and write in its data folder.",
        )
    return DataError(
        f"Reading {name}: this {kind} is damaged, cut off or not written as its format asks"
        f" ({type(error).__name__}: {_first_line(error)}).",
        "Download it or export it again, and check that its size is that of the original; CSV is read most surely.",
    )


def kind_words(path: Path) -> str:
    """What the first bytes of the file make of it; ``file`` where it cannot be opened."""
    try:
        with path.open("rb") as stream:
            head = stream.read(4)
    except OSError:
        return "file"
    return next((what for magic, what in _MAGIC if head.startswith(magic)), "text file")


def _is(error: BaseException, numbers: tuple[int, ...], words: tuple[str, ...]) -> bool:
    if isinstance(error, OSError):
        return error.errno in numbers
    return isinstance(error, duckdb.Error) and _says(error, words)


def _says(error: BaseException, words: tuple[str, ...]) -> bool:
    text = str(error).lower()
    return any(word in text for word in words)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else "no reason given"

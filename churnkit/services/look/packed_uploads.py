"""Several uploads as the one file that the store keeps: nothing of them is opened here."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from churnkit.config import MEGABYTE
from churnkit.errors import DataError
from churnkit.text.figures import count

BUNDLE_MARK = b"churnkit bundle 1"
"""Comment of the archive: a reader takes each member for a file that was handed over, packed or not."""

_CHUNK_BYTES = 1 << 20
_UNSAFE = re.compile(r"[^\w .()+-]")


def pack_files(files: Sequence[tuple[BinaryIO, str]], target: Path, max_bytes: int) -> Path:
    """Write the files into one archive as they are, uncompressed; the archive's path.

    Parameters
    ----------
    files
        Streams with the names of their files.
    max_bytes
        What they may come to, all together.

    Raises
    ------
    DataError
        They are more than ``max_bytes``; no archive stays.
    """
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            archive.comment = BUNDLE_MARK
            written = 0
            for place, (stream, name) in enumerate(files, start=1):
                # The number keeps two files of one name apart, and every name from being read as a path or a format's mark.
                with archive.open(f"{place}/{_plain(name)}", "w", force_zip64=True) as sink:
                    while chunk := stream.read(_CHUNK_BYTES):
                        written += len(chunk)
                        if written > max_bytes:
                            raise _too_large(max_bytes)
                        sink.write(chunk)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


def _plain(name: str) -> str:
    base = name.replace("\\", "/").rpartition("/")[2]
    return _UNSAFE.sub("_", base)[-150:].strip(" .") or "file"


def _too_large(max_bytes: int) -> DataError:
    return DataError(
        f"Receiving the files: together they may have {count(max_bytes / MEGABYTE)} MB at most, they have more.",
        "Export a shorter period, or have the limit raised: CHURNKIT_MAX_BYTES of the server.",
    )

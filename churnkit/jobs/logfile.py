"""A worker's log with a limit: its beginning and its end stay."""

from __future__ import annotations

import os
from pathlib import Path

from churnkit.text.figures import count

LIMIT_BYTES = 2_000_000
_KEPT_BYTES = LIMIT_BYTES // 8


def cut_log(path: Path) -> int:
    """Cut the middle out of a log that is too long, and say so there; the number of bytes cut.

    A process that appends to the file meanwhile goes on at its new end.
    """
    try:
        size = path.lstat().st_size
    except FileNotFoundError:
        return 0
    if size <= LIMIT_BYTES:
        return 0
    with path.open("r+b", buffering=0) as file:
        file.seek(size - _KEPT_BYTES)
        end = file.read(_KEPT_BYTES)
        cut = size - 2 * _KEPT_BYTES
        file.seek(_KEPT_BYTES)
        file.write(f"\n[… {count(cut)} bytes cut: a log may have {count(LIMIT_BYTES)} …]\n".encode() + end)
        os.ftruncate(file.fileno(), file.tell())
    return cut

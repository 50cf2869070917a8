"""Whether the server can do its work now: its store answers, and its disk has room."""

from __future__ import annotations

import shutil
from pathlib import Path

from churnkit.config import max_file_bytes
from churnkit.errors import DiskError, disk_failures
from churnkit.store import Store


def require_ready(store: Store, folder: Path) -> None:
    """See that the store answers and that the data folder has room for an upload of the largest size.

    Raises
    ------
    StoreError
        The store does not answer.
    DiskError
        The disk has less room than that.
    """
    store.overview.tenants()
    with disk_failures("looking at the disk"):
        free = shutil.disk_usage(folder).free
    if free < max_file_bytes():
        raise DiskError(
            f"Looking at the disk: the data folder must have room for {max_file_bytes() // 1_000_000} MB,"
            f" found {free // 1_000_000} MB.",
            "Make room, or lower CHURNKIT_MAX_BYTES.",
        )

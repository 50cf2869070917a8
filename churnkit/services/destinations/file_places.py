"""Scores as CSV files: in object storage, or in a folder of the server."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from churnkit.config import EXPORTS_FOLDER, exports_folder
from churnkit.errors import ChurnkitError, SettingsError
from churnkit.outgoing.object_storage import ObjectStorage, StorageKeys, StoragePlace
from churnkit.reports.csv_files import to_csv
from churnkit.services.destinations.places import NOTHING, PushFailed, PushReport, PushRow

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,60}")


class StorageFile:
    """One file in object storage for each sending; the same sending again replaces its own."""

    most_rows = 1_000_000_000
    is_whole = True

    def __init__(self, place: StoragePlace, keys: StorageKeys, file_name: str) -> None:
        self._place, self._keys, self._file_name = place, keys, file_name

    def prepare(self) -> None:
        """Nothing: what cannot be written says so."""

    def push(self, rows: Sequence[PushRow]) -> PushReport:
        """Write the file."""
        try:
            ObjectStorage(self._place, self._keys).write(self._file_name, csv_of(rows))
        except SettingsError as error:
            raise PushFailed(error.message, error.remedy, is_final=True) from error
        except ChurnkitError as error:
            raise PushFailed(error.message, error.remedy) from error
        return PushReport([row.customer_id for row in rows])


class FolderFile:
    """One file in a folder for each sending; it is there whole or not at all."""

    most_rows = 1_000_000_000
    is_whole = True

    def __init__(self, folder: Path, file_name: str) -> None:
        self._folder, self._file_name = folder, file_name

    def prepare(self) -> None:
        """Make the folder."""
        with self._failures():
            self._folder.mkdir(parents=True, exist_ok=True)

    def push(self, rows: Sequence[PushRow]) -> PushReport:
        """Write the file."""
        target, part = self._folder / self._file_name, self._folder / f".{self._file_name}.part"
        with self._failures():
            part.write_bytes(csv_of(rows))
            part.replace(target)
        return PushReport([row.customer_id for row in rows])

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise PushFailed(
                f"Writing to the folder {self._folder.name}: the server cannot ({error.strerror}).",
                "See that it has room and may be written.",
            ) from error


def csv_of(rows: Sequence[PushRow]) -> bytes:
    """The rows as a CSV file in UTF-8, which a spreadsheet can open without running anything."""
    columns = ["customer_id", "email", *NOTHING]
    known = [
        {
            "customer_id": row.customer_id,
            "email": row.known_as if "@" in row.known_as else None,
            **row.properties,
        }
        for row in rows
    ]
    frame = pd.DataFrame(known, columns=columns)
    return to_csv(frame).encode("utf-8", "replace")


def folder_of(name: str) -> Path:
    """The folder of that name below the server's folder for exports.

    Raises
    ------
    SettingsError
        The server has none, or it is no plain name.
    """
    root = exports_folder()
    if root is None:
        raise SettingsError(
            f"Sending to a folder: this server has none for exports ({EXPORTS_FOLDER} is not set).",
            f"Whoever runs it sets {EXPORTS_FOLDER} to a folder in its environment.",
        )
    if not _NAME.fullmatch(name) or ".." in name:
        raise SettingsError(
            f"Sending to the folder {name[:60]!r}: it must be a plain name of letters, digits, spaces, dots and hyphens."
        )
    return root / name

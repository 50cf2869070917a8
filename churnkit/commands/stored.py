"""The app's store, opened by a command beside a server that may have it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from churnkit.config import data_dir
from churnkit.errors import SettingsError, StoreError

if TYPE_CHECKING:
    from churnkit.jobs.layout import Folders
    from churnkit.store import Store


@contextmanager
def opened_store(folders: Folders) -> Iterator[Store]:
    """The store of the data folder.

    Raises
    ------
    SettingsError
        There is none.
    StoreError
        A server, or another command, has it open.
    """
    from churnkit.store import Store

    if not folders.database.exists():
        raise SettingsError(
            f"Looking for a stored model: the data folder {data_dir()} has no store.",
            "Analyse in the app first; CHURNKIT_DATA_DIR names its folder. Or give the folder of a model.",
        )
    try:
        store = Store.open(folders.database)
    except StoreError as error:
        if "another process has it open" not in error.message:
            raise
        raise StoreError(
            f"Working on the data folder {data_dir()}: a server or another command has it open; only one may.",
            "Stop it first; or score in the app: How it forecasts, Versions; with an engine: score --engine … --server URL.",
        ) from error
    with store:
        yield store

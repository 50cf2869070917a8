"""Looking at files as the pages ask for it: the same question is answered once, and no file kills a reader twice."""

from __future__ import annotations

import json
import shutil
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from churnkit.accounts import Action
from churnkit.errors import disk_failures
from churnkit.jobs.layout import Folders
from churnkit.jobs.reading.endings import NO_ANSWER
from churnkit.jobs.reading.pool import ReaderPool, reader_pool
from churnkit.jobs.reading.task import ReadingTask
from churnkit.jobs.reading.tickets import ReadingStopped, Ticket
from churnkit.services.look.received_files import CHUNK_BYTES, known_suffix
from churnkit.store import Store, Upload

if TYPE_CHECKING:
    import pandas as pd

    from churnkit.ingest import Inspection, Reading

KEPT = 16


class Readings:
    """Questions about files of one data folder, answered by readers.

    Parameters
    ----------
    pool
        For tests; the process' own unless given.
    """

    def __init__(self, folders: Folders, *, pool: Callable[[], ReaderPool] = reader_pool) -> None:
        self._folders = folders
        self._pool = pool
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, ...], Ticket[Any]] = OrderedDict()

    def inspection(
        self,
        store: Store,
        upload: Upload,
        reading: Reading,
        *,
        again: bool = False,
    ) -> Ticket[Inspection]:
        """Look at an upload, see ``ingest.inspect``; ``again`` asks anew, also after the file ended a reader.

        Raises
        ------
        AccessError
            The store's actor may hand over no files.
        ReadingStopped
            The file has ended a reader before, and ``again`` was not said.
        DiskError
            There is no room for the question.
        """
        store.actor.require(Action.UPLOAD)
        if again:
            store.uploads.note_reader_ended(upload.upload_id, None)
        before = store.uploads.reader_ended(upload.upload_id)
        if before is not None:
            raise ReadingStopped(before, "Look again if something has changed since.", by_the_file=True)
        # The columns of the whole file, whatever of it is left out later.
        whole = replace(reading, as_of=None)
        task = ReadingTask("inspect", self._folders.upload_file(upload), upload.filename, whole)

        def note(ticket: Ticket[Any]) -> None:
            if ticket.stopped is not None and ticket.stopped.by_the_file:
                store.uploads.note_reader_ended(upload.upload_id, ticket.stopped.message)

        facts = json.dumps({**task.as_json(), "file": ""}, sort_keys=True)
        key = (store.tenant_id, upload.sha256 or upload.upload_id, facts)
        with self._lock:
            known = self._kept.get(key)
            if known is None or again or known.how in NO_ANSWER:
                with disk_failures(f"Looking at {task.name}"):
                    known = self._hand_in(store, task, self._new_folder(), _inspection, note)
            self._kept[key] = known
            self._kept.move_to_end(key)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return known

    def table(self, store: Store, stream: BinaryIO, filename: str, what: str) -> Ticket[pd.DataFrame]:
        """Look at a small table, see ``services.look.small_tables.read_table``; the bytes are gone afterwards.

        Raises
        ------
        AccessError
            The store's actor may hand over no files.
        DiskError
            There is no room for the bytes.
        """
        store.actor.require(Action.UPLOAD)
        with disk_failures(f"Reading {what}"):
            folder = self._new_folder()
            file = folder / f"table{known_suffix(filename)}"
            with file.open("wb") as copy:
                shutil.copyfileobj(stream, copy, CHUNK_BYTES)
            return self._hand_in(store, ReadingTask("table", file, filename, what=what), folder, _table)

    def _hand_in(
        self,
        store: Store,
        task: ReadingTask,
        folder: Path,
        take: Callable[[Path], Any],
        ended: Callable[[Ticket[Any]], None] = lambda _: None,
    ) -> Ticket[Any]:
        task.write(folder)
        pool = self._pool()
        ticket = Ticket(task, folder, store.tenant_id, pool.limits, take, cancel=pool.cancel, ended=ended)
        pool.submit(ticket)
        return ticket

    def _new_folder(self) -> Path:
        folder = self._folders.reading / uuid.uuid4().hex
        folder.mkdir(parents=True)
        return folder


def _inspection(folder: Path) -> Inspection:
    from churnkit.services.look.inspections import read_inspection

    return read_inspection(folder)


def _table(folder: Path) -> pd.DataFrame:
    from churnkit.services.look.inspections import read_small_table

    return read_small_table(folder)

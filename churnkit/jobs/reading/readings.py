"""Looking at files as the pages ask for it: the same question is answered once, and no file kills a reader twice."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from churnkit.config import IngestSettings
from churnkit.jobs.files import remove
from churnkit.jobs.layout import Folders
from churnkit.jobs.reading.endings import NO_ANSWER
from churnkit.jobs.reading.pool import ReaderPool, reader_pool
from churnkit.jobs.reading.task import ReadingTask
from churnkit.jobs.reading.tickets import ReadingStopped, Ticket
from churnkit.services.uploads import CHUNK_BYTES, known_suffix
from churnkit.store import Store, Upload

if TYPE_CHECKING:
    import pandas as pd

    from churnkit.ingest import Inspection

# Inspections hold a hundred rows, tables all of theirs.
KEPT = {"inspect": 16, "table": 2}


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
        settings: IngestSettings,
        *,
        preset: str | None = None,
        columns: Mapping[str, str] | None = None,
        again: bool = False,
    ) -> Ticket[Inspection]:
        """Look at an upload, see ``ingest.inspect``; ``again`` asks anew, also after the file ended a reader.

        Raises
        ------
        ReadingStopped
            The file has ended a reader before, and ``again`` was not said.
        """
        if again:
            store.note_reader_ended(upload.upload_id, None)
        before = store.reader_ended(upload.upload_id)
        if before is not None:
            raise ReadingStopped(before, "Look again if something has changed since.", by_the_file=True)
        task = ReadingTask(
            "inspect",
            self._folders.upload_file(upload),
            upload.filename,
            settings,
            preset,
            {"columns": dict(columns)} if columns else None,
        )
        identity = upload.sha256 or upload.upload_id

        def note(ticket: Ticket[Any]) -> None:
            if ticket.stopped is not None and ticket.stopped.by_the_file:
                store.note_reader_ended(upload.upload_id, ticket.stopped.message)

        return self._ask(store, task, identity, _inspection, note, again=again)

    def table(
        self, store: Store, stream: BinaryIO, filename: str, what: str, *, again: bool = False
    ) -> Ticket[pd.DataFrame]:
        """Look at a small table, see ``services.small_tables.read_table``; the bytes are gone afterwards."""
        folder = self._new_folder()
        file = folder / f"table{known_suffix(filename)}"
        digest = hashlib.sha256()
        with file.open("wb") as copy:
            while piece := stream.read(CHUNK_BYTES):
                digest.update(piece)
                copy.write(piece)
        task = ReadingTask("table", file, filename, what=what)
        return self._ask(store, task, digest.hexdigest(), _table, folder=folder, again=again)

    def sweep(self) -> None:
        """Remove what readers of an earlier server left."""
        if self._folders.reading.exists():
            remove(self._folders.reading, [self._folders.data])

    def _ask(
        self,
        store: Store,
        task: ReadingTask,
        identity: str,
        take: Callable[[Path], Any],
        ended: Callable[[Ticket[Any]], None] = lambda _: None,
        *,
        folder: Path | None = None,
        again: bool,
    ) -> Ticket[Any]:
        facts = json.dumps({**task.as_json(), "file": ""}, sort_keys=True)
        key = (store.tenant_id, identity, facts)
        with self._lock:
            known = self._kept.get(key)
            if known is not None and not again and known.how not in NO_ANSWER:
                self._kept.move_to_end(key)
                if folder is not None:
                    shutil.rmtree(folder)
                return known
            pool = self._pool()
            ticket = self._kept[key] = Ticket(
                task,
                folder or self._new_folder(),
                store.tenant_id,
                pool.limits,
                take,
                cancel=pool.cancel,
                ended=ended,
            )
            alike = [other for other, kept in self._kept.items() if kept.task.kind == task.kind]
            for oldest in alike[: -KEPT[task.kind]]:
                del self._kept[oldest]
        task.write(ticket.folder)
        pool.submit(ticket)
        return ticket

    def _new_folder(self) -> Path:
        folder = self._folders.reading / uuid.uuid4().hex
        folder.mkdir(parents=True)
        return folder


def _inspection(folder: Path) -> Inspection:
    from churnkit.services.inspections import read_inspection

    return read_inspection(folder)


def _table(folder: Path) -> pd.DataFrame:
    from churnkit.services.inspections import read_small_table

    return read_small_table(folder)

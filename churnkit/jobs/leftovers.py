"""Files that no row names: copied for an upload that was never recorded, or left by a program that died.

They may be personal data and nobody can delete them by name, so they go by themselves.
"""

from __future__ import annotations

import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from churnkit.jobs.disk_files import remove
from churnkit.jobs.layout import (
    MODEL_SUFFIX,
    PUT_AWAY,
    REQUEST,
    SQL,
    Folders,
    is_model_name,
    named_models,
    sidecar,
)
from churnkit.results.files import is_temporary
from churnkit.results.folders import PRICED
from churnkit.services.look.received_files import is_upload_name
from churnkit.store import NamedFiles, Store

_ID = re.compile(r"[0-9a-f]{32}")
# As the standard library names files, and as we do.
_PUT_ASIDE = ("tmp", "churnkit-")
_TEMPORARY_MODEL = re.compile(r"\.[0-9a-f]{32}\.(joblib|json)(\.[0-9]+)?\.tmp")

_log = logging.getLogger(__name__)


class Leftovers:
    """Finds what no row names, and removes it once this server has seen it so for a while.

    How long is measured on the monotonic clock since this server first saw it: times of files come from clocks that
    can be set. Whatever lies there unnamed when the server starts has been given up by the server before, for only one
    process has the store open.

    Parameters
    ----------
    grace_seconds
        How long something that appeared while this server runs may be without a row.
    now
        Seconds of the monotonic clock, but for tests.
    """

    def __init__(
        self,
        store: Store,
        folders: Folders,
        *,
        grace_seconds: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._folders = folders
        self._grace_seconds = grace_seconds
        self._now = now
        self._first_seen: dict[Path, float] = {}

    def sweep(self, *, at_start: bool = False) -> Counter[str]:
        """Remove what has been unnamed for long enough; how many of each kind.

        Only while nobody changes a job. With ``at_start`` nothing is under way in this process, so nothing is waited for.

        Raises
        ------
        StoreError
            The tables cannot be read; nothing was removed.
        """
        now = self._now()
        found = dict(unnamed(self._folders, self._store.overview.named_files(), at_start=at_start))
        self._first_seen = {path: self._first_seen.get(path, now) for path in found}
        gone: Counter[str] = Counter()
        for path, kind in found.items():
            if at_start or now - self._first_seen[path] >= self._grace_seconds:
                gone[kind] += self._remove(path)
        if gone:
            told = ", ".join(f"{number} of {kind}" for kind, number in sorted(gone.items()))
            _log.warning("removed files that nothing names any more: %s", told)
        return gone

    def _remove(self, path: Path) -> bool:
        try:
            return remove(path, [self._folders.data, self._folders.models])
        except OSError as error:
            _log.error("cannot remove %s, which nothing names any more: %s", path.name, error)
            return False


def unnamed(folders: Folders, named: NamedFiles, *, at_start: bool) -> Iterator[tuple[Path, str]]:
    """Files and folders with names of ours that no row names, each with its kind; nothing behind a link."""
    yield from _spilled(folders, at_start)
    yield from _half_written_sql(folders)
    yield from _uploads(folders, named)
    yield from _jobs(folders, named, at_start)
    yield from _analyses(folders, named)
    yield from _models(folders, named)


def _spilled(folders: Folders, at_start: bool) -> Iterator[tuple[Path, str]]:
    """What a process had put aside when it was killed; while it runs, such files are in use."""
    if not at_start:
        return
    for path in _inside(folders.database.with_name(f"{folders.database.name}.tmp")):
        if path.name.startswith("duckdb_temp_"):
            yield path, "DuckDB's temporary files"
    for path in _inside(folders.temporary):
        if path.name.startswith(_PUT_ASIDE):
            yield path, "temporary files"
    for path in _inside(folders.reading):
        if _ID.fullmatch(path.name):
            yield path, "questions to readers"


def _half_written_sql(folders: Folders) -> Iterator[tuple[Path, str]]:
    """Of workers that were killed; one that writes it when the server starts does without."""
    for path in _inside(folders.data):
        if path.name.startswith(f".{SQL}.") and is_temporary(path.name):
            yield path, "temporary files"


def _uploads(folders: Folders, named: NamedFiles) -> Iterator[tuple[Path, str]]:
    for path in _inside(folders.uploads):
        if is_upload_name(path.name) and path.name not in named.uploads:
            yield path, "uploads"


def _jobs(folders: Folders, named: NamedFiles, at_start: bool) -> Iterator[tuple[Path, str]]:
    for folder in _inside(folders.data / "jobs"):
        if not _ID.fullmatch(folder.name):
            continue
        if folder.name in named.unfinished:
            # Its worker may live and write its status; the request is the server's to write, and this one begins.
            if at_start and _is_folder(folder):
                for path in folder.glob(f".{REQUEST}.*.tmp"):
                    yield path, "parts of jobs"
            continue
        if folder.name not in named.jobs:
            yield folder, "jobs"
        elif _is_folder(folder):
            parts = [folders.work(folder.name), folders.staged_models(folder.name)]
            if folder.name not in named.scored:
                parts.append(folders.out(folder.name))
            parts += [path for path in _inside(folder) if is_temporary(path.name)]
            for part in parts:
                if part.is_symlink() or part.exists():
                    yield part, "parts of jobs"


def _analyses(folders: Folders, named: NamedFiles) -> Iterator[tuple[Path, str]]:
    for session in _inside(folders.data / "analyses"):
        if not _ID.fullmatch(session.name):
            continue
        if session.name not in named.sessions:
            yield session, "analyses"
            continue
        if session.name not in named.put_away and (session / PUT_AWAY).exists():
            yield session / PUT_AWAY, "rows of analyses"
        for kind, kept in (("looks", named.looks), ("runs", named.runs), ("history", named.histories)):
            for folder in _inside(session / kind):
                if not _ID.fullmatch(folder.name) or folder.name in named.unfinished:
                    continue
                if folder.name not in kept:
                    yield folder, kind
                    continue
                for path in (*_inside(folder), *_inside(folder / PRICED)):
                    if is_temporary(path.name):
                        yield path, f"parts of {kind}"


def _models(folders: Folders, named: NamedFiles) -> Iterator[tuple[Path, str]]:
    # A model that is being taken over lies in its place before its row is written.
    coming = {name for job in named.unfinished for name in _models_of(folders, job)}
    for path in _inside(folders.models):
        model = path.with_suffix(MODEL_SUFFIX).name
        is_ours = is_model_name(model) and path in (path.with_suffix(MODEL_SUFFIX), sidecar(path))
        if (is_ours and model not in named.models | coming) or _TEMPORARY_MODEL.fullmatch(path.name):
            yield path, "models"


def _models_of(folders: Folders, job_id: str) -> Iterator[str]:
    places = [folders.out(job_id), *folders.data.glob(f"analyses/*/runs/{job_id}")]
    for place in places:
        yield from named_models(place)


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if _is_folder(folder) else []


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()

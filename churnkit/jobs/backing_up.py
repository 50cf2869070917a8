"""Backups of a whole data folder, while the server runs or without one: one moment of the database and of every file.

The store is copied and files are linked under the lock that every change of a job takes; then the links, which nobody
writes to, are copied at leisure. ``manifest.json`` is written last.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from churnkit import __version__
from churnkit.config.storage import BACKUP_TO, StorageSettings
from churnkit.errors import ChurnkitError, ConflictError, SettingsError, disk_failures
from churnkit.jobs.layout import LOG, WORK, Folders
from churnkit.results.backup import ERASURES, MANIFEST, BackedUpFile, BackupManifest, KeptErasures
from churnkit.results.codec import from_text, to_text
from churnkit.results.files import is_temporary
from churnkit.services.backup.places import Place, hash_of, place_of
from churnkit.store import Store

BACKED_UP = ("analyses", "jobs", "uploads", "server.key")
"""What lies in the data folder beside the database and cannot be made again."""
_NAME = "churnkit-"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BackupMade:
    """A finished backup; ``name`` is its folder's in the place."""

    name: str
    manifest: BackupManifest


def back_up(root: Store, folders: Folders, place: Place, lock: threading.RLock, at: datetime) -> BackupMade:
    """Copy everything to a new folder of ``place``.

    Raises
    ------
    DiskError, StorageFailed, StoreError
        It could not be made; what was copied has no list of files, and counts for nothing.
    """
    snapshot = folders.temporary / f"churnkit-backup-{uuid.uuid4().hex}"
    try:
        with disk_failures("Making a backup"), lock:
            _take(root, folders, snapshot)
        return _copy(root, snapshot, place, at)
    finally:
        shutil.rmtree(snapshot, ignore_errors=True)


def backups_in(place: Place) -> list[str]:
    """Names of whole backups, the oldest first."""
    return sorted(
        {
            name.partition("/")[0]
            for name in place.names()
            if name.startswith(_NAME) and name.count("/") == 1 and name.endswith(f"/{MANIFEST}")
        }
    )


def kept_erasures(place: Place, work: Path) -> KeptErasures:
    """Who was erased, as the list beside the backups says; nobody where there is none."""
    if ERASURES not in place.names():
        return KeptErasures()
    target = work / ERASURES
    place.fetch(ERASURES, target)
    return from_text(KeptErasures, target.read_bytes())


def _take(root: Store, folders: Folders, snapshot: Path) -> None:
    """The database and links to every file, as they are now."""
    (snapshot / "data").mkdir(parents=True)
    # Rows before files: whatever a row names is there then.
    root.copy_to(snapshot / "data" / folders.database.name)
    for name in BACKED_UP:
        for path in _files(folders.data / name):
            _link(path, snapshot / "data" / path.relative_to(folders.data))
    for path in _files(folders.models):
        _link(path, snapshot / "models" / path.relative_to(folders.models))


def _files(place: Path) -> Iterator[Path]:
    """Files of ours that stay as they are: no links, nothing that is being written, no logs."""
    if place.is_file() and not place.is_symlink():
        yield place
    for path in sorted(place.rglob("*")) if place.is_dir() else ():
        passing = path.name == LOG or is_temporary(path.name) or WORK in path.relative_to(place).parts
        if path.is_file() and not path.is_symlink() and not passing:
            yield path


def _link(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, target)
    except FileNotFoundError:
        # A worker's own, gone since the folder was listed.
        return
    except OSError:
        # Another file system, or one without links.
        shutil.copyfile(path, target)


def _copy(root: Store, snapshot: Path, place: Place, at: datetime) -> BackupMade:
    moment = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    name = f"{_NAME}{moment.isoformat().replace(':', '').replace('-', '')}-{uuid.uuid4().hex[:6]}"
    files = []
    for path in sorted(snapshot.rglob("*")):
        if path.is_file():
            inside = path.relative_to(snapshot).as_posix()
            place.put(path, f"{name}/{inside}")
            files.append(BackedUpFile(name=inside, size_bytes=path.stat().st_size, sha256=hash_of(path)))
    _keep_erasures(root, place, snapshot)
    manifest = BackupManifest(made_at=moment, churnkit_version=__version__, files=tuple(files))
    place.write(f"{name}/{MANIFEST}", to_text(manifest, indent=1).encode())
    return BackupMade(name, manifest)


def _keep_erasures(root: Store, place: Place, work: Path) -> None:
    """Add to the list beside the backups, so that older ones are restored without who was erased since."""
    known = {*kept_erasures(place, work).erasures, *root.overview.erasures()}
    listed = KeptErasures(erasures=tuple(sorted(known, key=lambda one: (one.requested_at, one.person_hash))))
    place.write(ERASURES, to_text(listed, indent=1).encode())


@dataclass(frozen=True)
class BackupState:
    """How backups of a data folder stand.

    Attributes
    ----------
    goes_to
        The place in words; None where whoever runs the server has named none.
    made
        The last one that this server made.
    failure
        Why the last one that was tried is none.
    """

    goes_to: str | None
    is_under_way: bool
    made: BackupMade | None
    failure: str | None


class Backups:
    """Makes one backup at a time beside the pages, and knows how the last one went."""

    def __init__(self, root: Store, folders: Folders, lock: threading.RLock) -> None:
        self._root = root
        self._folders = folders
        self._lock = lock
        self._making = threading.Lock()
        self._made: BackupMade | None = None
        self._failure: str | None = None

    @property
    def state(self) -> BackupState:
        """How they stand."""
        goes_to = StorageSettings.from_environment().backup_to
        return BackupState(goes_to, self._making.locked(), self._made, self._failure)

    def start(self) -> None:
        """Begin one in a thread of its own.

        Raises
        ------
        SettingsError
            Nobody has said where backups go.
        ConflictError
            One is under way.
        """
        settings = StorageSettings.from_environment()
        if settings.backup_to is None:
            raise SettingsError(
                "Making a backup: whoever runs the server has not said where backups go.",
                f"Set {BACKUP_TO} to a folder or to s3://bucket/folder.",
            )
        place = place_of(settings.backup_to, settings)
        if not self._begin(lambda: place, None):
            raise ConflictError("Making a backup: one is under way.", "Wait until it is done.")

    def start_if_due(self) -> None:
        """Begin one if the last is older than the settings say; the place is looked at in a thread of its own."""
        settings = StorageSettings.from_environment()
        text = settings.backup_to
        if text is not None and settings.backup_hours:
            self._begin(lambda: place_of(text, settings), settings.backup_hours)

    def _begin(self, opened: Callable[[], Place], hours: float | None) -> bool:
        if not self._making.acquire(blocking=False):
            return False
        threading.Thread(target=self._make, args=(opened, hours), name="churnkit-backup", daemon=True).start()
        return True

    def _make(self, opened: Callable[[], Place], hours: float | None) -> None:
        try:
            place, now = opened(), datetime.now(UTC)
            if hours is None or self._is_due(place, hours, now):
                self._made = back_up(self._root, self._folders, place, self._lock, now)
                self._failure = None
        except (ChurnkitError, OSError) as error:
            _log.exception("making a backup")
            self._failure = error.message if isinstance(error, ChurnkitError) else str(error)
        finally:
            self._making.release()

    def _is_due(self, place: Place, hours: float, now: datetime) -> bool:
        if self._made is not None:
            last = self._made.manifest.made_at
        else:
            known = backups_in(place)
            last = _moment(known[-1]) if known else datetime.min
        return now.replace(tzinfo=None) - last >= timedelta(hours=hours)


def _moment(name: str) -> datetime:
    return datetime.fromisoformat(name.removeprefix(_NAME).rpartition("-")[0])

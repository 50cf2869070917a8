"""What analyses take up on disk, and removing them with every file that belongs to them."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from churnkit.errors import ChurnkitError, disk_failures
from churnkit.jobs.disk_files import remove, size_bytes
from churnkit.jobs.layout import MODEL_SUFFIX, Folders, sidecar
from churnkit.store import PutAway, Removed, Session, Store

BROUGHT_BACK_FOR = timedelta(days=1)
"""How long a deleted analysis can be brought back."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StorageUse:
    """Bytes on disk of one tenant, by kind; the shared database file is not among them."""

    uploads_bytes: int
    analyses_bytes: int
    models_bytes: int
    jobs_bytes: int

    @property
    def total_bytes(self) -> int:
        """All of them."""
        return self.uploads_bytes + self.analyses_bytes + self.models_bytes + self.jobs_bytes


def storage_use(store: Store, folders: Folders) -> StorageUse:
    """What the tenant's uploads and analyses take up."""
    sessions = store.sessions.all()
    models = [path for session in sessions for path in _models_of(store, folders, session.session_id)]
    jobs = [
        folders.job(job.job_id) for session in sessions for job in store.jobs.of_session(session.session_id)
    ]
    return StorageUse(
        uploads_bytes=sum(size_bytes(folders.upload_file(upload)) for upload in store.uploads.all()),
        analyses_bytes=sum(size_bytes(folders.session(session.session_id)) for session in sessions),
        models_bytes=sum(size_bytes(path) + size_bytes(sidecar(path)) for path in models),
        jobs_bytes=sum(map(size_bytes, jobs)),
    )


def session_storage_bytes(store: Store, folders: Folders, session: Session) -> int:
    """What deleting one session frees, its upload not counted."""
    models = _models_of(store, folders, session.session_id)
    jobs = [folders.job(job.job_id) for job in store.jobs.of_session(session.session_id)]
    own = sum(size_bytes(path) + size_bytes(sidecar(path)) for path in models)
    return own + sum(map(size_bytes, jobs)) + size_bytes(folders.session(session.session_id))


def delete_session(store: Store, folders: Folders, session_id: str) -> Removed:
    """Take out a session and its files; its upload goes too unless another session stands on it."""
    session = store.sessions.get(session_id)
    sharing = [other for other in store.sessions.all() if other.upload_id == session.upload_id]
    if len(sharing) == 1 and session.upload_id not in held_uploads(store):
        return delete_upload(store, folders, session.upload_id)
    added = _added(store, [session_id])
    removed = store.sessions.delete(session_id, folders=_folders_of(store, folders, session_id))
    _delete_added(store, added)
    finish_removals(store, folders)
    return removed


def put_away(store: Store, folders: Folders, session_id: str, at: datetime) -> PutAway:
    """Take a session out of every list; its rows and files stay on the disk until it is brought back or deleted."""
    folder = folders.put_away(session_id)
    try:
        with disk_failures("Deleting the analysis"):
            return store.put_away.put(session_id, folder=folder, at=at)
    except ChurnkitError:
        if any(one.session_id == session_id for one in store.sessions.all()):
            # It still stands in its tables: what lies there already is no more than a copy.
            shutil.rmtree(folder, ignore_errors=True)
        raise


def bring_back(store: Store, folders: Folders, session_id: str) -> Session:
    """Undo :func:`put_away`."""
    folder = folders.put_away(session_id)
    session = store.put_away.bring_back(session_id, folder=folder)
    shutil.rmtree(folder, ignore_errors=True)
    return session


def delete_put_away(store: Store, folders: Folders, session_id: str) -> None:
    """Delete for good what was put away, its files included."""
    jobs = [folders.job(job_id) for job_id in store.put_away.jobs(session_id)]
    store.put_away.delete(session_id, folders=[folders.session(session_id), *jobs])
    finish_removals(store, folders)


def held_uploads(store: Store) -> set[str]:
    """Uploads that analyses stand on which can be brought back."""
    return {upload_id for away in store.put_away.all() for upload_id in away.upload_ids}


def delete_upload(store: Store, folders: Folders, upload_id: str) -> Removed:
    """Take out an upload with every session on it, and all their files."""
    for away in store.put_away.all():
        if upload_id in away.upload_ids:
            delete_put_away(store, folders, away.session_id)
    sessions = [session.session_id for session in store.sessions.all() if session.upload_id == upload_id]
    paths = [path for session_id in sessions for path in _folders_of(store, folders, session_id)]
    added = _added(store, sessions)
    removed = store.uploads.delete(upload_id, folders=paths)
    _delete_added(store, added - {upload_id})
    finish_removals(store, folders)
    return removed


def _added(store: Store, sessions: Sequence[str]) -> set[str]:
    """The uploads that were added to the histories of sessions."""
    return {
        addition.upload_id
        for session_id in sessions
        for addition in store.additions.of_shop(session_id)
        if addition.upload_id is not None
    }


def _delete_added(store: Store, uploads: set[str]) -> None:
    """Take out uploads that came with histories which are gone, unless another analysis stands on them."""
    left = store.sessions.all()
    used = {session.upload_id for session in left} | _added(store, [session.session_id for session in left])
    used |= held_uploads(store)
    known = {upload.upload_id for upload in store.uploads.all()}
    for upload_id in sorted((uploads & known) - used):
        store.uploads.delete(upload_id)


def delete_scoring(store: Store, folders: Folders, job_id: str) -> None:
    """Take out scores that are kept, with the file that was scored."""
    store.jobs.delete(job_id, folder=folders.job(job_id))
    finish_removals(store, folders)


def delete_run(store: Store, folders: Folders, run_id: str) -> None:
    """Take out a run that is not on screen, with its files and its models."""
    run = store.runs.get(run_id)
    store.runs.delete(run_id, folder=folders.run(run.session_id, run_id))
    finish_removals(store, folders)


def delete_model(store: Store, folders: Folders, model_id: str) -> None:
    """Take out a model that scored no run, with its file."""
    store.models.delete(model_id)
    finish_removals(store, folders)


def finish_removals(store: Store, folders: Folders) -> None:
    """Remove the files whose rows are gone.

    Done again at every start and now and then, in case the program died in between or a file could not be removed.
    """
    gone = [path for path in store.overview.removals() if _is_removed(folders.found(path), folders)]
    if gone:
        store.overview.forget_removals(gone)


def outdated_sessions(store: Store, days: int, now: datetime) -> list[Session]:
    """Sessions on which nothing has happened for more than ``days`` days, and nothing is going on."""
    outdated = []
    for session in store.sessions.all():
        jobs = store.jobs.of_session(session.session_id)
        if any(job.status in ("pending", "running") for job in jobs):
            continue
        latest = max([session.created_at, *(job.completed_at or job.created_at for job in jobs)])
        if now - latest > timedelta(days=days):
            outdated.append(session)
    return outdated


def unused_uploads(store: Store, days: int, now: datetime) -> list[str]:
    """Uploads older than ``days`` days that no session stands on."""
    used = {session.upload_id for session in store.sessions.all()}
    return [
        upload.upload_id
        for upload in store.uploads.all()
        if upload.upload_id not in used and now - upload.uploaded_at > timedelta(days=days)
    ]


def _is_removed(path: Path, folders: Folders) -> bool:
    try:
        remove(path, [folders.data, folders.models])
        if path.suffix == MODEL_SUFFIX:
            remove(sidecar(path), [folders.data, folders.models])
    except OSError as error:
        _log.error("cannot remove %s, which was deleted; it is tried again: %s", path, error)
        return False
    return True


def _models_of(store: Store, folders: Folders, session_id: str) -> list[Path]:
    return [folders.found(model.file_path) for model in store.models.of_session(session_id)]


def _folders_of(store: Store, folders: Folders, session_id: str) -> list[Path]:
    jobs = [folders.job(job.job_id) for job in store.jobs.of_session(session_id)]
    return [folders.session(session_id), *jobs]

"""Beginning, ending and repeating work on a session."""

from __future__ import annotations

import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.accounts import Action
from churnkit.config import AnalysisSettings
from churnkit.errors import DiskError, JobError, disk_failures
from churnkit.jobs.adoption import forget_scoring
from churnkit.jobs.follower import Follower
from churnkit.jobs.layout import Folders
from churnkit.jobs.queue import SHOP_KINDS
from churnkit.jobs.request import Request, ScorePurpose, stored_request
from churnkit.results.codec import JsonObject, part_to_json, to_json
from churnkit.results.run_settings import RunSettings
from churnkit.services.look.received_files import known_suffix
from churnkit.store import JobKind, Session, Store, TrainingJob

if TYPE_CHECKING:
    from churnkit.ingest import Reading


class WorkDesk:
    """Takes orders for work; the follower does the rest.

    Parameters
    ----------
    lock
        Held while a job changes its state, here and in the follower; never while a file is copied.
    """

    def __init__(self, folders: Folders, follower: Follower, lock: threading.RLock) -> None:
        self.folders = folders
        self.follower = follower
        self._lock = lock

    def start_look(
        self,
        store: Store,
        upload_id: str,
        reading: Reading,
        settings: AnalysisSettings,
        *,
        session_id: str | None = None,
        shop_id: str | None = None,
    ) -> Session:
        """Begin to read and profile an upload, in a new session or again in an old one.

        A look of the same session that still waits or runs is cancelled. With ``shop_id`` the upload is the first file of a
        shop that has none.

        Raises
        ------
        JobError
            The session's analysis is under way, or files were added to its history.
        """
        store.actor.require(Action.RUN)
        request = Request(reading=reading, settings=settings)
        with self._lock:
            if session_id is not None and store.additions.of_shop(session_id):
                raise JobError(
                    "Reading the file again: the shop's history was made of this reading and of the files that came after.",
                    "Upload the file as a shop of its own to read it otherwise, and add the newer files there.",
                )
            session = self._session_for(store, upload_id, request, session_id, shop_id)
            for job in unfinished(store, session.session_id):
                if job.kind in SHOP_KINDS:
                    raise JobError(
                        "Reading the file again: the analysis of this file is under way.",
                        "Wait until it is done, or cancel it on the progress page.",
                    )
                self.cancel(store, job.job_id)
            self._queue(store, session.session_id, "look", request)
            return store.sessions.get(session.session_id)

    def start_analysis(self, store: Store, session_id: str, settings: AnalysisSettings) -> TrainingJob:
        """Queue the analysis of a session that has a first look, or whose first look is under way.

        The file is read as in that look. The analysis that is under way already is returned if it is the same.

        Raises
        ------
        JobError
            The file has not been read yet, or another analysis of the session is under way.
        """
        store.actor.require(Action.RUN)
        with self._lock:
            looks = [
                job
                for job in store.jobs.of_session(session_id)
                if job.kind == "look" and job.status != "failed"
            ]
            if not looks:
                raise JobError(
                    "Starting the analysis: the file has not been read yet.", "Read the file first."
                )
            request = replace(stored_request(looks[0].request), settings=settings)
            running = [job for job in unfinished(store, session_id) if job.kind == "analyze"]
            if running:
                if stored_request(running[0].request) == request:
                    return running[0]
                raise JobError(
                    "Starting the analysis: another one of the same file is under way.",
                    "Wait until it is done, or cancel it on the progress page.",
                )
            store.sessions.set_settings(session_id, _kept(replace(request, settings=settings)))
            return self._queue(store, session_id, "analyze", request)

    def start_scoring(
        self,
        store: Store,
        session_id: str,
        file: Path,
        *,
        purpose: ScorePurpose = "imagined",
        run_id: str | None = None,
        model_id: str | None = None,
        name: str | None = None,
    ) -> TrainingJob:
        """Queue the scoring of ``file``, which is copied, by one of the session's runs.

        What earlier scorings of the session for the same purpose left is removed, unless they are to be kept.

        Parameters
        ----------
        run_id
            The run, the current one unless given.
        model_id
            Which of the models stored for it, its champion unless given.
        name
            What scores that are kept are called.

        Raises
        ------
        JobError
            The session has no finished analysis.
        """
        store.actor.require(Action.RUN)
        # Before a large file is copied for nothing.
        session = store.sessions.get(session_id)
        with self._staged(file) as staged, self._lock:
            run_id = run_id or session.run_id
            if run_id is None:
                raise JobError(
                    "Scoring customers: this file has not been analysed yet.", "Start the analysis."
                )
            for earlier in scorings(store, session_id, purpose) if purpose != "kept" else ():
                if earlier.status not in ("pending", "running"):
                    forget_scoring(self.folders, earlier.job_id)
            run = store.runs.get(run_id)
            if run.session_id != session_id:
                raise JobError(
                    "Scoring customers: the version belongs to another analysis.", "Choose another one."
                )
            if model_id is not None and store.models.get(model_id).session_id != session_id:
                raise JobError(
                    "Scoring customers: the model belongs to another analysis.", "Choose another one."
                )
            asked = stored_request(store.jobs.get(run.run_id).request)
            request = replace(asked, run_id=run_id, purpose=purpose, model_id=model_id)
            return self._queue(store, session_id, "score", request, staged, name)

    def cancel(self, store: Store, job_id: str) -> TrainingJob:
        """End a job and its worker; one that has ended already stays as it is."""
        store.actor.require(Action.RUN)
        with self._lock:
            job = store.jobs.get(job_id)
            if job.status not in ("pending", "running"):
                return job
            self.follower.cancel(store, job)
        self.follower.wake()
        return store.jobs.get(job_id)

    def cancel_all(self, store: Store, session_id: str) -> None:
        """End every job of a session."""
        store.actor.require(Action.RUN)
        for job in unfinished(store, session_id):
            self.cancel(store, job.job_id)

    def retry(self, store: Store, job_id: str) -> TrainingJob:
        """Queue a job's request once more.

        Raises
        ------
        JobError
            The job has not ended.
        """
        store.actor.require(Action.RUN)
        kept = next(self.folders.job(store.jobs.get(job_id).job_id).glob("input*"), None)
        with self._staged(kept) as staged, self._lock:
            job = store.jobs.get(job_id)
            if job.kind == "bulk":
                store.actor.require(Action.SOURCES)
            if job.status in ("pending", "running"):
                raise JobError("Starting again: the job has not ended yet.", "Cancel it first.")
            return self._queue(store, job.session_id, job.kind, stored_request(job.request), staged, job.name)

    def _session_for(
        self, store: Store, upload_id: str, request: Request, session_id: str | None, shop_id: str | None
    ) -> Session:
        settings = _kept(request)
        if session_id is not None:
            if store.sessions.get(session_id).upload_id != upload_id:
                raise JobError("Reading the file again: the session stands on another file.")
            return store.sessions.set_settings(session_id, settings)
        return store.sessions.create(
            upload_id=upload_id,
            column_mapping={},
            settings=settings,
            created_at=datetime.now(UTC),
            name=store.shops.get(shop_id).name if shop_id else store.uploads.get(upload_id).filename,
            shop_id=shop_id,
        )

    def _queue(
        self,
        store: Store,
        session_id: str,
        kind: JobKind,
        request: Request,
        staged: Path | None = None,
        name: str | None = None,
    ) -> TrainingJob:
        with self._lock:
            job = store.jobs.create(
                session_id, created_at=datetime.now(UTC), kind=kind, request=to_json(request), name=name
            )
            if staged is not None:
                self._hand_over(store, job, staged)
            if kind == "analyze":
                store.sessions.set_status(session_id, "training")
        self.follower.wake()
        return job

    @contextmanager
    def _staged(self, file: Path | None) -> Iterator[Path | None]:
        """A copy of a file that a job may take into its folder; made before anybody is kept waiting by the lock."""
        if file is None:
            yield None
            return
        copy = self.folders.temporary / f"churnkit-{uuid.uuid4().hex}{known_suffix(file.name)}"
        try:
            with disk_failures("Keeping the file to score"):
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
            yield copy
        finally:
            # What cannot be removed now goes with the other leftovers.
            with suppress(OSError):
                copy.unlink(missing_ok=True)

    def _hand_over(self, store: Store, job: TrainingJob, staged: Path) -> None:
        """Move the file that a job works on into its folder; a job that cannot have it ends here."""
        folder = self.folders.job(job.job_id)
        try:
            with disk_failures("Keeping the file to score"):
                folder.mkdir(parents=True)
                staged.replace(folder / f"input{staged.suffix}")
        except DiskError as error:
            self.follower.fail(store, job, error.message, error.remedy, "error")
            forget_scoring(self.folders, job.job_id)
            raise


def unfinished(store: Store, session_id: str) -> list[TrainingJob]:
    """A session's jobs that wait or run."""
    return [job for job in store.jobs.of_session(session_id) if job.status in ("pending", "running")]


def scorings(store: Store, session_id: str, purpose: ScorePurpose) -> list[TrainingJob]:
    """A session's scorings for a purpose, newest first."""
    return [
        job
        for job in store.jobs.of_session(session_id)
        if job.kind == "score" and stored_request(job.request).purpose == purpose
    ]


def _kept(request: Request) -> JsonObject:
    """The settings of a request as a session keeps them."""
    reading = request.reading
    values: JsonObject = part_to_json(RunSettings.of(request.settings, reading.settings, reading.as_of))
    return values

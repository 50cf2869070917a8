"""The public face of background work: what pages, the API and the command line call."""

from __future__ import annotations

import atexit
import logging
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from churnkit.accounts import SYSTEM, Actor
from churnkit.config import AnalysisSettings, leftover_grace_seconds
from churnkit.errors import DiskError, JobError, disk_failures
from churnkit.jobs import removal
from churnkit.jobs.adoption import forget_scoring, run_files
from churnkit.jobs.clock import WatchedClock
from churnkit.jobs.estimate import REMEMBERED_TIMINGS, expected_seconds, rows_of
from churnkit.jobs.follower import Follower
from churnkit.jobs.layout import SCORED, Folders
from churnkit.jobs.leftovers import Leftovers
from churnkit.jobs.processes import WorkerProcesses, Workers
from churnkit.jobs.queue import default_slots, queue_position
from churnkit.jobs.reading import Readings
from churnkit.jobs.removal import StorageUse
from churnkit.jobs.request import Request, ScorePurpose, stored_request
from churnkit.jobs.status import Status, readable_status
from churnkit.jobs.versions import version_of
from churnkit.jobs.views import JobView, view_of
from churnkit.results.codec import JsonObject, part_to_json, to_json
from churnkit.results.run_settings import RunSettings
from churnkit.services.look.received_files import adopt_upload, known_suffix, receive_upload, receive_uploads
from churnkit.store import RETENTION_DAYS, JobKind, Removed, Run, Session, Store, TrainingJob, Upload

if TYPE_CHECKING:
    from churnkit.ingest import Reading
    from churnkit.services.score.taking_away import StoredVersion

_log = logging.getLogger(__name__)
_OPENED: dict[Path, Platform] = {}
_OPENING = threading.Lock()
_PROCESSES = WorkerProcesses()


def open_platform(data_dir: Path, models_dir: Path) -> Platform:
    """The platform of a data folder: one in this process, opened when it is first asked for.

    Raises
    ------
    StoreError
        Another process has the folder's DuckDB file open, or it cannot be opened.
    """
    folder = data_dir.resolve()
    with _OPENING:
        platform = _OPENED.get(folder)
        if platform is None or platform.is_closed:
            platform = _OPENED[folder] = Platform(data_dir, models_dir)
            platform.start()
        return platform


@atexit.register
def _close_all() -> None:
    """An open DuckDB file at the end of the process loses nothing, but writes its checkpoint at the next start only."""
    for platform in _OPENED.values():
        if not platform.is_closed:
            platform.close()


class Platform:
    """One data folder with its store and its background work; :meth:`start` begins to follow the jobs.

    Methods may be called from any thread. Those that take a ``store`` see what its tenant owns.

    Parameters
    ----------
    workers, slots, steady
        Start the work, how much of it at once, and seconds of the monotonic clock; for tests.
    """

    def __init__(
        self,
        data_dir: Path,
        models_dir: Path,
        *,
        workers: Workers | None = None,
        slots: int | None = None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folders = Folders(data_dir.resolve(), models_dir.resolve())
        self.readings = Readings(self.folders)
        self.is_closed = False
        self._root = Store.open(self.folders.database, actor=SYSTEM)
        self._lock = threading.RLock()
        self.follower = Follower(
            self._root,
            self.folders,
            workers or _PROCESSES,
            slots=slots or default_slots(),
            lock=self._lock,
            housekeeping=self._keep_house,
            now=steady,
        )
        self._steady = steady
        self._clock = WatchedClock(steady=steady)
        self._leftovers = Leftovers(
            self._root, self.folders, grace_seconds=leftover_grace_seconds(), now=steady
        )
        removal.finish_removals(self._root, self.folders)
        self._end_forgotten_workers()
        self._leftovers.sweep(at_start=True)

    def start(self) -> None:
        """Follow jobs in a thread of its own, those of an earlier server too."""
        self.follower.start()

    def close(self) -> None:
        """Stop following and free the file; workers go on and are taken up again by the next server."""
        self.is_closed = True
        self.follower.close()
        self._root.close()

    def store_for(self, tenant_id: str, actor: Actor) -> Store:
        """The store as one tenant sees it, and as far as ``actor`` may."""
        return self._root.for_tenant(tenant_id, actor)

    def receive_upload(self, store: Store, stream: BinaryIO, filename: str, max_bytes: int) -> Upload:
        """Copy a file into the data folder and record it.

        Raises
        ------
        DataError
            The file is empty or larger than ``max_bytes``; nothing of it stays.
        """
        return receive_upload(store, stream, filename, self.folders.uploads, max_bytes=max_bytes)

    def adopt_upload(
        self, store: Store, path: Path, filename: str, max_bytes: int, *, sha256: str | None = None
    ) -> Upload:
        """Record a finished file of the data folder's disk, which is moved and not copied.

        Raises
        ------
        DataError
            The file is empty or larger than ``max_bytes``; nothing of it stays.
        """
        return adopt_upload(store, path, filename, self.folders.uploads, max_bytes=max_bytes, sha256=sha256)

    def receive_uploads(self, store: Store, files: Sequence[tuple[BinaryIO, str]], max_bytes: int) -> Upload:
        """Copy files that are read as one into the data folder, and record them as one upload.

        Raises
        ------
        DataError
            One is empty, or they are larger than ``max_bytes`` together; nothing of them stays.
        """
        return receive_uploads(store, files, self.folders.uploads, max_bytes=max_bytes)

    def upload_file(self, upload: Upload) -> Path:
        """Where an upload's bytes lie."""
        return self.folders.upload_file(upload)

    def start_look(
        self,
        store: Store,
        upload_id: str,
        reading: Reading,
        settings: AnalysisSettings,
        *,
        session_id: str | None = None,
    ) -> Session:
        """Begin to read and profile an upload, in a new session or again in an old one.

        A look of the same session that still waits or runs is cancelled.

        Raises
        ------
        JobError
            The session's analysis is under way.
        """
        request = Request(reading=reading, settings=settings)
        with self._lock:
            session = self._session_for(store, upload_id, request, session_id)
            for job in self._unfinished(store, session.session_id):
                if job.kind == "analyze":
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
            running = [job for job in self._unfinished(store, session_id) if job.kind == "analyze"]
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
        with self._lock:
            session = store.sessions.get(session_id)
            run_id = run_id or session.run_id
            if run_id is None:
                raise JobError(
                    "Scoring customers: this file has not been analysed yet.", "Start the analysis."
                )
            for earlier in self._scorings(store, session_id, purpose) if purpose != "kept" else ():
                if earlier.status not in ("pending", "running"):
                    forget_scoring(self.folders, earlier.job_id)
            run = store.runs.get(run_id)
            if run.session_id != session_id:
                raise JobError(
                    "Scoring customers: the version belongs to another analysis.", "Choose another one."
                )
            asked = stored_request(store.jobs.get(run.run_id).request)
            request = replace(asked, run_id=run_id, purpose=purpose, model_id=model_id)
            return self._queue(store, session_id, "score", request, file, name)

    def scoring(self, store: Store, session_id: str, purpose: ScorePurpose) -> JobView | None:
        """The session's newest scoring for a purpose, None if there is none."""
        job = next(iter(self._scorings(store, session_id, purpose)), None)
        return self.job_view(store, job) if job else None

    @staticmethod
    def _scorings(store: Store, session_id: str, purpose: ScorePurpose) -> list[TrainingJob]:
        return [
            job
            for job in store.jobs.of_session(session_id)
            if job.kind == "score" and stored_request(job.request).purpose == purpose
        ]

    def version(self, store: Store, run_id: str, model_id: str | None = None) -> StoredVersion:
        """One of a run's models, its champion unless named, with all that scoring by it takes."""
        return version_of(store, self.folders, run_id, model_id)

    def scored(self, job: TrainingJob) -> Path:
        """The Parquet file of customers that a completed scoring left.

        Raises
        ------
        JobError
            The job has not completed, or its file is gone.
        """
        path = self.folders.out(job.job_id) / SCORED
        if job.status != "completed" or not path.exists():
            raise JobError("Opening scored customers: they are not there.", "Score the file again.")
        return path

    def progress(self, store: Store, session_id: str, kind: JobKind | None = None) -> JobView | None:
        """The session's newest job of a kind, else its newest look or analysis; None if there is none."""
        wanted = (kind,) if kind else ("look", "analyze")
        job = next((job for job in store.jobs.of_session(session_id) if job.kind in wanted), None)
        return self.job_view(store, job) if job else None

    def job_view(self, store: Store, job: TrainingJob) -> JobView:
        """One job as a page shows it."""
        status = readable_status(self.folders.job(job.job_id))
        expected = self._expected_seconds(store, job, status) if job.status == "running" else {}
        position = None
        if job.status == "pending":
            position = queue_position(
                self._root.overview.unfinished_jobs(), job.job_id, self.follower.last_served
            )
        return view_of(job, status, expected, position, self._steady())

    def cancel(self, store: Store, job_id: str) -> TrainingJob:
        """End a job and its worker; one that has ended already stays as it is."""
        with self._lock:
            job = store.jobs.get(job_id)
            if job.status not in ("pending", "running"):
                return job
            self.follower.cancel(store, job)
        self.follower.wake()
        return store.jobs.get(job_id)

    def retry(self, store: Store, job_id: str) -> TrainingJob:
        """Queue a job's request once more.

        Raises
        ------
        JobError
            The job has not ended.
        """
        with self._lock:
            job = store.jobs.get(job_id)
            if job.status in ("pending", "running"):
                raise JobError("Starting again: the job has not ended yet.", "Cancel it first.")
            file = next(self.folders.job(job_id).glob("input*"), None)
            return self._queue(store, job.session_id, job.kind, stored_request(job.request), file, job.name)

    def look_folder(self, session: Session) -> Path | None:
        """The files of the session's first look, None until there is one."""
        return self.folders.look(session.session_id, session.look_id) if session.look_id else None

    def run_folder(self, session: Session, run_id: str | None = None) -> Path | None:
        """The files of one of the session's runs, of the current one unless named; None until there is one."""
        wanted = run_id or session.run_id
        return self.folders.run(session.session_id, wanted) if wanted else None

    def runs(self, store: Store, session_id: str) -> list[Run]:
        """The session's runs, newest first; ``Session.run_id`` says which one is on screen."""
        return store.runs.of_session(session_id)

    def promote(self, store: Store, session_id: str, run_id: str) -> Run:
        """Put one of the session's runs on screen: its model is champion, its predictions are the session's.

        Raises
        ------
        JobError
            The run's files are missing or damaged.
        """
        with self._lock:
            run = store.runs.get(run_id)
            files = run_files(self.folders.run(session_id, run.run_id))
            return store.runs.promote(session_id, run_id, files, at=datetime.now(UTC))

    def delete_session(self, store: Store, session_id: str) -> Removed:
        """End a session's work and remove it with its files; its upload too unless another session stands on it."""
        with self._lock:
            self._cancel_all(store, session_id)
            return removal.delete_session(store, self.folders, session_id)

    def delete_upload(self, store: Store, upload_id: str) -> Removed:
        """Remove an upload with every session on it, and all their files."""
        with self._lock:
            for session in store.sessions.all():
                if session.upload_id == upload_id:
                    self._cancel_all(store, session.session_id)
            return removal.delete_upload(store, self.folders, upload_id)

    def delete_scoring(self, store: Store, job_id: str) -> None:
        """Stop a scoring if it goes on, and remove it with its file and its scores."""
        with self._lock:
            self.cancel(store, job_id)
            removal.delete_scoring(store, self.folders, job_id)

    def delete_everything(self, store: Store) -> None:
        """Empty the tenant's workspace: every upload, session, file and remembered answer; preferences stay."""
        for upload in store.uploads.all():
            self.delete_upload(store, upload.upload_id)
        store.answers.delete_all()

    def storage(self, store: Store) -> StorageUse:
        """Bytes that the tenant's uploads, analyses, models and jobs take up."""
        return removal.storage_use(store, self.folders)

    def session_storage_bytes(self, store: Store, session: Session) -> int:
        """Bytes that one session takes up, its upload not counted."""
        return removal.session_storage_bytes(store, self.folders, session)

    def apply_retention(self, store: Store, days: int) -> int:
        """Remove sessions and uploads on which nothing has happened for more than ``days`` days; their number."""
        now = datetime.now(UTC)
        with self._lock:
            sessions = removal.outdated_sessions(store, days, now)
            for session in sessions:
                removal.delete_session(store, self.folders, session.session_id)
            uploads = removal.unused_uploads(store, days, now)
            for upload_id in uploads:
                removal.delete_upload(store, self.folders, upload_id)
        return len(sessions) + len(uploads)

    def _expected_seconds(self, store: Store, job: TrainingJob, status: Status | None) -> dict[str, float]:
        rows = status.row_count if status else None
        if rows is None:
            upload = store.uploads.get(store.sessions.get(job.session_id).upload_id)
            rows = upload.row_count or rows_of(upload.file_size_bytes)
        return expected_seconds(
            job.kind, rows, self._root.overview.step_timings(job.kind, last=REMEMBERED_TIMINGS)
        )

    def _end_forgotten_workers(self) -> None:
        """Stop workers whose jobs have ended: the server died between ending the job and its worker."""
        for pid, pid_started in self._root.overview.processes_of_failed_jobs():
            self.follower.workers.stop(pid, pid_started)

    def _keep_house(self) -> None:
        removal.finish_removals(self._root, self.folders)
        self._leftovers.sweep()
        if not self._clock.is_trusted():
            _log.warning(
                "the clock was set: nothing is deleted by its age before it has run steadily for an hour"
            )
            return
        for tenant_id in self._root.overview.tenants():
            store = self._root.for_tenant(tenant_id)
            days = store.preferences.get(RETENTION_DAYS)
            if days:
                self.apply_retention(store, int(days))

    def _session_for(self, store: Store, upload_id: str, request: Request, session_id: str | None) -> Session:
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
            name=store.uploads.get(upload_id).filename,
        )

    def _queue(
        self,
        store: Store,
        session_id: str,
        kind: JobKind,
        request: Request,
        file: Path | None = None,
        name: str | None = None,
    ) -> TrainingJob:
        with self._lock:
            job = store.jobs.create(
                session_id, created_at=datetime.now(UTC), kind=kind, request=to_json(request), name=name
            )
            if file is not None:
                self._hand_over(store, job, file)
            if kind == "analyze":
                store.sessions.set_status(session_id, "training")
        self.follower.wake()
        return job

    def _hand_over(self, store: Store, job: TrainingJob, file: Path) -> None:
        """Copy the file that a job works on into its folder; a job that cannot have it ends here."""
        folder = self.folders.job(job.job_id)
        try:
            with disk_failures("Keeping the file to score"):
                folder.mkdir(parents=True)
                shutil.copyfile(file, folder / f"input{known_suffix(file.name)}")
        except DiskError as error:
            self.follower.fail(store, job, error.message, error.remedy, "error")
            forget_scoring(self.folders, job.job_id)
            raise

    def _unfinished(self, store: Store, session_id: str) -> list[TrainingJob]:
        return [job for job in store.jobs.of_session(session_id) if job.status in ("pending", "running")]

    def _cancel_all(self, store: Store, session_id: str) -> None:
        for job in self._unfinished(store, session_id):
            self.cancel(store, job.job_id)


def _kept(request: Request) -> JsonObject:
    """The settings of a request as a session keeps them."""
    reading = request.reading
    values: JsonObject = part_to_json(RunSettings.of(request.settings, reading.settings, reading.as_of))
    return values

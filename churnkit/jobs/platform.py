"""The public face of background work: what pages, the API and the command line call."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from churnkit.accounts import SYSTEM, Action, Actor
from churnkit.config import leftover_grace_seconds
from churnkit.errors import JobError
from churnkit.jobs import removal
from churnkit.jobs.adoption import run_files
from churnkit.jobs.backing_up import BackupMade, Backups, BackupState, back_up
from churnkit.jobs.bulk_desk import BulkDesk
from churnkit.jobs.chosen_run import note_choice
from churnkit.jobs.clock import WatchedClock
from churnkit.jobs.courier import Courier
from churnkit.jobs.estimate import REMEMBERED_TIMINGS, expected_seconds, rows_of
from churnkit.jobs.example import EXAMPLE_TENANT, installed_example
from churnkit.jobs.follower import Follower
from churnkit.jobs.layout import SCORED, Folders
from churnkit.jobs.leftovers import Leftovers
from churnkit.jobs.mail_round import MailRound
from churnkit.jobs.processes import WorkerProcesses, Workers
from churnkit.jobs.pusher import Pusher
from churnkit.jobs.queue import default_slots, queue_position
from churnkit.jobs.reading import Readings
from churnkit.jobs.removal import BROUGHT_BACK_FOR, StorageUse
from churnkit.jobs.request import ScorePurpose
from churnkit.jobs.status import Status, readable_status
from churnkit.jobs.timed_tasks import timed_tasks
from churnkit.jobs.timekeeper import Timekeeper
from churnkit.jobs.tracking_runs import track_beside
from churnkit.jobs.versions import version_of
from churnkit.jobs.views import JobView, view_of
from churnkit.jobs.work_desk import scorings
from churnkit.services.access.sign_in import forget_ended
from churnkit.services.backup.places import Place
from churnkit.services.look.received_files import adopt_upload, receive_upload, receive_uploads
from churnkit.store import KEPT_FOR, RETENTION_DAYS, JobKind, Run, Session, Store, TrainingJob, Upload

if TYPE_CHECKING:
    from churnkit.services.score.taking_away import StoredVersion

AUDIT_DAYS = 400
"""How long an entry of the audit log is kept."""

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


class Platform(BulkDesk):
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
        folders = Folders(data_dir.resolve(), models_dir.resolve())
        self.readings = Readings(folders)
        self.is_closed = False
        self._root = Store.open(folders.database, actor=SYSTEM)
        lock = threading.RLock()
        mail = MailRound(self._root, folders)
        self._courier = Courier(self._root, rounds=(mail.tick,))
        self._pusher = Pusher(self._root, folders)
        follower = Follower(
            self._root,
            folders,
            workers or _PROCESSES,
            slots=slots or default_slots(),
            lock=lock,
            housekeeping=self._keep_house,
            ended=self._tell,
            by_clock=self.follow_schedules,
            hand_on=self._hand_on,
            now=steady,
        )
        super().__init__(folders, follower, lock)
        self._timekeeper = Timekeeper(self._root, timed_tasks(self, self._pusher.wake, self._courier.wake))
        self._steady = steady
        self._clock = WatchedClock(steady=steady)
        self._leftovers = Leftovers(
            self._root, self.folders, grace_seconds=leftover_grace_seconds(), now=steady
        )
        self._backups = Backups(self._root, self.folders, lock)
        removal.finish_removals(self._root, self.folders)
        self._end_forgotten_workers()
        self._leftovers.sweep(at_start=True)

    def start(self) -> None:
        """Follow jobs in a thread of its own, those of an earlier server too, and tell webhooks of them in another."""
        self.follower.start()
        self._courier.start()
        self._pusher.start()

    def close(self) -> None:
        """Stop following and free the file; workers go on and are taken up again by the next server."""
        self.is_closed = True
        self.follower.close()
        self._courier.close()
        self._pusher.close()
        self._root.close()

    def wake_schedules(self) -> None:
        """Begin what is due or asked for now, if :meth:`start` was called."""
        self.follower.wake()

    def follow_schedules(self) -> float:
        """Begin what is due by now and note what has ended; seconds until something is to be looked at again.

        The thread of :meth:`start` does so by itself.
        """
        return self._timekeeper.tick()

    def send_scores(self) -> None:
        """Send what waits for destinations now, if :meth:`start` was called."""
        self._pusher.wake()

    def push_scores(self) -> float:
        """Send what is due for destinations; seconds until something is due again.

        The thread of :meth:`start` does so by itself.
        """
        return self._pusher.tick()

    def _tell(self) -> None:
        self._courier.wake()
        self._pusher.wake()

    def tell_webhooks(self) -> None:
        """Send what waits for webhooks now, if :meth:`start` was called."""
        self._courier.wake()

    def store_for(self, tenant_id: str, actor: Actor) -> Store:
        """The store as one tenant sees it, and as far as ``actor`` may."""
        return self._root.for_tenant(tenant_id, actor)

    def example(self) -> tuple[Store, Session]:
        """The finished example and the store that it lies in, put there when it is first asked for.

        Raises
        ------
        DataError
            Its file is missing or damaged.
        """
        store = self.store_for(EXAMPLE_TENANT, SYSTEM)
        with self._lock:
            return store, installed_example(store, self.folders)

    def receive_upload(self, store: Store, stream: BinaryIO, filename: str, max_bytes: int) -> Upload:
        """Copy a file into the data folder and record it.

        Raises
        ------
        DataError
            The file is empty or larger than ``max_bytes``; nothing of it stays.
        """
        store.actor.require(Action.UPLOAD)
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
        store.actor.require(Action.UPLOAD)
        return adopt_upload(store, path, filename, self.folders.uploads, max_bytes=max_bytes, sha256=sha256)

    def receive_uploads(self, store: Store, files: Sequence[tuple[BinaryIO, str]], max_bytes: int) -> Upload:
        """Copy files that are read as one into the data folder, and record them as one upload.

        Raises
        ------
        DataError
            One is empty, or they are larger than ``max_bytes`` together; nothing of them stays.
        """
        store.actor.require(Action.UPLOAD)
        return receive_uploads(store, files, self.folders.uploads, max_bytes=max_bytes)

    def upload_file(self, upload: Upload) -> Path:
        """Where an upload's bytes lie."""
        return self.folders.upload_file(upload)

    def scoring(self, store: Store, session_id: str, purpose: ScorePurpose) -> JobView | None:
        """The session's newest scoring for a purpose, None if there is none."""
        job = next(iter(scorings(store, session_id, purpose)), None)
        return self.job_view(store, job) if job else None

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

    def expected_seconds(self, store: Store, job: TrainingJob) -> float:
        """What a job is expected to take from its start, once it is its turn."""
        return sum(self._expected_seconds(store, job, None).values())

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
        store.actor.require(Action.RUN)
        session = store.sessions.get(session_id)
        with self._lock:
            run = store.runs.get(run_id)
            files = run_files(self.folders.run(session.session_id, run.run_id))
            before = store.runs.get(session.run_id) if session.run_id else None
            promoted = store.runs.promote(session_id, run_id, files, at=datetime.now(UTC))
            note_choice(store, before, promoted)
        track_beside(store, self.folders, promoted)
        return promoted

    def start_backup(self, store: Store) -> None:
        """Begin to copy the whole data folder to where whoever runs the server wants its backups.

        Raises
        ------
        SettingsError
            They have not said where.
        ConflictError
            A backup is under way.
        """
        store.actor.require(Action.DELETE)
        self._backups.start()

    def backup_state(self, store: Store) -> BackupState:
        """How backups of the data folder stand."""
        store.actor.require(Action.DELETE)
        return self._backups.state

    def back_up(self, place: Place) -> BackupMade:
        """Make a backup now, for whoever runs the server."""
        return back_up(self._root, self.folders, place, self._lock, datetime.now(UTC))

    def storage(self, store: Store) -> StorageUse:
        """Bytes that the tenant's uploads, analyses, models and jobs take up."""
        return removal.storage_use(store, self.folders)

    def session_storage_bytes(self, store: Store, session: Session) -> int:
        """Bytes that one session takes up, its upload not counted."""
        return removal.session_storage_bytes(store, self.folders, session)

    def _expected_seconds(self, store: Store, job: TrainingJob, status: Status | None) -> dict[str, float]:
        rows = status.row_count if status else None
        if job.kind in ("pull", "bulk") and rows is None:
            rows = 0
        if rows is None:
            upload = store.uploads.get(store.sessions.get(job.session_id).upload_id)
            rows = upload.row_count or rows_of(upload.file_size_bytes)
        timings = self._root.overview.step_timings
        return expected_seconds(
            job.kind,
            rows,
            timings(job.kind, last=REMEMBERED_TIMINGS),
            timings("look", last=REMEMBERED_TIMINGS),
        )

    def _end_forgotten_workers(self) -> None:
        """Stop workers whose jobs have ended: the server died between ending the job and its worker."""
        for pid, pid_started in self._root.overview.processes_of_failed_jobs():
            self.follower.workers.stop(pid, pid_started)

    def _hand_on(self) -> None:
        for owned in self._root.overview.files_to_hand_on():
            self._add_brought(self._root.for_tenant(owned.tenant_id), owned.file)

    def _keep_house(self) -> None:
        removal.finish_removals(self._root, self.folders)
        self._leftovers.sweep()
        if not self._clock.is_trusted():
            _log.warning(
                "the clock was set: nothing is deleted by its age before it has run steadily for an hour"
            )
            return
        self._backups.start_if_due()
        now = datetime.now(UTC)
        self._root.overview.forget_audit(before=now - timedelta(days=AUDIT_DAYS))
        self._root.overview.forget_kept_answers(before=now - KEPT_FOR)
        forget_ended(self._root)
        for tenant_id, session_id in self._root.overview.put_away_before(now - BROUGHT_BACK_FOR):
            self.delete_put_away(self._root.for_tenant(tenant_id), session_id)
        for tenant_id in self._root.overview.tenants():
            store = self._root.for_tenant(tenant_id)
            days = store.preferences.get(RETENTION_DAYS)
            if days:
                self.apply_retention(store, int(days))

"""The server's one thread beside the pages: starts jobs, follows their workers, takes over what they finish."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from churnkit.errors import ChurnkitError, DiskError, JobError
from churnkit.jobs.adoption import adopt, leave_only_account
from churnkit.jobs.disk_files import remove
from churnkit.jobs.follow_up import follow_up
from churnkit.jobs.layout import LOG, STATUS, Folders
from churnkit.jobs.logfile import cut_log
from churnkit.jobs.orders import order_for
from churnkit.jobs.processes import Workers
from churnkit.jobs.pulls import note_failed_pull
from churnkit.jobs.queue import startable
from churnkit.jobs.status import Status, read_status, readable_status
from churnkit.jobs.steps import STEPS
from churnkit.jobs.trouble import FIRST_SECONDS, GIVE_UP_SECONDS, LONGEST_SECONDS, Troubles
from churnkit.store import EndedBy, OwnedJob, Store, TrainingJob
from churnkit.text.figures import duration

POLL_SECONDS = 0.25
IDLE_SECONDS = 600.0
# A worker says who it is within a second or two; a server that died while starting one waits this long for it.
SILENCE_SECONDS = 30.0

UNEXPECTED = "The work stopped on an error that churnkit did not expect."
INTERRUPTED = (
    "The worker process ended before its work was done: it was stopped from outside, ran out of memory or of the time"
    " that a job may take, or the machine went down."
)

_log = logging.getLogger(__name__)
# The trouble that concerns no single job.
_ALL = ""
_CLOCK = "schedules"


class Follower:
    """Moves jobs along, one :meth:`tick` at a time.

    Parameters
    ----------
    lock
        Held while a job changes its state, here and wherever else that happens.
    housekeeping
        Called now and then, while nobody changes a job.
    ended
        Called when a job has ended, however it did, and when what follows a run is done.
    by_clock
        Begins what is due by now; seconds until it is to be called again.
    hand_on
        Called after each look at the jobs, without the lock: what sources brought goes on its way.
    now
        Seconds of the monotonic clock, but for tests.
    """

    def __init__(
        self,
        store: Store,
        folders: Folders,
        workers: Workers,
        *,
        slots: int,
        lock: threading.RLock,
        housekeeping: Callable[[], None] = lambda: None,
        ended: Callable[[], None] = lambda: None,
        by_clock: Callable[[], float] = lambda: IDLE_SECONDS,
        hand_on: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store = store
        self.folders = folders
        self.workers = workers
        self.slots = slots
        self.last_served: dict[str, float] = {}
        self._lock = lock
        self._housekeeping = housekeeping
        self._ended = ended
        self._by_clock = by_clock
        self._hand_on = hand_on
        self._now = now
        self._troubles = Troubles(_log, now=now)
        self._silent_since: dict[str, float] = {}
        self._wake = threading.Event()
        self._following = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Follow jobs in a thread from now on."""
        self._following = True
        self.wake()

    def wake(self) -> None:
        """Look at the jobs now, unless nobody follows them; a thread that died has a successor."""
        with self._lock:
            if not self._following:
                return
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="churnkit-follower", daemon=True)
                self._thread.start()
        self._wake.set()

    def close(self) -> None:
        """End the thread; workers go on."""
        self._following = False
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        kept_house_at = float("-inf")
        while self._following:
            self._wake.clear()
            busy = self._turn()
            wait = self._look_at_the_clock()
            if self._now() - kept_house_at > IDLE_SECONDS:
                kept_house_at = self._now()
                self._keep_house()
            self._wake.wait(POLL_SECONDS if busy else wait)

    def _turn(self) -> bool:
        """One :meth:`tick`, unless the last ones failed as a whole and it is too early; whether another must follow."""
        if self._troubles.is_waiting(_ALL):
            return True
        try:
            busy = self.tick()
        except (ChurnkitError, OSError) as error:
            self._troubles.met(_ALL, "following the jobs", error)
            return True
        self._troubles.over(_ALL)
        return busy

    def _look_at_the_clock(self) -> float:
        """Begin what is due, unless that failed as a whole and it is too early; seconds until something is again."""
        if self._troubles.is_waiting(_CLOCK):
            return LONGEST_SECONDS
        try:
            wait = self._by_clock()
        except (ChurnkitError, OSError) as error:
            self._troubles.met(_CLOCK, "following the schedules", error)
            return FIRST_SECONDS
        self._troubles.over(_CLOCK)
        return min(wait, IDLE_SECONDS)

    def _keep_house(self) -> None:
        try:
            with self._lock:
                self._housekeeping()
        except (ChurnkitError, OSError):
            _log.exception("keeping house")

    def tick(self) -> bool:
        """Bring every job up to date, start what may start, and do what follows new runs; whether any job is unfinished."""
        with self._lock:
            unfinished = self.store.overview.unfinished_jobs()
            goes_on = [self._still_works(owned) for owned in unfinished]
            if not all(goes_on):
                for owned in startable(self.store.overview.unfinished_jobs(), self.slots, self.last_served):
                    self._start(owned)
        # Without the lock: nobody who starts or stops work waits for it.
        if follow_up(self.store, self.folders):
            self._ended()
        self._hand_on()
        # Most looks find work that just goes on: the store is asked again only where it may hold something else.
        if any(goes_on):
            return True
        with self._lock:
            return bool(self.store.overview.unfinished_jobs())

    def _still_works(self, owned: OwnedJob) -> bool:
        """Bring one job up to date; whether its worker is at it, as before."""
        if owned.job.status != "running" or self._troubles.is_waiting(owned.job.job_id):
            return False
        return self._follow_if_possible(owned)

    def _follow_if_possible(self, owned: OwnedJob) -> bool:
        """One job's trouble with files or store must not stop everybody's: it is tried again, and given up in the end."""
        store, job = self.store.for_tenant(owned.tenant_id), owned.job
        doing = f"following job {job.job_id}"
        goes_on = False
        try:
            goes_on = self._follow(store, job)
        except (ChurnkitError, OSError) as error:
            if self._troubles.met(job.job_id, doing, error) < GIVE_UP_SECONDS:
                return False
            reason = error.message if isinstance(error, ChurnkitError) else str(error)
            try:
                self._give_up(store, job, reason)
            except (ChurnkitError, OSError) as another:
                self._troubles.met(job.job_id, doing, another)
                return False
        self._troubles.over(job.job_id)
        return goes_on

    def _give_up(self, store: Store, job: TrainingJob, reason: str) -> None:
        message = f"Following the work: for {duration(GIVE_UP_SECONDS)} its state could not be read or kept ({reason})."
        remedy = "See that the disk has room and that the data folder can be written, then start again."
        self._stop(job)
        self.fail(store, job, message, remedy, "error")

    def _start(self, owned: OwnedJob) -> None:
        store = self.store.for_tenant(owned.tenant_id)
        job = store.jobs.claim(owned.job.job_id, at=datetime.now(UTC))
        if job is None:
            return
        self.last_served[owned.tenant_id] = time.monotonic()
        folder = self.folders.job(job.job_id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            order_for(store, self.folders, job).write(folder)
            pid, pid_started = self.workers.start(folder)
        except ChurnkitError as error:
            self.fail(store, job, error.message, error.remedy, "error")
            return
        except OSError as error:
            self.fail(
                store, job, f"The worker process could not be started ({error}).", "Start again.", "error"
            )
            return
        store.jobs.update(job.job_id, at=datetime.now(UTC), pid=pid, pid_started=pid_started)

    def _follow(self, store: Store, job: TrainingJob) -> bool:
        folder = self.folders.job(job.job_id)
        cut_log(folder / LOG)
        try:
            alive = self._is_alive(job)
            # Read after the look at the process: one that has ended has written its last word.
            status = read_status(folder)
        except JobError as error:
            self._stop(job)
            remove(folder / STATUS, [self.folders.data])
            self.fail(store, job, error.message, error.remedy, "error")
            return False
        if status is None or status.state == "running":
            if alive:
                self._note_progress(store, job, status)
                return True
            self.fail(store, job, INTERRUPTED, "Start again.", "interrupted")
        elif status.state == "done":
            self._adopt(store, job, status)
        elif status.state == "failed":
            self.fail(store, job, status.message, status.remedy, "error")
        else:
            where = f"jobs/{job.job_id}/{LOG}"
            remedy = f"Start again; if it happens again, {where} in the data folder says what went wrong."
            self.fail(store, job, UNEXPECTED, remedy, "error")
        return False

    def _stop(self, job: TrainingJob) -> None:
        process = self._process_of(job)
        if process is not None:
            self.workers.stop(*process)

    def _process_of(self, job: TrainingJob) -> tuple[int, str] | None:
        if job.pid is not None:
            return job.pid, job.pid_started or ""
        # The server died between starting the worker and writing its number down; the worker wrote it too.
        status = readable_status(self.folders.job(job.job_id))
        return (status.pid, status.pid_started) if status else None

    def cancel(self, store: Store, job: TrainingJob) -> None:
        """End an unfinished job and its worker."""
        # The record first: a worker that dies without it would look interrupted.
        self.fail(store, job, "It was cancelled.", "Start again when you like.", "cancelled")
        self._stop(job)
        leave_only_account(self.folders, job.job_id)

    def _is_alive(self, job: TrainingJob) -> bool:
        process = self._process_of(job)
        if process is not None:
            self._silent_since.pop(job.job_id, None)
            return self.workers.is_alive(*process)
        # By the clock that nobody sets; a server that is new waits once more.
        return self._now() - self._silent_since.setdefault(job.job_id, self._now()) < SILENCE_SECONDS

    def _note_progress(self, store: Store, job: TrainingJob, status: Status | None) -> None:
        if status is None:
            return
        if job.pid is None:
            store.jobs.update(
                job.job_id, at=datetime.now(UTC), pid=status.pid, pid_started=status.pid_started
            )
        titles = {step.key: step.title for step in STEPS[job.kind]}
        current = next((titles[step.key] for step in status.steps if step.state == "running"), None)
        done = sum(step.state == "done" for step in status.steps)
        percent = 100.0 * done / len(status.steps)
        if current is not None and (current != job.current_step or percent != job.progress):
            store.jobs.update(job.job_id, at=datetime.now(UTC), current_step=current, progress=percent)

    def _adopt(self, store: Store, job: TrainingJob, status: Status) -> None:
        try:
            adopt(store, self.folders, job, status, at=datetime.now(UTC))
            self._ended()
        except DiskError:
            # Finished work is not thrown away because there is no room for a moment.
            raise
        except ChurnkitError as error:
            _log.exception("taking over job %s", job.job_id)
            self.fail(store, job, error.message, error.remedy, "error")

    def fail(self, store: Store, job: TrainingJob, message: str, remedy: str, ended_by: EndedBy) -> None:
        """End a job that will not complete; nothing it wrote stays but its account."""
        self._silent_since.pop(job.job_id, None)
        store.jobs.update(
            job.job_id,
            at=datetime.now(UTC),
            status="failed",
            error_message=message,
            error_remedy=remedy,
            ended_by=ended_by,
        )
        if job.kind == "analyze":
            session = store.sessions.get(job.session_id)
            store.sessions.set_status(job.session_id, "completed" if session.run_id else "configured")
        if job.kind == "pull":
            note_failed_pull(store, job, message, is_told=ended_by != "cancelled")
        self._ended()
        leave_only_account(self.folders, job.job_id)

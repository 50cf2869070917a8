"""What follows a run that has been taken over: each step quick, and the same however often it is done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from churnkit.errors import ChurnkitError, NotFoundError
from churnkit.jobs.layout import Folders
from churnkit.store import Run, Store

FollowUp = Callable[[Store, Folders, Run], None]


def _note_fallback(store: Store, folders: Folders, run: Run) -> None:
    from churnkit.jobs.fallback_note import note_fallback

    note_fallback(store, folders, run)


def _note_events(store: Store, folders: Folders, run: Run) -> None:
    from churnkit.services.alerts.noting import note_run

    note_run(store, run, lambda one: folders.run(one.session_id, one.run_id), at=datetime.now(UTC))


def _note_returned(store: Store, folders: Folders, run: Run) -> None:
    from churnkit.services.worklist.returned import note_returned

    note_returned(store, run, folders.run(run.session_id, run.run_id))


def _read_out_over(store: Store, folders: Folders, run: Run) -> None:
    from churnkit.services.since.readouts_due import read_out_over

    read_out_over(store, run, folders.run(run.session_id, run.run_id))


def _push_scores(store: Store, folders: Folders, run: Run) -> None:
    from churnkit.services.destinations.registering import push_after_run

    # Of versions that are not on screen nobody outside hears.
    if store.sessions.get(run.session_id).run_id == run.run_id:
        push_after_run(store, run.session_id, run.run_id)


def _follow_monitoring(store: Store, folders: Folders, run: Run) -> None:
    from churnkit.jobs.challengers import follow_monitoring

    follow_monitoring(store, folders, run)


def _track_run(store: Store, folders: Folders, run: Run) -> None:
    from churnkit.jobs.tracking_runs import track_beside

    track_beside(store, folders, run)


def _remove_expired(store: Store, folders: Folders, run: Run) -> None:
    from churnkit.jobs.expired_uploads import remove_expired

    remove_expired(store, folders, run)


CHALLENGERS = "what has changed, and whether to train again"
"""The one step that runs follow which were never shown."""


def _copy_run(store: Store, folders: Folders, run: Run) -> None:
    from churnkit.jobs.copying_runs import copy_beside

    copy_beside(store, folders, run)


FOLLOW_UPS: tuple[tuple[str, FollowUp], ...] = (
    ("whether a rule had to score", _note_fallback),
    ("who of the work list has bought again", _note_returned),
    ("reading out campaigns that are over", _read_out_over),
    ("what is worth telling", _note_events),
    ("sending scores to destinations", _push_scores),
    ("copying the version to storage", _copy_run),
    ("telling MLflow of the version", _track_run),
    ("removing uploads that are no longer kept", _remove_expired),
    (CHALLENGERS, _follow_monitoring),
)
"""Name and step, in their order. A step must not need models, and imports what the server starts without itself."""

# What a step raises whose run, or whose code, is not what was agreed on: the steps after it are done all the same.
_FAILURES = (
    ChurnkitError,
    OSError,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    pa.ArrowException,
    duckdb.Error,
)
_log = logging.getLogger(__name__)


def follow_up(root: Store, folders: Folders, steps: tuple[tuple[str, FollowUp], ...] | None = None) -> int:
    """Do what follows every run that nothing has followed yet, the oldest first; how many runs there were.

    A server that dies in between does it again when it starts; what fails is noted as an event and not tried again.

    Parameters
    ----------
    root
        The program's store.
    steps
        ``FOLLOW_UPS`` but for tests.
    """
    waiting = root.overview.runs_to_follow_up()
    for tenant_id, run in waiting:
        store = root.for_tenant(tenant_id)
        for name, step in FOLLOW_UPS if steps is None else steps:
            if run.is_challenger and name != CHALLENGERS:
                continue
            try:
                step(store, folders, run)
            except _FAILURES as error:
                _log.exception("after run %s: %s", run.run_id, name)
                _note_failure(store, run, name, error)
        store.runs.set_followed_up(run.run_id)
    return len(waiting)


def _note_failure(store: Store, run: Run, name: str, error: Exception) -> None:
    """Say what did not follow; of a run whose shop is gone by now there is nobody to tell."""
    why = error.message if isinstance(error, ChurnkitError) else type(error).__name__
    with suppress(NotFoundError):
        store.events.note(
            run.session_id,
            "follow_up_failed",
            key=f"{run.run_id}/{name}",
            words=f"What follows a new version could not be done: {name}. {why}",
            at=datetime.now(UTC),
            details={"run_id": run.run_id, "step": name},
        )

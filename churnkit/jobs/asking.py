"""An export that looked incomplete, added because somebody says that it is right."""

from __future__ import annotations

from churnkit.errors import NotFoundError
from churnkit.jobs.adopting_additions import asked_of
from churnkit.jobs.history_desk import HistoryDesk
from churnkit.services.schedules.half_export import HALF_EXPORT
from churnkit.store import ScheduleRun, Store, TrainingJob


def add_anyway(desk: HistoryDesk, store: Store, run: ScheduleRun) -> TrainingJob:
    """Add the export that a run of a schedule stopped at.

    Raises
    ------
    NotFoundError
        It asks nothing, or its work is gone.
    """
    stopped = next(
        (
            job
            for job in store.jobs.of_session(run.shop_id)
            if job.kind == "add"
            and job.created_at >= run.begun_at
            and (job.error_message or "").startswith(HALF_EXPORT)
        ),
        None,
    )
    asked = asked_of(stopped) if stopped else None
    if run.state != "asks" or asked is None or asked.upload_id is None:
        raise NotFoundError(
            "Adding an export anyway: this run asks nothing.", "Add the file on the page History."
        )
    return desk.add_export(
        store,
        run.shop_id,
        asked.upload_id,
        insist=True,
        kind=asked.kind,
        knows_until=asked.knows_until,
        source_id=asked.source_id,
    )

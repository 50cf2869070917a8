"""Taking over what an addition made: the history's new version, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from churnkit.errors import ConflictError, JobError
from churnkit.jobs.addition_request import AdditionAsked
from churnkit.jobs.disk_files import remove
from churnkit.jobs.layout import Folders
from churnkit.jobs.moving_out import move_out
from churnkit.jobs.request import Request, stored_request
from churnkit.jobs.shop_requests import refresh_request, retrain_request
from churnkit.results.codec import JsonObject, from_text, to_json
from churnkit.results.shop import AdditionFigures, AfterAdding, OrdersOfKind
from churnkit.results.shop_history import ACCOUNT, ADDITION, HistoryAccount, Teller
from churnkit.services.schedules.half_export import Extent, require_whole
from churnkit.store import AdditionKind, FirstFile, JobKind, StepTiming, Store, TrainingJob


def adopt_addition(
    store: Store, folders: Folders, job: TrainingJob, timings: Sequence[StepTiming], at: datetime
) -> None:
    """Make a finished addition's history that of its shop, and queue what is to follow."""
    folder = folders.history(job.session_id, job.job_id)
    move_out(folders, job.job_id, folder)
    account = from_text(HistoryAccount, (folder / ACCOUNT).read_bytes())
    figures = from_text(AdditionFigures, (folder / ADDITION).read_bytes())
    asked, teller = asked_of(job), account.tellers[-1]
    is_file = asked.upload_id is not None and not asked.again
    if is_file:
        _require_whole(store, folders, job, asked, teller, figures)
    before = [one.addition_id for one in store.additions.of_shop(job.session_id)]
    store.additions.finish(
        job.job_id,
        upload_id=asked.upload_id,
        source_id=asked.source_id,
        history_version=account.newest,
        kind=_kind(asked),
        sha256=teller.sha256 if is_file else None,
        covers=covers_of(teller) if is_file else None,
        knows_until=teller.knows_until,
        takes_out_missing=is_file and teller.takes_out_missing,
        figures=figures,
        at=at,
        timings=timings,
        first=_first(store, job, account.tellers[0]),
        next_job=_next_job(store, job, asked.then) if figures.changes_anything else None,
    )
    _forget_older(folders, job, before)


def _require_whole(
    store: Store,
    folders: Folders,
    job: TrainingJob,
    asked: AdditionAsked,
    teller: Teller,
    figures: AdditionFigures,
) -> None:
    """See that an export that nobody looked at is no smaller than the one that its source brought before.

    Raises
    ------
    ConflictError
        It is: somebody is to say whether it is right.
    """
    covers = covers_of(teller)
    if asked.source_id is None or asked.insists or asked.kind != "period" or covers is None:
        return
    earlier = (
        Extent(one.addition_figures.rows_kept, one.covers_from, one.covers_to)
        for one in store.additions.of_shop(job.session_id)
        if one.source_id == asked.source_id and one.covers_from is not None and one.covers_to is not None
    )
    try:
        require_whole(next(earlier, None), Extent(figures.rows_kept, *covers))
    except ConflictError:
        remove(folders.history(job.session_id, job.job_id), [folders.data])
        raise


def asked_of(job: TrainingJob) -> AdditionAsked:
    """What an addition was asked.

    Raises
    ------
    JobError
        The job is no addition.
    """
    asked = stored_request(job.request).addition
    if asked is None:
        raise JobError("Adding to the history: the order names no file.", "Add the file again.")
    return asked


def covers_of(teller: Teller) -> tuple[datetime, datetime] | None:
    """The time that a file speaks of; None for changes."""
    if teller.covers_from is None or teller.covers_to is None:
        return None
    return teller.covers_from, teller.covers_to


def _kind(asked: AdditionAsked) -> AdditionKind:
    return "taken_back" if asked.upload_id is None else asked.kind


def _first(store: Store, job: TrainingJob, teller: Teller) -> FirstFile:
    session = store.sessions.get(job.session_id)
    kept = teller.file.rows_kept
    return FirstFile(
        look_id=session.look_id or session.session_id,
        upload_id=session.upload_id,
        sha256=teller.sha256,
        covers=covers_of(teller),
        knows_until=teller.knows_until,
        figures=AdditionFigures(
            rows_in=teller.file.rows_in,
            rows_kept=kept,
            new=OrdersOfKind(orders=teller.file.orders or 0, lines=kept, amount=teller.file.amount or 0.0),
        ),
    )


def _next_job(store: Store, job: TrainingJob, then: AfterAdding) -> tuple[JobKind, JsonObject] | None:
    """A run after the addition, unless the same waits already: it takes the history as it is when its turn comes."""
    if then == "nothing":
        return None
    kind, request = _run_after(store, job.session_id, then)
    for other in store.jobs.of_session(job.session_id):
        waits = other.status == "pending" and other.kind == kind
        if waits and stored_request(other.request) == request:
            return None
    return kind, to_json(request)


def _run_after(store: Store, shop_id: str, then: AfterAdding) -> tuple[JobKind, Request]:
    """A shop that was never analysed is analysed first."""
    if then == "retrain" or store.sessions.get(shop_id).run_id is None:
        return "analyze", retrain_request(store, shop_id)
    return "refresh", refresh_request(store, shop_id)


def _forget_older(folders: Folders, job: TrainingJob, before: Sequence[str]) -> None:
    """Keep the version before, to which the shop can go back, and remove the files of those before that."""
    kept = {job.job_id, *before[:1]}
    place = folders.history(job.session_id, job.job_id).parent
    for folder in sorted(place.iterdir()):
        if folder.name not in kept:
            remove(folder, [folders.data])

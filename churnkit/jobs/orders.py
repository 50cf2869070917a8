"""What a worker is handed: a job's request with the places that it needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from churnkit.errors import JobError
from churnkit.jobs.bulk import write_bulk_order
from churnkit.jobs.erasing import erasing_order
from churnkit.jobs.layout import Folders
from churnkit.jobs.orders_of_additions import order_of_addition
from churnkit.jobs.pulls import write_pull_order
from churnkit.jobs.request import Order, Request, stored_request
from churnkit.services.privacy.kept_from import kept_from
from churnkit.store import ModelSeal, Run, Session, Store, TrainingJob


def order_for(store: Store, folders: Folders, job: TrainingJob) -> Order:
    """A job's request with the places that its worker needs.

    Raises
    ------
    JobError
        A file is gone, or there is nothing yet to score by.
    """
    # What knows how preferences are written comes with the first job, not when the server starts.
    from churnkit.services.workspace.workspace_preferences import load_preferences

    request = stored_request(job.request)
    if job.kind == "pull":
        # A shop may have no analysis yet: its first orders come from a source.
        return Order(job.kind, request, write_pull_order(store, folders, job, request), None, folders.models)
    order = _order(store, folders, job, request)
    settings = store.shops.get(job.session_id).shop_settings
    return replace(
        order,
        erased=store.erasures.of_shop(job.session_id),
        kept_from=kept_from(settings, datetime.now(UTC)),
        currency=load_preferences(store).currency,
    )


def _order(store: Store, folders: Folders, job: TrainingJob, request: Request) -> Order:
    session = store.sessions.get(job.session_id)
    if job.kind == "erase":
        return erasing_order(store, folders, job, request)
    if job.kind == "score":
        return _scoring(store, folders, job, request)
    if job.kind == "bulk":
        return _bulk(store, folders, job, request)
    if job.kind == "add":
        return order_of_addition(store, folders, job, request)
    if job.kind == "refresh":
        return _refresh(store, folders, session, request)
    if job.kind == "analyze":
        return _analysis(store, folders, session, request)
    return Order(job.kind, request, _upload(store, folders, session), None, folders.models)


def _scoring(store: Store, folders: Folders, job: TrainingJob, request: Request) -> Order:
    file = next(folders.job(job.job_id).glob("input*"), None)
    if file is None:
        raise JobError("Scoring customers: the file to score is gone.", "Upload it again.")
    run = store.runs.get(request.run_id or "")
    # What a refresh scored by was learned by an earlier run, whose folder holds all that the scorer is made of.
    made_by = run.run_id if request.purpose == "imagined" else run.trained_by or run.run_id
    folder = folders.run(job.session_id, made_by)
    return Order(job.kind, request, file, folder, folders.models, _seal(store, request, run.run_id))


def _bulk(store: Store, folders: Folders, job: TrainingJob, request: Request) -> Order:
    run = store.runs.get(request.run_id or "")
    folder = folders.run(job.session_id, run.trained_by or run.run_id)
    file = write_bulk_order(folders, job, request)
    return Order(job.kind, request, file, folder, folders.models, _seal(store, request, run.run_id))


def _refresh(store: Store, folders: Folders, session: Session, request: Request) -> Order:
    trained = store.runs.get(request.run_id) if request.run_id else trained_run(store, session)
    history, version = _history(store, folders, session, request)
    return Order(
        "refresh",
        request,
        history or _upload(store, folders, session),
        folders.run(session.session_id, trained.run_id),
        folders.models,
        store.runs.seal(trained.run_id),
        history=history,
        history_version=version,
        earlier_runs=earlier_runs(store, folders, session.session_id),
    )


def _analysis(store: Store, folders: Folders, session: Session, request: Request) -> Order:
    history, version = _history(store, folders, session, request)
    champion = trained_run(store, session) if request.challenger else None
    return Order(
        "analyze",
        request,
        history or _upload(store, folders, session),
        folders.run(session.session_id, champion.run_id) if champion else None,
        folders.models,
        store.runs.seal(champion.run_id) if champion else None,
        history=history,
        history_version=version,
        earlier_runs=earlier_runs(store, folders, session.session_id),
        look=folders.look(session.session_id, session.look_id) if session.look_id else None,
    )


def trained_run(store: Store, session: Session) -> Run:
    """The run whose model scores the shop now: that on screen, or the one that had trained what scored it.

    Raises
    ------
    JobError
        The shop has no finished analysis.
    """
    if session.run_id is None:
        raise JobError("Refreshing the forecast: this shop has not been analysed yet.", "Start the analysis.")
    run = store.runs.get(session.run_id)
    return run if run.trained_by is None else store.runs.get(run.trained_by)


def earlier_runs(store: Store, folders: Folders, session_id: str) -> tuple[Path, ...]:
    """Folders of a shop's runs, newest first, those that were never shown among them."""
    return tuple(
        folders.run(session_id, run.run_id) for run in store.runs.of_session(session_id, challengers=True)
    )


def _history(
    store: Store, folders: Folders, session: Session, request: Request
) -> tuple[Path | None, int | None]:
    """The shop's history and the version of it that is asked for, its newest unless said; none before an addition."""
    additions = store.additions.of_shop(session.session_id)
    if not additions:
        return None, None
    folder = folders.history(session.session_id, additions[0].addition_id)
    if not folder.exists():
        raise JobError(
            "Opening the history of the shop: it is missing from the data folder.",
            "Restore the data folder from a backup, or add the exports again.",
        )
    return folder, request.history_version or additions[0].history_version


def _upload(store: Store, folders: Folders, session: Session) -> Path:
    file = folders.upload_file(store.uploads.get(session.upload_id))
    if not file.exists():
        raise JobError(
            "Reading the file: it is missing from the data folder.",
            "Upload it again, or restore the data folder from a backup.",
        )
    return file


def _seal(store: Store, request: Request, run_id: str) -> ModelSeal | None:
    """The file of the model that scores, and its hash."""
    return store.runs.seal(run_id) if request.model_id is None else store.models.seal(request.model_id)

"""What a shop's next run is asked for."""

from __future__ import annotations

from dataclasses import replace

from churnkit.config import AnalysisSettings
from churnkit.errors import JobError
from churnkit.jobs.orders import trained_run
from churnkit.jobs.request import Request, stored_request
from churnkit.store import Store


def refresh_request(store: Store, shop_id: str) -> Request:
    """Score by the model of the run on screen, on the newest history when its turn comes.

    Raises
    ------
    JobError
        The shop has no finished analysis.
    """
    trained = trained_run(store, store.sessions.get(shop_id))
    asked = stored_request(store.jobs.get(trained.run_id).request)
    return replace(asked, run_id=None, history_version=None, challenger=False)


def retrain_request(store: Store, shop_id: str, settings: AnalysisSettings | None = None) -> Request:
    """Train again on the newest history; errors as for :func:`refresh_request`.

    Parameters
    ----------
    settings
        Unless given, those of the run that trained the present model, with its churn threshold, so that the new model
        answers the same question.
    """
    session = store.sessions.get(shop_id)
    if session.run_id is None and session.look_id is not None:
        return first_request(store, shop_id, settings)
    trained = trained_run(store, store.sessions.get(shop_id))
    asked = stored_request(store.jobs.get(trained.run_id).request)
    wanted = settings or replace(asked.settings, horizon_days=trained.horizon_days)
    # What is newest must count, whatever date the model was made for.
    reading = replace(asked.reading, as_of=None)
    return replace(
        asked, reading=reading, settings=wanted, run_id=None, history_version=None, challenger=False
    )


def first_request(store: Store, shop_id: str, settings: AnalysisSettings | None = None) -> Request:
    """Analyse a shop for the first time, as the look at its first file was asked to."""
    look = next(job for job in store.jobs.of_session(shop_id) if job.kind == "look")
    asked = stored_request(look.request)
    reading = asked.reading
    if store.additions.of_shop(shop_id):
        reading = replace(reading, as_of=None)
    return replace(asked, reading=reading, settings=settings or asked.settings)


def rerun_request(store: Store, shop_id: str, history_version: int) -> Request:
    """Train on the history as it was known at one of its versions; errors as for :func:`refresh_request`.

    Raises
    ------
    JobError
        The history has no such version.
    """
    versions = [one.history_version for one in store.additions.of_shop(shop_id)]
    if history_version not in versions:
        raise JobError(
            f"Going back to version {history_version} of the history: there is none.",
            f"It has the versions 1 to {max(versions)}." if versions else "Nothing was added to it yet.",
        )
    return replace(retrain_request(store, shop_id), history_version=history_version)

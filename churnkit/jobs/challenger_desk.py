"""What somebody does with a model that waits beside the one on screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from churnkit.accounts import Action
from churnkit.errors import ConflictError
from churnkit.jobs.platform import Platform
from churnkit.results.shop import ROLLOUTS
from churnkit.store import Run, Store, new_id
from churnkit.text.figures import count, day


def challenger_of(store: Store, shop_id: str) -> Run | None:
    """The run whose model waits beside the one on screen; None without any."""
    wanted = store.shops.get(shop_id).shop_settings.challenger_run
    runs = store.runs.of_session(shop_id, challengers=True)
    return next((one for one in runs if one.run_id == wanted and one.is_challenger), None)


def take_over(platform: Platform, store: Store, shop_id: str) -> Run:
    """Put the challenger's newest run on screen: from now on its model scores the shop.

    Raises
    ------
    ConflictError
        No model waits.
    """
    challenger = _waiting(store, shop_id)
    newest = max(
        _runs_of(store, challenger), key=lambda one: (one.summary.cutoff or datetime.min, one.finished_at)
    )
    run = platform.promote(store, shop_id, newest.run_id)
    _settle(store, shop_id)
    return run


def drop(store: Store, shop_id: str) -> None:
    """Let the challenger score nothing any more; its run stays in the data folder until it is deleted.

    Raises
    ------
    ConflictError
        No model waits.
    """
    challenger = _waiting(store, shop_id)
    _settle(store, shop_id)
    store.events.note(
        shop_id,
        "challenger_refused",
        key=f"{challenger.run_id}/dropped",
        words=f"The model trained up to {day(challenger.summary.cutoff)} was dropped.",
        at=datetime.now(UTC),
        details={"run_id": challenger.run_id},
    )


def roll_out(store: Store, shop_id: str, percent: int) -> None:
    """Let the challenger score so many percent of the customers in exported scores.

    Raises
    ------
    ConflictError
        No model waits, or the share is none of ``ROLLOUTS``.
    """
    store.actor.require(Action.PLAN)
    challenger = _waiting(store, shop_id)
    if percent not in ROLLOUTS:
        steps = ", ".join(count(one) for one in ROLLOUTS)
        raise ConflictError(
            f"Rolling out a model to {count(percent)} percent of the customers: it goes in steps.",
            f"Choose one of {steps}.",
        )
    settings = store.shops.get(shop_id).shop_settings
    store.shops.set_settings(shop_id, replace(settings, rollout_percent=percent))
    store.events.note(
        shop_id,
        "rollout_changed",
        key=new_id(),
        words=f"The model trained up to {day(challenger.summary.cutoff)} now scores {count(percent)} of 100 customers in"
        " exported scores.",
        at=datetime.now(UTC),
        details={"run_id": challenger.run_id, "percent": percent},
    )


def _waiting(store: Store, shop_id: str) -> Run:
    found = challenger_of(store, shop_id)
    if found is None:
        raise ConflictError(
            "Changing what a new model does: none waits beside the present one.", "Train one first."
        )
    return found


def _runs_of(store: Store, challenger: Run) -> list[Run]:
    """The run that trained the challenger, and what its model has scored since."""
    return [
        one
        for one in store.runs.of_session(challenger.session_id, challengers=True)
        if challenger.run_id in (one.run_id, one.trained_by)
    ]


def _settle(store: Store, shop_id: str) -> None:
    settings = store.shops.get(shop_id).shop_settings
    store.shops.set_settings(shop_id, replace(settings, challenger_run=None, rollout_percent=0))

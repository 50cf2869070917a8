"""The models of a run, loaded once and asked about its customers and about strangers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from churnkit.api.access import Caller
from churnkit.api.opened import OpenedRun, known_id
from churnkit.errors import NotFoundError

if TYPE_CHECKING:
    from churnkit.services.whatif.known_customers import KnownCustomers
    from churnkit.services.whatif.strangers import Strangers
    from churnkit.tournament.model import ChurnModel

_RULE = "rule"


def is_champion(run: OpenedRun, model_id: str | None) -> bool:
    """Whether a model, if one is named, is the one that scored the run's customers.

    Raises
    ------
    NotFoundError
        The run has no such model.
    """
    if model_id is None:
        return True
    model = run.store.models.get(known_id(model_id, "model"))
    if model.run_id != run.run_id:
        raise NotFoundError(
            f"Looking for model {model_id!r}: it was not fitted for this run.",
            "Take one of the run's models.",
        )
    return run.store.runs.get(run.run_id).model_id == model_id


def known_customers(caller: Caller, run: OpenedRun, model_id: str | None) -> KnownCustomers:
    """One of the run's models beside its customers.

    Raises
    ------
    ModelError
        Its file is missing or was changed.
    """
    from churnkit.services.whatif.known_customers import KnownCustomers

    champion, background = is_champion(run, model_id), run.kept.background
    return run.kept.known.get(
        None if champion else model_id,
        lambda: KnownCustomers(background, _load(caller, run, model_id), compared=champion),
    )


def by_rule(run: OpenedRun) -> KnownCustomers:
    """The shop's own return curve beside its customers, for where no model can be asked."""
    from churnkit.services.whatif.known_customers import KnownCustomers
    from churnkit.services.whatif.stored_model import rule_of_run

    background = run.kept.background
    return run.kept.known.get(
        _RULE, lambda: KnownCustomers(background, rule_of_run(run.results), compared=False)
    )


def strangers(caller: Caller, run: OpenedRun, model_id: str | None) -> Strangers:
    """One of the run's models for somebody known by orders alone; errors as of :func:`known_customers`."""
    from churnkit.services.whatif.strangers import Strangers

    champion, background = is_champion(run, model_id), run.kept.background
    known = known_customers(caller, run, model_id)
    return run.kept.strangers.get(
        None if champion else model_id,
        lambda: Strangers(background, known.model, lambda: known.shop),
    )


def _load(caller: Caller, run: OpenedRun, model_id: str | None) -> ChurnModel:
    from churnkit.services.whatif.stored_model import stored_model

    store = run.store
    seal = store.runs.seal(run.run_id) if model_id is None else store.models.seal(model_id)
    return stored_model(run.results, caller.platform.folders.models, seal)

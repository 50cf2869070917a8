"""Stored versions of analyses by name, for the command line: which folder, which model file, how it was read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from churnkit.errors import JobError
from churnkit.jobs.layout import Folders
from churnkit.jobs.request import stored_request
from churnkit.services.privacy.kept_from import kept_from
from churnkit.store import Run, Store

if TYPE_CHECKING:
    from churnkit.results.erased import Erased
    from churnkit.services.score.taking_away import StoredVersion

CHAMPION = "champion"
LEAST_LETTERS = 6
_ASK = "The tab Versions of the Models page shows what there is; or give the folder of a model."


class ShopsVersion(NamedTuple):
    """A version, and what its shop has taken out for good: who was erased, and from when on orders are kept."""

    version: StoredVersion
    erased: Erased | None
    kept_from: datetime | None


def shops_version(root: Store, folders: Folders, name: str) -> ShopsVersion:
    """The version that is called ``name``, among those of every tenant.

    Parameters
    ----------
    name
        ``champion`` for what is on screen of the analysis finished last; or the first letters of a version's id, or of
        the id of a model, six at least.

    Raises
    ------
    JobError
        There is none of this name, or several.
    """
    stores = [root.for_tenant(tenant) for tenant in root.overview.tenants()]
    found = _champions(stores) if name == CHAMPION else _named(stores, name)
    if not found:
        raise JobError(f"Looking for the model {name!r}: the store has no version of that name.", _ASK)
    if len(found) > 1:
        raise JobError(
            f"Looking for the model {name!r}: {len(found)} of the store begin with it, e.g. {found[0][2]}.",
            "Give more letters.",
        )
    ((store, run, model_id),) = found
    shop = store.shops.get(run.session_id)
    return ShopsVersion(
        version_of(store, folders, run.run_id, None if model_id == run.run_id else model_id),
        store.erasures.of_shop(shop.shop_id),
        kept_from(shop.shop_settings, datetime.now(UTC)),
    )


def stored_version(root: Store, folders: Folders, name: str) -> StoredVersion:
    """The version alone, see :func:`shops_version`."""
    return shops_version(root, folders, name).version


def version_of(store: Store, folders: Folders, run_id: str, model_id: str | None) -> StoredVersion:
    """One of a run's models, its champion unless named, with all that scoring by it takes."""
    # The server imports this when it starts, and the libraries of the models only for somebody who asks for one.
    from churnkit.services.score.taking_away import StoredVersion

    run = store.runs.get(run_id)
    seal = store.runs.seal(run_id) if model_id is None else store.models.seal(model_id)
    # What scored a refresh was learned by an earlier run.
    made_by = run.trained_by or run_id
    reading = stored_request(store.jobs.get(made_by).request).reading
    return StoredVersion(folders.run(run.session_id, made_by), folders.models, reading, seal)


def _champions(stores: list[Store]) -> list[tuple[Store, Run, str]]:
    """The run on screen that finished last, if any."""
    current = [
        (store, store.runs.get(session.run_id), session.run_id)
        for store in stores
        for session in store.sessions.all()
        if session.run_id is not None
    ]
    return sorted(current, key=lambda one: one[1].finished_at)[-1:]


def _named(stores: list[Store], name: str) -> list[tuple[Store, Run, str]]:
    """Runs, and models of runs, whose ids begin with ``name``: with the id that was meant."""
    if len(name) < LEAST_LETTERS:
        return []
    found = []
    for store in stores:
        for session in store.sessions.all():
            runs = store.runs.of_session(session.session_id)
            found += [(store, run, run.run_id) for run in runs if run.run_id.startswith(name)]
            by_id = {run.run_id: run for run in runs}
            found += [
                (store, by_id[model.run_id], model.model_id)
                for model in store.models.of_session(session.session_id)
                if model.run_id in by_id and model.model_id.startswith(name)
            ]
    return found

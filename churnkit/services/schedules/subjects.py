"""What schedules of a shop can be about."""

from __future__ import annotations

from churnkit.accounts import Action
from churnkit.store import Store, What


def subjects_of(store: Store, shop_id: str, what: What) -> dict[str, str]:
    """Names by id of what a task can be about; none where it concerns the shop as a whole, or nobody may see them."""
    if what == "push" and store.actor.may(Action.SOURCES):
        return {one.destination_id: one.name for one in store.destinations.of_shop(shop_id)}
    if what == "pull" and store.actor.may(Action.SOURCES):
        return {one.source_id: one.name for one in store.sources.of_shop(shop_id)}
    return {}


def what_is_possible(store: Store, shop_id: str, *, with_outside: bool) -> list[What]:
    """What a new schedule of a shop may do.

    Parameters
    ----------
    with_outside
        Whether whoever asks may let results leave, and orders come in.
    """
    found: list[What] = ["refresh", "retrain"]
    if with_outside:
        found.append("report")
    outside: tuple[What, ...] = ("pull", "push")
    found += [what for what in outside if with_outside and subjects_of(store, shop_id, what)]
    return found

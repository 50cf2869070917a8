"""Filters of the list of customers that a workspace keeps under names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from churnkit.errors import DataError
from churnkit.services.decide.list_view import ListView, text_of, view_in
from churnkit.text import figures

if TYPE_CHECKING:
    from churnkit.store import Store

MAX_NAME = 60
MAX_FILTERS = 50
_KEY = "customer_filters"


def saved_filters(store: Store) -> dict[str, ListView]:
    """The lists by name, in the order of the alphabet."""
    kept: dict[str, str] = store.preferences.get(_KEY) or {}
    return {name: view_in(kept[name]) for name in sorted(kept, key=str.casefold)}


def save_filter(store: Store, name: str, view: ListView) -> str:
    """Keep a list as it is looked at under a name, in place of what had it; the name as it is kept.

    Raises
    ------
    DataError
        The name is empty or too long, or there are ``MAX_FILTERS`` already.
    AccessError
        The store's actor may not.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME:
        raise DataError(f"Naming a filter: 1 to {MAX_NAME} characters are needed, found {len(name)}.")
    kept: dict[str, str] = store.preferences.get(_KEY) or {}
    if name not in kept and len(kept) >= MAX_FILTERS:
        raise DataError(
            f"Saving a filter: there are {figures.count(MAX_FILTERS)} already.",
            "Delete one that nobody uses.",
        )
    store.preferences.set(_KEY, {**kept, name: text_of(view)})
    return name


def delete_filter(store: Store, name: str) -> None:
    """Forget a filter, if there is one of that name."""
    kept: dict[str, str] = store.preferences.get(_KEY) or {}
    if name in kept:
        store.preferences.set(_KEY, {one: text for one, text in kept.items() if one != name})

"""Lists of customers to contact, by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd

from churnkit.errors import DataError
from churnkit.results.folders import Results

if TYPE_CHECKING:
    from churnkit.store import ContactList, Store

MAX_NAME = 80


def list_names(store: Store, session_id: str) -> list[str]:
    """Names of the reader's lists on an analysis, newest first."""
    return [one.name for one in store.contact_lists.of_session(session_id)]


def add_to_list(store: Store, session_id: str, name: str, customer_ids: Sequence[str]) -> int:
    """Add customers to the list called ``name``, begun if there is none; the number of customers on it then.

    Raises
    ------
    DataError
        If the name is empty or longer than ``MAX_NAME`` characters.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME:
        raise DataError(
            f"Naming a list of customers: 1 to {MAX_NAME} characters are needed, found {len(name)}."
        )
    known = _find(store, session_id, name)
    if known is None:
        known = store.contact_lists.create(
            session_id, name, created_at=datetime.now(UTC), customer_ids=customer_ids
        )
    else:
        known = store.contact_lists.add(known.list_id, customer_ids)
    return known.customer_count


def remove_list(store: Store, session_id: str, name: str) -> None:
    """Delete a list; its customers stay in the analysis."""
    known = _find(store, session_id, name)
    if known is not None:
        store.contact_lists.delete(known.list_id)


def list_rows(store: Store, session_id: str, name: str, results: Results) -> pd.DataFrame:
    """The customers of a list with all that is known of them, riskiest first."""
    known = _find(store, session_id, name)
    members = set(store.contact_lists.customers(known.list_id)) if known else set()
    customers = results.customers
    return customers[customers["customer_id"].isin(members)]


def _find(store: Store, session_id: str, name: str) -> ContactList | None:
    return next((one for one in store.contact_lists.of_session(session_id) if one.name == name), None)

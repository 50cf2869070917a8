"""The customers that a campaign is about, found among those of a run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from churnkit.errors import DataError
from churnkit.results.segments import CustomerFilter
from churnkit.results.whom import EVERYBODY, Grouping, Whom
from churnkit.segments import SEGMENTS
from churnkit.segments.grid import TIERS
from churnkit.segments.standing import LAPSED

if TYPE_CHECKING:
    from churnkit.results.summary import Summary
    from churnkit.store import Store

_COLUMNS: Mapping[Grouping, str] = {"tier": "risk_tier", "segment": "segment", "group": "cluster"}
_LABELS: Mapping[Grouping, str] = {
    "tier": "Risk tier",
    "segment": "Segment",
    "group": "Found group",
    "list": "List",
}


class Scored(Protocol):
    """What is read of an analysis whose customers are scored."""

    @property
    def customers(self) -> pd.DataFrame:
        """One row per customer."""

    @property
    def actions(self) -> pd.DataFrame | None:
        """By customer, the found group; None where there are none."""

    @property
    def summary(self) -> Summary:
        """What was decided, proven and found."""

    @property
    def currency(self) -> str | None:
        """The currency that money is written in."""


def whom_words(whom: Whom) -> str:
    """What stands in a list of choices.

    Examples
    --------
    >>> whom_words(Whom(kind="segment", name="At risk"))
    'Segment: At risk'
    """
    return f"{_LABELS[whom.kind]}: {whom.name}" if whom.name else "Everybody"


def whom_choices(customers: pd.DataFrame, lists: Iterable[str] = ()) -> list[Whom]:
    """Everybody, then the tiers, segments and found groups that occur, then the reader's lists; without the lapsed.

    Parameters
    ----------
    customers
        Of :func:`with_groups`.
    """
    found = {name: customers[name].dropna().unique() for name in ("segment", "risk_tier", "cluster")}
    segments = [name for name in SEGMENTS if name in found["segment"]]
    tiers = [name for name in TIERS if name in found["risk_tier"]]
    groups = sorted(map(str, found["cluster"]))
    named: tuple[tuple[Grouping, Iterable[str]], ...] = (
        ("tier", tiers),
        ("segment", segments),
        ("group", groups),
        ("list", lists),
    )
    return [EVERYBODY, *(Whom(kind=kind, name=name) for kind, names in named for name in names)]


def with_groups(results: Scored) -> pd.DataFrame:
    """The customers of a run with ``cluster``, the group that K-Means found; missing where the run has none."""
    customers, actions = results.customers, results.actions
    if actions is None or "cluster" not in actions.columns:
        return customers.assign(cluster=pd.Series(None, index=customers.index, dtype="object"))
    found = actions[["customer_id", "cluster"]]
    return customers.merge(found, on="customer_id", how="left", validate="one_to_one")


def is_among(customers: pd.DataFrame, whom: Whom, listed: Collection[str] = ()) -> np.ndarray:
    """Which of ``customers`` come into question, booleans of shape (n,).

    Parameters
    ----------
    customers
        ``customer_id`` and the column that ``whom`` chooses by; active ones alone where it does not take the lapsed.
    listed
        Ids on its list.
    """
    if whom.kind == "everybody":
        return np.ones(len(customers), dtype=bool)
    if whom.kind == "list":
        return np.asarray(customers["customer_id"].isin(set(listed)).to_numpy(dtype=bool))
    return np.asarray((customers[_COLUMNS[whom.kind]] == whom.name).to_numpy(dtype=bool))


def listed_customers(store: Store, session_id: str, whom: Whom) -> frozenset[str]:
    """Ids on the list that ``whom`` names; nobody where it names none.

    Raises
    ------
    DataError
        The list has been deleted.
    """
    if whom.kind != "list":
        return frozenset()
    listed = next((one for one in store.contact_lists.of_session(session_id) if one.name == whom.name), None)
    if listed is None:
        raise DataError(f"Planning a campaign: the list {whom.name!r} is not there.", "Choose another one.")
    return frozenset(store.contact_lists.customers(listed.list_id))


def lists_named(store: Store, session_id: str, chosen: Iterable[Whom]) -> dict[str, frozenset[str]]:
    """Ids by name of the lists among ``chosen``, without those that have been deleted."""
    wanted = {whom.name for whom in chosen if whom.kind == "list"}
    if not wanted:
        return {}
    return {
        one.name: frozenset(store.contact_lists.customers(one.list_id))
        for one in store.contact_lists.of_session(session_id)
        if one.name in wanted
    }


def whom_of_filter(wanted: CustomerFilter) -> Whom | None:
    """What a filter of the list of customers comes to where one choice says the same; None where it takes a list.

    Examples
    --------
    >>> whom_of_filter(CustomerFilter(segments=("At risk",), statuses=("active",)))
    Whom(kind='segment', name='At risk', lapsed=False)
    """
    lapsed = LAPSED in wanted.statuses or not wanted.statuses
    if wanted.statuses == (LAPSED,):
        return None
    if wanted == CustomerFilter(statuses=wanted.statuses):
        return replace(EVERYBODY, lapsed=lapsed)
    if wanted == CustomerFilter(statuses=wanted.statuses, segments=wanted.segments[:1]):
        return Whom(kind="segment", name=wanted.segments[0], lapsed=lapsed)
    if wanted == CustomerFilter(statuses=wanted.statuses, tiers=wanted.tiers[:1]):
        return Whom(kind="tier", name=wanted.tiers[0])
    return None

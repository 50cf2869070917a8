"""The work list of a shop beside what its newest version says of the customers on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd

from churnkit.errors import DataError
from churnkit.results.folders import Results
from churnkit.services.decide.contacts import with_contacts
from churnkit.services.decide.next_best_action import MAX_SHOWN, ActionDesk
from churnkit.services.decide.playbook import Playbook
from churnkit.services.worklist.left_alone import left_alone
from churnkit.services.worklist.returned import known_until
from churnkit.store import Store, WorkEntry, WorkState
from churnkit.text import figures

STATES: Mapping[WorkState, str] = {
    "to_do": "To do",
    "contacted": "Contacted",
    "answered": "Answered",
    "back": "Back",
    "gave_up": "Gave up",
}
MAX_NOTE = 500
_KNOWN = (
    "status",
    "risk_tier",
    "p_churn",
    "clv_if_kept",
    "value_at_risk",
    "last_purchase_at",
    "mean_order_value",
    "factor_1",
)


def worklist_rows(store: Store, shop_id: str, results: Results) -> pd.DataFrame:
    """One row per customer of the list: those to do first, and of each state the most at risk first.

    Columns: ``customer_id``, ``state`` (a key of ``STATES``), ``note``, ``contacted_on``, ``noted_at`` (UTC), ``noted_by``
    (empty where the program said so), what the version says of them (``status``, ``risk_tier``, ``p_churn``,
    ``clv_if_kept``, ``value_at_risk``, ``last_purchase_at``, ``mean_order_value``, ``factor_1``; missing for whom it does
    not know), and how they are reached where the shop's file says it.
    """
    entries = store.worklist.of_shop(shop_id)
    said = pd.DataFrame(
        {
            "customer_id": [one.customer_id for one in entries],
            "state": [one.state for one in entries],
            "note": [one.note for one in entries],
            "contacted_on": pd.Series([one.contacted_on for one in entries], dtype="datetime64[s]"),
            "noted_at": pd.Series([one.noted_at for one in entries], dtype="datetime64[us, UTC]"),
            "noted_by": [one.noted_by for one in entries],
        }
    ).astype({"customer_id": "str", "state": "str"})
    known = results.customers[["customer_id", *_KNOWN]]
    rows = said.merge(known, on="customer_id", how="left", validate="one_to_one")
    rows = rows.assign(place=rows["state"].map({state: place for place, state in enumerate(STATES)}))
    rows = rows.sort_values(
        ["place", "value_at_risk", "clv_if_kept", "customer_id"],
        ascending=[True, False, False, True],
        na_position="last",
        ignore_index=True,
    )
    return with_contacts(rows.drop(columns="place"), results.contacts)


def in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows for a file: states in words, times without a zone."""
    return rows.assign(
        state=rows["state"].map(dict(STATES)), noted_at=pd.to_datetime(rows["noted_at"]).dt.tz_localize(None)
    )


def proposed(
    store: Store, shop_id: str, desk: ActionDesk, playbook: Playbook, count: int, today: date | None = None
) -> list[str]:
    """Who to put on the list next: the best of whom a contact pays, without those on it and those left alone.

    Whoever bought again may be proposed anew; whoever was given up may not.
    """
    ids = desk.customers["customer_id"]
    listed = {one.customer_id for one in store.worklist.of_shop(shop_id) if one.state != "back"}
    free = left_alone(store, shop_id, today).others(ids) & ~ids.isin(listed).to_numpy()
    found = desk.rank(playbook, min(max(count, 1), MAX_SHOWN), among=np.asarray(free))
    return [str(one) for one in found.table["customer_id"]]


def put_on_list(store: Store, shop_id: str, results: Results, customer_ids: Sequence[str]) -> int:
    """Put customers on the list as to do, but those who stand there already; how many are new on it.

    Raises
    ------
    DataError
        If the version does not know a customer.
    """
    listed = {one.customer_id for one in store.worklist.of_shop(shop_id) if one.state != "back"}
    wanted = [one for one in dict.fromkeys(customer_ids) if one not in listed]
    if wanted:
        set_state(store, shop_id, results, wanted, "to_do")
    return len(wanted)


def set_state(
    store: Store,
    shop_id: str,
    results: Results,
    customer_ids: Collection[str],
    state: WorkState,
    *,
    note: str = "",
    contacted_on: date | None = None,
) -> None:
    """Say how it stands with customers; ``contacted`` means today unless a day is given.

    Raises
    ------
    DataError
        If the version does not know a customer, the note is too long or the day has not come yet.
    """
    doing = "Changing the work list"
    today = date.today()
    unknown = sorted(set(customer_ids) - set(results.customers["customer_id"]))
    if unknown:
        raise DataError(
            f"{doing}: its customers must be in the newest version; {figures.count(len(unknown))} are not, first"
            f" {unknown[0]!r}."
        )
    note = " ".join(note.split())
    if len(note) > MAX_NOTE:
        raise DataError(f"{doing}: a note has at most {MAX_NOTE} characters, found {len(note)}.")
    if contacted_on is not None and contacted_on > today:
        raise DataError(
            f"{doing}: a contact cannot be of a day to come, found {figures.day(contacted_on)}.",
            "Enter the day on which you spoke to the customer.",
        )
    if state == "contacted" and contacted_on is None:
        contacted_on = today
    store.worklist.note(
        shop_id,
        customer_ids,
        state,
        known_until=known_until(results),
        at=datetime.now(UTC),
        note=note,
        contacted_on=contacted_on,
    )


def told_of(entries: Sequence[WorkEntry]) -> list[str]:
    """What was said of one customer, newest first, in sentences."""
    told = []
    for one in entries:
        who = "by itself" if one.is_automatic else one.noted_by
        words = f"{figures.day(one.noted_at)}: {STATES[one.state].lower()}{f' ({who})' if who else ''}"
        told.append(f"{words}. {one.note}" if one.note else f"{words}.")
    return told

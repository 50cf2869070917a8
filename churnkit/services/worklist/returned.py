"""Who of the work list has bought again: found with every new version."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from churnkit.results.folders import Results
from churnkit.store import Run, Store, WorkEntry
from churnkit.text import figures


def known_until(results: Results) -> datetime:
    """The last purchase that a version knows of: a later one is news.

    Not its cutoff: that is the midnight after, and the shop may have sold until then.
    """
    last: datetime = results.customers["last_purchase_at"].max().to_pydatetime()
    return last


def note_returned(store: Store, run: Run, folder: Path) -> int:
    """Set to "back" who has bought since it was last said how it stands with them; how many these are."""
    waiting = [one for one in store.worklist.of_shop(run.session_id) if one.state != "back"]
    if not waiting:
        return 0
    results = Results(folder)
    last = results.customers.set_index("customer_id")["last_purchase_at"]
    bought = last[last.index.isin([one.customer_id for one in waiting])].dropna()
    told = defaultdict(list)
    for one in waiting:
        at = bought.get(one.customer_id)
        if at is not None and at.to_pydatetime() > one.known_until:
            told[_words(one, at.to_pydatetime())].append(one.customer_id)
    for words, customers in told.items():
        store.worklist.note(
            run.session_id,
            customers,
            "back",
            known_until=known_until(results),
            at=datetime.now(UTC),
            note=words,
            automatic=True,
        )
    return sum(len(customers) for customers in told.values())


def _words(entry: WorkEntry, bought_at: datetime) -> str:
    bought = f"Bought again on {figures.day(bought_at)}"
    if entry.contacted_on is None:
        return f"{bought}, without a contact."
    later = (bought_at.date() - entry.contacted_on).days
    if later < 0:
        return f"{bought}, before the contact."
    return (
        f"{bought}, {figures.days(later)} after the contact."
        if later
        else f"{bought}, the day of the contact."
    )

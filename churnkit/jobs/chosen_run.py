"""The log of which of a shop's versions was put on screen."""

from __future__ import annotations

from datetime import UTC, datetime

from churnkit.results.shop_events import EventKind
from churnkit.store import Run, Store, new_id
from churnkit.text.figures import day
from churnkit.tournament.names import model_label


def note_choice(store: Store, before: Run | None, chosen: Run) -> None:
    """Note that a version took the place of another by somebody's choice: a newer one, or an older one again."""
    if before is None or before.run_id == chosen.run_id:
        return
    back = chosen.finished_at < before.finished_at
    kind: EventKind = "rolled_back" if back else "promoted"
    store.events.note(
        chosen.session_id,
        kind,
        key=new_id(),
        words=f"The {'earlier ' if back else ''}version of {day(chosen.finished_at)} ({model_label(chosen.champion)}) was"
        f" put on screen instead of that of {day(before.finished_at)}.",
        at=datetime.now(UTC),
        details={"run_id": chosen.run_id, "before": before.run_id},
    )

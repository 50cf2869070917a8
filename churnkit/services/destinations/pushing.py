"""One attempt at a sending: only what has changed since the last one, batch by batch, each noted once it arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from churnkit.results.destination import PushFigures
from churnkit.services.destinations.places import NOTHING, Place, PushReport, PushRow
from churnkit.services.destinations.rows import rows_of
from churnkit.store import DuePush, PushedCustomer, Store

if TYPE_CHECKING:
    from churnkit.results.folders import Results


@dataclass
class _Sending:
    """What is still to be sent, and how far it is."""

    rows: list[PushRow]
    cleared: set[str]
    unchanged: int
    refused: dict[str, int]
    before: PushFigures
    sent: int = 0
    taken_away: int = 0

    def figures(self) -> PushFigures:
        """Of this attempt and those before it."""
        return PushFigures(
            sent=self.before.sent + self.sent,
            cleared=self.before.cleared + self.taken_away,
            # What an earlier attempt sent is held already, and is not unchanged.
            unchanged=max(0, self.unchanged - self.before.sent),
            refused=self.refused,
        )


def push_once(
    store: Store, due: DuePush, place: Place, results: Results, *, goes_on: Callable[[], bool] = lambda: True
) -> PushFigures | None:
    """Send what another tool does not hold yet; None if it is to stop before it is through.

    Parameters
    ----------
    store
        The program's.
    goes_on
        Asked before each batch.

    Raises
    ------
    PushFailed
        The place took nothing more; what had arrived is noted.
    """
    sending = _planned(store, due, place, results)
    place.prepare()
    for batch in _batches(sending.rows, place.most_rows):
        rest = list(batch)
        while rest:
            if not goes_on():
                return None
            report = place.push(rest)
            _note(store, due, sending, rest, report)
            answered = {*report.sent, *(one for ids in report.refused.values() for one in ids)}
            rest = [row for row in rest if row.customer_id not in answered]
            if not answered:
                break
    return sending.figures()


def _planned(store: Store, due: DuePush, place: Place, results: Results) -> _Sending:
    settings = due.destination.destination_settings
    rows, left_out = rows_of(results, settings, nameless=place.is_whole)
    if place.is_whole:
        return _Sending(rows, set(), 0, left_out, PushFigures())
    held = {one.customer_id: one for one in store.push_outbox.held(due.destination.destination_id)}
    now = {row.customer_id for row in rows}
    names = {row.known_as.lower() for row in rows}
    fresh = [row for row in rows if row.customer_id not in held or held[row.customer_id].mark != row.mark]
    # One who is known by the name of somebody else by now has that one's values.
    gone = [
        PushRow(one.customer_id, one.known_as, dict(NOTHING))
        for one in held.values()
        if one.customer_id not in now and one.known_as.lower() not in names
    ]
    cleared = {row.customer_id for row in gone}
    return _Sending([*fresh, *gone], cleared, len(rows) - len(fresh), left_out, due.push.push_figures)


def _note(store: Store, due: DuePush, sending: _Sending, rows: Sequence[PushRow], report: PushReport) -> None:
    arrived = set(report.sent)
    sent = [row for row in rows if row.customer_id in arrived and row.customer_id not in sending.cleared]
    cleared = [row.customer_id for row in rows if row.customer_id in arrived & sending.cleared]
    sending.sent += len(sent)
    sending.taken_away += len(cleared)
    for reason, ids in report.refused.items():
        sending.refused[reason] = sending.refused.get(reason, 0) + len(ids)
    held = [PushedCustomer(row.customer_id, row.known_as, row.mark) for row in sent]
    store.push_outbox.note_held(due, held, cleared, sending.figures())


def _batches(rows: Sequence[PushRow], most: int) -> Iterator[Sequence[PushRow]]:
    if not rows:
        return
    for start in range(0, len(rows), most):
        yield rows[start : start + most]

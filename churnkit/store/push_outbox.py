"""What is to be sent to destinations of every workspace; for the program alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import duckdb
import pandas as pd

from churnkit.results.codec import to_json
from churnkit.results.destination import PushFigures
from churnkit.store.destination_records import Destination, DuePush, Push, PushedCustomer
from churnkit.store.program_table import ProgramTable
from churnkit.store.row_codec import json_text, records, to_record, to_utc

KEPT_DAYS = 90
_DUE = """
SELECT pushes.* FROM pushes JOIN destinations USING (destination_id)
WHERE status = 'waiting' AND next_at <= ? AND paused_at IS NULL ORDER BY next_at, push_id LIMIT ?
"""
_NEXT = """
SELECT min(next_at) FROM pushes JOIN destinations USING (destination_id)
WHERE status = 'waiting' AND paused_at IS NULL
"""


class PushOutbox(ProgramTable):
    """``store.push_outbox``: what waits to be sent, and what other tools hold."""

    @contextmanager
    def _writing(self, doing: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Nothing in here says who may do what: whoever remembers that need not ask anew."""
        self._require_program(doing)
        with self._database.writing(doing) as cursor:
            yield cursor

    def due(self, *, at: datetime, most: int) -> list[DuePush]:
        """Sendings whose time has come, the longest due first."""
        with self._reading("looking for what is to be sent") as cursor:
            cursor.execute(_DUE, [to_utc("at", at), most])
            columns = [column[0] for column in cursor.description or []]
            rows = cursor.fetchall()
            return [self._due(cursor, columns, row) for row in rows]

    def next_at(self) -> datetime | None:
        """When the next sending is due, None if none waits."""
        with self._reading("looking for what is to be sent") as cursor:
            row = cursor.execute(_NEXT).fetchone()
        return None if row is None or row[0] is None else row[0].replace(tzinfo=UTC)

    def is_waiting(self, push_id: str) -> bool:
        """Whether a sending is still to be done: it was not replaced, and its destination not deleted or paused."""
        with self._reading("looking for a sending") as cursor:
            return bool(
                cursor.execute(
                    "SELECT 1 FROM pushes JOIN destinations USING (destination_id)"
                    " WHERE push_id = ? AND status = 'waiting' AND paused_at IS NULL",
                    [push_id],
                ).fetchall()
            )

    def held(self, destination_id: str) -> list[PushedCustomer]:
        """What a destination holds, by customer."""
        with self._reading("looking for what was sent") as cursor:
            found = cursor.execute(
                "SELECT customer_id, known_as, mark FROM pushed_customers WHERE destination_id = ?",
                [destination_id],
            )
            return records(PushedCustomer, found)

    def note_held(
        self, due: DuePush, sent: Sequence[PushedCustomer], cleared: Sequence[str], figures: PushFigures
    ) -> None:
        """Record what a destination has accepted, and how far the sending is."""
        with self._writing("noting what a destination accepted") as cursor:
            destination_id = due.destination.destination_id
            if not cursor.execute("SELECT 1 FROM pushes WHERE push_id = ?", [due.push.push_id]).fetchall():
                return
            gone = [*(one.customer_id for one in sent), *cleared]
            cursor.execute(
                "DELETE FROM pushed_customers WHERE destination_id = ? AND list_contains(?, customer_id)",
                [destination_id, gone],
            )
            if sent:
                rows = pd.DataFrame([(one.customer_id, one.known_as, one.mark) for one in sent])
                rows.columns = pd.Index(["customer_id", "known_as", "mark"])
                cursor.register("sent_rows", rows)
                cursor.execute(
                    "INSERT INTO pushed_customers SELECT ?, ?, ?, customer_id, known_as, mark FROM sent_rows",
                    [destination_id, due.tenant_id, due.destination.shop_id],
                )
                cursor.unregister("sent_rows")
            cursor.execute(
                "UPDATE pushes SET push_figures = ? WHERE push_id = ?",
                [json_text("push_figures", to_json(figures)), due.push.push_id],
            )

    def done(self, due: DuePush, figures: PushFigures, *, at: datetime) -> None:
        """A sending is through."""
        with self._writing("noting what was sent") as cursor:
            cursor.execute(
                "UPDATE pushes SET status = 'done', attempts = attempts + 1, push_figures = ?, push_words = '',"
                " done_at = ? WHERE push_id = ? AND status = 'waiting'",
                [json_text("push_figures", to_json(figures)), to_utc("done_at", at), due.push.push_id],
            )

    def missed(
        self, due: DuePush, words: str, *, attempts: int, next_at: datetime | None, at: datetime
    ) -> None:
        """An attempt failed.

        Parameters
        ----------
        attempts
            How many count as failed now: those since something last arrived.
        next_at
            When it is tried again; None if it never is.
        """
        moment = to_utc("done_at", at)
        with self._writing("noting what was not sent") as cursor:
            cursor.execute(
                "UPDATE pushes SET status = ?, attempts = ?, push_words = ?, next_at = ?, done_at = ?"
                " WHERE push_id = ? AND status = 'waiting'",
                [
                    "failed" if next_at is None else "waiting",
                    attempts,
                    words,
                    moment if next_at is None else to_utc("next_at", next_at),
                    moment if next_at is None else None,
                    due.push.push_id,
                ],
            )

    def forget_old(self, *, at: datetime) -> None:
        """Remove accounts of sendings that ended more than 90 days ago."""
        with self._writing("forgetting old sendings") as cursor:
            cursor.execute(
                "DELETE FROM pushes WHERE done_at < ?", [to_utc("at", at - timedelta(days=KEPT_DAYS))]
            )

    def _due(self, cursor: duckdb.DuckDBPyConnection, columns: list[str], row: tuple[object, ...]) -> DuePush:
        push = to_record(Push, columns, row)
        cursor.execute(
            "SELECT * EXCLUDE (sealed), tenant_id, sealed FROM destinations WHERE destination_id = ?",
            [push.destination_id],
        )
        names = [column[0] for column in cursor.description or []][:-2]
        ((*values, tenant_id, sealed),) = cursor.fetchall()
        return DuePush(str(tenant_id), to_record(Destination, names, values), push, sealed)

"""A small shop whose exports come one after the other, and what its history must say after each of them."""

from __future__ import annotations

import csv
import time
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings, TournamentSettings
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.store import Store
from tests.shops import order_lines

TENANT = "mine"
# Orders that an export brings, those that it tells again, and every how many of these somebody has changed.
NEW, AGAIN, EDITED = 6, 9, 4
FIRST = "first.csv"
State = dict[str, tuple[str, float]]
"""Customer and amount of each order."""


@dataclass(frozen=True)
class Brought:
    """Orders that an export must count as new, as changed and as told before."""

    new: int
    changed: int
    unchanged: int


class Exports:
    """The exports of a shop by number, from 1; each is written when it is asked for."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder
        lines = order_lines(customers=130, days=300)
        self._first = len(lines) - NEW * number
        self._lines: list[dict[Hashable, Any]] = lines.to_dict("records")
        self.names = [f"export {one}.csv" for one in range(1, number + 1)]

    def write(self, name: str) -> Path:
        """The file of that name."""
        path = self.folder / name
        if not path.exists():
            rows = self._rows(name)
            draft = path.with_suffix(".draft")
            with draft.open("w", newline="") as stream:
                writer = csv.DictWriter(stream, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
            draft.replace(path)
        return path

    def state(self, added: int) -> State:
        """What is true once that many exports have joined the first file."""
        told: State = {}
        for name in (FIRST, *self.names[:added]):
            told |= {row["order_id"]: (row["customer_id"], row["amount"]) for row in self._rows(name)}
        return told

    def brought(self, number: int) -> Brought:
        """What export ``number`` changes after those before it."""
        before = self.state(number - 1)
        told = {row["order_id"]: row["amount"] for row in self._rows(self.names[number - 1])}
        new = sum(order not in before for order in told)
        changed = sum(order in before and before[order][1] != amount for order, amount in told.items())
        return Brought(new, changed, len(told) - new - changed)

    def _rows(self, name: str) -> list[dict[Hashable, Any]]:
        if name == FIRST:
            return self._lines[: self._first]
        number = self.names.index(name) + 1
        end = self._first + NEW * number
        rows = [dict(row) for row in self._lines[end - NEW - AGAIN : end]]
        for row in rows[:AGAIN:EDITED]:
            row["amount"] = round(row["amount"] + number, 2)
        return rows


def build(folder: Path, exports: Exports) -> str:
    """The shop after its first analysis, in ``folder``; its id."""
    platform = Platform(folder / "data", folder / "models", slots=1)
    store = platform.store_for(TENANT, OWNER)
    settings = AnalysisSettings(
        horizon_days=30, tournament=TournamentSettings(budget_seconds=1, folds=2, jobs=1)
    )
    session = platform.start_look(store, received(platform, store, exports, FIRST), Reading(), settings)
    platform.start_analysis(store, session.session_id, settings)
    while platform.follower.tick():
        time.sleep(0.05)
    failed = [job.error_message for job in store.jobs.all() if job.status != "completed"]
    platform.close()
    if failed:
        raise SystemExit(f"the shop could not be analysed: {failed}")
    return session.session_id


def received(platform: Platform, store: Store, exports: Exports, name: str) -> str:
    """The upload of that export, made unless it is there."""
    for upload in store.uploads.all():
        if upload.filename == name:
            return upload.upload_id
    with exports.write(name).open("rb") as stream:
        return platform.receive_upload(store, stream, name, 10**8).upload_id


def state_of(transactions: Path) -> State:
    """What a file of transactions says."""
    frame = pd.read_parquet(transactions, columns=["order_id", "customer_id", "amount"])
    return {
        str(order): (str(customer), float(amount))
        for order, customer, amount in frame.itertuples(index=False, name=None)
    }

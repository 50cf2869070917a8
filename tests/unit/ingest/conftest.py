"""A small export as text, read into canonical transactions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import pandas as pd
import pytest

from churnkit.config import IngestSettings
from churnkit.ingest import Ingested, Reading, answered, ingest, read_mapping

NOW = datetime(2026, 11, 20, 12)


@dataclass(frozen=True)
class Read:
    """What `ingest` returned, and its canonical rows ordered by source row."""

    result: Ingested
    rows: pd.DataFrame

    def dropped(self) -> dict[str, int]:
        """Reason -> rows left out."""
        return {entry.reason: entry.rows for entry in self.result.ledger.entries if entry.action == "dropped"}

    def mended(self) -> dict[str, int]:
        """Reason -> rows changed."""
        return {entry.reason: entry.rows for entry in self.result.ledger.entries if entry.action == "mended"}

    def amounts(self) -> list[tuple[str, str, float]]:
        """(order_id, customer_id, amount in cents exactness) of every kept row."""
        columns = (self.rows[name] for name in ("order_id", "customer_id", "amount"))
        return [(order, customer, round(amount, 6)) for order, customer, amount in zip(*columns, strict=True)]


@pytest.fixture
def read_text(tmp_path: Path) -> Callable[..., Read]:
    """``read_text(text, mapping=None, preset=None, as_of=None, accepted=(), answers=None, **settings)`` on a file."""

    def read(
        text: str,
        *,
        mapping: dict[str, Any] | None = None,
        preset: str | None = None,
        as_of: datetime | None = None,
        accepted: tuple[str, ...] = (),
        answers: dict[str, Any] | None = None,
        now: datetime = NOW,
        **settings: Any,
    ) -> Read:
        path = tmp_path / "export.csv"
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        reading = Reading(
            settings=IngestSettings(**settings),
            mapping=read_mapping(mapping) if mapping else None,
            preset=preset,
            as_of=as_of,
            accepted=accepted,
        )
        reading = answered(reading, answers or {})
        result = ingest(path, tmp_path / "work", reading, now=now)
        rows = pd.read_parquet(result.transactions).sort_values("source_row", ignore_index=True)
        return Read(result, rows)

    return read

"""One pull, as a worker does it."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from churnkit.results.pulled import Pulled
from churnkit.sources.pulling import Task, pull
from churnkit.sources.settings import settings_of
from churnkit.store import SourceKind

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)


class Puller:
    """Pulls one source again and again, each pull going on behind the last complete one."""

    def __init__(
        self,
        folder: Path,
        kind: SourceKind,
        settings: Mapping[str, Any],
        credentials: Mapping[str, str] | None = None,
        max_bytes: int = 1_000_000,
    ) -> None:
        self.folder = folder
        self.kind = kind
        self.settings = dict(settings)
        self.credentials = credentials or {}
        self.max_bytes = max_bytes
        self.cursor: dict[str, Any] = {}
        self.number = 0

    def pull(self, *, is_test: bool = False) -> Pulled:
        self.number += 1
        task = Task(
            settings=settings_of(self.kind, self.settings),
            credentials=self.credentials,
            cursor=self.cursor,
            out=self.out,
            keep=self.folder / "keep",
            zone="Europe/Berlin",
            now=NOW,
            max_bytes=self.max_bytes,
            is_test=is_test,
        )
        found = pull(self.kind, task)
        if not is_test:
            self.cursor = json.loads(found.cursor)
        return found

    @property
    def out(self) -> Path:
        return self.folder / f"out-{self.number}"

    def rows(self) -> list[dict[str, str]]:
        """Of the one file that the last pull brought."""
        (path,) = self.out.iterdir()
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

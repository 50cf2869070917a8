"""What every source is given and what it gives; the one place that knows all kinds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from churnkit.config import MEGABYTE
from churnkit.errors import ChurnkitError
from churnkit.results.codec import JsonObject
from churnkit.results.pulled import Pulled, PulledFile
from churnkit.sources.settings import SourceSettings
from churnkit.store import SourceKind
from churnkit.text.figures import count


class SourceFailed(ChurnkitError):
    """A source cannot be read; what was known before stays as it is."""

    code = "source"


@dataclass(frozen=True)
class Task:
    """One pull.

    Attributes
    ----------
    settings, credentials, cursor
        Of the source; ``cursor`` is what the last complete pull left.
    out
        Where complete files go.
    keep
        What stays of a pull that broke off, for the next one.
    zone
        Of the shop.
    now
        When the pull began, in UTC.
    is_test
        Only see whether it can be read: nothing is fetched.
    say
        Told how far it is, in words.
    """

    settings: SourceSettings
    credentials: Mapping[str, str] = field(repr=False)
    cursor: Mapping[str, Any]
    out: Path
    keep: Path
    zone: str
    now: datetime
    max_bytes: int
    is_test: bool = False
    say: Callable[[str], None] = lambda words: None

    @property
    def local_now(self) -> datetime:
        """When the pull began, in the shop's own time without a zone."""
        return self.now.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)


def pull(kind: SourceKind, task: Task) -> Pulled:
    """Fetch what is new at a source.

    Raises
    ------
    SourceFailed, AddressRefused, Unreachable, StorageFailed, DataError
        It cannot be read to the end; nothing of it counts.
    """
    task.out.mkdir(parents=True, exist_ok=True)
    task.keep.mkdir(parents=True, exist_ok=True)
    return _puller(kind)(task)


def _puller(kind: SourceKind) -> Callable[[Task], Pulled]:
    # They import what this module offers.
    from churnkit.sources import folder, link, shopify, sql, storage, woocommerce

    return {
        "folder": folder.pull,
        "link": link.pull,
        "storage": storage.pull,
        "sql": sql.pull,
        "shopify": shopify.pull,
        "woocommerce": woocommerce.pull,
    }[kind]


def file_of(path: Path, label: str, *, sha256: str = "", knows_until: datetime | None = None) -> PulledFile:
    """What is told of a complete file."""
    if not sha256:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return PulledFile(
        name=path.name, label=label, sha256=sha256, size_bytes=path.stat().st_size, knows_until=knows_until
    )


def cursor_text(cursor: JsonObject) -> str:
    """A cursor as it is kept."""
    return json.dumps(cursor, sort_keys=True)


def utc_text(at: datetime) -> str:
    """An instant as shop systems write it: whole seconds, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def too_large(label: str, max_bytes: int) -> SourceFailed:
    """The failure of a file beyond the limit."""
    return SourceFailed(
        f"Fetching {label}: a file may have {count(max_bytes / MEGABYTE)} MB at most, this one has more.",
        "Write a shorter period or fewer columns into it.",
    )

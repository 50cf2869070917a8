"""Where a shop's new orders come from, and what came. Times are aware datetimes in UTC unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from churnkit.results.codec import JsonObject

SourceKind = Literal["shopify", "woocommerce", "link", "folder", "storage", "sql"]
Gives = Literal["period", "changes"]
"""What a file of a source holds: all orders of its time, or those that are new or have changed."""


@dataclass(frozen=True)
class Source:
    """A source without its credentials.

    Attributes
    ----------
    pull_cursor
        Where the next pull goes on.
    has_credentials
        Whether credentials are sealed with it.
    paused_at
        Since when no schedule pulls it, None while they do.
    last_result
        What the last pull came to, in words; None before the first.
    """

    source_id: str
    shop_id: str
    kind: SourceKind
    name: str
    source_settings: JsonObject
    gives: Gives
    pull_cursor: JsonObject
    created_by: str
    created_at: datetime
    paused_at: datetime | None
    last_pulled_at: datetime | None
    last_result: str | None
    last_failed: bool
    has_credentials: bool


@dataclass(frozen=True)
class SourceFile:
    """A file that a source brought.

    Attributes
    ----------
    knows_until
        In the shop's own time, without a zone; None where its orders say so themselves.
    add_job_id
        The work that adds it to the history, None until that is asked for.
    refused_why
        Why it cannot be added, None if it can.
    """

    file_id: str
    source_id: str
    shop_id: str
    upload_id: str
    file_label: str
    gives: Gives
    knows_until: datetime | None
    file_number: int
    pulled_at: datetime
    add_job_id: str | None = None
    refused_why: str | None = None


@dataclass(frozen=True)
class NewSourceFile:
    """A file that has arrived and has no row yet."""

    path: Path
    label: str
    size_bytes: int
    sha256: str
    knows_until: datetime | None


@dataclass(frozen=True)
class OwnedSourceFile:
    """A file and the tenant whose shop it belongs to."""

    tenant_id: str
    file: SourceFile

"""Shops and the files that their histories grew by, as the tables hold them. Times are aware datetimes in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from churnkit.results.shop import AdditionFigures, ShopSettings

AdditionKind = Literal["first", "period", "changes", "taken_back", "erased"]
"""``first`` is the file that a shop began with; ``period`` an export of some time, ``changes`` orders that changed;
``taken_back`` undoes the one before, ``erased`` has a customer's rows out of all of them."""


@dataclass(frozen=True)
class Shop:
    """A shop; ``shop_id`` is the session_id of its analysis, which begins with its first file."""

    shop_id: str
    name: str
    shop_settings: ShopSettings
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class FirstFile:
    """The file that a shop began with, as its first addition records it; ``look_id`` is of the look at it."""

    look_id: str
    upload_id: str
    sha256: str | None
    covers: tuple[datetime, datetime] | None
    knows_until: datetime
    figures: AdditionFigures


@dataclass(frozen=True)
class Addition:
    """A file whose orders joined a shop's history.

    Attributes
    ----------
    addition_id
        That of the job that added it.
    upload_id
        None where the file is no longer kept.
    source_id
        None where somebody handed the file over.
    history_version
        1 for the shop's first file.
    sha256
        Of the file's bytes.
    covers_from, covers_to
        Extent of its orders in the shop's own time, without a zone; None for a file of changes.
    knows_until
        Up to when the file knows, in the shop's own time, without a zone.
    takes_out_missing
        Whether known orders of its time that it does not hold left the history.
    """

    addition_id: str
    shop_id: str
    upload_id: str | None
    source_id: str | None
    history_version: int
    kind: AdditionKind
    sha256: str | None
    covers_from: datetime | None
    covers_to: datetime | None
    knows_until: datetime
    takes_out_missing: bool
    addition_figures: AdditionFigures
    added_at: datetime

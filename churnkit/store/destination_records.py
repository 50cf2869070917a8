"""Where scores are sent, and how that went, as the tables hold it. Times are aware datetimes in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from churnkit.results.destination import DestinationKind, DestinationSettings, PushFigures

PushStatus = Literal["waiting", "done", "failed", "replaced"]


@dataclass(frozen=True)
class Destination:
    """A tool or place that gets a shop's scores; its credentials are never shown.

    Attributes
    ----------
    after_runs
        Whether it gets them after each new version of the results.
    paused_at
        Since when it gets nothing, None while it does.
    """

    destination_id: str
    shop_id: str
    kind: DestinationKind
    name: str
    destination_settings: DestinationSettings
    after_runs: bool
    created_by: str
    created_at: datetime
    paused_at: datetime | None = None


@dataclass(frozen=True)
class Push:
    """One sending of a run's scores.

    Attributes
    ----------
    status
        ``replaced`` by one of a newer run before it was through.
    attempts
        How often it was tried.
    push_words
        Why the last attempt failed; empty otherwise.
    next_at
        When it is tried next, while it waits.
    """

    push_id: str
    destination_id: str
    shop_id: str
    run_id: str
    status: PushStatus
    attempts: int
    push_figures: PushFigures
    push_words: str
    created_at: datetime
    next_at: datetime
    done_at: datetime | None = None


@dataclass(frozen=True)
class DuePush:
    """What is to be sent now, whose it is, and the sealed credentials for it."""

    tenant_id: str
    destination: Destination
    push: Push
    sealed: str | None = field(repr=False)


@dataclass(frozen=True)
class PushedCustomer:
    """What another tool holds of a customer.

    Attributes
    ----------
    known_as
        What it knows them by.
    mark
        Of the values that it holds; others have another one.
    """

    customer_id: str
    known_as: str
    mark: str

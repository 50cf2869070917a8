"""Addresses that are told what happened, and what is on its way to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

DeliveryStatus = Literal["waiting", "delivered", "failed"]
ToldType = Literal[
    "analysis.completed",
    "analysis.failed",
    "customer.risk_crossed",
    "churn.increased",
    "data.stale",
    "export.missed",
    "drift.detected",
    "scorecard.ready",
    "campaign.ended",
    "readout.ready",
    "addition.failed",
    "source.failed",
    "source.asks",
    "schedule.missed",
    "schedule.failed",
    "scoring.fell_back",
    "retrain.proposed",
    "model.promoted",
    "destination.failed",
]
"""What a webhook may be told of; of a shop's events the names stand in ``churnkit.alerts.catalogue``."""
EventType = Literal[ToldType, "webhook.test"]


@dataclass(frozen=True)
class Webhook:
    """An address that is told what happens in a workspace.

    Attributes
    ----------
    events
        What it is told of.
    generation
        Of its secret, from 1; the one before signs too until a day after ``rotated_at``.
    key_mark
        Of the server's key that its secret follows from.
    failing_from_at
        Since when nothing has arrived, None while all does.
    disabled_at, disabled_why
        When and why it is told nothing any more.
    """

    webhook_id: str
    url: str
    events: list[EventType]
    generation: int
    key_mark: str
    created_by: str
    created_at: datetime
    rotated_at: datetime | None = None
    failing_from_at: datetime | None = None
    disabled_at: datetime | None = None
    disabled_why: str | None = None


@dataclass(frozen=True)
class Delivery:
    """One event for one address.

    Attributes
    ----------
    event_id
        The same each time that it is sent, by which the receiver knows a repeat.
    body
        JSON, as it is signed and sent.
    attempts
        How often it was sent, or tried to be.
    next_at
        When it is sent next, while it waits.
    answer_status, answer_words
        What the last attempt came to.
    """

    delivery_id: str
    webhook_id: str
    event_id: str
    event: EventType
    body: str
    status: DeliveryStatus
    attempts: int
    created_at: datetime
    next_at: datetime
    done_at: datetime | None = None
    answer_status: int | None = None
    answer_words: str | None = None


@dataclass(frozen=True)
class DueDelivery:
    """What the courier takes along."""

    webhook: Webhook
    delivery: Delivery


@dataclass(frozen=True)
class EndedAnalysis:
    """An analysis that ended and that a webhook was not told of yet."""

    tenant_id: str
    webhook_id: str
    job_id: str
    session_id: str
    is_completed: bool
    ended_at: datetime


@dataclass(frozen=True)
class UntoldEvent:
    """Something that happened to a shop and that a webhook was not told of yet; ``event`` is what webhooks call it."""

    webhook_id: str
    event: EventType
    event_id: str
    shop_id: str
    sentence: str
    details: dict[str, Any]
    happened_at: datetime

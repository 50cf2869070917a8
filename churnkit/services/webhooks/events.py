"""What webhooks are told: what happened to which analysis, and nothing of any customer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from churnkit.alerts.catalogue import CATALOGUE, WEBHOOK_EVENTS
from churnkit.results.shop_events import EventKind
from churnkit.store import EndedAnalysis, EventType, ToldType, UntoldEvent

OF_KINDS = cast(Mapping[EventKind, ToldType], WEBHOOK_EVENTS)
TOLD: tuple[ToldType, ...] = ("analysis.completed", "analysis.failed", *OF_KINDS.values())
USUAL: tuple[ToldType, ...] = ("analysis.completed", "analysis.failed")
"""What a webhook is told of unless somebody chooses."""
WORDS: dict[EventType, str] = {
    "analysis.completed": "An analysis is done",
    "analysis.failed": "An analysis has failed",
    **{event: CATALOGUE[kind].title for kind, event in OF_KINDS.items()},
    "webhook.test": "A test",
}


def ended_event(ended: EndedAnalysis) -> tuple[EventType, str]:
    """The event of an analysis that ended, and its body."""
    data = {"analysis_id": ended.session_id, "job_id": ended.job_id}
    if ended.is_completed:
        return "analysis.completed", _body(
            "analysis.completed", ended.ended_at, {**data, "run_id": ended.job_id}
        )
    return "analysis.failed", _body("analysis.failed", ended.ended_at, data)


def shop_event_body(event: UntoldEvent) -> str:
    """The body of something that happened to a shop."""
    data = {"analysis_id": event.shop_id, "words": event.sentence, **event.details}
    return _body(event.event, event.happened_at, data)


def trial_body(webhook_id: str, at: datetime) -> str:
    """The body of an event that nothing led to."""
    return _body("webhook.test", at, {"webhook_id": webhook_id})


def _body(event: EventType, at: datetime, data: Mapping[str, object]) -> str:
    moment = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return json.dumps({"type": event, "timestamp": moment, "data": data}, separators=(",", ":"))

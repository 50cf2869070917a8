"""What webhooks are told: what happened to which analysis, and nothing of any customer."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from churnkit.store import EndedAnalysis, EventType

TOLD: tuple[EventType, ...] = ("analysis.completed", "analysis.failed")
WORDS: dict[EventType, str] = {
    "analysis.completed": "An analysis is done",
    "analysis.failed": "An analysis has failed",
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


def trial_body(webhook_id: str, at: datetime) -> str:
    """The body of an event that nothing led to."""
    return _body("webhook.test", at, {"webhook_id": webhook_id})


def _body(event: EventType, at: datetime, data: dict[str, str]) -> str:
    moment = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return json.dumps({"type": event, "timestamp": moment, "data": data}, separators=(",", ":"))

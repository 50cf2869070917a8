"""One attempt to tell a webhook, and when the next one is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from churnkit.config import SECRET_KEY
from churnkit.outgoing import Address, AddressRefused, Answer, Unreachable, post
from churnkit.outgoing.signature import key_mark, signature, webhook_secret
from churnkit.store import Delivery, DueDelivery, Webhook

SECONDS = 15.0
# After each attempt that failed but the last, with a tenth of chance on either side.
WAITS = (5, 300, 1800, 7200, 18_000, 36_000, 36_000)
MOST_WAIT_SECONDS = 86_400
# For so long the secret before a rotation signs too.
OLD_SECRET = timedelta(days=1)
GIVE_UP = timedelta(days=5)
_GONE = 410

Post = Callable[..., Answer]


@dataclass(frozen=True)
class Outcome:
    """What an attempt came to.

    Attributes
    ----------
    status
        Of the answer, None without one.
    words
        Why it failed, empty if it arrived.
    wait_seconds
        How long the receiver asked to be left alone.
    """

    status: int | None
    words: str = ""
    wait_seconds: int = 0

    @property
    def arrived(self) -> bool:
        """Whether the receiver has it."""
        return not self.words


def deliver(due: DueDelivery, key: str | None, at: datetime, send: Post = post) -> Outcome:
    """Send a delivery once."""
    webhook, delivery = due.webhook, due.delivery
    if key is None:
        return Outcome(None, f"the server has no {SECRET_KEY} to sign with")
    if key_mark(key) != webhook.key_mark:
        return Outcome(None, f"the server's {SECRET_KEY} is another one: rotate the secret")
    body = delivery.body.encode()
    timestamp = int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "churnkit",
        "webhook-id": delivery.event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(
            signature(secret, delivery.event_id, timestamp, body) for secret in secrets_of(webhook, key, at)
        ),
    }
    try:
        answer = send(Address.parse(webhook.url), body, headers, seconds=SECONDS)
    except AddressRefused as error:
        return Outcome(None, error.message)
    except Unreachable as error:
        return Outcome(None, error.reason)
    if 200 <= answer.status < 300:
        return Outcome(answer.status)
    return Outcome(answer.status, f"it answered with status {answer.status}", _asked_wait(answer))


def secrets_of(webhook: Webhook, key: str, at: datetime) -> list[str]:
    """The secrets that sign at a time: the webhook's, and for a day after a rotation the one before."""
    found = [webhook_secret(key, webhook.webhook_id, webhook.generation)]
    if webhook.rotated_at is not None and at - webhook.rotated_at < OLD_SECRET:
        found.append(webhook_secret(key, webhook.webhook_id, webhook.generation - 1))
    return found


def next_attempt(delivery: Delivery, outcome: Outcome, at: datetime) -> datetime | None:
    """When a delivery whose attempt has just failed is sent again, None if never."""
    if delivery.attempts >= len(WAITS) or outcome.status == _GONE:
        return None
    wait = WAITS[delivery.attempts]
    # Chance that needs no generator: many deliveries that failed together do not come back together.
    drawn = hashlib.sha256(f"{delivery.delivery_id} {delivery.attempts}".encode()).digest()[0] / 255
    seconds = max(wait * (0.9 + 0.2 * drawn), min(outcome.wait_seconds, MOST_WAIT_SECONDS))
    return at + timedelta(seconds=seconds)


def why_switched_off(webhook: Webhook, outcome: Outcome, at: datetime) -> str | None:
    """Why a webhook is told nothing after a failed attempt, None if it still is."""
    if outcome.status == _GONE:
        return "it answered with status 410: it wants no more"
    if webhook.failing_from_at is not None and at - webhook.failing_from_at > GIVE_UP:
        return "nothing has arrived for 5 days"
    return None


def _asked_wait(answer: Answer) -> int:
    text = (answer.retry_after or "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else 0

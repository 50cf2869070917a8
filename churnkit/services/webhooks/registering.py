"""Webhooks are added, changed and given another secret."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

from churnkit.config import SECRET_KEY, secret_key
from churnkit.errors import ConflictError, NotFoundError, SettingsError
from churnkit.outgoing import Address, AddressRefused
from churnkit.outgoing.signature import key_mark, webhook_secret
from churnkit.services.webhooks.events import TOLD, USUAL, trial_body
from churnkit.store import Delivery, EventType, Store, Webhook, new_id

MOST_WEBHOOKS = 20
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class NewSecret:
    """A webhook and its secret, which is shown this once."""

    webhook: Webhook
    secret: str


def add_webhook(store: Store, url: str, events: Sequence[EventType] = USUAL) -> NewSecret:
    """Let an address be told what happens in the store's workspace from now on.

    Raises
    ------
    SettingsError
        The server calls no such address, or has no key for secrets; no event is named.
    ConflictError
        There are 20 webhooks already.
    """
    key = require_key()
    chosen = _checked(url, events)
    if len(store.webhooks.all()) >= MOST_WEBHOOKS:
        raise ConflictError(
            f"Adding a webhook: this workspace has {MOST_WEBHOOKS}, which is the most.", "Delete one first."
        )
    webhook = store.webhooks.add(
        url, chosen, webhook_id=new_id(), key_mark=key_mark(key), at=datetime.now(UTC)
    )
    return NewSecret(webhook, webhook_secret(key, webhook.webhook_id, webhook.generation))


def change_webhook(store: Store, webhook_id: str, url: str, events: Sequence[EventType]) -> Webhook:
    """Let a webhook lead elsewhere or be told of other events.

    Raises
    ------
    SettingsError
        The server calls no such address; no event is named.
    """
    return store.webhooks.change(known_webhook(webhook_id), url=url, events=_checked(url, events))


def rotate_secret(store: Store, webhook_id: str) -> NewSecret:
    """Give a webhook another secret; the one before signs beside it for a day.

    Raises
    ------
    SettingsError
        The server has no key for secrets.
    """
    key = require_key()
    webhook = store.webhooks.rotate(known_webhook(webhook_id), key_mark=key_mark(key), at=datetime.now(UTC))
    return NewSecret(webhook, webhook_secret(key, webhook.webhook_id, webhook.generation))


def send_test(store: Store, webhook_id: str) -> Delivery:
    """Queue an event that nothing led to.

    Raises
    ------
    ConflictError
        The webhook is switched off.
    """
    _require_on(store.webhooks.get(known_webhook(webhook_id)))
    now = datetime.now(UTC)
    event_id = f"evt_{new_id()}"
    return store.webhooks.send_test(webhook_id, event_id=event_id, body=trial_body(webhook_id, now), at=now)


def send_again(store: Store, webhook_id: str, delivery_id: str) -> Delivery:
    """Queue a delivery that has ended once more, under the same id of its event.

    Raises
    ------
    ConflictError
        The webhook is switched off, or the delivery waits already.
    """
    _require_on(store.webhooks.get(known_webhook(webhook_id)))
    delivery = next(
        (one for one in store.webhooks.deliveries(webhook_id) if one.delivery_id == delivery_id), None
    )
    if delivery is None:
        raise NotFoundError(
            "Looking for a delivery: there is none with this id.", "It may be too old: reload."
        )
    if delivery.status == "waiting":
        raise ConflictError("Sending again: this delivery waits to be sent already.", "Wait for its answer.")
    return store.webhooks.send_again(delivery_id, at=datetime.now(UTC))


def known_webhook(webhook_id: str) -> str:
    """An id that the store may know.

    Raises
    ------
    NotFoundError
        No id looks like that.
    """
    if not _ID.fullmatch(webhook_id):
        raise NotFoundError(
            f"Looking for webhook {webhook_id[:40]!a}: there is none.", "Take an id of the list."
        )
    return webhook_id


def require_key() -> str:
    """The server's key, from which all secrets follow.

    Raises
    ------
    SettingsError
        The server has none.
    """
    key = secret_key()
    if key is None:
        raise SettingsError(
            f"Webhooks: the server needs a key of its own for their secrets, and {SECRET_KEY} is not set.",
            f"Set {SECRET_KEY} in the server's environment to 32 random characters or more, for example what openssl"
            " rand -hex 32 prints, and restart it.",
        )
    return key


def _checked(url: str, events: Sequence[EventType]) -> list[EventType]:
    address = Address.parse(url)
    try:
        address.resolve()
    except OSError as error:
        raise AddressRefused(
            f"Adding a webhook: the name {address.host} is not known on the internet.", "See how it is spelt."
        ) from error
    chosen = [event for event in get_args(EventType) if event in TOLD and event in events]
    if not chosen:
        raise SettingsError(
            "Adding a webhook: it must be told of one event at least.", f"Name one of {', '.join(TOLD)}."
        )
    return chosen


def _require_on(webhook: Webhook) -> None:
    if webhook.disabled_at is not None:
        raise ConflictError("Sending to a webhook: it is switched off.", "Switch it on first.")

"""Signatures of webhooks (https://www.standardwebhooks.com), by secrets that are kept nowhere.

A webhook's secret follows from the server's own key and the webhook's id, so that neither the data folder nor a copy of
it can sign anything.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

PREFIX = "whsec_"


def webhook_secret(server_key: str, webhook_id: str, generation: int) -> str:
    """The secret of a webhook; another for each generation, of which rotating begins the next."""
    return PREFIX + base64.b64encode(_derived(server_key, f"webhook\n{webhook_id}\n{generation}")).decode()


def key_mark(server_key: str) -> str:
    """By which a key is known again, and from which it cannot be found."""
    return _derived(server_key, "mark").hex()[:16]


def signature(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """One signature of the ``webhook-signature`` header.

    Parameters
    ----------
    timestamp
        Seconds since 1970, as the ``webhook-timestamp`` header has them.
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _derived(server_key: str, purpose: str) -> bytes:
    return hmac.digest(server_key.encode(), f"churnkit\n{purpose}".encode(), hashlib.sha256)

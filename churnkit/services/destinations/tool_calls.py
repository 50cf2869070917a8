"""Requests to a tool's API, and what its answers mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from churnkit.outgoing import Address, AddressRefused, Answer, Unreachable, post
from churnkit.services.destinations.places import PushFailed

SECONDS = 30.0
_MOST_BYTES = 2_000_000
Post = Callable[..., Answer]


class ToolCalls:
    """One tool's API.

    Parameters
    ----------
    name
        What it is called in sentences.
    send
        How one request is sent; for tests.
    """

    def __init__(self, name: str, base: str, headers: Mapping[str, str], *, send: Post = post) -> None:
        self.name = name
        self._base = base
        self._headers = {**headers, "User-Agent": "churnkit"}
        self._send = send

    def post(self, path: str, content: object) -> tuple[int, Any]:
        """Send JSON; status and JSON of an answer that says something of what was sent (2xx, 4xx).

        Raises
        ------
        PushFailed
            Nobody answered, it asks to be called later, its own fault, or the key is not accepted.
        """
        doing = f"Sending to {self.name}"
        try:
            address = Address.parse(f"{self._base}{path}")
            body = json.dumps(content, allow_nan=False).encode()
            answer = self._send(address, body, self._headers, seconds=SECONDS, most_bytes=_MOST_BYTES)
        except AddressRefused as error:
            raise PushFailed(error.message, error.remedy, is_final=True) from error
        except Unreachable as error:
            raise PushFailed(f"{doing}: {error.reason}.") from error
        if answer.status in (401, 403):
            raise PushFailed(
                f"{doing}: it does not accept the key (status {answer.status}).",
                "Make a new one with the rights that are named in the form, and add the destination again.",
                is_final=True,
            )
        if answer.status == 429 or answer.status >= 500:
            wait = (answer.retry_after or "").strip()
            seconds = int(wait) if wait.isdecimal() and len(wait) < 6 else 0
            raise PushFailed(f"{doing}: it answered with status {answer.status}.", wait_seconds=seconds)
        return answer.status, _content(answer.body)


def _content(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None

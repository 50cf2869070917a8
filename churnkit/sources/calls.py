"""Calls to a shop system: one at a time, again after a while where it is busy, and words for what it refuses."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from churnkit.outgoing import Address, Answer, Unreachable, send
from churnkit.sources.pulling import SourceFailed
from churnkit.text.figures import count

SECONDS = 60.0
MOST_BYTES = 50_000_000
WAITS = (1.0, 4.0, 15.0, 45.0)
"""Seconds before each further try, unless the answer asks for longer."""
MOST_WAIT_SECONDS = 120.0
_BUSY = frozenset({408, 429, 500, 502, 503, 504})
_REASONS = {
    401: "it does not know these credentials",
    402: "the shop is frozen for want of payment",
    403: "the credentials are not allowed to read orders",
    404: "there is no shop of this kind at the address",
    423: "the shop is locked",
}


def call(method: str, url: str, headers: Mapping[str, str], body: Any = None) -> Answer:
    """One answer with status 200.

    Raises
    ------
    SourceFailed
        It was refused, or the shop stayed busy.
    Unreachable
        Nobody answered, however often it was asked.
    """
    address = Address.parse(url)
    sent = {"User-Agent": "churnkit", "Accept": "application/json", **headers}
    content = None
    if body is not None:
        sent["Content-Type"] = "application/json"
        content = json.dumps(body).encode()
    for wait in (*WAITS, None):
        try:
            answer = send(method, address, content, sent, seconds=SECONDS, most_bytes=MOST_BYTES)
        except Unreachable:
            if wait is None:
                raise
            pause(wait)
            continue
        if answer.status == 200:
            return answer
        if answer.status not in _BUSY or wait is None:
            break
        pause(max(wait, _asked_wait(answer)))
    raise refused(address.host, answer)


def call_json(method: str, url: str, headers: Mapping[str, str], body: Any = None) -> tuple[Any, Answer]:
    """What an answer says, and the answer itself.

    Raises
    ------
    SourceFailed
        As :func:`call`, or the answer is no JSON.
    """
    answer = call(method, url, headers, body)
    host = Address.parse(url).host
    if answer.is_cut:
        raise SourceFailed(f"Asking {host}: an answer is longer than {count(MOST_BYTES / 1e6)} MB.")
    try:
        return json.loads(answer.body), answer
    except ValueError as error:
        raise SourceFailed(
            f"Asking {host}: its answer is no JSON, but begins with {answer.body[:40].decode('utf-8', 'replace')!r}.",
            "See that the address is the shop's own, and that no sign-in or maintenance page stands before it.",
        ) from error


def pause(seconds: float) -> None:
    """Wait; tests have a shorter patience."""
    time.sleep(min(seconds, MOST_WAIT_SECONDS))


def refused(host: str, answer: Answer) -> SourceFailed:
    """An answer that is none, in words; never with what it says, which may repeat what was sent."""
    why = _REASONS.get(answer.status)
    if why is None:
        busy = "it stayed busy" if answer.status in _BUSY else "it refused"
        why = f"{busy} (status {answer.status})"
    return SourceFailed(
        f"Asking {host} for orders: {why}.", "Test the source, and enter its credentials again."
    )


def _asked_wait(answer: Answer) -> float:
    text = (answer.retry_after or "").strip()
    return float(text) if text.replace(".", "", 1).isdigit() and len(text) < 8 else 0.0

"""One request to an address: pinned to what its name meant when it was checked, no redirect followed, the answer cut."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from churnkit.errors import ChurnkitError
from churnkit.outgoing.address import Address
from churnkit.outgoing.connection import Pinned, deadline
from churnkit.text.figures import decimal

MOST_BYTES = 64_000


class Unreachable(ChurnkitError):
    """No answer came.

    Attributes
    ----------
    reason
        Why, to follow "Calling … at host: ".
    """

    code = "unreachable"

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"Calling the address at {host}: {reason}.")
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes
    ----------
    status
        100 to 599; a redirect is an answer like any other.
    body
        Its first bytes, as many as were asked for.
    is_cut
        Whether there was more.
    headers
        By name in lower case.
    """

    status: int
    body: bytes
    is_cut: bool
    retry_after: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def post(
    address: Address,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    most_bytes: int = MOST_BYTES,
) -> Answer:
    """Send ``body`` and wait for the answer; see :func:`send`."""
    return send("POST", address, body, headers, seconds=seconds, most_bytes=most_bytes)


def send(
    method: str,
    address: Address,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    seconds: float,
    most_bytes: int = MOST_BYTES,
) -> Answer:
    """Make one request and wait for the answer.

    Parameters
    ----------
    seconds
        Longest time for all of it, but for looking up the name.

    Raises
    ------
    AddressRefused
        The host's name leads into a private network.
    Unreachable
        Nobody answered in time, the certificate is not the host's, or the answer is no HTTP.
    """
    connection: Pinned | None = None
    too_late = threading.Event()
    try:
        connection = Pinned(address, address.resolve(), seconds)
        with deadline(connection, seconds, too_late):
            connection.request(method, address.target, body, dict(headers))
            with connection.getresponse() as response:
                found = response.read(most_bytes + 1)
                # `read` with a size does not say that the connection ended early.
                if response.length and len(found) <= most_bytes:
                    raise http.client.IncompleteRead(found, response.length)
            if too_late.is_set():
                raise TimeoutError
            return Answer(
                response.status,
                found[:most_bytes],
                len(found) > most_bytes,
                response.getheader("Retry-After"),
                {name.lower(): value for name, value in response.getheaders()},
            )
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise unreachable(address, error, seconds, is_late=too_late.is_set()) from error
    finally:
        if connection is not None:
            connection.free()


def unreachable(address: Address, error: Exception, seconds: float, *, is_late: bool) -> Unreachable:
    """The failure that a request ended with, in words."""
    if is_late or isinstance(error, TimeoutError):
        return Unreachable(address.host, f"no answer within {decimal(seconds)} seconds")
    return Unreachable(address.host, f"it cannot be reached ({error})")

"""One POST to an address: pinned to what its name meant when it was checked, no redirect followed, the answer cut."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from churnkit.errors import ChurnkitError
from churnkit.outgoing.address import HTTPS_PORT, Address
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
    """

    status: int
    body: bytes
    is_cut: bool
    retry_after: str | None = None


def post(
    address: Address,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    most_bytes: int = MOST_BYTES,
) -> Answer:
    """Send ``body`` and wait for the answer.

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
    connection: _Pinned | None = None
    too_late = threading.Event()
    try:
        connection = _Pinned(address, address.resolve(), seconds)
        with _deadline(connection, seconds, too_late):
            connection.request("POST", address.target, body, dict(headers))
            with connection.getresponse() as response:
                found = response.read(most_bytes + 1)
            if too_late.is_set():
                raise TimeoutError
            return Answer(
                response.status,
                found[:most_bytes],
                len(found) > most_bytes,
                response.getheader("Retry-After"),
            )
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = isinstance(error, TimeoutError) or too_late.is_set()
        reason = f"no answer within {decimal(seconds)} seconds" if late else f"it cannot be reached ({error})"
        raise Unreachable(address.host, reason) from error
    finally:
        if connection is not None:
            connection.free()


class _Pinned(http.client.HTTPConnection):
    """A connection to an IP address that was checked, under the name that it was found by.

    Looking the name up a second time could give another address than the one that was checked (DNS rebinding).
    """

    def __init__(self, address: Address, ips: Sequence[str], seconds: float) -> None:
        host = f"[{address.host}]" if ":" in address.host else address.host
        super().__init__(host, address.port, timeout=seconds)
        self.handle: socket.socket | None = None
        self._address = address
        self._ips = ips
        # The Host header names the port unless it is the usual one.
        self.default_port = HTTPS_PORT if address.is_tls else http.client.HTTP_PORT

    def connect(self) -> None:
        plain = self._first_that_answers()
        # Seen by the watch over the deadline: it outlives what TLS makes of the socket.
        self.handle = plain.dup()
        if self._address.is_tls:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self._address.host)
        else:
            self.sock = plain

    def _first_that_answers(self) -> socket.socket:
        for ip in self._ips[:-1]:
            with suppress(OSError):
                return socket.create_connection((ip, self.port), self.timeout)
        return socket.create_connection((self._ips[-1], self.port), self.timeout)

    def free(self) -> None:
        """Close it and its handle; `close` itself is called as soon as the head of an answer without a length is read."""
        self.close()
        if self.handle is not None:
            self.handle.close()


@contextmanager
def _deadline(connection: _Pinned, seconds: float, too_late: threading.Event) -> Iterator[None]:
    """End a connection that is slow as a whole: a socket's own timeout begins anew with every byte."""

    def end() -> None:
        too_late.set()
        handle = connection.handle
        if handle is not None:
            with suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()

"""A connection to an address: pinned to what its name meant when it was checked, with an end for all of it."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from churnkit.outgoing.address import HTTPS_PORT, Address


class Pinned(http.client.HTTPConnection):
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
def deadline(connection: Pinned, seconds: float, too_late: threading.Event) -> Iterator[None]:
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

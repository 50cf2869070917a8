"""A file behind an address: each redirect is checked like the address itself, and the size is counted, not believed."""

from __future__ import annotations

import hashlib
import http.client
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from churnkit.config import MEGABYTE
from churnkit.errors import DataError, is_disk_full
from churnkit.outgoing.address import Address
from churnkit.outgoing.connection import Pinned, deadline
from churnkit.outgoing.post import Unreachable, unreachable
from churnkit.text.figures import count

MOST_REDIRECTS = 5
SILENT_SECONDS = 60.0
_CHUNK_BYTES = 1 << 18
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Fetched:
    """What came of asking for a file.

    Attributes
    ----------
    status
        200 with the file in its place, or another one without it.
    headers
        Of the last answer, by name in lower case.
    sha256
        Of the file's bytes in hexadecimal digits, empty without one.
    """

    status: int
    headers: Mapping[str, str]
    sha256: str = ""


def fetch(
    url: str,
    target: Path,
    headers: Mapping[str, str],
    *,
    max_bytes: int,
    seconds: float,
    private: Mapping[str, str],
) -> Fetched:
    """Write the file behind ``url`` to ``target``.

    Parameters
    ----------
    headers
        Sent to every host on the way.
    private
        Headers for the first host alone, e.g. an authorization.
    seconds
        Longest time for each request, all of its bytes included.

    Raises
    ------
    AddressRefused
        The address, or one that it leads to, is none that the server calls.
    Unreachable
        There is no answer, it breaks off, or redirects do not end.
    DataError
        The file is larger than ``max_bytes``.
    """
    address = Address.parse(url)
    first = address.host
    for _ in range(MOST_REDIRECTS + 1):
        sent = {**headers, **(private if address.host == first else {})}
        found, onward = _request(address, target, sent, max_bytes, seconds)
        if onward is None:
            return found
        url = urljoin(url, onward)
        address = Address.parse(url)
    raise Unreachable(first, f"it leads elsewhere more than {count(MOST_REDIRECTS)} times")


def _request(
    address: Address, target: Path, headers: Mapping[str, str], max_bytes: int, seconds: float
) -> tuple[Fetched, str | None]:
    """One request; where it leads instead, if it does."""
    connection: Pinned | None = None
    too_late = threading.Event()
    try:
        connection = Pinned(address, address.resolve(), min(SILENT_SECONDS, seconds))
        with deadline(connection, seconds, too_late):
            connection.request("GET", address.target, headers=dict(headers))
            with connection.getresponse() as response:
                told = {name.lower(): value for name, value in response.getheaders()}
                if response.status in _REDIRECTS and "location" in told:
                    return Fetched(response.status, told), told["location"]
                if response.status != http.client.OK:
                    return Fetched(response.status, told), None
                digest = _write(response, target, address, max_bytes)
        if too_late.is_set():
            raise TimeoutError
        return Fetched(response.status, told, digest), None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if is_disk_full(error):
            raise
        raise unreachable(address, error, seconds, is_late=too_late.is_set()) from error
    finally:
        if connection is not None:
            connection.free()


def _write(response: http.client.HTTPResponse, target: Path, address: Address, max_bytes: int) -> str:
    digest, size = hashlib.sha256(), 0
    announced = response.length
    with target.open("wb") as file:
        while chunk := response.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > max_bytes:
                raise DataError(
                    f"Fetching the file at {address.host}: a file may have {count(max_bytes / MEGABYTE)} MB at most,"
                    " this one has more.",
                    "Export a shorter period, or leave columns out.",
                )
            digest.update(chunk)
            file.write(chunk)
    # `read` with a size does not say that the connection ended early.
    if announced is not None and size != announced:
        raise http.client.IncompleteRead(b"", announced - size)
    return digest.hexdigest()

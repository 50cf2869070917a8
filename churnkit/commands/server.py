"""A running server, asked by commands: it owns the data folder and does the work as jobs."""

from __future__ import annotations

import http.client
import json
import sys
import time
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

from churnkit.config import API_KEY, api_key
from churnkit.errors import JobError, SettingsError

_POLL_SECONDS = 1.0
_SECONDS = 60.0
_API = "/api/v1"
_KIND = {True: "application/json", False: "application/octet-stream"}
EXAMPLE = "http://localhost:8501"
HELP = f"let a running server do it, e.g. {EXAMPLE}; {API_KEY} holds a key that may do it"


class Server:
    """A churnkit that answers at an address, asked with the key of the environment.

    Raises
    ------
    SettingsError
        The address is none, or there is no key.
    """

    def __init__(self, address: str) -> None:
        parts, key = urlsplit(address), api_key()
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(
                f"Asking the server {address!r}: its address begins with http:// or https://."
            )
        if parts.scheme == "http" and not _is_here(parts.hostname):
            raise SettingsError(
                f"Asking the server {address}: the key would be readable on the way.",
                "Use https://, as a server that others reach has it; http:// is for one on this machine.",
            )
        if key is None:
            raise SettingsError(
                f"Asking the server {address}: {API_KEY} is not set.",
                "Make a key with the right to administer under Settings, and put it there.",
            )
        self._address, self._path = address, parts.path.rstrip("/")
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._place = parts.netloc.rpartition("@")[2]
        self._headers = {"Authorization": f"Bearer {key}"}

    def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The answer to a request.

        Raises
        ------
        JobError
            The server refuses, with its words; or nobody answers.
        """
        return self._sent(method, path, None if body is None else json.dumps(body))

    def upload(self, file: Path) -> str:
        """Hand over a file; the id that the server gives it. Errors as for :meth:`ask`, and OSError."""
        with file.open("rb") as stream:
            answer = self._sent("PUT", f"/uploads?filename={quote(file.name, safe='')}", stream)
        return str(answer["upload_id"])

    def follow(self, job_id: str) -> None:
        """Ask for a job until it has completed, with a line on standard error for each step; interrupted, it is stopped.

        Raises
        ------
        JobError
            It did not complete; the message is its own.
        """
        place, said = f"/jobs/{job_id}", ""
        try:
            while (job := self.ask("GET", place))["state"] in ("pending", "running"):
                words = job["step"] or "Waiting for its turn"
                if words != said:
                    print(f"… {words}", file=sys.stderr, flush=True)
                    said = words
                time.sleep(_POLL_SECONDS)
        except KeyboardInterrupt:
            self.ask("DELETE", place)
            raise
        if job["state"] != "completed":
            error = job["error"] or {"message": "The job did not complete.", "remedy": ""}
            raise JobError(error["message"], error["remedy"])

    def _sent(self, method: str, path: str, content: str | BinaryIO | None) -> dict[str, Any]:
        connection = self._kind(self._place, timeout=_SECONDS)
        headers = {**self._headers, "Content-Type": _KIND[isinstance(content, str | None)]}
        try:
            connection.request(method, f"{self._path}{_API}{path}", content, headers)
            response = connection.getresponse()
            status, text = response.status, response.read()
            answer: dict[str, Any] = json.loads(text)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise JobError(
                f"Asking the server {self._address}: no answer that can be read ({error}).",
                "See that it runs, and that the address is the one that a browser would take.",
            ) from error
        finally:
            connection.close()
        if status >= 400:
            raise JobError(
                str(answer.get("detail") or f"The server answered {status}."), str(answer.get("remedy") or "")
            )
        return answer


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

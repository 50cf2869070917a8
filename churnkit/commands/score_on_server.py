"""``score --engine --server``: the same as a job of a running server, which owns the folder and does the work."""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import time
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

from churnkit.commands.reading_options import as_of, as_place
from churnkit.config import API_KEY, api_key
from churnkit.errors import JobError, SettingsError

_POLL_SECONDS = 1.0
_SECONDS = 60.0
_API = "/api/v1"
CHAMPION = "champion"


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
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The answer to a request.

        Raises
        ------
        JobError
            The server refuses, with its words; or nobody answers.
        """
        connection = self._kind(self._place, timeout=_SECONDS)
        content = None if body is None else json.dumps(body)
        try:
            connection.request(method, f"{self._path}{_API}{path}", content, self._headers)
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


def run_on_server(options: argparse.Namespace) -> int:
    """Start the job, follow it and print its account; interrupted, it is stopped."""
    server = Server(options.server)
    body: dict[str, object] = {
        "engine": options.engine,
        "input": options.input,
        "output": as_place(options.output),
    }
    if options.model != CHAMPION:
        body["model_id"] = options.model
    if options.as_of is not None:
        body["as_of"] = str(as_of(options.as_of))
    begun = server.ask("POST", f"/analyses/{quote(options.analysis, safe='')}/bulk-scorings", body)
    place = f"/scorings/{begun['scoring_id']}"
    said = ""
    try:
        while (found := server.ask("GET", place))["job"]["state"] in ("pending", "running"):
            words = found["job"]["step"] or "Waiting for its turn"
            if words != said:
                print(f"… {words}", file=sys.stderr, flush=True)
                said = words
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        server.ask("DELETE", f"/jobs/{begun['scoring_id']}")
        raise
    error = found["job"]["error"]
    if found["job"]["state"] != "completed":
        raise JobError(error["message"], error["remedy"]) if error else JobError("The job did not complete.")
    _print(found)
    return 0


def _print(found: Mapping[str, Any]) -> None:
    from churnkit.commands.print_scores import print_scores
    from churnkit.results.codec import from_json
    from churnkit.results.scores import ScoresDocument

    scores = found["scores"]
    if scores is not None:
        print_scores(from_json(ScoresDocument, {**scores, "churnkit_version": "", "version": 1}))
    print(f"Written: {found['output']} (where the server writes)")

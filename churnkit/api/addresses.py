"""Addresses of what a route has made, for ``Location``."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Request, Response

RETRY_SECONDS = 2


def made_at(request: Request, response: Response, *path: str) -> None:
    """Say where what was made is found: ``path`` in parts, below the API's own address."""
    parts = "/".join(quote(part, safe="") for part in path)
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/{parts}"


def under_way(request: Request, response: Response, job_id: str) -> None:
    """Say where work that was started is followed, and when it is worth asking."""
    made_at(request, response, "jobs", job_id)
    ask_again(response)


def ask_again(response: Response) -> None:
    """Say when it is worth asking again."""
    response.headers["Retry-After"] = str(RETRY_SECONDS)

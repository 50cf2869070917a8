"""The one script of our own: the policy of the page lets it come from this server only, and nothing inline."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

_NOTIFY = Path(__file__).resolve().parents[1] / "ui" / "notify.js"


async def _notify(request: Request) -> FileResponse:
    return FileResponse(_NOTIFY, media_type="text/javascript", headers={"cache-control": "no-cache"})


NOTIFY = Route("/app/notify.js", _notify)

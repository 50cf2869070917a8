"""The gate and the forms in front of a page that says who it is drawn for, on a data folder of its own."""

from __future__ import annotations

import re

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from churnkit.server.account.routes import ROUTES
from churnkit.server.gate import AccountGate
from churnkit.server.visitors import visitor
from churnkit.services.access.setup_code import setup_code

URL = "https://shop.example"
PASSWORD = "three blind mice run"
ANN = "ann@shop.example"
FORM = {"Origin": URL}
PAGE = {"Accept": "text/html"}


async def show_page(request: Request) -> Response:
    found = await visitor(request.scope)
    return HTMLResponse(f"page of {found.email if found else 'nobody'}")


async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("open")
    await websocket.close()


APP = Starlette(
    routes=[
        Mount("/account", routes=ROUTES),
        WebSocketRoute("/_stcore/stream", socket),
        Route("/{path:path}", show_page, methods=["GET", "PUT", "POST"]),
    ],
    middleware=[Middleware(AccountGate)],
)


def browser(address: str = "192.0.2.1") -> TestClient:
    """A browser without cookies."""
    return TestClient(APP, base_url=URL, follow_redirects=False, client=(address, 50000))


def setup_form(**changes: str) -> dict[str, str]:
    usual = {
        "code": setup_code(), "workspace": "Tea Shop", "name": "Ann", "email": ANN, "password": PASSWORD, "again": PASSWORD,
    }  # fmt: skip
    return usual | changes


def wrong_of(response: object) -> str:
    """What a page says was wrong."""
    found = re.search(r'class="wrong"[^>]*>(.*?)</p>', response.text, re.DOTALL)  # type: ignore[attr-defined]
    return found[1] if found else ""

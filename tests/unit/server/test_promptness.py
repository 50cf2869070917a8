"""Connections of the server do not hold small packets back."""

from __future__ import annotations

import socket
import threading
import time
import urllib.request
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from churnkit.server import promptness


def waits(connection: socket.socket) -> bool:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0


def test_a_connection_of_a_socket_without_a_protocol_sends_at_once() -> None:
    seen: list[bool] = []
    before = AutoHTTPProtocol.connection_made

    class Noting(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # chosen when uvicorn is imported
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            seen.append(waits(transport.get_extra_info("socket")))

    # As Streamlit makes it.
    listening = socket.socket(family=socket.AF_INET)
    listening.bind(("127.0.0.1", 0))
    app = Starlette(routes=[Route("/", lambda request: PlainTextResponse("here"))])
    server = uvicorn.Server(uvicorn.Config(app, http=Noting, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    try:
        urllib.request.urlopen(address).read()
        promptness.answer_at_once()
        urllib.request.urlopen(address).read()
    finally:
        AutoHTTPProtocol.connection_made = before  # type: ignore[method-assign]
        server.should_exit = True
        thread.join()
    assert seen == [True, False]

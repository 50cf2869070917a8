"""A visitor's message cannot empty the cache of everybody."""

from __future__ import annotations

from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg

from churnkit.server.messages import OwnSessionOnly
from tests.servers import finish


async def never_called(*_: Any) -> Any:
    raise AssertionError("nothing is sent or received here")


def passed_on(*messages: Any) -> list[Any]:
    """What the app behind the middleware receives."""
    waiting, seen = iter(messages), []

    async def receive() -> Any:
        return next(waiting)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            seen.append(message)

    finish(OwnSessionOnly(app)({"type": "websocket"}, receive, never_called))
    return seen


def binary(data: bytes) -> dict[str, Any]:
    return {"type": "websocket.receive", "bytes": data}


def test_only_messages_on_the_own_session_are_passed_on() -> None:
    clear, run, save = BackMsg(clear_cache=True), BackMsg(), BackMsg(set_run_on_save=True)
    run.rerun_script.query_string = "analysis=1"
    allowed = [
        {"type": "websocket.connect"},
        binary(run.SerializeToString()),
        binary(b"\xff not a message"),
        {"type": "websocket.receive", "text": "text"},
        binary(b"x" * 1000),
    ]
    refused = [binary(each.SerializeToString()) for each in (clear, save)]
    end = {"type": "websocket.disconnect"}
    assert passed_on(allowed[0], *refused, *allowed[1:], refused[0], end) == allowed

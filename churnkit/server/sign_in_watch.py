"""An open tab does nothing for somebody whose sign-in has ended, or whose role has changed since the page was drawn.

A button's work begins before the page's script does, with what the page knew when it was drawn: so it is not begun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError
from starlette.types import Message, Receive, Scope
from streamlit.proto.BackMsg_pb2 import BackMsg

from churnkit.errors import StoreError
from churnkit.server.visitors import visitor

if TYPE_CHECKING:
    from churnkit.store import SignedIn

Standing = tuple[str | None, str | None, bool]


class Watched:
    """What a WebSocket brings, as long as who opened it may still do what they might then."""

    def __init__(self, receive: Receive, scope: Scope, opened_by: SignedIn) -> None:
        self._receive = receive
        self._scope = scope
        self._standing: Standing | None = _standing(opened_by)

    async def __call__(self) -> Message:
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            now = await self._now()
            if now == self._standing and now is not None:
                return message
            self._standing = now
            drawn_anew = _without_widgets(message)
            if drawn_anew is not None:
                return drawn_anew

    async def _now(self) -> Standing | None:
        try:
            found = await visitor(self._scope)
        except StoreError:
            return None
        return _standing(found) if found is not None else None


def _standing(signed: SignedIn) -> Standing:
    return signed.tenant, signed.role, signed.may_export


def _without_widgets(message: Message) -> Message | None:
    """A run of the page as on its first visit; None for a message that asks for anything else."""
    asked = BackMsg()
    try:
        asked.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return None
    if asked.WhichOneof("type") != "rerun_script":
        return None
    asked.rerun_script.ClearField("widget_states")
    asked.rerun_script.ClearField("fragment_id")
    return {"type": "websocket.receive", "bytes": asked.SerializeToString()}

"""What a browser may ask of Streamlit over its WebSocket."""

from __future__ import annotations

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

# For developers of an app alone: the first empties the cache of everybody, the second is for a developer's editor.
_REFUSED = ("clear_cache", "set_run_on_save")
# Either is a few bytes; a longer message is not worth reading twice.
_SHORT_BYTES = 256


class OwnSessionOnly:
    """ASGI middleware: a message that would change more than the browser's own session is left out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return

        async def receive_allowed() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive" or not _is_refused(message.get("bytes")):
                    return message

        await self.app(scope, receive_allowed, send)


def _is_refused(data: bytes | None) -> bool:
    if not data or len(data) > _SHORT_BYTES:
        return False
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return False
    return message.WhichOneof("type") in _REFUSED

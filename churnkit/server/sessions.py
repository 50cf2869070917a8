"""A Streamlit session belongs to the browser it was made for: its id, which stands in addresses, opens nothing."""

from __future__ import annotations

import hmac
import threading
from collections import OrderedDict

from starlette.types import ASGIApp, Receive, Scope, Send

from churnkit.errors import StoreError
from churnkit.server.cookies import browser_of, cookie_headers

MOST_SESSIONS = 20_000
_PROTOCOLS = b"sec-websocket-protocol"


class Sessions:
    """Which browser each session was made for; may be asked from any thread, forgets the oldest first."""

    def __init__(self, most: int = MOST_SESSIONS) -> None:
        self._browsers: OrderedDict[str, str | None] = OrderedDict()
        self._most = most
        self._lock = threading.Lock()

    def bind(self, session_id: str, browser: str | None) -> None:
        """Note for which browser a session works; None for one that shows no cookie."""
        with self._lock:
            self._browsers[session_id] = browser
            self._browsers.move_to_end(session_id)
            while len(self._browsers) > self._most:
                self._browsers.popitem(last=False)

    def may_resume(self, session_id: str, browser: str | None) -> bool:
        """Whether a connection of ``browser`` may go on with a session; without a cookie it never may."""
        with self._lock:
            owner = self._browsers.get(session_id)
        return owner is not None and browser is not None and _same(owner, browser)

    def may_send(self, session_id: str, browser: str | None) -> bool:
        """Whether a request of ``browser`` may bring a file to a session, both with the same cookie or without."""
        with self._lock:
            if session_id not in self._browsers:
                return False
            owner = self._browsers[session_id]
        return owner == browser if owner is None or browser is None else _same(owner, browser)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one, other)


SESSIONS = Sessions()


class SessionOwner:
    """ASGI middleware: a WebSocket that asks for a session of another browser is given a new one.

    Streamlit takes the id of the session to go on with from the third entry of the WebSocket's subprotocols.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions = SESSIONS) -> None:
        self.app = app
        self.sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            scope = {**scope, "headers": self._checked(scope)}
        await self.app(scope, receive, send)

    def _checked(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """The headers with one list of subprotocols, the session's id in it only where it may be used."""
        others = [pair for pair in scope["headers"] if pair[0].lower() != _PROTOCOLS]
        lists = [value for name, value in scope["headers"] if name.lower() == _PROTOCOLS]
        if not lists:
            return others
        entries = [entry.strip() for entry in lists[0].decode("latin-1").split(",")]
        if len(entries) > 2 and not self._may_resume(entries[2], scope):
            entries = entries[:2]
        return [*others, (_PROTOCOLS, ", ".join(entries).encode("latin-1"))]

    def _may_resume(self, session_id: str, scope: Scope) -> bool:
        try:
            browser = browser_of(cookie_headers(scope))
        except StoreError:
            return False
        return self.sessions.may_resume(session_id, browser)

"""A session's id is passed on only to the browser that the session was made for."""

from __future__ import annotations

from typing import Any

import pytest

from churnkit.server.sessions import SessionOwner, Sessions
from tests.servers import finish

XSRF = "_streamlit_xsrf=2|00000000|{}|1800000000"
OWNER, STRANGER = XSRF.format("ab" * 16), XSRF.format("cd" * 16)


async def never_called(*_: Any) -> Any:
    raise AssertionError("nothing is sent or received here")


def passed_on(sessions: Sessions, cookie: str | None, *protocols: str) -> list[str]:
    """The lists of subprotocols that the app behind the middleware is given."""
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend(value.decode() for name, value in scope["headers"] if name == b"sec-websocket-protocol")

    headers = [(b"sec-websocket-protocol", protocol.encode()) for protocol in protocols]
    headers += [(b"cookie", cookie.encode())] if cookie else []
    scope = {"type": "websocket", "headers": headers}
    finish(SessionOwner(app, sessions)(scope, never_called, never_called))
    return seen


@pytest.fixture
def sessions() -> Sessions:
    from churnkit.server.cookies import browser_of

    known = Sessions()
    known.bind("mine", browser_of([OWNER]))
    known.bind("nobodys", None)
    return known


def test_the_owner_goes_on(sessions: Sessions) -> None:
    assert passed_on(sessions, OWNER, "streamlit, token, mine") == ["streamlit, token, mine"]


@pytest.mark.parametrize("cookie", [STRANGER, None])
@pytest.mark.parametrize("session_id", ["mine", "nobodys", "unknown"])
def test_others_do_not(sessions: Sessions, cookie: str | None, session_id: str) -> None:
    assert passed_on(sessions, cookie, f"streamlit, token, {session_id}") == ["streamlit, token"]


def test_places_are_kept_and_nothing_follows_a_refused_id(sessions: Sessions) -> None:
    assert passed_on(sessions, STRANGER, "streamlit,,mine,mine") == ["streamlit, "]
    assert passed_on(sessions, OWNER, "streamlit") == ["streamlit"]
    assert passed_on(sessions, OWNER) == []


def test_a_second_list_brings_no_id_past(sessions: Sessions) -> None:
    assert passed_on(sessions, STRANGER, "streamlit, token", "x, y, mine") == ["streamlit, token"]


def test_only_so_many_are_remembered() -> None:
    sessions = Sessions(most=2)
    for name in ("one", "two", "one", "three"):
        sessions.bind(name, "browser")
    assert [sessions.may_resume(name, "browser") for name in ("one", "two", "three")] == [True, False, True]


def test_files_come_from_the_sessions_browser_only() -> None:
    sessions = Sessions()
    sessions.bind("theirs", "a")
    sessions.bind("without", None)
    assert sessions.may_send("theirs", "a")
    assert sessions.may_send("without", None)
    assert not any(
        (
            sessions.may_send("theirs", "b"),
            sessions.may_send("theirs", None),
            sessions.may_send("without", "a"),
            sessions.may_send("unknown", None),
        )
    )

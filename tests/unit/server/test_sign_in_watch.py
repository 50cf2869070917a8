"""An open tab's messages after its person has lost what they could do when it was opened."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from churnkit.errors import StoreError
from churnkit.server import sign_in_watch
from churnkit.server.sign_in_watch import Watched
from churnkit.store import SignedIn

Sent = MutableMapping[str, Any]
NOW = datetime(2026, 3, 1, tzinfo=UTC)
ANALYST = SignedIn(
    "s", "p", "a@x", "A", "local", NOW, NOW, NOW + timedelta(days=1), "tea", "Tea", "analyst", True
)
VIEWER = SignedIn(
    "s", "p", "a@x", "A", "local", NOW, NOW, NOW + timedelta(days=1), "tea", "Tea", "viewer", True
)


def click() -> Sent:
    message = BackMsg()
    message.rerun_script.page_script_hash = "page"
    message.rerun_script.query_string = "analysis=1"
    message.rerun_script.fragment_id = "part"
    message.rerun_script.widget_states.widgets.add(id="delete", trigger_value=True)
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


def file_address() -> Sent:
    message = BackMsg()
    message.file_urls_request.request_id = "1"
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


GONE = {"type": "websocket.disconnect", "code": 1000}


def passed(monkeypatch: pytest.MonkeyPatch, *steps: tuple[SignedIn | StoreError | None, Sent]) -> list[Sent]:
    """What reaches the app of messages, each sent while somebody stands as given."""
    left = list(steps)
    standing: list[SignedIn | StoreError | None] = [ANALYST]

    async def receive() -> Sent:
        if not left:
            return GONE
        standing[0], message = left.pop(0)
        return message

    async def visitor(scope: object) -> SignedIn | None:
        if isinstance(standing[0], StoreError):
            raise standing[0]
        return standing[0]

    monkeypatch.setattr(sign_in_watch, "visitor", visitor)

    async def read() -> list[Sent]:
        watched = Watched(receive, {"type": "websocket"}, ANALYST)
        found = []
        while (message := await watched()) is not GONE:
            found.append(message)
        return found

    return asyncio.run(read())


def asked(message: Sent) -> BackMsg:
    found = BackMsg()
    found.ParseFromString(message["bytes"])
    return found


def test_as_long_as_nothing_changes_everything_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = [click(), file_address()]
    assert passed(monkeypatch, *((ANALYST, one) for one in sent)) == sent


@pytest.mark.parametrize("now", [None, VIEWER, StoreError("closed")])
def test_a_click_after_the_change_draws_the_page_and_does_nothing(
    monkeypatch: pytest.MonkeyPatch, now: SignedIn | StoreError | None
) -> None:
    (message,) = passed(monkeypatch, (now, click()))
    drawn = asked(message).rerun_script
    assert (drawn.page_script_hash, drawn.query_string) == ("page", "analysis=1")
    assert not drawn.HasField("widget_states")
    assert drawn.fragment_id == ""


def test_a_changed_role_works_on_from_the_page_that_was_drawn_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = passed(monkeypatch, (VIEWER, click()), (VIEWER, click()))
    assert not asked(first).rerun_script.HasField("widget_states")
    assert asked(second).rerun_script.HasField("widget_states")


def test_after_the_end_nothing_but_a_page_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {"type": "websocket.receive", "bytes": b"\xff\xff"}
    drawn = passed(monkeypatch, (None, click()), (None, file_address()), (None, broken), (None, click()))
    assert len(drawn) == 2
    assert not any(asked(one).rerun_script.HasField("widget_states") for one in drawn)

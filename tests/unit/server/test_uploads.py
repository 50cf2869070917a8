"""The books of uploads: an address serves once, caps hold for a tab and for all, what nobody takes up goes."""

from __future__ import annotations

import time
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from streamlit import config
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from churnkit.config import MEGABYTE, ServerSettings
from churnkit.server import uploads
from churnkit.server.sessions import Sessions
from churnkit.server.upload_ledger import MOST_OFFERS, UploadLedger
from churnkit.server.uploads import GuardedUploads, UploadGate, sweep, take_large_uploads
from tests.servers import finish

SETTINGS = ServerSettings(
    upload_session_bytes=10, upload_session_files=3, upload_total_bytes=15, upload_minutes=1
)


@pytest.fixture
def ledger() -> UploadLedger:
    one = UploadLedger()
    for session in ("a", "b"):
        one.offer(session, [f"{session}{number}" for number in range(6)], now=0.0)
    return one


def test_an_address_serves_once(ledger: UploadLedger) -> None:
    assert ledger.reserve("a", "a0", 1, SETTINGS, 0.0) is None
    assert ledger.reserve("a", "a0", 1, SETTINGS, 0.0) == "unknown"
    assert ledger.hold("a", "a0", 1, 0.0)
    assert ledger.reserve("a", "a0", 1, SETTINGS, 0.0) == "unknown"
    assert ledger.reserve("b", "a1", 1, SETTINGS, 0.0) == "unknown"
    assert ledger.reserve("c", "a1", 1, SETTINGS, 0.0) == "unknown"


def test_caps_of_a_tab(ledger: UploadLedger) -> None:
    assert ledger.reserve("a", "a0", 11, SETTINGS, 0.0) == "too large"
    assert ledger.reserve("a", "a0", 6, SETTINGS, 0.0) is None
    assert ledger.reserve("a", "a1", 5, SETTINGS, 0.0) == "full"
    assert ledger.reserve("a", "a1", 2, SETTINGS, 0.0) is None
    assert ledger.reserve("a", "a2", 2, SETTINGS, 0.0) is None
    assert ledger.reserve("a", "a3", 0, SETTINGS, 0.0) == "too many"


def test_cap_of_all_and_room_that_comes_back(ledger: UploadLedger) -> None:
    assert ledger.reserve("a", "a0", 10, SETTINGS, 0.0) is None
    assert ledger.reserve("b", "b0", 6, SETTINGS, 0.0) == "full"
    ledger.end_arrival("a", "a0")
    assert ledger.reserve("b", "b0", 6, SETTINGS, 0.0) is None
    assert ledger.hold("b", "b0", 6, 0.0)
    ledger.end_arrival("b", "b0")
    assert ledger.total_bytes() == 6
    ledger.drop_session("b")
    assert ledger.total_bytes() == 0


def test_only_what_nobody_took_up_is_overdue(ledger: UploadLedger) -> None:
    for name in ("a0", "a1"):
        ledger.reserve("a", name, 1, SETTINGS, 50.0)
        ledger.hold("a", name, 1, 50.0)
    ledger.claim("a", ["a1", "unknown"])
    assert ("a", "a0") not in ledger.overdue(SETTINGS, 100.0)
    assert ("a", "a2") in ledger.overdue(SETTINGS, 100.0)
    later = ledger.overdue(SETTINGS, 200.0)
    assert ("a", "a0") in later
    assert ("a", "a1") not in later


def test_who_asks_for_many_addresses_loses_the_oldest() -> None:
    ledger = UploadLedger()
    ledger.offer("a", [str(number) for number in range(MOST_OFFERS + 5)], now=0.0)
    assert not ledger.knows("a", "4")
    assert ledger.knows("a", "5")


def test_the_manager_keeps_the_books(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, manager = UploadLedger(), GuardedUploads("/upload")
    monkeypatch.setattr(uploads, "LEDGER", ledger)
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    first, second = (url.file_id for url in manager.get_upload_urls("a", ["one.csv", "two.csv"]))
    for file_id in (first, second, "never offered"):
        ledger.reserve("a", file_id, 3, SETTINGS, 0.0)
        manager.add_file("a", UploadedFileRec(file_id, "one.csv", "text/csv", b"abc"))
    assert [len(manager.get_files("a", [name])) for name in (first, "never offered")] == [1, 0]
    monkeypatch.setattr(time, "monotonic", lambda: 3600.0)
    sweep(manager)
    assert set(manager.file_storage["a"]) == {first}
    manager.remove_session_files("a")
    assert ledger.total_bytes() == 0


class Gate:
    """The gate before an app that reads the whole body, and what came of a request."""

    def __init__(self, ledger: UploadLedger) -> None:
        self.sessions, self.ledger = Sessions(), ledger
        self.sessions.bind("a", None)
        self.read_bytes: int | None = None

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        self.read_bytes = 0
        while (message := await receive())["body"]:
            self.read_bytes += len(message["body"])

    def put(self, file_id: str, chunks: list[bytes], length: int | None = None) -> int | None:
        """The status with which the gate itself answered."""
        statuses: list[int] = []
        waiting = iter([*chunks, b""])

        async def receive() -> Any:
            return {"type": "http.request", "body": next(waiting)}

        async def send(message: Any) -> None:
            statuses.extend([message["status"]] if "status" in message else [])

        headers = [] if length is None else [(b"content-length", str(length).encode())]
        path = f"/base/_stcore/upload_file/a/{file_id}"
        scope = {"type": "http", "method": "PUT", "path": path, "headers": headers}
        finish(UploadGate(self.app, self.sessions, self.ledger)(scope, receive, send))
        return statuses[0] if statuses else None


def test_nothing_is_read_of_what_is_refused(ledger: UploadLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "ROOM_SECONDS", -1.0)
    gate = Gate(ledger)
    assert gate.put("invented", [b"x"], 1) == 403
    assert gate.put("a0", [b"x"], 10**12) == 413
    for name in ("a0", "a1"):
        gate.ledger.reserve("a", name, 120 * MEGABYTE, ServerSettings(), 0.0)
    assert gate.put("a2", [b"x"], 20 * MEGABYTE) == 429
    assert gate.read_bytes is None


def test_a_body_without_a_length_counts_as_the_largest(
    ledger: UploadLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "ROOM_SECONDS", -1.0)
    gate = Gate(ledger)
    gate.ledger.reserve("a", "a0", 60 * MEGABYTE, ServerSettings(), 0.0)
    assert gate.put("a1", [b"x"]) == 429


def test_a_body_longer_than_announced_is_cut_off(ledger: UploadLedger) -> None:
    gate = Gate(ledger)
    with pytest.raises(HTTPException):
        gate.put("a0", [b"x" * 10, b"x"], 10)
    assert gate.read_bytes == 10
    assert ledger.total_bytes() == 0


def test_a_file_that_fits_is_let_through_and_its_room_given_back(ledger: UploadLedger) -> None:
    gate = Gate(ledger)
    assert gate.put("a0", [b"x" * 10], 10) is None
    assert (gate.read_bytes, ledger.total_bytes()) == (10, 0)
    assert gate.put("a0", [b"x"], 1) == 403


@pytest.mark.parametrize(("said", "megabytes"), [("", 200), ("1000000000", 1000), ("1500", 1)])
def test_streamlit_takes_what_a_reading_may_be(
    monkeypatch: pytest.MonkeyPatch, said: str, megabytes: int
) -> None:
    before = config.get_option("server.maxUploadSize")
    monkeypatch.setenv("CHURNKIT_MAX_BYTES", said)
    try:
        take_large_uploads()
        assert config.get_option("server.maxUploadSize") == megabytes
    finally:
        config.set_option("server.maxUploadSize", before)

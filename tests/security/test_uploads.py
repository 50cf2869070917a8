"""The upload endpoint takes what a page asked for from the browser that the page is in, and no more than fits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.security.wire import Tab, Visitor, request
from tests.servers import Server

pytestmark = pytest.mark.slow


@pytest.fixture
def visitor(server: Server) -> Visitor:
    one = Visitor(server.url)
    one.load()
    return one


@pytest.fixture
def tab(visitor: Visitor) -> Iterator[Tab]:
    with visitor.tab() as one:
        one.run()
        yield one


def memory_mb(server: Server) -> float:
    status = Path(f"/proc/{server.pid}/status").read_text()
    return float(status.partition("VmRSS:")[2].split()[0]) / 1000


def test_an_address_that_was_handed_out_takes_one_file_once(visitor: Visitor, tab: Tab) -> None:
    file_id = tab.file_id()
    assert visitor.send_file(tab.session_id, file_id).status == 204
    assert visitor.send_file(tab.session_id, file_id).status == 403


def test_large_files_with_invented_ids_leave_memory_as_it_was(
    server: Server, visitor: Visitor, tab: Tab
) -> None:
    visitor.send_file(tab.session_id, str(uuid4()))
    before = memory_mb(server)
    statuses = {visitor.send_file(tab.session_id, str(uuid4()), 60).status for _ in range(5)}
    assert statuses == {403}
    assert memory_mb(server) - before < 30


def test_another_browser_brings_and_removes_nothing(server: Server, visitor: Visitor, tab: Tab) -> None:
    stranger = Visitor(server.url)
    stranger.load()
    file_id = tab.file_id()
    assert stranger.send_file(tab.session_id, file_id).status == 403
    assert visitor.send_file(tab.session_id, file_id).status == 204
    assert stranger.send_file(tab.session_id, file_id, method="DELETE").status == 403
    assert visitor.send_file(tab.session_id, file_id, method="DELETE").status == 204


def test_each_of_several_files_is_held_to_the_same(server: Server, visitor: Visitor, tab: Tab) -> None:
    stranger = Visitor(server.url)
    stranger.load()
    file_ids = tab.file_ids("2026-01.csv", "2026-02.csv", "2026-03.csv")
    assert len(set(file_ids)) == 3
    assert [stranger.send_file(tab.session_id, one).status for one in file_ids] == [403] * 3
    assert [visitor.send_file(tab.session_id, one).status for one in file_ids] == [204] * 3
    assert [visitor.send_file(tab.session_id, one).status for one in file_ids] == [403] * 3
    assert visitor.send_file(tab.session_id, tab.file_id(), 4).status == 413


def test_a_file_above_the_cap_is_refused(visitor: Visitor, tab: Tab) -> None:
    assert visitor.send_file(tab.session_id, tab.file_id(), 4).status == 413


def test_a_tab_keeps_no_more_files_than_allowed(visitor: Visitor, tab: Tab) -> None:
    statuses = [visitor.send_file(tab.session_id, tab.file_id()).status for _ in range(5)]
    assert statuses == [204, 204, 204, 204, 429]


# An address with a line break is none that the app has, so it does not come as far as the uploads.
@pytest.mark.parametrize(
    ("path", "refused"),
    [*((path, (400, 403)) for path in ("", "/", "//", "/x", "/x/y/z")), ("/%0a/%0a", (404,))],
)
def test_other_ways_to_write_the_address_lead_nowhere(
    server: Server, path: str, refused: tuple[int, ...]
) -> None:
    for method in ("PUT", "DELETE"):
        assert request(f"{server.url}/_stcore/upload_file{path}", method, body=b"x").status in refused

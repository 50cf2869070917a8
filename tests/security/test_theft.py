"""Knowing a session's id, or choosing a token oneself, opens nobody's workspace."""

from __future__ import annotations

import pytest
from websockets.exceptions import InvalidStatus

from tests.security.wire import COOKIE, Visitor, words
from tests.servers import Server

pytestmark = pytest.mark.slow


def visitor(server: Server) -> Visitor:
    one = Visitor(server.url)
    one.load()
    return one


def test_the_owner_goes_on_with_the_session_after_a_broken_connection(server: Server) -> None:
    owner = visitor(server)
    with owner.tab() as tab:
        tab.run()
        session_id = tab.session_id
    with owner.tab(session_id) as tab:
        tab.run()
        assert tab.session_id == session_id


@pytest.mark.parametrize("still_connected", [True, False])
def test_a_stolen_session_id_gives_a_new_session(server: Server, still_connected: bool) -> None:
    owner, thief = visitor(server), visitor(server)
    with owner.tab() as tab:
        tab.run()
        session_id = tab.session_id
        if still_connected:
            with thief.tab(session_id) as stolen:
                stolen.run()
                assert stolen.session_id != session_id
            tab.run()
            assert tab.session_id == session_id
    with thief.tab(session_id) as stolen:
        stolen.run()
        assert stolen.session_id != session_id


def test_a_thief_without_any_cookie_gets_a_new_session(server: Server) -> None:
    owner = visitor(server)
    with owner.tab() as tab:
        tab.run()
        with Visitor(server.url).tab(tab.session_id) as stolen:
            stolen.run()
            assert stolen.session_id != tab.session_id


def test_a_visit_without_our_cookie_goes_on_with_the_random_cookie_of_streamlit_only(server: Server) -> None:
    """A host that lets no cookie of ours through must not lose the visit with every broken connection."""
    owner, thief = visitor(server), visitor(server)
    del owner.cookies[COOKIE], thief.cookies[COOKIE]
    with owner.tab() as tab:
        tab.run()
        session_id = tab.session_id
    with thief.tab(session_id) as stolen:
        stolen.run()
        assert stolen.session_id != session_id
    with owner.tab(session_id) as tab:
        tab.run()
        assert tab.session_id == session_id


def test_a_token_that_the_client_chose_is_not_adopted(server: Server) -> None:
    chosen = Visitor(server.url, {COOKIE: "a" * 32})
    chosen.load()
    assert chosen.cookies[COOKIE].startswith("v1.")
    assert "a" * 32 not in chosen.cookies[COOKIE]


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1", "http://localhost"]
)
def test_a_page_of_another_host_opens_no_connection(server: Server, origin: str) -> None:
    with pytest.raises(InvalidStatus), visitor(server).tab(origin=origin):
        pass


def test_a_connection_that_names_no_origin_must_show_no_cookie_of_ours(server: Server) -> None:
    with pytest.raises(InvalidStatus), visitor(server).tab(origin=""):
        pass
    with Visitor(server.url).tab(origin="") as tab:
        tab.run()
        assert tab.session_id


def test_the_first_page_draws_without_an_error(server: Server) -> None:
    with visitor(server).tab() as tab:
        assert "exception" not in {message.delta.new_element.WhichOneof("type") for message in tab.run()}
        assert "churnkit" in words(tab.run())

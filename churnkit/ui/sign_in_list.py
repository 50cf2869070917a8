"""Where whoever looks at the page is signed in, and the way to end it."""

from __future__ import annotations

import streamlit as st

from churnkit.accounts import SYSTEM
from churnkit.services.access.browser_words import browser_words
from churnkit.services.access.sign_in import end_all, end_sign_in, sign_ins_of
from churnkit.store import LOCAL_TENANT, SignedIn, Store
from churnkit.text.figures import day, instant
from churnkit.ui.account_link import account_link
from churnkit.ui.workspace import workspace


def sign_in_list() -> None:
    """The browsers that one is signed in with; nothing where nobody signs in."""
    me = workspace().signed_in
    if me is None:
        return
    st.caption(
        "The browsers that you are signed in with. A sign-in that you end is over at once, in every tab of that browser."
    )
    others = [one for one in sign_ins_of(_root(), me.person_id) if one.sign_in_id != me.sign_in_id]
    with st.container(border=True):
        st.text(f"This browser: {words_of(me)}")
    for one in others:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.text(words_of(one))
            st.button(
                "End",
                key=f"end_{one.sign_in_id}",
                on_click=_end,
                args=(one.sign_in_id,),
                icon=":material/logout:",
            )
    if others:
        st.button("End all others", key="end_others", on_click=_end_others, icon=":material/logout:")
    account_link("Your account and password", "")


def words_of(one: SignedIn) -> str:
    """A sign-in in one line."""
    where = f" from {one.address}" if one.address else ""
    return (
        f"{browser_words(one.user_agent)}{where} · since {day(one.created_at)} · used {instant(one.seen_at)} UTC"
        f" · ends {day(one.expires_at)}"
    )


def _end(sign_in_id: str) -> None:
    me = workspace().signed_in
    if me is not None:
        end_sign_in(_root(), sign_in_id, me.person_id)


def _end_others() -> None:
    me = workspace().signed_in
    if me is not None:
        end_all(_root(), me.person_id, but=me.sign_in_id)


def _root() -> Store:
    return workspace().platform.store_for(LOCAL_TENANT, SYSTEM)

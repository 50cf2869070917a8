"""Keys of the API: made and shown once, listed with their last use, revoked."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime

import streamlit as st

from churnkit.accounts import Action, Scope
from churnkit.services.access.keys import NewKey, make_key, revoke_key
from churnkit.store import ApiKey, Store
from churnkit.text.figures import count, day, days, escape_markdown, instant
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs
from churnkit.ui.workspace import workspace

SCOPES: dict[Scope, str] = {
    "read": "Read: see and take out what is there",
    "run": "Run: also upload files, start analyses, plan campaigns",
    "admin": "Everything: also delete, and make and revoke keys",
}
_SHORT: dict[Scope, str] = {"read": "reads", "run": "runs", "admin": "everything"}
_VALID_DAYS = (30, 90, 365, 1095, None)
_LISTED = 50


def api_keys(store: Store) -> None:
    """The keys of a workspace, and a form to make one."""
    st.caption(
        "A key opens this workspace to a program, through the addresses below **/api/v1**. Whoever has it can do what it"
        " allows until it ends or is revoked: give each program one of its own."
    )
    if importlib.util.find_spec("mcp") is not None:
        st.caption(
            "An assistant that speaks the Model Context Protocol is given a key that reads, and the address **/mcp** of this"
            " server. It can look at shops and customers and play campaigns on paper, and change nothing."
        )
    _new_key_form(store)
    now = datetime.now(UTC)
    known = store.keys.all()
    valid = [key for key in known if key.is_valid(now)]
    if not valid:
        st.write("No key opens this workspace.")
    for key in valid[:_LISTED]:
        _line(key)
    _note_rest(len(valid))
    ended = [key for key in known if not key.is_valid(now)]
    if ended:
        with st.expander(f"Keys that open nothing any more ({count(len(ended))})"):
            for key in ended[:_LISTED]:
                st.text(words_of(key))
            _note_rest(len(ended))


def words_of(key: ApiKey) -> str:
    """A key in one line."""
    parts = [
        f"{key.name} · {key.prefix}… · {_SHORT[key.scope]}",
        f"made {day(key.created_at)} by {key.created_by}",
    ]
    if key.revoked_at is not None:
        parts.append(f"revoked {instant(key.revoked_at)}")
    elif key.expires_at is not None:
        ended = key.expires_at <= datetime.now(UTC)
        parts.append(f"{'ended' if ended else 'ends'} {day(key.expires_at)}")
    else:
        parts.append("does not end")
    used = instant(key.last_used_at) if key.last_used_at else "never"
    return " · ".join([*parts, f"last used {used}"])


def _new_key_form(store: Store) -> None:
    with st.form("new_key", clear_on_submit=True):
        with st.grid(3, min_column_width=230, gap="small") as grid:
            with grid.cell():
                name = st.text_input(
                    "What it is for", max_chars=80, placeholder="nightly export", key="key_name"
                )
            with grid.cell():
                scope = st.selectbox(
                    "What it allows", list(SCOPES), format_func=SCOPES.__getitem__, key="key_scope"
                )
            with grid.cell():
                valid = st.selectbox(
                    "How long",
                    _VALID_DAYS,
                    index=_VALID_DAYS.index(365),
                    format_func=lambda number: days(number) if number else "until it is revoked",
                    key="key_days",
                )
        if not st.form_submit_button(
            "Make a key", key="key_make", icon=":material/key:", **needs(Action.KEYS)
        ):
            return
        if not name.strip():
            st.warning("Say what the key is for: the name tells it from others when one must be revoked.")
            return
    with guarded():
        _show_once(make_key(store, name, scope, valid))


@st.dialog("Your new key", width="medium")
def _show_once(new: NewKey) -> None:
    """The one time that a key is shown."""
    st.write(
        f"Copy **{escape_markdown(new.record.name)}** now: it is kept here as a hash only, and cannot be shown again."
    )
    st.code(new.text, language=None, wrap_lines=True)
    st.caption("A program sends it as a header:")
    st.code("Authorization: Bearer ck_live_…", language=None)
    if st.button("I have it", type="primary", key="key_shown"):
        st.rerun()


def _line(key: ApiKey) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(words_of(key))
        if st.button("Revoke", key=f"revoke_{key.key_id}", icon=":material/key_off:", **needs(Action.KEYS)):
            _confirm_revocation(key)


@st.dialog("Revoke this key?")
def _confirm_revocation(key: ApiKey) -> None:
    st.text(words_of(key))
    st.write("Whatever uses it is refused from now on. This cannot be undone; another key can be made.")
    with st.container(horizontal=True):
        if st.button(
            "Revoke",
            type="primary",
            icon=":material/key_off:",
            key="confirm_revoke",
            on_click=_revoke,
            args=(key.key_id,),
        ):
            st.rerun()
        if st.button("Keep", key="keep_key"):
            st.rerun()


def _revoke(key_id: str) -> None:
    revoke_key(workspace().store, key_id)


def _note_rest(number: int) -> None:
    if number > _LISTED:
        st.caption(f"The newest {count(_LISTED)} of {count(number)}.")

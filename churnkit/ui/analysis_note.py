"""What somebody wrote down about an analysis: the form, and where it is read."""

from __future__ import annotations

import streamlit as st

from churnkit.accounts import Action
from churnkit.store import Session, Store
from churnkit.text.figures import escape_markdown
from churnkit.ui.rights import needs

LONGEST = 500


def name_and_note(store: Store, session: Session) -> None:
    """Fields for the analysis' name and a short text about it."""
    ident = session.session_id
    name = st.text_input("Name", session.name or "", max_chars=200, key=f"name_{ident}").strip()
    note = st.text_area(
        "Note",
        session.note or "",
        max_chars=LONGEST,
        key=f"note_{ident}",
        placeholder="For example: without the wholesale orders",
        help="It stands on Home and in the sidebar, for everybody of this workspace. A link does not show it.",
    ).strip()
    if st.button("Save", key=f"rename_{ident}", **needs(Action.RUN)):
        if name and name != session.name:
            store.sessions.rename(ident, name)
        if note != (session.note or ""):
            store.sessions.set_note(ident, note or None)
        st.rerun()


def show_note(session: Session, *, mine: bool) -> None:
    """The note, quietly; nothing for whoever has come by a link, for it was written among colleagues."""
    if mine and session.note:
        st.caption(f":material/sticky_note_2: {escape_markdown(session.note, limit=LONGEST)}")

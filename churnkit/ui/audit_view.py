"""The audit log of a workspace: who did what, when and from where."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pandas as pd
import streamlit as st

from churnkit.accounts import Action
from churnkit.store import AuditEntry, Store
from churnkit.text.figures import count, counted
from churnkit.text.number_formats import date_field
from churnkit.ui.parts import csv_bytes, download
from churnkit.ui.tables import table

_A_PAGE = 50
_MOST_IN_FILE = 500
_ACTIONS: dict[Action | None, str] = {
    None: "everything",
    Action.UPLOAD: "files handed over",
    Action.RUN: "work started or stopped",
    Action.PLAN: "plans, lists, settings",
    Action.EXPORT: "files taken out",
    Action.SHARE: "links",
    Action.DELETE: "deletions",
    Action.SOURCES: "where results are sent",
    Action.PEOPLE: "who has access",
    Action.KEYS: "keys",
    Action.READ: "sign-ins",
}
_COLUMNS = ("log.done_at", "log.who", "log.kind", "log.doing", "log.subject", "log.address")


def audit_view(store: Store) -> None:
    """A filter, a page of entries, and the way to older ones."""
    st.caption(
        "What people, keys and links did in this workspace, newest first. Entries are added and never changed; they are kept"
        " for 400 days."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Who or what",
            placeholder="a name, a word, an id",
            key="log_text",
            bind="query-params",
            icon=":material/search:",
            width=260,
        )
        action = st.selectbox(
            "Kind",
            list(_ACTIONS),
            format_func=_ACTIONS.__getitem__,
            key="log_action",
            bind="query-params",
            width=240,
        )
        since = st.date_input(
            "Since", value=None, key="log_since", bind="query-params", width=160, format=date_field()
        )
    start = None if since is None else datetime.combine(since, time(), UTC)
    first = store.audit.page(limit=_A_PAGE, action=action, text=text, since=start)
    if first.total == 0:
        st.write("Nothing of the kind.")
        return
    pages = -(-first.total // _A_PAGE)
    number = st.pagination(pages, key=f"log_page_{pages}", bind="query-params") if pages > 1 else 1
    shown = (
        first
        if number == 1
        else store.audit.page(
            limit=_A_PAGE, offset=(number - 1) * _A_PAGE, action=action, text=text, since=start
        )
    )
    table(_frame(shown.rows), _COLUMNS, key="log_table", alt="Who did what, newest first")
    st.caption(f"{counted(first.total, 'entry', 'entries')}.")
    download(
        "These as CSV" if first.total <= _MOST_IN_FILE else f"The newest {count(_MOST_IN_FILE)} as CSV",
        lambda: csv_bytes(
            _frame(store.audit.page(limit=_MOST_IN_FILE, action=action, text=text, since=start).rows)
        ),
        "audit_log.csv",
        "text/csv",
        key="log_csv",
    )


def _frame(rows: tuple[AuditEntry, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "done_at": [row.done_at for row in rows],
            "who": [row.actor_name for row in rows],
            "kind": [str(row.actor_kind) for row in rows],
            "doing": [row.doing for row in rows],
            "subject": [row.subject_id or "" for row in rows],
            "address": [row.address or "" for row in rows],
        }
    )

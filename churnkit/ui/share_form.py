"""Sharing the open analysis: a link that ends, for people without an account."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from churnkit.accounts import Action
from churnkit.services.access.shares import NewShare, make_share, revoke_share
from churnkit.store import Session, Share, Store
from churnkit.text.figures import count, day, days
from churnkit.ui.address import SHARE
from churnkit.ui.demo import is_demo
from churnkit.ui.own_address import here_at
from churnkit.ui.rights import may, needs
from churnkit.ui.workspace import workspace

_DAYS = (1, 7, 30, 90, 365)
_LISTED = 50


def share_form(session: Session) -> NewShare | None:
    """A form that makes a link to an analysis; the one that it has just made."""
    with st.popover("Share", icon=":material/share:", width="stretch", **needs(Action.SHARE)):
        st.write(
            "Whoever has the link sees this analysis and nothing else of the workspace, without signing in, until it ends"
            " or is taken back under Settings. They can change nothing in it."
        )
        with st.form("new_share", border=False):
            valid = st.selectbox(
                "It ends after", _DAYS, index=_DAYS.index(30), format_func=days, key="share_days"
            )
            exports = st.checkbox(
                "They may take files out: customers, reports, models",
                key="share_export",
                disabled=not may(Action.EXPORT),
            )
            asked = st.form_submit_button(
                "Make a link", type="primary", key="share_make", icon=":material/link:", **needs(Action.SHARE)
            )
    if not asked:
        return None
    return make_share(workspace().store, session.session_id, days=valid, may_export=exports)


@st.dialog("The link", width="medium")
def show_link(new: NewShare) -> None:
    """The one time that a link is shown."""
    st.code(address_of(new.text), language=None, wrap_lines=True)
    st.write(
        f"Copy it now: it is kept here as a hash only, and cannot be shown again. It opens the analysis until"
        f" {day(new.record.expires_at)}."
    )
    if st.button("I have it", type="primary", key="share_shown"):
        st.rerun()


def address_of(token: str) -> str:
    """The whole address of a link, on the host that this page was opened on."""
    # A demo's dashboard is its first page.
    return here_at("" if is_demo() else "dashboard") + f"?{SHARE}={token}"


def shares_list(store: Store) -> None:
    """Every link of the workspace: to what, by whom, until when, and the way to take it back."""
    st.caption(
        "Links open one analysis to people without an account. Make one with **Share** below the list of analyses, at the"
        " left of every page."
    )
    sessions = {one.session_id: one for one in store.sessions.all()}
    names = {one.upload_id: one.filename for one in store.uploads.all()}
    titles = {key: one.name or names.get(one.upload_id, "Analysis") for key, one in sessions.items()}
    known = store.shares.all()
    now = datetime.now(UTC)
    valid = [one for one in known if one.is_valid(now)]
    if not valid:
        st.write("No link opens anything here.")
    for share in valid[:_LISTED]:
        _line(share, titles.get(share.session_id, "Analysis"))
    if len(valid) > _LISTED:
        st.caption(f"The newest {count(_LISTED)} of {count(len(valid))}.")
    ended = [one for one in known if not one.is_valid(now)]
    if ended:
        with st.expander(f"Links that open nothing any more ({count(len(ended))})"):
            for share in ended[:_LISTED]:
                st.text(f"{titles.get(share.session_id, 'Analysis')} · {words_of(share)}")


def words_of(share: Share) -> str:
    """A link in one line, without what it opens."""
    parts = [f"made {day(share.created_at)} by {share.created_by}"]
    if share.revoked_at is not None:
        parts.append(f"taken back {day(share.revoked_at)}")
    else:
        parts.append(f"{'ends' if share.is_valid(datetime.now(UTC)) else 'ended'} {day(share.expires_at)}")
    return " · ".join([*parts, "with files" if share.may_export else "without files"])


def _line(share: Share, title: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(f"{title} · {words_of(share)}")
        st.button(
            "Take back",
            key=f"take_back_{share.share_id}",
            icon=":material/link_off:",
            on_click=_take_back,
            args=(share.share_id,),
            **needs(Action.SHARE),
        )


def _take_back(share_id: str) -> None:
    revoke_share(workspace().store, share_id)

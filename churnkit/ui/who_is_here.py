"""Who is signed in, in which workspace: in the sidebar, with the ways out and to another; and what was here before."""

from __future__ import annotations

import streamlit as st

from churnkit.accounts import SYSTEM, Action
from churnkit.services.access.sign_in import open_workspace
from churnkit.store import LOCAL_TENANT, SignedIn
from churnkit.text.figures import counted, escape_markdown
from churnkit.ui import keys
from churnkit.ui.account_link import account_link
from churnkit.ui.chosen import UPLOAD
from churnkit.ui.parts import guarded
from churnkit.ui.rights import may, needs
from churnkit.ui.workspace import Workspace, unclaimed, workspace


def who_is_here(here: Workspace) -> None:
    """The person, their role, the workspace; nothing where nobody signs in."""
    me = here.signed_in
    if me is None:
        return
    st.divider()
    st.markdown(f":material/person: **{escape_markdown(me.name)}**")
    st.caption(f"{escape_markdown(me.workspace or '')} · {me.role}")
    _switch(here, me)
    with st.container(horizontal=True):
        account_link("Your account", "")
        account_link("Sign out", "logout")


def claim_offer(here: Workspace) -> None:
    """What this browser analysed before its user signed in, and the way to take it over."""
    if st.session_state.get(keys.NOT_CLAIMED) or not may(Action.UPLOAD):
        return
    left = unclaimed(here)
    if left is None:
        return
    found = counted(left.workspace.analysis_count(), "analysis", "analyses")
    with st.container(border=True, key="claim"):
        st.markdown(f":material/move_to_inbox: **This browser holds {found} from before you signed in.**")
        st.caption(
            "Taken over, they belong to this workspace, and everybody in it sees them. Keys of the earlier workspace"
            " end."
        )
        with st.container(horizontal=True):
            if st.button("Take them over", type="primary", key="claim_now", **needs(Action.RUN)):
                with guarded():
                    taken = here.platform.take_over(here.store, left)
                    st.toast(f"{counted(taken, 'analysis', 'analyses')} taken over.", icon=":material/check:")
                    st.rerun()
            if st.button("Not now", key="claim_later"):
                st.session_state[keys.NOT_CLAIMED] = True
                st.rerun()


def _switch(here: Workspace, me: SignedIn) -> None:
    known = here.platform.store_for(LOCAL_TENANT, SYSTEM).people.memberships(me.person_id)
    names = {one.tenant: one.workspace for one in known}
    if len(names) < 2 or me.tenant not in names:
        return
    st.selectbox(
        "Workspace",
        list(names),
        index=list(names).index(me.tenant),
        format_func=names.__getitem__,
        key=keys.OTHER_WORKSPACE,
        on_change=_open_other,
    )


def _open_other() -> None:
    """Open another workspace in this browser; everything of the one before is forgotten."""
    here = workspace()
    wanted = st.session_state.get(keys.OTHER_WORKSPACE)
    if here.signed_in is not None and wanted and wanted != here.signed_in.tenant:
        open_workspace(here.platform.store_for(LOCAL_TENANT, SYSTEM), here.signed_in, wanted)
        st.query_params.pop(UPLOAD, None)

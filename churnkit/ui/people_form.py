"""The people of a workspace: invited with a link to hand over, given a role, let in no more."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from churnkit.accounts import Action, Role
from churnkit.config import AuthSettings
from churnkit.services.access.people import NewInvitation, invite, name_of
from churnkit.store import Invitation, Store
from churnkit.text.figures import count, day, escape_markdown, instant
from churnkit.ui.member_line import member_line
from churnkit.ui.own_address import here_at
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs
from churnkit.ui.workspace import workspace

ROLES: dict[Role, str] = {
    "viewer": "Viewer: sees everything, changes nothing",
    "analyst": "Analyst: also uploads, analyses, plans, shares",
    "administrator": "Administrator: also deletes, and sees to people, keys and webhooks",
}
_A_PAGE = 25


def people_form(store: Store) -> None:
    """Who belongs here, who is invited, and what the workspace is called."""
    with guarded():
        _workspace_name(store)
    if AuthSettings.from_environment().is_federated:
        st.caption(
            "Who comes in and with which role is decided by the groups of the system that signs people in"
            " (CHURNKIT_GROUPS)."
        )
    else:
        _invitation_form(store)
    members = store.members.all()
    pages = -(-len(members) // _A_PAGE)
    page = st.pagination(pages, key="people_page", bind="query-params") if pages > 1 else 1
    for member in members[(page - 1) * _A_PAGE : page * _A_PAGE]:
        member_line(store, member)
    _open_invitations(store.members.invitations(at=datetime.now(UTC)))


def _workspace_name(store: Store) -> None:
    now = store.members.workspace_name() or ""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Name of the workspace", now, max_chars=80, key="workspace_name", width=320)
        if st.button("Rename", key="workspace_rename", **needs(Action.PEOPLE, disabled=name.strip() == now)):
            store.members.rename_workspace(name_of(name, "workspace"))
            st.rerun()


def _invitation_form(store: Store) -> None:
    with st.container(border=True):
        with st.grid(2, min_column_width=260, gap="small") as grid:
            with grid.cell():
                email = st.text_input("E-mail address", placeholder="name@shop.example", key="invite_email")
            with grid.cell():
                role = st.selectbox(
                    "Role", list(ROLES), index=1, format_func=ROLES.__getitem__, key="invite_role"
                )
        exports = role != "viewer" or st.checkbox("They may take files out", True, key="invite_export")
        asked = st.button("Invite", key="invite_make", icon=":material/person_add:", **needs(Action.PEOPLE))
    if asked:
        with guarded():
            _show_invitation(invite(store, email, role, exports))


def _next_invitation() -> None:
    st.session_state["invite_email"] = ""


@st.dialog("The invitation", width="medium")
def _show_invitation(new: NewInvitation) -> None:
    """The one time that the link is shown; nobody is written to."""
    st.write(
        f"Send this link to **{escape_markdown(new.record.email)}**: churnkit writes to nobody. It works once, until"
        f" {instant(new.record.expires_at)} UTC, and is not shown again."
    )
    st.code(here_at(f"account/invite/{new.token}"), language=None, wrap_lines=True)
    if st.button("I have it", type="primary", key="invite_shown", on_click=_next_invitation):
        st.rerun()


def _open_invitations(invitations: list[Invitation]) -> None:
    if not invitations:
        return
    st.markdown(f"**Invited, not here yet ({count(len(invitations))})**")
    for one in invitations[:_A_PAGE]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{one.email} · {one.role} · by {one.created_by}, until {day(one.expires_at)}")
            st.button(
                "Withdraw",
                key=f"withdraw_{one.invitation_id}",
                type="tertiary",
                on_click=_withdraw,
                args=(one.invitation_id,),
                **needs(Action.PEOPLE),
            )


def _withdraw(invitation_id: str) -> None:
    workspace().store.members.withdraw(invitation_id)

"""One person of a workspace, with what an administrator can do about them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from churnkit.accounts import Action, Role
from churnkit.config import AuthSettings
from churnkit.services.access.keys import revoke_keys_of
from churnkit.services.access.people import make_reset, set_disabled
from churnkit.store import Member, Store
from churnkit.text.figures import counted, day, escape_markdown, instant
from churnkit.ui.own_address import here_at
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs

_ROLES: tuple[Role, ...] = ("viewer", "analyst", "administrator")


def member_line(store: Store, member: Member) -> None:
    """A person in one line, and a drawer with their role and the ways to let them in no more."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(words_of(member))
        with st.popover("Change", type="tertiary", **needs(Action.PEOPLE)), guarded():
            federated = AuthSettings.from_environment().is_federated
            if not federated:
                _role_form(store, member)
            _account(store, member, federated=federated)


def words_of(member: Member) -> str:
    """Who it is, what they may do, and when they were here last."""
    role = f"{member.role}, no files" if member.role == "viewer" and not member.may_export else member.role
    seen = f"here {instant(member.seen_at)}" if member.seen_at else "not signed in"
    parts = [member.name, member.email, role, f"since {day(member.created_at)}", seen]
    return " · ".join([*parts, "disabled"] if member.disabled_at else parts)


def _role_form(store: Store, member: Member) -> None:
    person_id = member.person_id
    role = st.selectbox("Role", _ROLES, index=_ROLES.index(member.role), key=f"role_of_{person_id}")
    exports = role != "viewer" or st.checkbox(
        "They may take files out", member.may_export, key=f"export_of_{person_id}"
    )
    if st.button("Save", key=f"role_save_{person_id}", **needs(Action.PEOPLE)):
        store.members.change(person_id, role, exports)
        st.rerun()


def _account(store: Store, member: Member, *, federated: bool) -> None:
    person_id = member.person_id
    if not federated and st.button(
        "Link for a new password", key=f"reset_{person_id}", type="tertiary", **needs(Action.PEOPLE)
    ):
        token = make_reset(store, person_id)
        st.caption(f"Send it to {escape_markdown(member.email)}; it works once, for an hour:")
        st.code(here_at(f"account/reset/{token}"), language=None, wrap_lines=True)
    _button("Sign out everywhere", f"sign_out_{person_id}", lambda: store.members.end_sign_ins(person_id))
    if member.disabled_at is None:
        _button("Disable", f"disable_{person_id}", lambda: set_disabled(store, person_id, True))
    else:
        _button("Let in again", f"enable_{person_id}", lambda: set_disabled(store, person_id, False))
    _button("Take out of the workspace", f"part_{person_id}", lambda: store.members.remove(person_id))
    if member.key_count:
        st.caption("Keys that they made go on working until they are revoked, whoever is taken out.")
        label = f"Revoke {counted(member.key_count, 'key')} made by them"
        _button(label, f"keys_of_{person_id}", lambda: _revoke(store, member), Action.KEYS)


def _revoke(store: Store, member: Member) -> None:
    revoke_keys_of(store, member.email)


def _button(label: str, key: str, do: Callable[[], None], action: Action = Action.PEOPLE) -> None:
    if st.button(label, key=key, type="tertiary", **needs(action)):
        do()
        st.rerun()

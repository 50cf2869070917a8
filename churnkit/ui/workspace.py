"""The browser's own workspace: its tenant in the store, and the platform that does the work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from churnkit.accounts import OWNER, SYSTEM, Action, Actor
from churnkit.config import AuthSettings, ServerSettings, data_dir, models_dir
from churnkit.jobs import Platform, open_platform
from churnkit.server.cookies import Standing, browser_of, old_id_of, sign_in_token, token_of
from churnkit.server.links import share_token
from churnkit.server.sessions import SESSIONS
from churnkit.server.tokens import new_workspace_id, tenant_of
from churnkit.server.visitors import plain_address
from churnkit.services.access.keys import note_revocation
from churnkit.services.access.shares import OpenShare, open_share
from churnkit.services.access.sign_in import signed_in
from churnkit.store import LOCAL_TENANT, SignedIn, Store
from churnkit.ui import keys
from churnkit.ui.account_link import account_link


@dataclass(frozen=True)
class Workspace:
    """What a page works with; ``store`` sees this browser's rows only, or everybody's where all share one."""

    platform: Platform
    store: Store
    is_shared: bool = False
    signed_in: SignedIn | None = None

    @property
    def actor(self) -> Actor:
        """Who works here; the store refuses what they may not do."""
        return self.store.actor


def workspace() -> Workspace:
    """The workspace that is open in this browser: of the person who is signed in, else the browser's own.

    One per visit where the browser keeps no cookies. Draws why and stops the page where the sign-in has ended, or the
    browser's workspace has been left: this is asked on every run of a page and of its parts.
    """
    platform = open_platform(data_dir(), models_dir())
    headers = st.context.headers.get_all("Cookie")
    if AuthSettings.from_environment().has_accounts:
        return _of_person(platform, headers)
    _bind(browser_of(headers))
    if ServerSettings.from_environment().shared_workspace:
        return Workspace(platform, platform.store_for(LOCAL_TENANT, OWNER), is_shared=True)
    store = _store_of_cookie(platform, headers)
    if store is None:
        return Workspace(platform, _store_of_visit(platform))
    if store.workspace.is_left():
        _left()
    return Workspace(platform, store)


def _of_person(platform: Platform, headers: list[str]) -> Workspace:
    root = platform.store_for(LOCAL_TENANT, SYSTEM)
    found = signed_in(root, sign_in_token(headers))
    token = share_token(headers)
    opened = (
        open_share(root, token, plain_address(st.context.ip_address)) if found is None and token else None
    )
    if opened is not None and token is not None:
        return _of_link(platform, headers, opened, token)
    # Another workspace in the same browser is another beginning, too.
    _bind(browser_of(headers), found.tenant if found else None)
    if found is None:
        _stop_for("You are signed out", "This sign-in has ended.", "login", "Sign in")
    if found.tenant is None:
        words = "You do not belong to this workspace any more."
        _stop_for("No workspace is open", words, "workspaces", "Your workspaces")
    store = platform.store_for(found.tenant, found.actor(plain_address(st.context.ip_address)))
    return Workspace(platform, store, is_shared=True, signed_in=found)


def _of_link(platform: Platform, headers: list[str], opened: OpenShare, token: str) -> Workspace:
    """What somebody without an account works with: an empty workspace in which nothing can be done, beside the analysis."""
    tenant = f"link {opened.share.share_id}"
    _bind(browser_of(headers), tenant)
    session_id = opened.session.session_id
    st.session_state.setdefault(keys.TOKENS, {})[session_id] = token
    st.session_state.setdefault(keys.OPENED, session_id)
    visitor = replace(opened.store.actor, only=None, rights=frozenset({Action.READ}))
    return Workspace(platform, platform.store_for(tenant, visitor), is_shared=True)


def unclaimed(here: Workspace) -> Store | None:
    """The workspace that this browser has from before people signed in, if it holds analyses that can be taken over."""
    if here.signed_in is None:
        return None
    token = token_of(st.context.headers.get_all("Cookie"))
    store = here.platform.store_for(tenant_of(token.workspace_id), OWNER) if token else None
    if store is None or store.workspace.is_left() or not store.workspace.analysis_count():
        return None
    return store


def leave() -> None:
    """End this browser's workspace everywhere; every session on it forgets what it knows with its next run."""
    workspace().store.workspace.leave(at=datetime.now(UTC))
    note_revocation()


def _bind(browser: str | None, tenant: str | None = None) -> None:
    """Note whose session this is; a session that another browser has come by begins anew."""
    owner = (browser, tenant)
    if st.session_state.setdefault(keys.BROWSER, owner) != owner:
        st.session_state.clear()
        st.session_state[keys.BROWSER] = owner
        # What the address names is the one's before.
        st.session_state[keys.MOVED] = True
    context = get_script_run_ctx()
    if context is not None:
        SESSIONS.bind(context.session_id, browser)


def _store_of_cookie(platform: Platform, headers: list[str]) -> Store | None:
    token = token_of(headers)
    if token is not None:
        return platform.store_for(tenant_of(token.workspace_id), OWNER)
    # A page that was open while the server was updated still shows the cookie of the earlier version.
    old = old_id_of(headers)
    store = platform.store_for(tenant_of(old), OWNER) if old else None
    return store if store is not None and Standing.of(store).is_in_use else None


def _store_of_visit(platform: Platform) -> Store:
    store = platform.store_for(tenant_of(st.session_state.setdefault(keys.VISIT, new_workspace_id())), OWNER)
    if not store.workspace.is_left():
        return store
    st.session_state.clear()
    return _store_of_visit(platform)


def _stop_for(title: str, words: str, path: str, label: str) -> NoReturn:
    """What stands in place of every page for somebody who has no business there."""
    st.session_state.clear()
    with st.container(border=True, key="no_access"):
        st.markdown(f"## :material/lock: {title}")
        st.write(words)
        account_link(label, path)
    st.stop()


def _left() -> NoReturn:
    """What stands in place of every page until the browser has fetched a new cookie with the page itself."""
    st.session_state.clear()
    with st.container(border=True, key="left_workspace"):
        st.markdown("## :material/logout: You have left this workspace")
        st.write("Load the page again, and a new, empty workspace begins in this browser.")
    st.stop()

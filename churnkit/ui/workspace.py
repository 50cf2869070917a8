"""The browser's own workspace: its tenant in the store, and the platform that does the work."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from churnkit.config import data_dir, models_dir
from churnkit.jobs import Platform, open_platform
from churnkit.server.cookies import COOKIE, SHARED, is_token, new_token, tenant_of, workspaces_are_shared
from churnkit.store import Store

_TOKEN_KEY = "_workspace_token"


@dataclass(frozen=True)
class Workspace:
    """What a page works with; ``store`` sees this browser's rows only."""

    platform: Platform
    store: Store


def workspace() -> Workspace:
    """This browser's workspace; one per visit where the browser keeps no cookies."""
    platform = open_platform(data_dir(), models_dir())
    return Workspace(platform, platform.store_for(_tenant()))


def _tenant() -> str:
    if workspaces_are_shared():
        return SHARED
    token = st.session_state.get(_TOKEN_KEY)
    if token is None:
        cookie = st.context.cookies.get(COOKIE)
        token = str(cookie) if is_token(cookie) else new_token()
        st.session_state[_TOKEN_KEY] = token
    return tenant_of(token)

"""The locale of the page: as the workspace chose, else as the shop whose analysis is open through a link did."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.store import Store
from churnkit.text import locale
from churnkit.ui import keys


def use_locale(*stores: Store) -> None:
    """Write this run of the page as the first of the workspaces that chose; in British English where none did."""
    told = (load_preferences(store).locale for store in stores)
    code = next((one for one in told if one is not None), None)
    st.session_state[keys.LOCALE] = code
    locale.use(code)


def _of_page() -> str | None:
    """For parts that run alone, callbacks before the page, and whatever else a thread does for it."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    code: str | None = st.session_state.get(keys.LOCALE)
    return code


locale.ask_where_unset(_of_page)

"""Making ``st.navigation`` the only way to the pages from the first visit on."""

from __future__ import annotations

from streamlit.runtime.pages_manager import PagesManager


def declare_navigation() -> None:
    """Tell Streamlit that ``pages/`` is served by the shell's ``st.navigation``.

    Until the shell has run once, a server takes a folder of that name for the old kind of app: the first visitor of
    a fresh server with a link to a page would see it without the shell around it. There is no public setting.
    """
    if hasattr(PagesManager, "uses_pages_directory"):
        PagesManager.uses_pages_directory = False

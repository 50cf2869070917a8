"""The frame around every page: navigation, the analysis being looked at, and the page inside."""

from __future__ import annotations

import streamlit as st

from churnkit import ui
from churnkit.errors import ChurnkitError
from churnkit.ui import address, keys
from churnkit.ui.beginning import lead_on
from churnkit.ui.demo import is_demo
from churnkit.ui.example_note import example_note
from churnkit.ui.navigation import links_above, navigation
from churnkit.ui.results_ready import say_that_they_are_ready
from churnkit.ui.style import style

# Pages that show a file that was merely read; the others are about a finished analysis.
ABOUT_DATA = frozenset({"upload", "data_quality", "progress", "history", "settings", "help"})
FIRST = "start"


def draw() -> None:
    """Draw the page that the address names, with what stands around it."""
    style()
    default = "dashboard" if is_demo() else FIRST
    page = navigation(default)
    stem = page.url_path or default
    st.session_state[keys.PAGE] = stem

    try:
        address.begin()
        lead_on(stem == FIRST)
        ui.sidebar(finished=stem not in ABOUT_DATA)
        # What a run writes there is lost where it moves on to another page.
        address.write()
        ui.require_page(stem)
        if stem != FIRST:
            say_that_they_are_ready()
            example_note()
            links_above(stem)
        page.run()
    except ChurnkitError as error:
        ui.show_error(error)

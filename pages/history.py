"""A shop's history: the files that it was made of, and the versions of its analysis."""

from collections.abc import Callable

import streamlit as st

from churnkit import ui
from churnkit.ui import keys
from churnkit.ui.chosen import Chosen
from churnkit.ui.history_files import history_files
from churnkit.ui.run_list import run_list
from churnkit.ui.schedule_form import schedule_of_open
from churnkit.ui.source_forms import sources_of_open

TABS = ("Files", "Sources", "Versions", "Schedule")

opened = ui.open_look()
ui.title("History", "New orders come in, the forecast follows; every earlier state can be had again.")
DRAW: tuple[Callable[[], None], ...] = (
    lambda: history_files(opened),
    lambda: sources_of_open(opened.workspace.store, opened.session.session_id, mine=opened.mine),
    lambda: run_list(Chosen(opened.workspace, opened.store, opened.session, opened.mine)),
    lambda: schedule_of_open(opened.workspace.store, opened.session.session_id, mine=opened.mine),
)
for tab, draw in zip(st.tabs(TABS, key=keys.HISTORY_TAB, bind="query-params"), DRAW, strict=True):
    if tab.open:
        with tab:
            draw()

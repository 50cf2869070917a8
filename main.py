"""The shell around every page: configuration, navigation, the analysis being looked at."""

import streamlit as st

from churnkit import ui
from churnkit.errors import ChurnkitError
from churnkit.ui import keys
from churnkit.ui.customer_link import came_back
from churnkit.ui.demo import is_demo
from churnkit.ui.icon import PAGE_ICON
from churnkit.ui.navigation import links_above, navigation, page_file
from churnkit.ui.since_link import begins_with_changes
from churnkit.ui.style import style

# Pages that show a file that was merely read; the others are about a finished analysis.
ABOUT_DATA = frozenset({"upload", "data_quality", "progress", "history", "settings", "help"})

st.set_page_config(page_title="churnkit", page_icon=PAGE_ICON, layout="wide")

style()
DEFAULT = "dashboard" if is_demo() else "upload"
page = navigation(DEFAULT)
stem = page.url_path or DEFAULT
st.session_state[keys.PAGE] = stem

try:
    came_back(stem)
    ui.sidebar(finished=stem not in ABOUT_DATA)
    if begins_with_changes() and page.url_path == "" and not is_demo():
        st.switch_page(page_file("since"))
    ui.require_page(stem)
    links_above(stem)
    page.run()
except ChurnkitError as error:
    ui.show_error(error)

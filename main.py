"""The shell around every page: configuration, navigation, the analysis being looked at."""

from pathlib import Path

import streamlit as st

from churnkit import ui
from churnkit.errors import ChurnkitError
from churnkit.ui.demo import is_demo
from churnkit.ui.icon import PAGE_ICON
from churnkit.ui.since_link import begins_with_changes

PAGES = Path(__file__).with_name("pages")

st.set_page_config(page_title="churnkit", page_icon=PAGE_ICON, layout="wide")

your_data = [
    st.Page(PAGES / "upload.py", title="Upload", icon=":material/upload_file:", default=not is_demo()),
    st.Page(PAGES / "data_quality.py", title="Data quality", icon=":material/fact_check:"),
    st.Page(PAGES / "progress.py", title="Progress", icon=":material/progress_activity:"),
    st.Page(PAGES / "history.py", title="History", icon=":material/history:"),
]
since = st.Page(PAGES / "since.py", title="Since last time", icon=":material/update:")
settings = st.Page(PAGES / "settings.py", title="Settings", icon=":material/settings:")
page = st.navigation(
    {
        "Your data": your_data,
        "Who leaves, and why": [
            since,
            st.Page(
                PAGES / "dashboard.py", title="Dashboard", icon=":material/dashboard:", default=is_demo()
            ),
            st.Page(PAGES / "customers.py", title="Customers", icon=":material/group:"),
            st.Page(PAGES / "models.py", title="Models", icon=":material/model_training:"),
            st.Page(PAGES / "monitoring.py", title="Was it right?", icon=":material/verified:"),
            st.Page(PAGES / "segments.py", title="Segments", icon=":material/donut_small:"),
            st.Page(PAGES / "cohorts.py", title="Cohorts", icon=":material/calendar_view_month:"),
        ],
        "What to do": [
            st.Page(PAGES / "actions.py", title="Actions", icon=":material/bolt:"),
            st.Page(PAGES / "worklist.py", title="Work list", icon=":material/checklist:"),
            st.Page(PAGES / "whatif.py", title="What if", icon=":material/tune:"),
            st.Page(PAGES / "campaigns.py", title="Campaigns", icon=":material/campaign:"),
            st.Page(PAGES / "readout.py", title="Readout", icon=":material/science:"),
            st.Page(PAGES / "reports.py", title="Reports", icon=":material/description:"),
        ],
        "Workspace": [settings],
    },
    expanded=True,
)

try:
    ui.sidebar(finished=page not in (*your_data, settings))
    if begins_with_changes() and page.url_path == "" and not is_demo():
        st.switch_page(since)
    ui.require_page(page.url_path or ("dashboard" if is_demo() else "upload"))
    page.run()
except ChurnkitError as error:
    ui.show_error(error)

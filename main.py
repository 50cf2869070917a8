"""What Streamlit runs for every visit: the configuration at once, then the frame with the page in it."""

import streamlit as st

from churnkit.server.icon import PAGE_ICON
from churnkit.server.opening import opening

st.set_page_config(page_title="churnkit", page_icon=PAGE_ICON, layout="wide")
with opening():
    from churnkit.ui.frame import draw

draw()

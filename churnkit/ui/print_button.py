"""A button that prints the report below it."""

from __future__ import annotations

import streamlit as st

from churnkit.server.printing import PRINT
from churnkit.ui.rights import no_export


def print_button(*, key: str) -> bool:
    """Draw it; whether it was pressed. :func:`print_preview` then prints, once the preview is there."""
    why = no_export()
    return st.button("Print", key=key, icon=":material/print:", disabled=bool(why), help=why or None)


def print_preview() -> None:
    """Ask the browser to print the last frame of the page."""
    st.html(f"<script>{PRINT}</script>", unsafe_allow_javascript=True)

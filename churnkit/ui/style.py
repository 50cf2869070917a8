"""The few rules of style that the theme in ``.streamlit/config.toml`` cannot say."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent


def style() -> None:
    """Add them to the page."""
    st.html(_FOLDER / "style.css")
    st.html(_FOLDER / "print.css")

"""Ways from a page to the forms under ``/account``, which open in the same tab."""

from __future__ import annotations

from html import escape

import streamlit as st


def account_link(label: str, path: str) -> None:
    """A link to a form; those that Streamlit draws open another tab."""
    st.html(f'<a href="/account/{escape(path)}" style="color:inherit;font-size:.875rem">{escape(label)}</a>')

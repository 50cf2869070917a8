"""How the right file comes out of a shop's system."""

from __future__ import annotations

import streamlit as st

from churnkit.ingest import export_guides
from churnkit.text.figures import escape_markdown


def export_help(*, expanded: bool = False) -> None:
    """The steps to an export of orders, for the shop system that is chosen."""
    with st.expander("How do I export my orders?", icon=":material/help:", expanded=expanded):
        guides = {guide.title: guide for guide in export_guides()}
        system = st.selectbox(
            "Your shop system",
            list(guides),
            index=None,
            placeholder="Choose, or type a part of its name",
            key="export_guide",
        )
        if system is None:
            st.caption(
                "Any other system will do as well: one row per order or per line of an order, with a customer, a date and"
                " an amount, over two years if you have them."
            )
            return
        guide = guides[system]
        st.markdown(
            "\n".join(
                f"{place}. {escape_markdown(step, 500)}" for place, step in enumerate(guide.steps, start=1)
            )
        )
        st.markdown(escape_markdown(guide.file, 500))
        if not guide.proven:
            st.caption("Written from the system's documentation: no real file of it was tried yet.")

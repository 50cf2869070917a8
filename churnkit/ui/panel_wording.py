"""A group's panel in a language model's words, where one is configured."""

from __future__ import annotations

import hashlib

import streamlit as st

from churnkit.accounts import Action
from churnkit.errors import ChurnkitError
from churnkit.results.group_panels import GroupPanel
from churnkit.services.campaign.language_model import LanguageModel
from churnkit.services.decide.panel_wording import word_panel
from churnkit.text.figures import escape_markdown
from churnkit.ui.parts import guarded, show_error
from churnkit.ui.rights import needs, require


def worded(panel: GroupPanel, *, key: str) -> None:
    """A button for a language model, and what it wrote of exactly this panel."""
    try:
        model = LanguageModel.from_environment()
    except ChurnkitError as error:
        show_error(error)
        return
    if model is None:
        return
    told = hashlib.sha256("\n".join(panel.words).encode()).hexdigest()[:16]
    kept = f"_worded_{told}"
    if st.button(
        "Word it",
        key=f"{key}_word",
        icon=":material/edit_note:",
        **needs(
            Action.PLAN,
            help=escape_markdown(
                f"Asks the language model at {model.host}. It is told the sentences above and nothing of any customer; an"
                " answer with a figure that is not among them is refused."
            ),
        ),
    ):
        with guarded(), st.spinner("Writing …"):
            require(Action.PLAN)
            st.session_state[kept] = word_panel(model, panel)
    if kept in st.session_state:
        st.caption(
            f"By the language model at {escape_markdown(model.host)}; every figure in it is one of those above."
        )
        st.text(st.session_state[kept])

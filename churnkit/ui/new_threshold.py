"""Another definition of churn, and a new version of the analysis with it."""

from __future__ import annotations

import dataclasses

import streamlit as st

from churnkit.formats import count, percent
from churnkit.services.preferences import default_settings
from churnkit.services.simulate import threshold_view
from churnkit.terms import term
from churnkit.ui.opened import Opened
from churnkit.ui.parts import guarded


@st.fragment
def new_threshold(opened: Opened) -> None:
    """A slider with what it means for the past, and the button that starts a new version."""
    results, here = opened.results, opened.workspace
    now = results.horizon_days
    st.write(
        f"Churn means no purchase within {now} days. Another threshold asks another question, so every model is trained"
        " and tested anew; the version on screen stays until the new one is done."
    )
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    days = left.slider(
        "Days of silence that count as churn",
        30,
        180,
        value=min(max(now, 30), 180),
        key="new_threshold",
        help=term("threshold"),
    )
    beyond = right.number_input("Or any number of days", 1, 3650, value=None, key="new_threshold_any")
    view = threshold_view(results.facts, results.profile, int(beyond or days))
    if view.churned is not None:
        st.markdown(
            f"#### With {view.days} days: {percent(view.churned)}\nof the {count(view.known)} customers known"
            f" {view.days} days ago have not bought since. Silent for longer than that by now: {percent(view.lapsed)} of"
            " all customers (a description, not a forecast)."
        )
    if view.warning:
        st.warning(view.warning)
    if not opened.mine:
        st.caption("Opened from a link: only its owner can start an analysis.")
        return
    same = view.days == now
    if st.button(
        f"Analyse again with {view.days} days",
        type="primary",
        key="start_version",
        disabled=same,
        icon=":material/rocket_launch:",
        help="This is the threshold on screen." if same else None,
    ):
        with guarded():
            usual = here.platform.settings_of(opened.session, default_settings(here.store))
            here.platform.start_analysis(
                opened.store, opened.session.session_id, dataclasses.replace(usual, horizon_days=view.days)
            )
            st.switch_page("pages/progress.py")

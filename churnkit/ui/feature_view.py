"""What the champion does with the features: pushes, dependence, what shuffling costs."""

from __future__ import annotations

import streamlit as st

from churnkit.charts import feature_charts as charts
from churnkit.text.terms import term
from churnkit.ui.opened import Opened
from churnkit.ui.parts import chart, note, value_or_note

SHOWN = 12


def feature_view(opened: Opened) -> None:
    """All features, one feature, and what each is worth on new data."""
    evidence = opened.results.evidence
    st.caption(
        "How the champion uses what it knows. It explains the model, not the world: only an experiment shows causes."
    )
    with st.container(border=True):
        st.subheader("Pushes by customer", help=term("shap"), anchor=False)
        if evidence.shap_summary:
            opened.chart(
                charts.shap_summary,
                evidence.shap_summary,
                alt="Push of each feature by customer",
                key="shap_summary",
            )
        else:
            st.write("Everybody gets the same probability.")
    with st.container(border=True):
        st.subheader("Size of the pushes", anchor=False)
        opened.chart(
            charts.importance, evidence.importance[:SHOWN], alt="Features by mean push", key="importance"
        )
        st.caption("Red: higher values go with leaving; blue: with staying; grey: no one direction.")
    _one_feature(opened)
    with st.container(border=True):
        _worth(opened)


def _one_feature(opened: Opened) -> None:
    evidence = opened.results.evidence
    points = {one.feature: one for one in evidence.dependence}
    curves = {one.feature: one for one in evidence.partial_dependence}
    labels = {name: one.label for name, one in curves.items()}
    labels |= {name: one.label for name, one in points.items()}
    if not labels:
        return
    with st.container(border=True):
        st.subheader("One feature", anchor=False)
        name = st.selectbox(
            "Feature", list(labels), format_func=labels.__getitem__, key="one_feature", width=420
        )
        left, right = st.columns(2)
        with left:
            st.markdown("**Its push, customer by customer**")
            if name in points:
                chart(
                    charts.dependence(points[name]), f"Push of {labels[name]} by its value", key="dependence"
                )
        with right:
            st.markdown(
                "**If everybody had the same value**",
                help="Partial dependence: the mean probability when only this feature is set to one value for all. Mixes in"
                " customers who cannot exist where features hang together.",
            )
            if name in curves:
                chart(
                    charts.partial_dependence(curves[name]),
                    f"Mean churn probability by {labels[name]}",
                    key="partial_dependence",
                )
            else:
                note("What scores the customers does not read this feature directly.")


def _worth(opened: Opened) -> None:
    st.subheader(
        "What each is worth on new data",
        help="Each feature is shuffled among the customers of the last window; the more the forecast suffers, the more"
        " it was needed. Features that say the same stand in for each other.",
        anchor=False,
    )
    found = value_or_note(opened.results.evidence.permutation)
    if found is not None:
        opened.chart(
            charts.permutation, found[:SHOWN], alt="Features by permutation importance", key="permutation"
        )

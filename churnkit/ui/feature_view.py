"""What the champion does with the features: pushes, dependence, what shuffling costs."""

from __future__ import annotations

import streamlit as st

from churnkit.charts import feature_charts as charts
from churnkit.explain.outside_figures import trial_words
from churnkit.results.indicators import IndicatorValue
from churnkit.results.rows import frame_of
from churnkit.services.decide.feature_views import features_left_out
from churnkit.text.figures import count, escape_markdown
from churnkit.text.terms import term
from churnkit.ui import keys
from churnkit.ui.opened import Opened
from churnkit.ui.parts import chart, note, value_or_note
from churnkit.ui.tables import table

SHOWN = 12
_LEFT_OUT_COLUMNS = ("left_out.feature", "left_out.cause", "left_out.words", "left_out.name")


def feature_view(opened: Opened) -> None:
    """All features, one feature, and what each is worth on new data."""
    evidence = opened.results.evidence
    st.caption(
        "How the champion uses what it knows. It explains the model, not the world: only an experiment shows causes."
    )
    with st.container(border=True):
        st.header("Pushes by customer", help=term("shap"), anchor=False)
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
        st.header("Size of the pushes", anchor=False)
        opened.chart(
            charts.importance, evidence.importance[:SHOWN], alt="Features by mean push", key="importance"
        )
        st.caption("Red: higher values go with leaving; blue: with staying; grey: no one direction.")
    _one_feature(opened)
    with st.container(border=True):
        _worth(opened)
    _outside(opened)
    _left_out(opened)


def _one_feature(opened: Opened) -> None:
    evidence = opened.results.evidence
    points = {one.feature: one for one in evidence.dependence}
    curves = {one.feature: one for one in evidence.partial_dependence}
    labels = {name: one.label for name, one in curves.items()}
    labels |= {name: one.label for name, one in points.items()}
    if not labels:
        return
    with st.container(border=True):
        st.header("One feature", anchor=False)
        name = st.selectbox(
            "Feature",
            list(labels),
            format_func=labels.__getitem__,
            key=keys.ONE_FEATURE,
            bind="query-params",
            width=420,
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
    st.header(
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


def _outside(opened: Opened) -> None:
    """Outside figures that the analysis was given, and how each did on past dates."""
    document = opened.results.indicators
    if document is None:
        return
    with st.container(border=True):
        st.header(
            "Outside figures",
            help="Equal for all customers of a date: they can say that a time is good or bad, never who leaves. Each was"
            " known at the date it is used for, and was tried on past dates by forecasts with it and without it.",
            anchor=False,
        )
        for trial in document.trials:
            st.markdown(f"**{escape_markdown(trial.name)}** – {escape_markdown(trial_words(trial), 400)}")
        chosen = st.selectbox(
            "As it was known at past dates",
            [trial.name for trial in document.trials],
            key="outside_figure",
            bind="query-params",
            width=420,
        )
        shown = next(trial for trial in document.trials if trial.name == chosen)
        table(
            frame_of(IndicatorValue, shown.values),
            ("cutoff", "outside.value"),
            key="outside_values",
            alt="The figure at past dates",
            height=240,
        )


def _left_out(opened: Opened) -> None:
    """Features that were on offer and that nothing was learned from, each with its reason."""
    frame = features_left_out(opened.results)
    if frame.empty:
        return
    contest = opened.results.summary.tournament
    kept = len(contest.features_kept) if contest else 0
    with st.container(border=True):
        st.header("Left out, and why", anchor=False)
        st.write(
            f"Of {count(kept + len(frame))} features on offer {count(len(frame))} were left out before the last training."
            + (f" The champion was offered the other {count(kept)}." if kept else "")
        )
        st.caption(
            "Look here when a figure that you expected among the reasons never shows: it may say the same as another one."
            " The choice looks at the features alone, never at who left, except to find a feature that knows the outcome."
        )
        table(frame, _LEFT_OUT_COLUMNS, key="left_out", alt="Features that were left out, with reasons")

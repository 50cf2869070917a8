"""How sure the figures of the leaderboard are: one measure of all models, and all measures of one."""

from __future__ import annotations

import streamlit as st

from churnkit.charts.measure_charts import Marked, alt_of, measure_by_model
from churnkit.results.found import Found, Missing
from churnkit.results.interval import Interval
from churnkit.services.decide.measure_views import (
    SHOWN_MEASURES,
    Remeasured,
    measure_title,
    model_measures,
    remeasured,
    training_words,
)
from churnkit.text.columns import column
from churnkit.text.figures import escape_markdown
from churnkit.tournament.names import model_label
from churnkit.ui.opened import Opened, folder_stamp
from churnkit.ui.parts import chart, value_or_note
from churnkit.ui.tables import table
from churnkit.ui.trials_view import trials_expander

_COLUMNS = (
    "measure.name",
    "measure.value",
    "measure.words",
    "measure.spread",
    "measure.worst",
    "measure.best",
    "measure.test",
    "measure.help",
)


@st.cache_resource(max_entries=8, show_spinner="Working out the intervals …")
def _kept(source: str, stamp: int, _opened: Opened) -> Found[Remeasured] | Missing:
    return remeasured(_opened.results)


def measured_again(opened: Opened) -> Found[Remeasured] | Missing:
    """The leaderboard's figures with intervals and by fold, worked out once for everybody who opens the analysis."""
    results = opened.results
    return _kept(results.source, folder_stamp(results.folder), opened)


def measure_view(opened: Opened) -> None:
    """Two choices: a measure for all, and a model for everything that is known of it."""
    st.header("How sure these figures are", anchor=False)
    st.caption(
        "Where two intervals overlap, the difference of the two models may be chance. The interval says what other customers"
        " of the same dates would have given (95 %); the spread over folds, how far the figure moves from date to date."
    )
    again = value_or_note(measured_again(opened))
    if again is None:
        return
    with st.container(border=True):
        _one_measure(opened, again)
    with st.container(border=True):
        _one_model(opened, again)
    trials_expander(opened)


def _one_measure(opened: Opened, again: Remeasured) -> None:
    name = st.selectbox(
        "Measure",
        SHOWN_MEASURES,
        format_func=measure_title,
        key="one_measure",
        bind="query-params",
        width=320,
    )
    lines = [
        Marked(
            model_label(row.candidate),
            again.intervals[row.candidate].get(name, Interval(float("nan"), float("nan"), float("nan"))),
            row.is_champion,
        )
        for row in opened.results.leaderboard
        if row.candidate in again.intervals
    ]
    title = measure_title(name)
    chart(measure_by_model(lines, title), alt_of(lines, title), key="measure_by_model")
    if column(name).help:
        st.caption(escape_markdown(column(name).help, 400))


def _one_model(opened: Opened, again: Remeasured) -> None:
    rows = {row.candidate: row for row in opened.results.leaderboard}
    chosen = st.selectbox(
        "Model", list(rows), format_func=model_label, key="one_model", bind="query-params", width=320
    )
    table(
        model_measures(opened.results, chosen, again),
        _COLUMNS,
        key="model_measures",
        alt=f"Every measure of {model_label(chosen)} with interval, spread and test",
    )
    words = training_words(rows[chosen])
    if words:
        st.caption(escape_markdown(words, 500))

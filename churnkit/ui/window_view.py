"""How the champion did on the last window whose outcome is known: ranking, calibration, calls, money."""

from __future__ import annotations

import streamlit as st

from churnkit.charts import model_charts as charts
from churnkit.results.evidence.last_window import Calibrated, Calls, ProfitByReach, WindowFigures
from churnkit.results.found import Found
from churnkit.results.rows import frame_of
from churnkit.results.value_errors import ValueErrors
from churnkit.services.decide.model_views import quality_view
from churnkit.services.decide.value_error_views import WORDS as VALUE_WORDS
from churnkit.services.decide.value_error_views import value_errors, year_note
from churnkit.text.figures import count, day, days, escape_markdown, money, percent, score
from churnkit.text.terms import term
from churnkit.ui.calibration_view import calibration_view
from churnkit.ui.opened import Opened
from churnkit.ui.parts import note, value_or_note
from churnkit.ui.population_choice import of_the_active
from churnkit.ui.tables import table

QUALITY_COLUMNS = (
    "quality.population",
    "roc_auc",
    "roc_auc_low",
    "expected_churn_rate",
    "actual_churn_rate",
    "log_loss",
    "log_loss_of_base_rate",
    "ece",
    "lift_at_20",
    "past.expected_spend",
    "actual_spend",
    "quality.windows",
    "quality.customers",
)

VALUE_COLUMNS = (
    "value_error.quantity",
    "value_error.span_days",
    "value_error.population",
    "value_error.forecasts",
    "value_error.mean_actual",
    "value_error.mae",
    "value_error.mae_repeat",
    "value_error.rmse",
    "value_error.rmse_repeat",
)


def window_words(opened: Opened) -> str:
    """The window that everything out of time is measured on."""
    results = opened.results
    return f"the {days(results.horizon_days)} from {day(results.evidence.test_cutoff)}"


def window_view(opened: Opened) -> None:
    """Everything measured on the window, or why there is none."""
    _quality(opened)
    _value(opened)
    found = _chosen(opened)
    if found is None:
        return
    st.caption(f"All that follows is {window_words(opened)}, forecast with what was known before it.")
    _ranking(opened, found)
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        _calibration(opened, found.calibration)
    with right, st.container(border=True, height="stretch"):
        _calls(opened, found.confusion)
    calibration_view(opened)
    with st.container(border=True):
        _profit(opened, found.profit)


def _quality(opened: Opened) -> None:
    """The active first, all beside them, over all past dates."""
    results = opened.results
    table_of_both = quality_view(results)
    if table_of_both.empty:
        return
    st.caption(
        "Forecasts at past dates that do not overlap, against what came. The grade rests on the active: whom a shop can"
        " still keep."
    )
    table(
        table_of_both,
        QUALITY_COLUMNS,
        key="quality_table",
        alt="Quality of the forecast of active customers and of all",
        currency=opened.currency,
    )


def _value(opened: Opened) -> None:
    """How far the value of single customers was off."""
    found = value_errors(opened.results)
    if not found:
        return
    with st.expander("How far off the value of a customer was (MAE, RMSE)", icon=":material/straighten:"):
        st.caption(VALUE_WORDS)
        table(
            frame_of(ValueErrors, found),
            VALUE_COLUMNS,
            key="value_errors",
            alt="Mean absolute and root mean squared error of the value of a customer",
            currency=opened.currency,
        )
        why = year_note(opened.results)
        if why:
            note(why)


def _chosen(opened: Opened) -> WindowFigures | None:
    """The window of the active or of all; what there is where one of them could not be measured."""
    evidence = opened.results.evidence
    active, everybody = evidence.window_active, evidence.window
    if isinstance(active, Found):
        return value_or_note(active if of_the_active("window_population") else everybody)
    if everybody != active:
        note(active.reason)
    return value_or_note(everybody)


def _ranking(opened: Opened, found: WindowFigures) -> None:
    left, right = st.columns(2)
    with left, st.container(border=True):
        st.header("Ranking", help=term("auc"), anchor=False)
        opened.chart(charts.roc, found.roc, alt="ROC curve of champion and simple rules", key="roc")
    with right, st.container(border=True):
        st.header("Precision and recall", help=term("precision"), anchor=False)
        opened.chart(
            charts.precision_recall,
            found.precision_recall,
            found.quality.actual_churn_rate if found.quality else None,
            alt="Precision against recall of champion and simple rules",
            key="precision_recall",
        )


def _calibration(opened: Opened, found: Calibrated) -> None:
    st.header("Calibration", help=term("ece"), anchor=False)
    opened.chart(
        charts.calibration,
        found,
        alt=f"Share who left against probability given, in {found.bin_count} groups; ECE {score(found.ece)}",
        key="calibration",
    )
    st.caption(
        f"Expected calibration error {percent(found.ece)} over {count(found.bin_count)} groups of equal size."
    )


def _calls(opened: Opened, found: Calls) -> None:
    st.header("Right and wrong calls", anchor=False)
    opened.chart(charts.confusion, found, alt=" ".join(found.words), key="confusion")
    for sentence in found.words:
        st.markdown(f"- {escape_markdown(sentence, 400)}")
    st.caption(
        f"Called are customers at {percent(found.threshold)} and above: of all customers as many as were expected to"
        " leave."
    )


def _profit(opened: Opened, found: ProfitByReach) -> None:
    currency = opened.currency
    st.header("Profit by reach", anchor=False)
    opened.chart(
        charts.profit,
        found,
        currency,
        alt="What contacting the first so many customers would have earned, by order of contact",
        key="profit",
    )
    st.caption(
        f"At {escape_markdown(money(found.contact_cost, currency))} a contact and a success rate of"
        f" {percent(found.save_rate)}; a saved customer is worth the usual spend of"
        f" {days(opened.results.horizon_days)}. Everybody contacted:"
        f" {escape_markdown(money(found.everybody, currency))}."
    )

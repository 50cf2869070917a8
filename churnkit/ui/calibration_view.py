"""All ways of calibrating a model beside each other."""

from __future__ import annotations

import streamlit as st

from churnkit.charts.measure_charts import calibration_methods
from churnkit.services.decide.calibration_views import calibrated_models, method_curves, methods_table
from churnkit.tournament.names import model_label
from churnkit.ui.opened import Opened
from churnkit.ui.parts import chart
from churnkit.ui.tables import table

_COLUMNS = ("method.name", "log_loss", "ece", "method.about")


def calibration_view(opened: Opened) -> None:
    """A choice of model, its curves by way of calibrating, and their figures; nothing in an earlier run."""
    models = calibrated_models(opened.results)
    if not models:
        return
    with st.container(border=True):
        st.header("Ways of calibrating", anchor=False)
        st.caption(
            "Calibrating turns a model's order into probabilities that come true. Each way was fitted on the other folds"
            " and judged on the one left out. The one with the lowest log loss is taken, a more flexible one only where it"
            " is clearly better."
        )
        chosen = st.selectbox(
            "Model", models, format_func=model_label, key="calibrated_model", bind="query-params", width=320
        )
        curves = method_curves(opened.results, chosen)
        chart(
            calibration_methods(curves),
            "Share who left against probability given, by way of calibrating",
            key="calibration_methods",
        )
        table(methods_table(curves), _COLUMNS, key="methods", alt="Ways of calibrating with their figures")

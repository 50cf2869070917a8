"""The sets of parameters that were tried for a model."""

from __future__ import annotations

import streamlit as st

from churnkit.services.decide.trial_views import trials_view, tuned_models
from churnkit.tournament.names import model_label
from churnkit.ui.opened import Opened
from churnkit.ui.tables import table

_COLUMNS = ("trial.trial", "trial.outcome", "log_loss", "trial.folds", "fit_seconds", "trial.params")


def trials_expander(opened: Opened) -> None:
    """A choice of model and its trials, best first; nothing in an earlier run."""
    models = tuned_models(opened.results)
    if not models:
        return
    with st.expander("Sets of parameters that were tried", icon=":material/tune:"):
        st.caption(
            "Each model was tried with its defaults and with other settings, judged by log loss on the validation folds; the"
            " best set competed. Look here before giving the tuning more time: where the best sets lie close together, more"
            " time will change little."
        )
        chosen = st.selectbox(
            "Model", models, format_func=model_label, key="tuned_model", bind="query-params", width=320
        )
        table(
            trials_view(opened.results, chosen),
            _COLUMNS,
            key="trials",
            alt=f"Sets of parameters tried for {model_label(chosen)}",
        )

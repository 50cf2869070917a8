"""A table of any experiment: which column is which, and what it tells about whom to contact."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from churnkit.accounts import Action
from churnkit.services.campaign.any_experiment import (
    Experiment,
    WorkedOut,
    compare_alike,
    read_experiment,
    work_out_experiment,
)
from churnkit.text.figures import decimal, escape_markdown
from churnkit.ui import keys
from churnkit.ui.parts import definitions, guarded
from churnkit.ui.rights import needs
from churnkit.ui.small_files import small_table
from churnkit.ui.tables import table as shown_table
from churnkit.ui.uplift_view import uplift_view

_MAX_MB = 50
_MAX_VALUES = 50


def experiment_form() -> None:
    """A table from anywhere: who was contacted, what came of it."""
    st.caption(
        "One row per customer: a column that says who was contacted, a column of money or of 0 and 1, and what was known"
        " before. Contacting must have been drawn at random; that is checked."
    )
    file = st.file_uploader(
        "Table of the experiment",
        ["csv", "xlsx"],
        key="experiment_file",
        max_upload_size=_MAX_MB,
        **needs(Action.UPLOAD),
    )
    if file is None:
        return
    with guarded():
        table = _typed(file.file_id, small_table(file, "an experiment", keys.EXPERIMENT_TABLE))
        wish = _choices(table)
        if wish is not None:
            _answer(file.file_id, wish, table)
    definitions("uplift", "qini", "holdout")


@st.cache_data(max_entries=2, show_spinner="Reading the table …")
def _typed(file_id: str, _table: pd.DataFrame) -> pd.DataFrame:
    """An uploaded experiment, columns of numbers as numbers."""
    return read_experiment(_table)


@st.cache_resource(max_entries=2, show_spinner="Learning from both groups …")
def _worked_out(file_id: str, wish: Experiment, _table: pd.DataFrame) -> WorkedOut:
    """Its uplift, worked out once."""
    return work_out_experiment(_table, wish)


def _choices(table: pd.DataFrame) -> Experiment | None:
    """Which column is which."""
    columns = [str(name) for name in table.columns]
    with st.grid(3, min_column_width=220, gap="small"):
        arm = st.selectbox("Contacted, by column", columns, key="experiment_arm", index=None)
        values = sorted(table[arm].astype(str).unique())[:_MAX_VALUES] if arm else []
        contacted = st.selectbox("means contacted", values, key="experiment_value", index=None)
        spared = st.selectbox(
            "means not contacted", [v for v in values if v != contacted], key="experiment_base", index=None
        )
        outcome = st.selectbox(
            "Outcome", [c for c in columns if c != arm], key="experiment_outcome", index=None
        )
        cost = st.number_input("Cost of a contact", 0.0, value=0.1, key="experiment_cost")
        left_out = st.multiselect(
            "Not known before (left out)",
            [c for c in columns if c not in (arm, outcome)],
            key="experiment_not",
            placeholder="results, ids",
        )
    if not (arm and contacted and spared and outcome):
        return None
    return Experiment(arm, contacted, spared, outcome, cost, tuple(left_out))


def _answer(file_id: str, wish: Experiment, table: pd.DataFrame) -> None:
    """The answer to the last press of the button, while the choices stand as they were then."""
    if st.button("Work it out", type="primary", key="experiment_go"):
        st.session_state[keys.EXPERIMENT] = (file_id, wish)
    if st.session_state.get(keys.EXPERIMENT) != (file_id, wish):
        return
    found = _worked_out(file_id, wish, table)
    if found.analysis is None:
        st.error(escape_markdown(found.refused, 1000), icon=":material/block:")
        _alike(table, wish)
    else:
        uplift_view(found.analysis, None)


def _alike(table: pd.DataFrame, wish: Experiment) -> None:
    """The second-best: matching, with overlap and balance shown."""
    with st.container(border=True):
        st.markdown("**Compare alike customers instead**")
        matched = compare_alike(table, wish)
        st.markdown(escape_markdown(matched.words(), 800))
        if matched.effect is not None:
            st.metric(
                "Difference within pairs", decimal(matched.effect.value, 3), help="A hint, not a proof."
            )
            st.caption(f"95 %: {decimal(matched.effect.low, 3)} to {decimal(matched.effect.high, 3)}")
        shown_table(
            matched.balance,
            ("balance.feature", "balance.before", "balance.after"),
            key="balance_table",
            alt="Differences between contacted and others, before and after matching",
        )

"""Hypothetical customers: a small file of orders, scored by a worker, and what it says of them."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import streamlit as st

from churnkit.accounts import Action
from churnkit.errors import ChurnkitError
from churnkit.services.look.received_files import known_suffix
from churnkit.services.whatif.hypothetical_files import hypothetical_template, scored_customers
from churnkit.text.figures import count, day
from churnkit.ui import keys
from churnkit.ui.opened import Opened
from churnkit.ui.parts import csv_bytes, download, guarded, show_error
from churnkit.ui.rights import needs
from churnkit.ui.scoring_job import finished_scoring
from churnkit.ui.tables import table as shown_table
from churnkit.ui.upload_widget import release

SCORED = (
    "customer_id",
    "p_churn",
    "risk_tier",
    "expected_spend",
    "clv",
    "factor_1",
    "factor_2",
    "factor_3",
)
LIMIT_MB = 20
SHOWN_ROWS = 500


def hypothetical(opened: Opened) -> None:
    """Customers who do not exist, scored as if they stood among the shop's."""
    st.write(
        f"Write down the orders of customers that you have in mind, all of them before {day(opened.results.cutoff)}, and see"
        " what would be forecast for them. Nothing is trained, and nothing is added to the analysis."
    )
    template = hypothetical_template(opened.results)
    st.code(template.to_csv(index=False), language=None)
    download(
        "Template",
        lambda: csv_bytes(template),
        "hypothetical_customers.csv",
        "text/csv",
        key="score_template",
    )
    if not opened.mine:
        st.caption("Opened from a link: only its owner can score a file.")
        return
    error = st.session_state.pop(keys.SCORE_ERROR, None)
    if error is not None:
        show_error(error)
    version = st.session_state.setdefault(keys.SCORE_VERSION, 0)
    st.file_uploader(
        "Orders of hypothetical customers",
        type=["csv", "tsv", "txt", "xlsx", "parquet", "zip", "gz"],
        key=keys.score_file(version),
        on_change=_score_file,
        args=(opened,),
        max_upload_size=LIMIT_MB,
        **needs(Action.RUN, help="In the columns of your own export, or in those of the template."),
    )
    job = opened.workspace.platform.scoring(opened.store, opened.session.session_id, "imagined")
    active = job is not None and job.status in ("pending", "running")
    st.fragment(_scoring, run_every=0.5 if active else None)(opened, active)


def _score_file(opened: Opened) -> None:
    """Hand the chosen file to a worker and let its bytes go."""
    version = st.session_state.get(keys.SCORE_VERSION, 0)
    file = st.session_state.get(keys.score_file(version))
    if file is None:
        return
    try:
        with TemporaryDirectory(prefix="churnkit-score-") as folder:
            copy = Path(folder) / f"orders{known_suffix(file.name)}"
            with copy.open("wb") as target:
                shutil.copyfileobj(file, target)
            opened.workspace.platform.start_scoring(opened.store, opened.session.session_id, copy)
    except ChurnkitError as error:
        st.session_state[keys.SCORE_ERROR] = error
    release(file)
    st.session_state[keys.SCORE_VERSION] = version + 1


def _scoring(opened: Opened, polling: bool) -> None:
    """The newest scoring: under way, failed, or its table."""
    job = finished_scoring(opened, "imagined", stop_key="score_stop", polling=polling)
    if job is None:
        return
    with guarded():
        table = scored_customers(opened.workspace.platform.scored(opened.store.jobs.get(job.job_id)))
        _scored_table(table, opened.currency)


def _scored_table(table: pd.DataFrame, currency: str | None) -> None:
    """Probabilities and reasons of the hypothetical customers."""
    shown_table(
        table.head(SHOWN_ROWS),
        SCORED,
        key="scored_table",
        alt="Hypothetical customers with probability and reasons",
        currency=currency,
    )
    if len(table) > SHOWN_ROWS:
        st.caption(f"The first {count(SHOWN_ROWS)} of {count(len(table))}; the file has all.")
    download("Scores as CSV", lambda: csv_bytes(table, currency), "scored.csv", "text/csv", key="scored_csv")

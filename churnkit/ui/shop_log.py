"""What happened to the shop's model and data, newest first."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from churnkit.results.shop_events import EventKind
from churnkit.text.respelling import respelled
from churnkit.ui.opened import Opened
from churnkit.ui.parts import csv_bytes, download, note
from churnkit.ui.tables import table

MODEL: tuple[EventKind, ...] = (
    "run_ready",
    "scorecard_ready",
    "drift_found",
    "retrain_proposed",
    "retrain_started",
    "challenger_kept",
    "challenger_refused",
    "promoted",
    "rolled_back",
    "rollout_changed",
)
TROUBLE: tuple[EventKind, ...] = (
    "run_failed",
    "addition_failed",
    "scoring_fell_back",
    "data_incident",
    "data_stale",
    "source_failed",
    "source_asks",
    "schedule_missed",
    "schedule_failed",
    "export_missed",
    "destination_failed",
    "copy_failed",
    "follow_up_failed",
)
_SHOWN = {"Model": MODEL, "Failures and data": TROUBLE}


def shop_log(opened: Opened) -> None:
    """The log of the model, or that of failures."""
    which = st.segmented_control(
        "Which log",
        list(_SHOWN),
        default="Model",
        required=True,
        key="log_kind",
        bind="query-params",
        label_visibility="collapsed",
    )
    events = opened.store.events.of_shop(opened.session.session_id, kinds=_SHOWN[which])
    if not events:
        note("Nothing has happened yet." if which == "Model" else "Nothing has failed.")
        return
    frame = pd.DataFrame(
        {
            "at": [one.happened_at for one in events],
            "what": [one.kind.replace("_", " ") for one in events],
            "words": [respelled(one.sentence) for one in events],
        }
    )
    table(frame, ("event.at", "event.what", "event.words"), key="shop_log", alt="What happened", height=480)
    download("The log as CSV", lambda: csv_bytes(frame), "log.csv", "text/csv", key="log_csv")

"""Kinds of events in the life of a shop. What each means to a reader stands in ``churnkit.alerts.catalogue``."""

from __future__ import annotations

from typing import Literal

EventKind = Literal[
    "run_ready",
    "run_failed",
    "addition_ready",
    "addition_failed",
    "source_failed",
    "source_asks",
    "schedule_missed",
    "schedule_failed",
    "export_missed",
    "data_stale",
    "data_incident",
    "churn_up",
    "risk_crossed",
    "drift_found",
    "scorecard_ready",
    "retrain_proposed",
    "retrain_started",
    "challenger_kept",
    "challenger_refused",
    "promoted",
    "rolled_back",
    "rollout_changed",
    "scoring_fell_back",
    "campaign_ended",
    "readout_ready",
    "destination_failed",
    "copy_failed",
    "follow_up_failed",
    "customer_erased",
]
"""``export_missed``: no new orders came when they should have; ``data_stale``: the newest order is older than the shop's
own rhythm allows; ``data_incident``: something about a file that somebody should look at; ``scoring_fell_back``: the
model could not score and a simple rule did; ``copy_failed``: a copy of a run (object storage, MLflow) was not made."""

"""Folders of made-up runs: forty customers with the files that a later run judges them by."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from churnkit.results.files import write_document, write_frame
from churnkit.results.found import Found
from tests.made_evidence import made_evidence, made_recommendation
from tests.made_report import made_summary

CUSTOMERS = 40
ACTIVE = 36
FEATURES = ("f0", "f1")


def made_run(
    folder: Path,
    cutoff: datetime,
    *,
    horizon_days: int = 30,
    bought_in_window: int = 20,
    window: datetime | None = None,
    f0: float = 0.0,
) -> Path:
    """A run's folder. Customers c00 to c35 are active, the last four lapsed; the first are the riskiest.

    Parameters
    ----------
    bought_in_window
        So many of the active, the least risky, have an order of 50 five days after ``window``.
    f0
        What the first feature of every customer is moved by.
    """
    folder.mkdir(parents=True)
    summary = made_summary()
    question = replace(summary.question, cutoff=cutoff, horizon_days=horizon_days, labelled_cutoffs=())
    scope = replace(summary.profile.scope, first_order=(cutoff - timedelta(days=200)).date())
    write_document(
        replace(summary, question=question, profile=replace(summary.profile, scope=scope)),
        folder / "summary.json",
    )
    evidence = made_evidence()
    write_document(
        replace(
            evidence,
            importance=evidence.importance[: len(FEATURES)],
            recommended=Found(made_recommendation(contacted=10)),
        ),
        folder / "evidence.json",
    )
    write_frame(_customers(), folder / "customers.parquet")
    write_frame(_rows(cutoff, f0), folder / "scored.parquet")
    write_frame(_rows(cutoff, f0), folder / "panel.parquet")
    write_frame(pd.DataFrame({"cutoff": [], "p_churn": [], "recency_days": []}), folder / "past.parquet")
    write_frame(_orders(cutoff, window, bought_in_window), folder / "transactions.parquet")
    return folder


def _customers() -> pd.DataFrame:
    number = pd.Series(range(CUSTOMERS))
    active = number < ACTIVE
    return pd.DataFrame(
        {
            "customer_id": [f"c{k:02d}" for k in number],
            "rank": number + 1,
            "status": active.map({True: "active", False: "lapsed"}),
            "p_churn": (0.95 - number * 0.02).round(4),
            "p_alive": 1.0,
            "risk_tier": active.map({True: "medium", False: None}),
            "value_at_risk": 10.0,
            "recency_days": active.map({True: 10, False: 90}),
            "order_count": 2,
            "monetary_total": 100.0,
            "spend_last_year": 100.0,
            "mean_order_value": 50.0,
            "expected_orders": 1.0,
            "expected_spend": 30.0,
            "clv": 100.0,
            "clv_if_kept": 120.0,
            "clv_if_lost": 20.0,
        }
    )


def _rows(cutoff: datetime, f0: float) -> pd.DataFrame:
    number = pd.Series(range(CUSTOMERS))
    return pd.DataFrame(
        {
            "customer_id": [f"c{k:02d}" for k in number],
            "cutoff": pd.Timestamp(cutoff).as_unit("us"),
            "recency_days": (number < ACTIVE).map({True: 10, False: 90}),
            "f0": number + f0,
            "f1": number % 7,
        }
    )


def _orders(cutoff: datetime, window: datetime | None, buyers: int) -> pd.DataFrame:
    rows = [(f"c{k:02d}", f"o{k}", (window or cutoff) - timedelta(days=40), 50.0) for k in range(CUSTOMERS)]
    if window is not None:
        rows += [
            (f"c{k:02d}", f"n{k}", window + timedelta(days=5), 50.0) for k in range(ACTIVE - buyers, ACTIVE)
        ]
    frame = pd.DataFrame(rows, columns=["customer_id", "order_id", "ordered_at", "amount"])
    frame["ordered_at"] = frame["ordered_at"].astype("datetime64[us]")
    return frame.assign(is_return=False, source_row=range(1, len(frame) + 1))

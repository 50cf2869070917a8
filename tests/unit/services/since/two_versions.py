"""Two versions of a made-up shop, a hundred days apart, small enough to follow each customer by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from churnkit.results.files import write_document, write_frame
from churnkit.results.folders import Results
from tests.made_look import made_facts
from tests.made_report import made_summary

BEFORE, NOW = datetime(2025, 3, 1), datetime(2025, 6, 9)
HORIZON = 60

# By customer: recency, tier, p_churn, clv, clv_if_kept and value_at_risk then.
THEN = {
    "ann": (10, "low", 0.1, 200.0, 220.0, 20.0),
    "bob": (50, "high", 0.8, 50.0, 200.0, 100.0),
    "cat": (5, "low", 0.2, 300.0, 350.0, 60.0),
    "dan": (90, None, 0.9, 10.0, 90.0, 0.0),
    "eve": (20, "medium", 0.5, 100.0, 180.0, 80.0),
    "fay": (200, None, 0.95, 5.0, 80.0, 0.0),
    "gus": (30, "high", 0.7, 60.0, 150.0, 90.0),
}
AFTER = {
    "ann": (55, "high", 0.85, 90.0, 600.0, 500.0),
    "bob": (3, "low", 0.1, 260.0, 300.0, 30.0),
    "cat": (105, None, 0.9, 30.0, 350.0, 0.0),
    "dan": (7, "medium", 0.4, 120.0, 160.0, 60.0),
    "eve": (40, "medium", 0.5, 110.0, 170.0, 85.0),
    "fay": (300, None, 0.97, 4.0, 70.0, 0.0),
    "hal": (12, "high", 0.75, 40.0, 130.0, 95.0),
}
# Ann, Bob, Dan, Eve and Hal bought since; Bob gave one of his two purchases back, Gus is not there any more.
LINES = [
    ("A1", "ann", "2025-02-19", "tea", 1, 20.0),
    ("A2", "bob", "2025-01-10", "tea", 1, 30.0),
    ("A3", "cat", "2025-02-24", "tea", 1, 40.0),
    ("A4", "dan", "2024-12-01", "tea", 1, 10.0),
    ("A5", "eve", "2025-02-09", "tea", 1, 15.0),
    ("A6", "fay", "2024-08-13", "tea", 1, 5.0),
    ("A0", "fay", "2024-07-01", "tea", 1, 5.0),
    ("B1", "ann", "2025-04-15", "tea", 1, 25.0),
    ("B2", "bob", "2025-04-01", "mug", 1, 12.0),
    ("B3", "bob", "2025-04-05", "mug", -1, -12.0),
    ("B4", "bob", "2025-06-06", "tea", 1, 70.0),
    ("B5", "dan", "2025-06-02", "tea", 1, 45.0),
    ("B6", "eve", "2025-04-30", "pot", 1, 35.0),
    ("B7", "hal", "2025-05-28", "pot", 1, 55.0),
]


def version(
    folder: Path, cutoff: datetime, customers: Mapping[str, tuple[object, ...]], *, horizon: int = HORIZON
) -> Results:
    """A folder with what comparing reads."""
    folder.mkdir(parents=True)
    names = ("recency_days", "risk_tier", "p_churn", "clv", "clv_if_kept", "value_at_risk")
    frame = (
        pd.DataFrame.from_dict(dict(customers), orient="index", columns=list(names))
        .rename_axis("customer_id")
        .reset_index()
    )
    frame = frame.assign(
        rank=range(1, len(frame) + 1),
        status=["active" if days <= horizon else "lapsed" for days in frame["recency_days"]],
        last_purchase_at=cutoff - pd.to_timedelta(frame["recency_days"], unit="D"),
        mean_order_value=20.0,
        factor_1="Bought seldom",
    )
    write_frame(frame, folder / "customers.parquet")
    lines = pd.DataFrame(
        LINES, columns=["order_id", "customer_id", "ordered_at", "product_id", "quantity", "amount"]
    )
    lines = lines.assign(
        ordered_at=pd.to_datetime(lines["ordered_at"]).astype("datetime64[us]"),
        quantity=lines["quantity"].astype(float),
        source_row=range(1, len(lines) + 1),
    )
    write_frame(lines[lines["ordered_at"] < cutoff], folder / "transactions.parquet")
    summary = made_summary()
    question = replace(summary.question, horizon_days=horizon, cutoff=cutoff)
    write_document(replace(summary, question=question), folder / "summary.json")
    write_document(made_facts(currency="EUR"), folder / "look.json")
    return Results(folder)


def both(tmp_path: Path) -> tuple[Results, Results]:
    """The earlier and the later one."""
    return version(tmp_path / "before", BEFORE, THEN), version(tmp_path / "now", NOW, AFTER)

"""The file of hypothetical customers that goes in, and the table that comes out."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from churnkit.results.folders import Results
from churnkit.results.look_folder import reading_file


def hypothetical_template(results: Results) -> pd.DataFrame:
    """Orders of two made-up customers before the analysis' cutoff, to be overwritten: one just new, one silent for long."""
    cutoff = datetime.fromisoformat(results.cutoff)
    order = float(results.customers["mean_order_value"].median()) if len(results.customers) else 50.0
    horizon = results.horizon_days
    purchases = [("new", 5), ("silent", horizon + 20), ("silent", horizon + 50), ("silent", horizon + 90)]
    return pd.DataFrame(
        {
            "customer_id": [who for who, _ in purchases],
            "order_id": [f"T{number}" for number in range(1, len(purchases) + 1)],
            "order_date": [f"{cutoff - timedelta(days=ago):%Y-%m-%d}" for _, ago in purchases],
            "amount": [round(order, 2)] * len(purchases),
        }
    )


def scored_customers(path: Path) -> pd.DataFrame:
    """What a scoring left: customers with probability, tier, expected spend, value of a year and reasons."""
    with reading_file(path):
        return pd.read_parquet(path)

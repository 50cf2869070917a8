"""Small made-up shops for tests: seeded, with known behaviour."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd


def order_lines(
    *,
    customers: int,
    days: int,
    seed: int = 7,
    start: datetime = datetime(2025, 1, 6),
    drop_out_rate: float = 0.12,
) -> pd.DataFrame:
    """Orders of customers with rates and drop-out of their own: customer_id, order_id, ordered_at, amount.

    Customers arrive over the first half; each buys as a Poisson process until, after some purchase, they are gone.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(customers):
        mean_gap_days = rng.gamma(4.0, 8.0) + 3.0
        day = rng.uniform(0, days / 2)
        value = rng.lognormal(3.2, 0.5)
        while day < days:
            at = start + timedelta(days=float(day))
            rows.append(
                (f"{number:05d}", at.replace(microsecond=0), round(float(value * rng.lognormal(0, 0.3)), 2))
            )
            if rng.random() < drop_out_rate:
                break
            day += rng.exponential(mean_gap_days) + 0.5
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"]).sort_values("ordered_at")
    frame.insert(1, "order_id", [f"A{n}" for n in range(1000, 1000 + len(frame))])
    return frame.reset_index(drop=True)

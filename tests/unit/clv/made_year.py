"""A rule and customers for tests of the year."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from churnkit.clv import YearModel
from churnkit.results.year_forecast import YearForecast, YearRule, YearShares


def made_rule(**changes: Any) -> YearRule:
    """Kept: half the pace and a quarter of the own record; lost: half the own record times min(1, 2 (1 - p))."""
    values: dict[str, Any] = {
        "days": 365,
        "horizon_days": 73,
        "own_days": 365,
        "kept": YearShares(pace=0.5, own=0.25, base=0.0),
        "lost": YearShares(pace=0.0, own=0.5, base=0.0),
        "level": 1.0,
        "newcomer": 50.0,
        "edges": (100.0, 1e9),
        "low": (0.0, 0.5),
        "high": (2.0, 1.5),
        "spread": 0.0,
    }
    return YearRule(**(values | changes))


def made_model(**changes: Any) -> YearModel:
    return YearModel(
        YearForecast(
            basis="learned",
            words="Learned.",
            notes=(),
            learned_at=(datetime(2025, 1, 1),),
            learned_days=365,
            scale=1.0,
            total=0.0,
            total_low=0.0,
            total_high=0.0,
            backtests=(),
            rule=made_rule(**changes),
        )
    )


def customers(net: list[float], tenure_days: list[int] | None = None) -> pd.DataFrame:
    """Customers whose net spend all fell into the last year."""
    return pd.DataFrame(
        {
            "customer_id": [f"c{n}" for n in range(len(net))],
            "monetary_total": net,
            "spend_365d": net,
            "tenure_days": tenure_days or [0] * len(net),
            "monetary_mean": net,
            "p_alive": [1.0] * len(net),
        }
    )

"""A made-up shop's customers for campaigns."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="session")
def shop() -> Callable[[int, int], pd.DataFrame]:
    """Customers by number and seed: p_churn, p_alive, clv, clv_if_kept, mean_order_value, order_count, ids, tiers."""
    return _shop


def _shop(count: int, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    p = rng.beta(2.0, 1.5, count)
    kept = rng.lognormal(4.8, 0.8, count)
    return pd.DataFrame(
        {
            "customer_id": [f"{n:05d}" for n in range(count)],
            "p_churn": p,
            "p_alive": 1 - p * rng.random(count),
            "clv": (1 - p) * kept + p * 0.1 * kept,
            "clv_if_kept": kept,
            "mean_order_value": rng.lognormal(3.4, 0.5, count),
            "order_count": rng.integers(1, 12, count),
            "risk_tier": np.select([p > 0.7, p > 0.4], ["high", "medium"], "low"),
        }
    )

"""The strongest risk factors of each customer as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from churnkit.services.decide.top_factors import top_risk_factors


def test_what_raises_the_risk_most_comes_first(tmp_path: Path) -> None:
    file = tmp_path / "contributions.parquet"
    pd.DataFrame(
        {"customer_id": ["a", "b"], "recency_days": [1.0, -1.0], "order_count": [0.25, 0.75]}
    ).to_parquet(file)
    found = top_risk_factors(file)
    factors = [json.loads(text) for text in found.loc[["a", "b"]]]
    assert [[(factor["feature"], factor["impact"]) for factor in one] for one in factors] == [
        [("recency_days", 1.0)],
        [("order_count", 0.25)],
    ]
    assert factors[0][0]["factor"] != "recency_days"

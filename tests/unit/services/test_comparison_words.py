"""A comparison as it is read."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.segments import compare
from churnkit.services.decide.comparison_words import written_comparison
from churnkit.text.figures import percent, points


def test_every_figure_in_its_own_unit() -> None:
    customers = pd.DataFrame(
        {
            "p_churn": [0.8] * 10 + [0.2] * 10,
            "recency_days": [50] * 10 + [10] * 10,
            "mean_order_value": [20.0] * 10 + [35.5] * 10,
        }
    )
    first = np.arange(20) < 10
    found = compare(customers, first, ~first, defining=["recency_days"])
    read = written_comparison(found, "EUR").set_index("figure")
    assert [str(read.at["p_churn", name]) for name in ("mean_a", "mean_b")] == [percent(0.8), percent(0.2)]
    assert str(read.at["p_churn", "apart"]) == f"{points(0.6)} points ({points(0.6)} to {points(0.6)})"
    assert str(read.at["recency_days", "mean_a"]) == "50 days"
    assert str(read.at["mean_order_value", "median_b"]) == "€35.50"
    assert str(read.at["mean_order_value", "apart"]).startswith("-€15.50 (")


def test_what_is_too_little_to_tell_is_no_figure() -> None:
    customers = pd.DataFrame({"p_churn": [0.8] * 3 + [0.2] * 10})
    first = np.arange(13) < 3
    read = written_comparison(compare(customers, first, ~first), None)
    assert read["apart"].tolist() == ["–"] and read["verdict"].tolist() == ["too few to tell"]

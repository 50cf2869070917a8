"""By which figures groups stand apart, against Mann and Whitney's own test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.segments.distinctions import distinctions
from churnkit.segments.significance import mann_whitney

NAMES = ("recency_days", "weekend_share", "quantity_per_order", "hour_mean")


@pytest.fixture
def rows() -> pd.DataFrame:
    """200 customers: the first 60 are one group, buy at weekends and carry a mirror of what made the group."""
    rng = np.random.default_rng(1)
    inside = np.arange(200) < 60
    recency = np.where(inside, 10.0, 50.0) + rng.normal(0, 2, 200)
    table = pd.DataFrame(
        {
            "recency_days": recency,
            "recency_tenure_ratio": recency / 100,
            "weekend_share": np.where(inside, 0.6, 0.2) + rng.normal(0, 0.2, 200),
            "quantity_per_order": rng.normal(3, 1, 200),
            "hour_mean": 12.0,
        }
    )
    table.loc[5:9, "weekend_share"] = np.nan
    return table


GROUPS = np.array(["near"] * 60 + ["far"] * 140, dtype=object)


def test_what_differs_and_what_does_not(rows: pd.DataFrame) -> None:
    found = distinctions(rows, GROUPS, [*NAMES, "recency_tenure_ratio"], ["recency_days"])
    assert [one.name for one in found["near"]] == ["weekend_share"]
    known = rows["weekend_share"].notna()
    by_hand = mann_whitney(
        rows["weekend_share"][known & (GROUPS == "near")].to_numpy(),
        rows["weekend_share"][known & (GROUPS == "far")].to_numpy(),
    )
    assert found["near"][0].p_above == pytest.approx(by_hand.effect)
    assert found["far"][0].p_above == pytest.approx(1 - by_hand.effect)


def test_a_mirror_of_what_made_the_groups_is_no_news(rows: pd.DataFrame) -> None:
    told = distinctions(rows, GROUPS, ["recency_tenure_ratio"], [])
    assert [one.name for one in told["near"]] == ["recency_tenure_ratio"]
    assert distinctions(rows, GROUPS, ["recency_tenure_ratio"], ["recency_days"])["near"] == []


def test_a_handful_says_nothing(rows: pd.DataFrame) -> None:
    few = np.where(np.arange(200) < 7, "few", "many").astype(object)
    assert distinctions(rows, few, NAMES, [])["few"] == []

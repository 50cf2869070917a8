"""New customers' early sign, on panels with outcomes set by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.services.decide.early_signs import MIN_CUSTOMERS, NEW_DAYS, new_customer_sign, tier_moves

EARLIER, LATER = datetime(2026, 1, 1), datetime(2026, 4, 1)
HORIZON_DAYS = 80


class Stored(Results):
    """A run of which some files are there."""

    horizon_days = HORIZON_DAYS


def new_ones(cutoff: datetime, silent: list[float], quick: list[float]) -> pd.DataFrame:
    """One order and 30 days of silence with these outcomes, and two orders with those; one who is not new."""
    rows = [(cutoff, NEW_DAYS, 1, 30, left) for left in silent]
    rows += [(cutoff, 40, 2, 30, left) for left in quick]
    rows += [(cutoff, NEW_DAYS + 1, 1, 30, 1.0), (cutoff, 85, 1, HORIZON_DAYS + 1, 1.0)]
    return pd.DataFrame(rows, columns=["cutoff", "tenure_days", "order_count", "recency_days", "churned"])


def stored(folder: Path, silent: list[float], quick: list[float]) -> Results:
    earlier = new_ones(EARLIER, [1.0] * 5, [0.0] * 5)
    now = new_ones(datetime(2026, 7, 1), [float("nan")] * 3, [float("nan")] * 2)
    pd.concat([earlier, new_ones(LATER, silent, quick), now]).to_parquet(folder / "panel.parquet")
    now.assign(customer_id=[f"c{k}" for k in range(len(now))]).drop(columns="churned").to_parquet(
        folder / "scored.parquet"
    )
    pd.DataFrame(
        {
            "customer_id": [f"c{k}" for k in range(len(now))],
            "status": "active",
            "value_at_risk": [10.0] * len(now),
            "risk_tier": ["high", "high", "medium", "low", None, "high", "low"],
            "risk_tier_before": ["medium", "low", "low", "low", "low", "medium", None],
        }
    ).to_parquet(folder / "customers.parquet")
    return Stored(folder)


def test_who_was_silent_left_more_often(tmp_path: Path) -> None:
    found = new_customer_sign(stored(tmp_path, [1.0] * 20 + [0.0] * 5, [1.0] * 5 + [0.0] * 20))
    assert isinstance(found, Found)
    sign = found.value
    assert (sign.silent_days, sign.new_now, sign.showing_now) == (30, 5, 3)
    assert sign.value_at_risk == pytest.approx(30.0)
    assert (sign.showing_then, sign.left_showing) == (25, pytest.approx(0.8))
    assert (sign.others_then, sign.left_others) == (25, pytest.approx(0.2))
    assert "Of 25 like them on 1 Apr 2026 80 % left; of the 25 other new ones 20 %." in (
        sign.words().replace("\u202f", " ")
    )
    assert [(bound.feature, bound.operator, bound.value) for bound in sign.filter.bounds] == [
        ("tenure_days", "<=", 91.0),
        ("order_count", "<=", 1.0),
        ("recency_days", ">=", 30.0),
    ]


def test_a_difference_that_could_be_chance_is_no_sign(tmp_path: Path) -> None:
    # 60 % against 40 % of 25 each lie 1.4 standard errors apart.
    found = new_customer_sign(stored(tmp_path, [1.0] * 15 + [0.0] * 10, [1.0] * 10 + [0.0] * 15))
    assert isinstance(found, Missing) and "silence is no early sign here" in found.reason


@pytest.mark.parametrize(("count", "enough"), [(MIN_CUSTOMERS, True), (MIN_CUSTOMERS - 1, False)])
def test_too_few_are_not_compared(tmp_path: Path, count: int, enough: bool) -> None:
    found = new_customer_sign(stored(tmp_path, [1.0] * count, [0.0] * 30))
    assert isinstance(found, Found) is enough


def test_tier_moves_count_those_who_went_up(tmp_path: Path) -> None:
    moves = tier_moves(stored(tmp_path, [1.0], [0.0]))
    assert moves == [("medium", "high", 2), ("low", "high", 1), ("low", "medium", 1)]

"""A customer's log-odds by theme: the sums, the facts, and whom they are compared with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from churnkit.charts.customer_charts import waterfall
from churnkit.results.folders import Results
from churnkit.services.decide.customer_themes import Theme, themes_of

PUSHES = {
    "recency_days": 0.9,
    "btyd_p_no_purchase": 0.4,
    "order_count": -0.3,
    "gap_mean_days": 0.2,
    "monetary_total": -0.25,
    "discount_share": 0.05,
    "product_factor_1": 0.15,
    "favourite_category": 0.0,
    "cutoff_month_sin": 0.01,
}


class Stored(Results):
    """A run of which two files are there."""

    horizon_days = 60
    currency = "GBP"

    def __init__(self, folder: Path, rows: pd.DataFrame, pushes: dict[str, float]) -> None:
        self._path = folder / "scored.parquet"
        self._pushes = pd.Series(pushes, dtype="float32")
        rows.to_parquet(self._path)

    @contextmanager
    def reading(self, _name: str) -> Iterator[Path]:
        yield self._path

    def contributions(self, customer_id: str) -> pd.Series:
        return self._pushes if customer_id == "ann" else pd.Series(dtype=float)

    def scored_row(self, customer_id: str) -> pd.DataFrame:
        rows = pd.read_parquet(self._path)
        return rows[rows["customer_id"] == customer_id]


def shop(active: int, lapsed: int) -> pd.DataFrame:
    """The first of them is Ann, who is overdue; the others bought 10 days ago, or 300."""
    count = active + lapsed
    return pd.DataFrame(
        {
            "customer_id": ["ann", *(f"{k:03d}" for k in range(count - 1))],
            "recency_days": [50, *[10] * (active - 1), *[300] * lapsed],
            "tenure_days": 400,
            "order_count": [6, *[4] * (active - 1), *[1] * lapsed],
            "purchase_days": [6, *[4] * (active - 1), *[1] * lapsed],
            "gap_mean_days": [20.0, *[30.0] * (active - 1), *[np.nan] * lapsed],
            "btyd_p_no_purchase": 0.5,
            "monetary_total": 120.0,
            "discount_share": 0.1,
            "product_factor_1": 0.3,
            "favourite_category": "Tea",
            "cutoff_month_sin": 0.5,
        }
    )


@pytest.fixture
def found(tmp_path: Path) -> dict[str, Theme]:
    return {theme.label: theme for theme in themes_of(Stored(tmp_path, shop(40, 100), PUSHES), "ann")}


def test_themes_add_up_and_lose_nothing(found: dict[str, Theme]) -> None:
    assert sum(theme.push for theme in found.values()) == pytest.approx(sum(PUSHES.values()), abs=1e-6)
    for theme in found.values():
        assert theme.push == pytest.approx(sum(fact.push for fact in theme.facts), abs=1e-12)
        sizes = [abs(fact.push) for fact in theme.facts]
        assert sizes == sorted(sizes, reverse=True)
    assert sum(len(theme.facts) for theme in found.values()) == sum(push != 0 for push in PUSHES.values())
    assert list(found) == sorted(found, key=lambda label: -abs(found[label].push))
    assert len(found) <= 8


def test_facts_stand_beside_the_active_customers_median(found: dict[str, Theme]) -> None:
    away = found["Last purchase, against the usual gap"].facts[0]
    assert (away.fact, away.own, away.typical) == ("Days since the last purchase", "50 days", "10 days")
    spent = found["How much"].facts[0]
    assert (spent.own, spent.typical) == ("£120.00", "£120.00")
    # A place along a mix of products means nothing to anybody.
    assert found["What is bought"].facts[0].own == "–"


def test_with_few_active_customers_all_are_compared(tmp_path: Path) -> None:
    themes = themes_of(Stored(tmp_path, shop(20, 100), PUSHES), "ann")
    facts = {fact.fact: fact for theme in themes for fact in theme.facts}
    assert facts["Days since the last purchase"].typical == "300 days"


def test_many_orders_that_have_stopped_speak_of_the_last_purchase(tmp_path: Path) -> None:
    pushes = {**PUSHES, "order_count": 0.6}
    themes = themes_of(Stored(tmp_path, shop(40, 100), pushes), "ann")
    facts = {fact.fact: theme.label for theme in themes for fact in theme.facts}
    assert facts["Number of orders"] == "Last purchase, against the usual gap"


@pytest.mark.parametrize(
    ("push", "words"),
    [
        (0.7, "odds of leaving × 2"),
        (-0.7, "odds of leaving ÷ 2"),
        (3.0, "odds of leaving × 20"),
        (-0.02, "hardly any change"),
    ],
)
def test_words(push: float, words: str) -> None:
    assert Theme("How often", push, ()).words == words


def test_nothing_to_take_apart(tmp_path: Path) -> None:
    assert themes_of(Stored(tmp_path, shop(40, 1), PUSHES), "nobody") == ()


def test_bars_lead_from_the_starting_point_to_the_probability(found: dict[str, Theme]) -> None:
    base = -0.4
    total = base + sum(theme.push for theme in found.values())
    p_churn = float(1 / (1 + np.exp(-total)))
    bars: Any = waterfall(list(found.values()), base, p_churn).data[0]
    assert list(bars.measure) == ["absolute", *["relative"] * len(found), "total"]
    assert sum(bars.x) == pytest.approx(total)
    assert bars.y[0].startswith("Starting point: 40")
    assert bars.y[-1].startswith("This customer: 68")

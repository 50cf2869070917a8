"""Shuffling and varying features of models whose behaviour is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.explain.contributions import Contributions
from churnkit.explain.effects import (
    asking,
    grid,
    partial_dependence,
    permutation_importance,
    pushes,
    varied,
)
from churnkit.features.purchase_process import add_purchase_process
from churnkit.features.time_passed import TimePassed
from churnkit.tournament.baselines import PURCHASE_PROCESS, RECENCY_RULE, FittedBaseline
from churnkit.tournament.model import ChurnModel


def logistic(rows: pd.DataFrame) -> np.ndarray:
    """Looks at recency alone."""
    return 1 / (1 + np.exp(-(rows["recency_days"].to_numpy(dtype=float) - 50) / 10))


def customers(count: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    rows = pd.DataFrame(
        {"recency_days": rng.uniform(0, 100, count), "order_count": rng.integers(1, 9, count)}
    )
    return rows.assign(churned=(rng.random(count) < logistic(rows)).astype(float))


def test_shuffling_hurts_only_what_is_used() -> None:
    first, second = found = permutation_importance(
        logistic, ["order_count", "recency_days"], customers(), repeats=4
    )
    assert (first.feature, second.feature) == ("recency_days", "order_count")
    assert first.loss_increase > 0.5
    assert (second.loss_increase, second.sd) == (0.0, 0.0)
    again = permutation_importance(logistic, ["order_count", "recency_days"], customers(), repeats=4)
    assert found == again


def test_partial_dependence_of_a_known_function() -> None:
    found = partial_dependence(logistic, customers(), "recency_days")
    assert found is not None
    values = np.array(found.grid, dtype=float)
    assert len(values) == 15
    assert found.mean_p_churn == pytest.approx(1 / (1 + np.exp(-(values - 50) / 10)))
    flat = partial_dependence(logistic, customers(), "order_count")
    assert flat is not None
    assert np.ptp(flat.mean_p_churn) == pytest.approx(0)


def test_grids() -> None:
    assert grid(pd.Series([1.0, np.nan, 1.0]), "order_count") == [1.0]
    assert partial_dependence(logistic, customers().assign(gap_mean_days=5.0), "gap_mean_days") is None
    names = pd.Series(["tea", "tea", None, "beans"], dtype=object)
    assert grid(names, "favourite_category") == ["beans", "tea"]


def test_pushes_rank_values_among_customers() -> None:
    matrix = pd.DataFrame({"order_count": [4.0, 1.0, np.nan, 4.0, 9.0]})
    parts = Contributions(pd.DataFrame({"order_count": [0.1, 0.2, 0.3, 0.1, -0.5]}), 0.0, matrix)
    table = pushes(parts, "order_count")
    # Ranks 1, 2.5, 2.5, 4 of four known values, moved to 0 .. 1.
    assert table["rank"].tolist() == pytest.approx([0.5, 0.0, np.nan, 0.5, 1.0], nan_ok=True)
    assert table["push"].tolist() == [0.1, 0.2, 0.3, 0.1, -0.5]


def process_panel() -> pd.DataFrame:
    kinds = np.array([(0, 0, 200), (3, 180, 200), (5, 100, 390), (8, 380, 390)])
    x, t_x, age = kinds[np.arange(40) % 4].T
    rows = pd.DataFrame(
        {
            "customer_id": [f"{k:02d}" for k in range(40)],
            "cutoff": pd.Timestamp("2026-01-01"),
            "repeat_count": x,
            "t_x_days": t_x,
            "tenure_days": age,
            "recency_days": age - t_x,
            "purchase_days": x + 1,
            "gross_total": 20.0 * (x + 1),
            "monetary_total": 20.0 * (x + 1),
        }
    )
    return add_purchase_process(rows, 60)


def test_the_process_answers_to_what_it_judges_by() -> None:
    rows = process_panel()
    rule = FittedBaseline(PURCHASE_PROCESS, 60, 0.0, 0.0, 0.0, None)
    model = ChurnModel(PURCHASE_PROCESS, 60, None, (), rule)
    ask, names = asking(model, rows)
    assert names == ["recency_days", "repeat_count", "tenure_days"]
    np.testing.assert_allclose(ask(rows), model.p_churn(rows), rtol=1e-6)
    lost, present = ask(rows.iloc[[3, 3]].assign(recency_days=[300.0, 1.0]))
    assert lost > 0.9 > present


def test_a_rule_answers_to_its_own_feature() -> None:
    rule = FittedBaseline(RECENCY_RULE, 60, 0.0, -1.0, 1.0, None)
    ask, names = asking(ChurnModel(RECENCY_RULE, 60, None, (), rule), customers())
    assert names == ["recency_days"]
    assert len(np.unique(ask(customers()))) == 2


def by_siblings(rows: pd.DataFrame) -> np.ndarray:
    """Looks at nothing but what follows from the days since the last purchase."""
    margin = rows["overdue_ratio"].to_numpy(dtype=float) - 2 - rows["orders_90d"].to_numpy(dtype=float)
    return 1 / (1 + np.exp(-margin))


def siblings(count: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    recency = rng.integers(1, 200, count)
    return pd.DataFrame(
        {
            "customer_id": [f"{k:03d}" for k in range(count)],
            "recency_days": recency,
            "tenure_days": recency + 120,
            "order_count": 4,
            "gap_mean_days": 40.0,
            "overdue_ratio": recency / 40,
            "orders_90d": np.where(recency <= 90, 2, 0),
        }
    )


def test_what_follows_from_the_last_purchase_moves_with_it() -> None:
    rows = siblings()
    alone = partial_dependence(by_siblings, rows, "recency_days")
    assert alone is not None
    assert np.ptp(alone.mean_p_churn) == pytest.approx(0)
    together = partial_dependence(by_siblings, rows, "recency_days", TimePassed.of(rows, 60))
    assert together is not None
    assert np.all(np.diff(together.mean_p_churn) > 0)
    assert together.mean_p_churn[-1] - together.mean_p_churn[0] > 0.8
    days = np.array(together.grid, dtype=float)
    gone = days > 90
    np.testing.assert_allclose(np.array(together.mean_p_churn)[gone], 1 / (1 + np.exp(2 - days[gone] / 40)))


def test_other_words_for_the_last_purchase_are_not_varied_alone() -> None:
    names = ["overdue_ratio", "order_count", "p_alive", "recency_days", "gap_cv"]
    assert varied(names, names) == ["recency_days", "order_count", "gap_cv"]
    assert varied(names, ["order_count", "overdue_ratio"]) == ["recency_days", "order_count"]

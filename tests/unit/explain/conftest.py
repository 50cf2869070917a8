"""A made-up panel whose columns hang together as a real one's do, and small models fitted on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from churnkit.config import Imbalance
from churnkit.tournament.calibration import Platt
from churnkit.tournament.candidates import Fitted, candidate_named, fit_candidate
from churnkit.tournament.model import ChurnModel, Member
from churnkit.tournament.preparation import Preparation

HORIZON_DAYS = 60
CATEGORIES = np.array(["Coffee", "Tea", "Beans, whole", None], dtype=object)
SMALL: dict[str, dict[str, Any]] = {
    "logistic_regression": {"C": 0.1},
    "random_forest": {"n_estimators": 12, "min_samples_leaf": 8, "max_features": 0.4, "max_samples": 0.6},
    "xgboost": {
        "learning_rate": 0.2,
        "max_depth": 4,
        "min_child_weight": 2.0,
        "colsample": 0.5,
        "reg_lambda": 2.0,
    },
    "decision_tree": {"max_depth": 3, "min_samples_leaf": 20},
    "small_network": {"hidden": 4, "alpha": 1.0, "learning_rate": 0.01, "epochs": 20},
    "lightgbm": {
        "learning_rate": 0.2,
        "num_leaves": 9,
        "min_child_samples": 8,
        "colsample": 0.5,
        "reg_lambda": 2.0,
    },
    "svm": {"C": 0.5, "gamma": 0.01, "components": 30},
}
TREES = 25

Fit = Callable[..., ChurnModel]


def made_up_panel(customers: int, seed: int) -> pd.DataFrame:
    """One row per customer with the figures that the sentences speak of, and an outcome that depends on some of them."""
    rng = np.random.default_rng(seed)
    orders = rng.geometric(0.35, customers)
    usual_gap = rng.gamma(3.0, 12.0, customers) + 3
    span = np.rint(np.where(orders > 1, usual_gap * (orders - 1), 0.0))
    recency = np.rint(rng.gamma(1.2, 45.0, customers))
    gap_mean = np.where(orders > 1, span / np.maximum(orders - 1, 1), np.nan)
    gap_last = np.where(orders > 1, np.rint(gap_mean * rng.uniform(0.3, 1.8, customers)), np.nan)
    gap_std = np.where(orders > 2, gap_mean * rng.uniform(0.1, 0.9, customers), np.nan)
    order_value = rng.gamma(2.0, 25.0, customers).round(2)
    gross = (order_value * orders).round(2)
    returned = np.where(rng.random(customers) < 0.1, rng.uniform(0.1, 1.0, customers), 0.0)
    fresh = np.where(recency <= 90, np.minimum(orders, 1 + rng.poisson(1.0, customers)), 0).astype(float)
    before = rng.poisson(1.0, customers).astype(float)
    active = fresh + before > 0
    rows = pd.DataFrame(
        {
            "customer_id": [f"{k:05d}" for k in range(customers)],
            "cutoff": pd.Timestamp("2026-01-01"),
            "recency_days": recency,
            "tenure_days": recency + span,
            "order_count": orders,
            "purchase_days": orders,
            "repeat_count": orders - 1,
            "t_x_days": span,
            "monetary_total": (gross * (1 - returned)).round(2),
            "gross_total": gross,
            "monetary_mean": order_value,
            "last_order_value": (order_value * rng.uniform(0.3, 2.0, customers)).round(2),
            "orders_90d": fresh,
            "spend_90d": (fresh * order_value).round(2),
            "gap_mean_days": gap_mean,
            "gap_std_days": gap_std,
            "gap_cv": gap_std / gap_mean,
            "gap_min_days": np.where(orders > 1, np.rint(gap_mean * 0.5), np.nan),
            "gap_max_days": np.where(orders > 1, np.rint(gap_mean * 1.6), np.nan),
            "gap_last_days": gap_last,
            "overdue_ratio": recency / gap_mean,
            "spend_trend_90d": np.where(active, (fresh - before) / np.maximum(fresh + before, 1), np.nan),
            "return_share": returned,
            "weekend_share": rng.random(customers).round(2),
            "discount_share": (rng.random(customers) * 0.4).round(3),
            "discount_order_share": rng.random(customers).round(2),
            "product_count": orders + rng.poisson(2.0, customers),
            "repeat_product_share": np.where(orders > 1, rng.random(customers).round(2), 0.0),
            "product_factor_1": rng.normal(size=customers),
            "favourite_category": CATEGORIES[rng.integers(0, len(CATEGORIES), customers)],
            "btyd_p_no_purchase": np.clip(recency / 200 + 0.5 / orders, 0.01, 0.99),
        }
    )
    rows["last_order_value_ratio"] = rows["last_order_value"] / rows["monetary_mean"]
    margin = 0.02 * (recency - 50) - 0.4 * (orders - 3) + 1.5 * (rows["discount_share"].to_numpy() - 0.2)
    rows["churned"] = (rng.random(customers) < 1 / (1 + np.exp(-margin))).astype(float)
    return rows


def features_of(rows: pd.DataFrame) -> list[str]:
    """Columns that may be features."""
    return [name for name in rows.columns if name not in ("customer_id", "cutoff", "churned")]


@pytest.fixture(scope="session")
def make_panel() -> Callable[[int, int], pd.DataFrame]:
    """``made_up_panel`` for tests that need other rows."""
    return made_up_panel


@pytest.fixture(scope="session")
def rows() -> pd.DataFrame:
    """500 customers; the index says nothing about the order."""
    panel = made_up_panel(500, seed=7)
    panel.index = pd.Index(np.arange(500)[::-1] + 10_000)
    return panel


@pytest.fixture(scope="session")
def fit(rows: pd.DataFrame) -> Fit:
    """Fit one or more candidates on the rows (or on others) and average them into a champion."""

    def fitted(
        *names: str,
        train: pd.DataFrame = rows,
        imbalance: Imbalance = "class_weight",
        columns: list[str] | None = None,
        early_stopping: bool = True,
    ) -> ChurnModel:
        churned = train["churned"].to_numpy(dtype=float)
        preparation = Preparation(columns or features_of(train), seed=3)
        matrix = preparation.fit_transform(train, churned).to_numpy(dtype=float)
        stop_rows = np.arange(len(train)) % 5 == 0
        members = []
        for position, name in enumerate(names):
            candidate = candidate_named(name)
            params = (
                SMALL[name]
                if early_stopping or not candidate.boosted
                else {**SMALL[name], "n_estimators": TREES}
            )
            model: Fitted = fit_candidate(
                candidate, params, matrix, churned, stop_rows, imbalance=imbalance, seed=position
            )
            members.append(Member(model, Platt(0.8 + 0.1 * position, -0.2), 1.0 / len(names)))
        return ChurnModel("champion", HORIZON_DAYS, preparation, tuple(members), level=0.3)

    return fitted

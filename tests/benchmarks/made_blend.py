"""A blend of a logistic regression and two boosters on generated figures of customers, for measurements of reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.tournament.calibration import Platt
from churnkit.tournament.candidates import candidate_named, fit_candidate
from churnkit.tournament.model import ChurnModel, Member
from churnkit.tournament.preparation import Preparation
from tests.unit.explain.conftest import HORIZON_DAYS, SMALL, features_of, made_up_panel

TREES = 150
TRAINING_ROWS = 6_000
NAMES = ("logistic_regression", "xgboost", "lightgbm")
# Figures that no sentence speaks of, as ranks and decayed sums in a panel: it has some 60 that models read.
_MORE = 30


def figures(customers: int, seed: int) -> pd.DataFrame:
    """One row per customer, some 60 columns."""
    rows = made_up_panel(customers, seed)
    rng = np.random.default_rng(seed)
    for number in range(_MORE):
        rows[f"figure_{number}"] = (
            rng.normal(size=customers) + rows["recency_days"].to_numpy() * number / 2_000
        )
    return rows


def blend() -> ChurnModel:
    """Fitted on 6,000 customers, a third each."""
    rows = figures(TRAINING_ROWS, 1)
    churned = rows["churned"].to_numpy(dtype=float)
    preparation = Preparation(features_of(rows), seed=3)
    matrix = preparation.fit_transform(rows, churned).to_numpy(dtype=float)
    stop_rows = np.zeros(len(rows), dtype=bool)
    members = []
    for name in NAMES:
        candidate = candidate_named(name)
        params = {
            **SMALL[name],
            **({"learning_rate": 0.06, "n_estimators": TREES} if candidate.boosted else {}),
        }
        fitted = fit_candidate(
            candidate, params, matrix, churned, stop_rows, imbalance="class_weight", seed=3
        )
        members.append(Member(fitted, Platt(), 1 / len(NAMES)))
    return ChurnModel("blend", HORIZON_DAYS, preparation, tuple(members))

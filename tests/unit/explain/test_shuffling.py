"""A model of which only what a shuffled feature moves is asked anew says what it says of the shuffled customers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from churnkit.explain.effects import permutation_importance
from churnkit.explain.shuffling import shuffled_p_churn
from churnkit.tournament.baselines import PURCHASE_PROCESS, FittedBaseline
from churnkit.tournament.calibration import Isotonic, Platt
from churnkit.tournament.model import ChurnModel, Member
from churnkit.tournament.residuals import PROCESS_COLUMN


@pytest.mark.parametrize(
    "members", [("logistic_regression", "xgboost", "lightgbm"), ("random_forest", "svm"), ("decision_tree",)]
)
def test_the_same_as_asking_about_shuffled_rows(
    members: tuple[str, ...], rows: pd.DataFrame, fit: Callable[..., ChurnModel]
) -> None:
    model, orders = with_process(fit(*members)), shuffles(len(rows))
    rows = rows.assign(**{PROCESS_COLUMN: np.linspace(0.01, 0.99, len(rows))})
    assert model.preparation is not None
    names = [*model.preparation.features, PROCESS_COLUMN, "cutoff"]
    # A category and gaps are among them, each with columns that follow from it.
    assert rows[names].isna().to_numpy().any()
    found = shuffled_p_churn(model, rows, names, orders)
    told = [
        [model.p_churn(rows.assign(**{name: rows[name].to_numpy()[order]})) for order in orders]
        for name in names
    ]
    np.testing.assert_allclose(found, np.array(told), rtol=0, atol=1e-12)
    assert (found[-1] == found[-1, 0]).all() and np.ptp(found[-2], axis=0).max() > 0.01


def test_a_features_worth_is_the_same_either_way(rows: pd.DataFrame, fit: Callable[..., ChurnModel]) -> None:
    model = fit("logistic_regression", "lightgbm")
    assert model.preparation is not None
    names = model.preparation.features
    asked = {one.feature: one for one in permutation_importance(model.p_churn, names, rows)}
    for one in permutation_importance(model.p_churn, names, rows, model=model):
        assert one.loss_increase == pytest.approx(asked[one.feature].loss_increase, abs=1e-12)
        assert one.sd == pytest.approx(asked[one.feature].sd, abs=1e-12)


def shuffles(count: int) -> np.ndarray:
    rng = np.random.default_rng(5)
    return np.array([rng.permutation(count) for _ in range(2)])


def with_process(model: ChurnModel) -> ChurnModel:
    """The model with the purchase process beside its members, and a scaling that is no straight line."""
    first, *others = model.members
    bent = replace(first, scaling=Isotonic((-2.0, 0.0, 3.0), (-1.0, 0.5, 1.5)))
    process = FittedBaseline(PURCHASE_PROCESS, model.horizon_days, 0.0, 0.0, 0.0, None)
    return replace(model, members=(bent, *others, Member(process, Platt(0.9, 0.1), 0.3)))

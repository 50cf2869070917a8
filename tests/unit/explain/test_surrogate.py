"""The local surrogate: what it gives back of champions whose answers are known by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from churnkit.explain.contributions import contributions
from churnkit.explain.surrogate import local_surrogate
from churnkit.tournament.margins import to_logit, to_probability
from tests.unit.explain.conftest import Fit

CUSTOMER = pd.DataFrame({"a": [3.0], "b": [1.0], "c": ["Tea"]})
OTHERS = pd.DataFrame({"a": [0.0, 2.0], "b": [0.0, 0.0], "c": ["Coffee", "Coffee"]})


def a_sum(rows: pd.DataFrame) -> np.ndarray:
    """Log-odds 0.5 a - b + 0.25 for tea."""
    return to_probability(
        0.5 * rows["a"].to_numpy() - rows["b"].to_numpy() + 0.25 * (rows["c"] == "Tea").to_numpy()
    )


def both_or_nothing(rows: pd.DataFrame) -> np.ndarray:
    """Log-odds 2 where a and b are the customer's own, else 0: a product and no sum."""
    return to_probability(2.0 * ((rows["a"] == 3.0) & (rows["b"] == 1.0)).to_numpy(dtype=float))


def test_a_sum_is_given_back() -> None:
    found = local_surrogate(a_sum, CUSTOMER, OTHERS, {"A": ["a"], "B": ["b"], "C": ["c"]})
    # The others' mean a is 1: 0.5 x (3 - 1); the ridge shrinks by a thousandth.
    assert found.pushes == pytest.approx({"A": 1.0, "B": -1.0, "C": 0.25}, rel=2e-3)
    assert found.base == pytest.approx(0.5, abs=2e-3)
    assert found.fidelity > 0.9999
    assert found.margin == pytest.approx(to_logit(a_sum(CUSTOMER))[0], abs=3e-3)


def test_figures_of_a_theme_move_together() -> None:
    found = local_surrogate(both_or_nothing, CUSTOMER, OTHERS, {"A and B": ["a", "b"]})
    assert found.pushes == pytest.approx({"A and B": 2.0}, rel=2e-3)
    assert found.fidelity > 0.9999


def test_a_product_lowers_the_fidelity() -> None:
    """Log-odds 2, 0, 0, 0 over the four combinations, with weights 1, w, w and w squared, fitted by hand."""
    found = local_surrogate(both_or_nothing, CUSTOMER, OTHERS, {"A": ["a"], "B": ["b"]})
    own = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    margins = np.array([2.0, 0.0, 0.0, 0.0])
    once = math.exp(-0.5 / 0.75**2)
    weights = np.array([1.0, once, once, once**2])
    fitted = np.linalg.solve(own.T @ (weights[:, None] * own), own.T @ (weights * margins))
    missed = weights @ (margins - own @ fitted) ** 2
    spread = weights @ (margins - weights @ margins / weights.sum()) ** 2
    assert found.pushes["A"] == pytest.approx(fitted[1], rel=5e-3)
    assert found.fidelity == pytest.approx(1 - missed / spread, abs=1e-3)
    assert 0.5 < found.fidelity < 0.9


def test_where_nothing_moves_there_is_no_fidelity() -> None:
    found = local_surrogate(lambda rows: np.full(len(rows), 0.3), CUSTOMER, OTHERS, {"A": ["a"], "B": ["b"]})
    assert math.isnan(found.fidelity)
    assert found.pushes == pytest.approx({"A": 0.0, "B": 0.0}, abs=1e-12)


def test_a_line_is_told_as_its_coefficients_tell_it(rows: pd.DataFrame, fit: Fit) -> None:
    """On a logistic regression both methods are exact, so from the same starting point they say the same."""
    model = fit("logistic_regression", columns=["recency_days", "order_count", "discount_share"])
    parts = contributions(model, rows)
    themes = {name: [name] for name in parts.values.columns}  # noqa: PD011 - a frame of contributions
    found = local_surrogate(model.p_churn, rows.iloc[[3]], rows.iloc[10:60], themes)
    mean = parts.take(np.arange(10, 60)).values.mean()  # noqa: PD011
    for name in themes:
        expected = float(parts.values[name].iloc[3] - mean[name])  # noqa: PD011
        assert found.pushes[name] == pytest.approx(expected, abs=0.01)

"""What LightGBM says of many customers, looked up: the library's own bits, whatever is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lightgbm import LGBMClassifier, early_stopping

from churnkit.tournament import boosted_margins
from churnkit.tournament.boosted_margins import lightgbm_margin

CUSTOMERS = 1_200


@pytest.fixture(scope="module")
def matrix() -> np.ndarray:
    """Figures with gaps in half of the columns; the first training rows have none in the second."""
    rng = np.random.default_rng(5)
    figures = rng.normal(size=(CUSTOMERS, 6)).round(1)
    figures[:, ::2][rng.random((CUSTOMERS, 3)) < 0.2] = np.nan
    figures[CUSTOMERS // 2 :, 1][::3] = np.nan
    return figures


def _fitted(matrix: np.ndarray, **params: Any) -> LGBMClassifier:
    half = CUSTOMERS // 2
    churned = (np.nan_to_num(matrix[:, 0]) + matrix[:, 3] > 0.2).astype(int)
    churned ^= np.random.default_rng(1).random(CUSTOMERS) < 0.2
    return LGBMClassifier(n_estimators=60, n_jobs=1, verbose=-1, **params).fit(
        matrix[:half],
        churned[:half],
        eval_X=(matrix[half:],),
        eval_y=(churned[half:],),
        callbacks=[early_stopping(5, verbose=False)] if params.get("learning_rate") else [],
    )


@pytest.mark.parametrize(
    "params",
    [{"num_leaves": 6}, {"num_leaves": 31, "learning_rate": 0.4}],
    ids=["all trees", "stopped early"],
)
def test_looked_up_it_is_what_the_library_says(
    matrix: np.ndarray, params: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    estimator = _fitted(matrix, **params)
    said = estimator.booster_.predict(matrix, raw_score=True)
    assert len(np.unique(said)) > 100

    monkeypatch.setattr(boosted_margins, "MANY_CUSTOMERS", 2 * CUSTOMERS)
    assert np.array_equal(lightgbm_margin(estimator, matrix), said)
    monkeypatch.setattr(boosted_margins, "_ROWS_AT_ONCE", 500)
    monkeypatch.setattr(estimator.booster_, "predict", None)
    assert np.array_equal(lightgbm_margin(estimator, matrix), said)


def test_a_few_customers_and_trees_too_wide_for_tables_are_the_librarys(
    matrix: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    estimator = _fitted(matrix)
    monkeypatch.setattr(boosted_margins, "MANY_CUSTOMERS", 1)
    monkeypatch.setattr(boosted_margins, "MOST_BITS", 1)
    monkeypatch.setattr(boosted_margins, "_looked_up", None)
    for some in (matrix[:3], matrix):
        assert np.array_equal(
            lightgbm_margin(estimator, some), estimator.booster_.predict(some, raw_score=True)
        )

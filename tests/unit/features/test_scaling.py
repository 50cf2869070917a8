"""Steps before linear models."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.impute import SimpleImputer

from churnkit.features.scaling import MedianImputer


@pytest.mark.parametrize("rows", [1, 6, 301])
def test_medians_are_the_librarys(rows: int) -> None:
    rng = np.random.default_rng(rows)
    values = rng.lognormal(size=(rows, 5)).round(1)
    values[rng.random((rows, 5)) < 0.3] = np.nan
    values[:, 0], values[:, 3] = np.nan, 7.0
    options = {"strategy": "median", "add_indicator": True, "keep_empty_features": True}
    ours, theirs = MedianImputer(**options), SimpleImputer(**options)
    np.testing.assert_array_equal(ours.fit_transform(values), theirs.fit_transform(values))
    np.testing.assert_array_equal(ours.statistics_, theirs.statistics_)
    np.testing.assert_array_equal(ours.indicator_.features_, theirs.indicator_.features_)
    assert np.isfinite(ours.transform(np.full((2, 5), np.nan))).all()

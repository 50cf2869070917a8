"""Distinct values with positions: whole numbers are counted, all others sorted, and the answer is NumPy's."""

import numpy as np
import pytest

from churnkit.btyd.histories import distinct


@pytest.mark.parametrize(
    "values",
    [
        [3.0, 0.0, 3.0, 12.0],
        [0.5, 3.0, 0.5],
        [-1.0, 2.0, -1.0],
        [1e12, 1.0, 1e12],
        [np.inf, 1.0, np.inf],
        [],
    ],
)
def test_the_same_as_sorting(values):
    given = np.array(values, dtype=np.float64)
    unique, index = distinct(given)
    expected, place = np.unique(given, return_inverse=True)
    np.testing.assert_array_equal(unique, expected)
    np.testing.assert_array_equal(index, place)
    np.testing.assert_array_equal(unique[index], given)

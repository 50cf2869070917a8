"""Scores by hand, ties, and the map of segments."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from churnkit.segments import SEGMENTS, rfm_scores, rfm_segment


def scores(r: int, f: int, m: int) -> pd.DataFrame:
    return pd.DataFrame({"r_score": [r], "f_score": [f], "m_score": [m]})


def test_ten_different_customers_fall_into_fifths_of_two():
    table = rfm_scores(np.arange(10), np.arange(10), np.arange(10) * 10.0)
    assert table["r_score"].tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert table["f_score"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert table["m_score"].tolist() == table["f_score"].tolist()


def test_equal_figures_get_equal_scores_and_one_time_buyers_the_lowest():
    # Seven bought once, two twice, one five times: worse than 2 are 7 of 10, worse than 5 are 9 of 10.
    table = rfm_scores(np.full(10, 30), np.array([1] * 7 + [2, 2, 5]), np.full(10, 9.99))
    assert table["f_score"].tolist() == [1] * 7 + [4, 4, 5]
    assert set(table["r_score"]) == set(table["m_score"]) == {1}


def test_scores_do_not_depend_on_the_order_of_rows():
    rng = np.random.default_rng(5)
    figures = rng.integers(0, 6, (3, 50))
    order = rng.permutation(50)
    pd.testing.assert_frame_equal(
        rfm_scores(*figures).iloc[order].reset_index(drop=True), rfm_scores(*figures[:, order])
    )


@pytest.mark.parametrize(
    ("r", "f", "m", "segment"),
    [
        (5, 5, 4, "Champions"),
        (5, 4, 3, "Champions"),  # 3.5 is rounded up
        (4, 5, 5, "Loyal"),
        (3, 4, 4, "Loyal"),
        (5, 3, 2, "Potential loyalists"),
        (4, 1, 2, "Potential loyalists"),  # 1.5 is rounded up
        (5, 1, 1, "New"),
        (4, 1, 1, "Promising"),
        (3, 3, 3, "Need attention"),
        (3, 1, 1, "About to sleep"),
        (2, 5, 5, "Can't lose"),
        (1, 4, 4, "At risk"),
        (2, 3, 3, "At risk"),
        (1, 2, 2, "Hibernating"),
    ],
)
def test_map(r, f, m, segment):
    assert rfm_segment(scores(r, f, m)).tolist() == [segment]


def test_every_combination_has_a_name_and_every_name_a_combination():
    found = {rfm_segment(scores(*three))[0] for three in product(range(1, 6), repeat=3)}
    assert found == set(SEGMENTS)


def test_a_shop_of_one():
    assert rfm_segment(rfm_scores(np.array([3]), np.array([1]), np.array([5.0]))).tolist() == ["Hibernating"]

"""Limits between scores: those of the shop give the shop's own scores, edited ones what they say."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from churnkit.errors import SettingsError
from churnkit.segments import RfmBands, rfm_scores

TEN = (np.arange(10), np.arange(1, 11), np.arange(10) * 10.0)


def test_limits_of_ten_customers_by_hand():
    bands = RfmBands.of_shop(*TEN)
    # Two customers a fifth: the most recent two bought 0 and 1 days ago, the best two have 9 and 10 orders.
    assert bands.recency_days == (1, 3, 5, 7)
    assert bands.order_count == (3, 5, 7, 9)
    assert bands.monetary_total == (20, 40, 60, 80)


def test_a_score_that_nobody_has_begins_nowhere():
    same = np.full(4, 5.0)
    bands = RfmBands.of_shop(same, same, same)
    assert bands.recency_days == (-1, -1, -1, -1)
    assert bands.order_count == (math.inf,) * 4
    assert bands.scores(same, same, same).to_numpy().tolist() == [[1, 1, 1]] * 4


def test_edited_limits_by_hand():
    bands = RfmBands((30, 60, 90, 180), (2, 3, 5, 10), (50, 100, 200, 500))
    scores = bands.scores(
        np.array([30, 31, 180, 181]), np.array([1, 2, 4, 10]), np.array([49.99, 50, 499, 500])
    )
    assert scores["r_score"].tolist() == [5, 4, 2, 1]
    assert scores["f_score"].tolist() == [1, 2, 3, 5]
    assert scores["m_score"].tolist() == [1, 2, 4, 5]


figures = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 6), st.integers(-50, 400)), min_size=1, max_size=60
)


@given(figures)
def test_the_shops_limits_give_the_shops_scores(rows):
    recency, orders, money = np.array(rows, dtype=float).T
    bands = RfmBands.of_shop(recency, orders, money)
    expected = rfm_scores(recency, orders, money)
    pd.testing.assert_frame_equal(bands.scores(recency, orders, money), expected)
    assert RfmBands.from_dict(bands.as_dict()) == bands


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ((30, 60, 90), "4 numbers are needed"),
        ((30, 60, 50, 180), "ascending|below the one before"),
        ((30, 60, math.nan, 180), "4 numbers are needed"),
    ],
)
def test_limits_that_make_no_sense(limits, message):
    with pytest.raises(SettingsError, match=message):
        RfmBands(limits, (2, 3, 5, 10), (50, 100, 200, 500))


def test_a_missing_figure_is_named():
    with pytest.raises(SettingsError, match="order_count, monetary_total is missing"):
        RfmBands.from_dict({"recency_days": [1, 2, 3, 4]})

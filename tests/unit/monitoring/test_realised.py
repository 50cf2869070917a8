"""A forecast of eight customers against what came, added up by hand."""

from __future__ import annotations

import numpy as np
import pytest

from churnkit.monitoring.realised import PastForecast, list_figures, population_card
from churnkit.results.found import Found, Missing


def _past(listed: list[bool] | None = None) -> PastForecast:
    return PastForecast(
        p_churn=np.array([0.9, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]),
        churned=np.array([1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]),
        expected_spend=np.full(8, 10.0),
        actual_spend=np.array([0.0, 0.0, 30.0, 0.0, 10.0, 10.0, 40.0, 10.0]),
        recency_days=np.array([5.0, 60.0, 50.0, 10.0, 5.0, 5.0, 5.0, 200.0]),
        active=np.array([True] * 7 + [False]),
        listed=np.array(listed or [True, True, True] + [False] * 5),
        gain_if_leaving=np.full(8, 20.0),
        gain_if_staying=np.full(8, -4.0),
    )


def test_figures_by_hand() -> None:
    card = population_card(_past(), lift_size=2)
    assert (card.customers, card.left) == (8, 3)
    assert card.expected_churn_rate == pytest.approx(3.8 / 8)
    assert card.actual_churn_rate.value == pytest.approx(3 / 8)
    # 14 of the 15 pairs of a leaver and a stayer are in order.
    assert card.roc_auc is not None and card.roc_auc.value == pytest.approx(14 / 15)
    assert card.lift is not None and card.lift.value == pytest.approx(1.0 / (3 / 8))
    assert (card.expected_spend, card.actual_spend.value) == (80.0, 100.0)
    assert card.actual_churn_rate.low < 3 / 8 < card.actual_churn_rate.high
    assert sum(one.customers for one in card.tenths) == 8


def test_a_tie_at_the_edge_of_the_riskiest_counts_with_its_mean() -> None:
    past = _past()
    tied = PastForecast(**{**vars(past), "p_churn": np.full(8, 0.5)})
    card = population_card(tied, lift_size=2)
    assert card.lift is not None and card.lift.value == pytest.approx(1.0)
    assert card.roc_auc is not None and card.roc_auc.value == 0.5


def test_nobody_left() -> None:
    past = _past()
    card = population_card(PastForecast(**{**vars(past), "churned": np.zeros(8)}))
    assert card.roc_auc is None and card.lift is None
    assert card.actual_churn_rate.value == 0


def test_what_the_list_would_have_brought() -> None:
    found = list_figures(_past(), 0.35)
    assert isinstance(found, Found)
    listed = found.value
    assert (listed.contacted, listed.left) == (3, 2)
    assert listed.expected_leavers == pytest.approx(2.3)
    assert listed.brought.value == pytest.approx(20 + 20 - 4)
    # Of the seven active three left: 3 x 20 - 4 x 4 = 44, for three of seven.
    assert listed.at_random == pytest.approx(44 * 3 / 7)
    # The longest silent among the active: 60, 50 and 10 days.
    assert listed.longest_silent == pytest.approx(20 - 4 + 20)


def test_nobody_was_recommended() -> None:
    assert isinstance(list_figures(_past([False] * 8), 0.35), Missing)


def test_a_lapsed_customer_is_on_no_list() -> None:
    found = list_figures(_past([True] + [False] * 6 + [True]), 0.35)
    assert isinstance(found, Found) and found.value.contacted == 1

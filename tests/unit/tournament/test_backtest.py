"""The backtest by hand: ten customers, one a decile."""

from datetime import datetime

import numpy as np
import pytest

from churnkit.results.past_dates import active_dates
from churnkit.tournament.backtest import PastOutcome, backtest_summary, backtest_table
from churnkit.tournament.evaluation import Stakes


def ten_customers() -> PastOutcome:
    return PastOutcome(
        cutoff=datetime(2026, 1, 1),
        p_churn=np.array([0.95, 0.85, 0.75, 0.65, 0.55, 0.45, 0.35, 0.25, 0.15, 0.05]),
        churned=np.array([1, 1, 0, 1, 0, 1, 0, 0, 0, 0], dtype=float),
        expected_spend=np.arange(10, dtype=float),
        actual_spend=np.array([0, 0, 5, 0, 5, 0, 5, 5, 5, 5], dtype=float),
        recency_days=np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], dtype=float),
        stakes=Stakes(value=np.full(10, 100.0), contact_cost=8.0, save_rate=0.3),
    )


def test_deciles_count_people_and_money():
    table = backtest_table([ten_customers()])
    assert table["customers"].tolist() == [1] * 10
    assert table["expected_churners"].sum() == pytest.approx(5.0)
    assert table["actual_churners"].tolist() == [1, 1, 0, 1, 0, 1, 0, 0, 0, 0]
    assert table["actual_spend"].sum() == 30


def test_profits_by_hand():
    table = backtest_table([ten_customers()]).set_index("decile")
    # A churner who is contacted brings 0.3 * 100 - 8 = 22, anybody else costs 8.
    assert table.loc[1, "profit_model"] == pytest.approx(22)
    assert table.loc[2, "profit_model"] == pytest.approx(44)
    assert table.loc[3, "profit_model"] == pytest.approx(36)
    everybody = 4 * 22 - 6 * 8
    assert table.loc[10, "profit_model"] == pytest.approx(everybody)
    assert (table["profit_everybody"] == everybody).all()
    assert table.loc[5, "profit_random"] == pytest.approx(everybody / 2)
    # The longest silent four are customers 10, 9, 8, 7: none of them left.
    assert table.loc[4, "profit_recency"] == pytest.approx(-32)


def test_the_chosen_number_is_decided_before_the_outcome():
    (row,) = backtest_summary([ten_customers()], horizon_days=30)
    # Worth contacting while 0.3 * 100 * p > 8, that is p > 0.2667: seven customers, four of whom left.
    assert row.contacted == 7
    assert row.profit_chosen == pytest.approx(4 * 22 - 3 * 8)
    assert row.profit_random == pytest.approx(40 * 7 / 10)
    assert row.expected_churn_rate == pytest.approx(0.5)
    assert row.actual_churn_rate == pytest.approx(0.4)


def test_the_active_stand_beside_all():
    (row,) = backtest_summary([ten_customers()], horizon_days=4)
    # Silent for four days or less: the first four, three of whom left.
    assert row.customers == 10
    assert row.active is not None
    assert row.active.customers == 4
    assert row.active.expected_churn_rate == pytest.approx((0.95 + 0.85 + 0.75 + 0.65) / 4)
    assert row.active.actual_churn_rate == pytest.approx(0.75)
    assert (row.active.expected_spend, row.active.actual_spend) == (6, 5)
    assert (row.active.contacted, row.active.profit_chosen) == (4, pytest.approx(3 * 22 - 8))
    (active,) = active_dates([row])
    assert (active.cutoff, active.customers, active.actual_spend) == (row.cutoff, 4, 5)


def test_a_date_without_active_customers():
    (row,) = backtest_summary([ten_customers()], horizon_days=0)
    assert row.active is None
    assert active_dates([row]) == ()


def test_nothing_to_replay_gives_the_columns_alone():
    table = backtest_table([])
    assert len(table) == 0
    assert "profit_model" in table.columns

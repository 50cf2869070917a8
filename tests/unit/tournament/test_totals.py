"""The level of money: what the process misses in totals, and steps that finished windows have earned."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from churnkit.tournament.totals import TotalRule, TotalStep, process_total, total_residuals
from churnkit.windows import CutoffPlan, plan_cutoffs

START = datetime(2020, 1, 1)


def _plan() -> CutoffPlan:
    return plan_cutoffs(START, datetime(2024, 1, 1), 60, max_cutoffs=100)


def _season(cutoff: datetime) -> float:
    return 0.5 * np.sin(2 * np.pi * (cutoff - START).days / 365.25)


ROWS = pd.DataFrame(
    {
        "btyd_expected_orders": [2.0, 1.0, np.nan],
        "monetary_total": [30.0, -5.0, 8.0],
        "purchase_days": [3, 1, 1],
    }
)


def _steps(plan: CutoffPlan, came_of) -> TotalStep:
    rule = TotalRule(plan, {c: _season(c) for c in plan.labelled})
    for cutoff in plan.labelled:
        step = rule.step(cutoff, ROWS, 20.0)
        rule.learn(cutoff, step, 20.0, came_of(cutoff))
    return rule.step(plan.scoring, ROWS, 20.0)


def test_process_total_and_its_misses_by_hand():
    # 2 x 30 / 3; who gave back more than they bought brings nothing; no fit, no orders.
    assert process_total(ROWS) == pytest.approx(20.0)
    panel = ROWS.assign(cutoff=pd.Timestamp(START), churned=0.0, spend_next=[10.0, 0.0, 0.0])
    later = panel.assign(cutoff=pd.Timestamp(START + timedelta(days=30)), churned=np.nan)
    assert total_residuals(pd.concat([panel, later])) == pytest.approx({START: np.log(0.5)})


def test_a_season_that_came_back_moves_the_total():
    plan = _plan()
    step = _steps(plan, lambda cutoff: 20.0 * np.exp(_season(cutoff)))
    assert step.season is not None
    assert step.season.years == 3
    assert step.weight > 0.8
    assert step.shift == pytest.approx(_season(plan.scoring), abs=0.12)


def test_where_the_forecast_was_right_without_it_the_total_stays():
    step = _steps(_plan(), lambda _: 20.0)
    assert step.weight == pytest.approx(0.0, abs=0.03)


def test_windows_that_are_not_over_do_not_count():
    plan = _plan()
    rule = TotalRule(plan, {})
    rule.learn(plan.labelled[-1], TotalStep(1.0, 0.0, None), 20.0, 60.0)
    assert rule.step(plan.labelled[-1], ROWS, 10.0).weight == 0.5
    after = rule.step(plan.scoring, ROWS, 10.0)
    # Two windows overlap, so one counts half; the prior is a half of 0.1.
    assert after.weight == pytest.approx((0.5 * np.log(3) + 0.05) / 0.6)
    assert after.gap == pytest.approx(np.log(2))


def test_nothing_moves_without_a_fit():
    assert TotalRule(_plan(), {}).step(_plan().scoring, ROWS.iloc[2:], 10.0).shift == 0.0

"""What the purchase process is expected to miss: the last windows carried on, and the same season of earlier years."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
import pytest

from churnkit.tournament.residuals import ResidualForecast
from churnkit.windows import CutoffPlan, plan_cutoffs, window_over

START = datetime(2015, 1, 1)


def shop_of(years: float) -> CutoffPlan:
    return plan_cutoffs(START, START + timedelta(days=round(365.25 * years)), 30, max_cutoffs=1000)


def autumn(cutoff: datetime) -> float:
    """More buy from October to December than the process, which knows no season, expects."""
    return -1.5 if cutoff.month >= 10 else 0.3


def misses(plan: CutoffPlan, forecast: ResidualForecast, residual: dict[datetime, float]) -> float:
    return float(np.mean([abs(forecast.at(cutoff)[0] - residual[cutoff]) for cutoff in plan.labelled[-24:]]))


def test_a_season_of_many_years_is_believed() -> None:
    plan = shop_of(6)
    residual = {cutoff: autumn(cutoff) for cutoff in plan.labelled}
    expected, season = ResidualForecast(plan, residual).at(datetime(2020, 11, 1))
    assert season is not None and season.years == 5
    assert expected == pytest.approx(-1.5, abs=0.1)
    one_year = {cutoff: residual[cutoff] for cutoff in plan.labelled[-24:]}
    assert (
        misses(plan, ResidualForecast(plan, residual), residual)
        < misses(plan, ResidualForecast(plan, one_year), residual) / 2
    )


def test_where_years_do_not_repeat_the_last_window_is_carried_on() -> None:
    """A season that turns round every year: to repeat last year is worse than to know nothing."""
    plan = shop_of(8)
    residual = {c: math.sin(math.pi * (c - START).days / 365.25) for c in plan.labelled}
    forecast = ResidualForecast(plan, residual)
    cutoff = plan.scoring
    expected, season = forecast.at(cutoff)
    known = [c for c in plan.labelled if window_over(c, plan.horizon_days, cutoff)]
    assert season is not None and season.years == 7
    assert abs(expected - residual[known[-1]]) < abs(expected - season.residual)


def test_nothing_is_known_before_the_first_window_is_over() -> None:
    plan = shop_of(1)
    first = plan.labelled[0]
    forecast = ResidualForecast(plan, {first: 1.0})
    assert forecast.at(first + timedelta(days=30) - timedelta(microseconds=1)) == (0.0, None)
    carried, season = forecast.at(first + timedelta(days=30))
    assert 0 < carried < 1
    assert season is None
    assert ResidualForecast(plan, {}).at(plan.scoring) == (0.0, None)


def test_of_a_season_only_what_lies_near_enough_counts() -> None:
    plan = shop_of(3)
    year_ago = plan.scoring - timedelta(days=365)
    near = min(plan.labelled, key=lambda c: abs(c - year_ago))
    assert ResidualForecast(plan, {near: 1.0}).at(plan.scoring)[1] is not None
    assert ResidualForecast(plan, {near - timedelta(days=15): 1.0}).at(plan.scoring)[1] is None

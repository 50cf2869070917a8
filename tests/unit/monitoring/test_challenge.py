"""Two models on the same customers, and how far back to learn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from churnkit.monitoring.challenge import Paired, decide, measured, paired_gain, profit_of
from churnkit.monitoring.training_window import best_window
from churnkit.results.challenge import Contender
from churnkit.results.interval import Interval
from churnkit.windows import CutoffPlan, plan_cutoffs

OLD = Contender(
    run_id="old",
    champion="logistic",
    trained=datetime(2025, 1, 1),
    log_loss=0.50,
    roc_auc=0.70,
    ece=0.03,
    profit=100.0,
    high_share=0.10,
)
NEW = replace(OLD, run_id="new", log_loss=0.47, roc_auc=0.74)
SURE = Interval(0.03, 0.01, 0.05)


def _pair(better: float, customers: int = 300, dates: int = 2) -> Paired:
    rng = np.random.default_rng(4)
    p = np.tile(rng.uniform(0.1, 0.9, customers), dates)
    churned = (rng.random(customers * dates) < p).astype(float)
    blurred = 0.5 + (p - 0.5) * (1 - better)
    return Paired(np.tile(np.arange(customers), dates), churned, blurred, p)


def test_a_better_model_gains_beyond_chance_and_an_equal_one_nothing() -> None:
    found = paired_gain(_pair(0.8))
    assert found.low > 0
    nothing = paired_gain(_pair(0.0))
    assert (nothing.value, nothing.low, nothing.high) == pytest.approx((0.0, 0.0, 0.0), abs=1e-12)


def test_a_customer_of_several_dates_is_drawn_with_all_of_them() -> None:
    once = _pair(0.8, dates=1)
    twice = Paired(*(np.tile(values, 2) for values in vars(once).values()))
    first, second = paired_gain(once), paired_gain(twice)
    assert first.value == pytest.approx(second.value)
    assert second.high - second.low == pytest.approx(first.high - first.low)


@pytest.mark.parametrize(
    ("new", "gain", "customers", "whole", "verdict"),
    [
        (NEW, SURE, 500, True, "better"),
        (NEW, Interval(0.03, -0.01, 0.07), 500, True, "as_good"),
        (NEW, Interval(-0.03, -0.05, -0.01), 500, True, "worse"),
        (replace(NEW, ece=0.06), SURE, 500, True, "as_good"),
        (NEW, None, 0, True, "not_yet"),
        (NEW, SURE, 40, True, "not_yet"),
        (NEW, SURE, 500, False, "unfit"),
        # Three times as many at high risk, and no better.
        (replace(OLD, high_share=0.30), SURE, 500, True, "unfit"),
        (replace(NEW, high_share=0.30), SURE, 500, True, "better"),
    ],
)
def test_verdicts(new: Contender, gain: Interval | None, customers: int, whole: bool, verdict: str) -> None:
    found, words, advice = decide(OLD, new, gain, customers, whole)
    assert found == verdict
    assert words and advice


def test_profit_is_of_those_who_promise_more_than_they_cost() -> None:
    p, churned, value = np.array([0.9, 0.9, 0.1]), np.array([1.0, 0.0, 1.0]), np.full(3, 100.0)
    assert profit_of(p, churned, value, contact_cost=10.0, save_rate=0.5) == pytest.approx(50 - 10 - 10)
    assert np.isnan(measured(np.array([]), np.array([]))["log_loss"])


def _panel(turned: datetime) -> tuple[pd.DataFrame, CutoffPlan]:
    """Who is high in ``x`` leaves; before ``turned`` it was the other way round."""
    plan = plan_cutoffs(datetime(2022, 1, 1), datetime(2025, 1, 1), 60)
    rng = np.random.default_rng(9)
    parts = []
    for cutoff in plan.all:
        x = rng.normal(size=300)
        towards = x if cutoff >= turned else -x
        parts.append(
            pd.DataFrame(
                {
                    "customer_id": [f"c{k}" for k in range(300)],
                    "cutoff": pd.Timestamp(cutoff).as_unit("us"),
                    "x": x,
                    "churned": (rng.random(300) < 1 / (1 + np.exp(-2 * towards))).astype(float),
                }
            )
        )
    panel = pd.concat(parts, ignore_index=True)
    panel.loc[panel["cutoff"] == plan.scoring, "churned"] = np.nan
    return panel, plan


def test_customers_who_turned_are_learned_from_a_short_window_and_steady_ones_from_all() -> None:
    panel, plan = _panel(datetime(2023, 8, 1))
    months, words = best_window(panel, plan)
    assert months == 12 and "beyond chance" in words
    panel, plan = _panel(datetime(2020, 1, 1))
    months, words = best_window(panel, plan)
    assert months is None and "whole history" in words


def test_a_window_that_was_set_stays() -> None:
    panel, plan = _panel(datetime(2020, 1, 1))
    assert best_window(panel, replace(plan, training_months=6))[0] == 6


def test_a_short_history_leaves_no_choice() -> None:
    plan = plan_cutoffs(datetime(2024, 1, 1), datetime(2024, 1, 1) + timedelta(days=300), 60)
    months, words = best_window(pd.DataFrame(), plan)
    assert months is None and "too short" in words

"""Figures of a made-up last window, and drivers and rules in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from churnkit.explain.contributions import Contributions
from churnkit.results.evidence.last_window import WindowFigures
from churnkit.results.found import Found, Missing
from churnkit.services.analyse.evidence.behaviour import behaviour, controllable
from churnkit.services.analyse.evidence.findings import drivers, rules
from churnkit.services.analyse.evidence.window import LastWindow, active_part
from churnkit.services.analyse.evidence.window_curves import window_figures
from churnkit.tournament.backtest import PastOutcome
from churnkit.tournament.baselines import RECENCY_RULE, FittedBaseline
from churnkit.tournament.evaluation import Stakes
from churnkit.tournament.model import ChurnModel
from churnkit.windows import plan_cutoffs

CUTOFF = datetime(2026, 1, 1)
EVERYBODY = np.ones(500, dtype=bool)
PLAN = plan_cutoffs(datetime(2025, 1, 1), datetime(2026, 3, 2), 60)
RULE = FittedBaseline(RECENCY_RULE, 60, 0.0, -1.0, 1.0, None)
MODEL = ChurnModel(RECENCY_RULE, 60, None, (), RULE)


def panel(count: int, seed: int) -> pd.DataFrame:
    """Long silence means leaving, nine times in ten."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "customer_id": [f"{k:04d}" for k in range(count)],
            "recency_days": rng.integers(1, 240, count),
            "order_count": rng.integers(1, 8, count),
            "discount_share": rng.uniform(0, 0.5, count).round(2),
        }
    )
    p = np.where(rows["recency_days"] > 60, 0.9, 0.2)
    return rows.assign(churned=(rng.random(count) < p).astype(float), cutoff=pd.Timestamp(CUTOFF))


def window(count: int = 400) -> LastWindow:
    rows = panel(count, 2)
    p = MODEL.p_churn(rows)
    churned = rows["churned"].to_numpy()
    stakes = Stakes(np.full(count, 100.0), 2.0, 0.5)
    recency = rows["recency_days"].to_numpy(dtype=float)
    past = PastOutcome(CUTOFF, p, churned, np.ones(count), np.ones(count), recency, stakes)
    return LastWindow(MODEL, CUTOFF, rows, panel(2000, 1), p, churned, {"mbg_nbd": p}, 0.5, past)


def figures_of(one: LastWindow, currency: str | None) -> WindowFigures:
    found = window_figures(one, currency)
    assert isinstance(found, Found)
    return found.value


def test_calls_in_business_words() -> None:
    one = window()
    found = figures_of(one, "EUR").confusion
    called = (one.rows["recency_days"] > 60).to_numpy()
    left = one.churned == 1
    assert found.true_positive == int((called & left).sum())
    assert found.false_positive == int((called & ~left).sum())
    assert found.false_negative == int((~called & left).sum())
    assert found.true_negative == int((~called & ~left).sum())
    words = [text.replace("\u202f", " ") for text in found.words]
    assert words[0].startswith(f"{called.sum()} of 400 customers were called likely leavers.")
    assert (
        f"{(called & ~left).sum()} of them would have been contacted for nothing, at €2.00 each" in words[2]
    )


def test_profit_starts_at_nothing_and_ends_with_everybody() -> None:
    one = window()
    found = figures_of(one, None).profit
    everybody = one.churned.sum() * 0.5 * 100 - 400 * 2
    assert found.contacted[0] == 0
    assert found.contacted[-1] == 400
    assert len(found.contacted) <= 200
    for earned in (found.model, found.recency, found.random):
        assert earned[0] == 0
        assert earned[-1] == pytest.approx(everybody)
    assert found.everybody == pytest.approx(everybody)


def test_calibration_has_ten_groups() -> None:
    found = figures_of(window(), None).calibration
    assert (found.bin_count, sum(row.customers for row in found.bins)) == (10, 400)
    assert 0 < found.ece < 0.3


def test_the_active_part_holds_those_silent_no_longer_than_the_threshold() -> None:
    one = window()
    part = active_part(one, 60)
    assert isinstance(part, LastWindow)
    active = (one.rows["recency_days"] <= 60).to_numpy()
    assert (one.rows["recency_days"] == 60).any()
    assert len(part.churned) == len(part.rows) == len(part.by_rule["mbg_nbd"]) == active.sum()
    found = window_figures(part, None, who="active customers")
    assert isinstance(found, Found)
    assert found.value.quality is not None
    assert found.value.quality.customers == active.sum()
    assert found.value.quality.actual_churn_rate == pytest.approx(one.churned[active].mean())
    assert "active customers were called likely leavers" in found.value.confusion.words[0]


def test_no_active_part_where_nothing_can_be_told_apart() -> None:
    assert isinstance(active_part(window(), 0), Missing)
    assert active_part(Missing("Too short."), 60) == Missing("Too short.")
    assert window_figures(Missing("Too short."), None) == Missing("Too short.")


def test_drivers_of_the_high_tier() -> None:
    rows = panel(500, 3)
    p = np.where(rows["recency_days"] > 60, 0.9, 0.2)
    push = pd.DataFrame({"recency_days": p - 0.5, "order_count": 0.01})
    parts = Contributions(push, 0.0, rows[["recency_days", "order_count"]].astype(float))
    drivers_found = drivers(rows, parts, p, 0.7, None, EVERYBODY)
    assert isinstance(drivers_found, Found)
    (found,) = drivers_found.value
    assert found.feature == "recency_days"
    assert found.share_high > 0.9
    assert found.share_rest < 0.1
    assert "high-risk customers have not bought for" in found.words
    assert "not a cause" in found.figure_definition


def test_drivers_without_a_high_tier_take_the_riskiest_fifth() -> None:
    rows = panel(500, 3)
    p = 0.3 + rows["recency_days"].to_numpy() / 1000
    push = pd.DataFrame({"recency_days": p - 0.5})
    parts = Contributions(push, 0.0, rows[["recency_days"]].astype(float))
    found = drivers(rows, parts, p, 0.7, None, EVERYBODY)
    assert isinstance(found, Found)
    assert "the riskiest 20 % of active customers" in found.value[0].words
    same = drivers(rows, parts, np.full(500, 0.5), 0.7, None, EVERYBODY)
    assert isinstance(same, Missing)


@pytest.mark.parametrize(("high", "who"), [(9, "the riskiest 20 %"), (10, "high-risk customers")])
def test_a_handful_at_high_risk_has_nothing_in_common(high: int, who: str) -> None:
    rows = panel(500, 3).sort_values("recency_days", ignore_index=True)
    p = 0.3 + rows["recency_days"].to_numpy() / 1000
    p[-high:] = 0.9
    parts = Contributions(pd.DataFrame({"recency_days": p - 0.5}), 0.0, rows[["recency_days"]].astype(float))
    found = drivers(rows, parts, p, 0.7, None, EVERYBODY)
    assert isinstance(found, Found)
    assert who in found.value[0].words.replace("\u202f", " ").replace("\u00a0", " ")


def test_drivers_are_of_the_active() -> None:
    rows = panel(500, 3)
    active = (rows["recency_days"] <= 60).to_numpy()
    lively = (rows["order_count"] > rows["order_count"].median()).to_numpy()
    # All who lapsed are at high risk; of the active only those with few orders are.
    p = np.where(active & lively, 0.2, 0.9)
    push = pd.DataFrame({"recency_days": p - 0.5, "order_count": 0.3 * (p - 0.5)})
    parts = Contributions(push, 0.0, rows[["recency_days", "order_count"]].astype(float))
    found = drivers(rows, parts, p, 0.7, None, active)
    assert isinstance(found, Found)
    (driver,) = found.value
    assert (driver.feature, driver.share_high, driver.share_rest) == ("order_count", 1.0, 0.0)
    assert driver.customers == (active & ~lively).sum()
    assert driver.words.endswith("of the other active ones")
    nobody = drivers(rows, parts, p, 0.7, None, np.zeros(500, dtype=bool))
    assert isinstance(nobody, Missing)


def test_rules_that_are_wrong_too_often_are_not_printed() -> None:
    one = window()
    assert isinstance(rules(one, PLAN, None, 42), Found)
    # In the test window half of everybody leaves, whatever they did before.
    rows = one.rows.assign(churned=np.arange(len(one.rows)) % 2.0)
    found = rules(replace(one, rows=rows), PLAN, None, 42)
    assert isinstance(found, Missing)
    assert "60" in found.reason


def test_rules_for_all_and_for_those_who_can_be_kept() -> None:
    found = rules(window(), PLAN, None, 42)
    assert isinstance(found, Found)
    first = found.value[0]
    assert first.population == "all customers"
    assert "has not bought for" in first.words
    assert first.lift == pytest.approx(first.precision / first.base_rate)
    # Within 60 days everybody leaves alike, so there is nothing to say of those who can still be kept.
    assert {rule.population for rule in found.value} == {"all customers"}
    assert isinstance(rules(Missing("Too short."), PLAN, None, 42), Missing)


def test_behaviour_of_a_rule() -> None:
    rows = panel(300, 5)
    push = pd.DataFrame({"recency_days": np.where(rows["recency_days"] > 60, 1.0, -1.0)})
    parts = Contributions(push, 0.0, rows[["recency_days"]].astype(float))
    found = behaviour(MODEL, rows, parts, window(), 42)
    assert [row.feature for row in found.importance] == ["recency_days"]
    assert len(found.shap_summary[0].push) == 300
    assert isinstance(found.permutation, Found)
    assert found.permutation.value[0].loss_increase > 0
    assert min(found.partial_dependence[0].mean_p_churn) == pytest.approx(1 / (1 + np.e))
    assert isinstance(found.controllable, Missing)


def test_controllable_features_are_those_in_use() -> None:
    rows = panel(300, 5).assign(monetary_mean=np.linspace(1, 100, 300), refund_count=[0, 1, 7] * 100)
    found = controllable(rows, ["recency_days", "discount_share", "monetary_mean", "refund_count"])
    assert isinstance(found, Found)
    assert [(one.feature, one.low, one.high, one.step) for one in found.value] == [
        ("discount_share", 0.0, 1.0, 0.01),
        ("refund_count", 0.0, 7.0, 1.0),
        ("monetary_mean", 0.0, 99.0, 1.0),
    ]

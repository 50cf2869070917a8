"""What a year is learned from: shares, cutoffs, season, and the whole on a made shop."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.btyd import MbgNbd
from churnkit.clv import KnownThen, fit_year_model, known_then, needed_cutoffs
from churnkit.clv.bands import NORMAL_QUANTILE
from churnkit.clv.year.ahead import season, thinning
from churnkit.clv.year.fit import Fitted, ShopLevel, _half_way_to_repetition, _held, _total, fit_as_of
from churnkit.clv.year.known import lesson, own_window, trial_cutoffs
from churnkit.clv.year.pause import pause_days, was_closed
from churnkit.clv.year.shares import DEFAULT_KEPT, fit_shares
from churnkit.clv.year.words import notes_on
from churnkit.config import Money
from churnkit.ingest.engine import connect
from churnkit.services.analyse.history import build_panel, open_history, panel_at, plan_for
from tests.shops import order_lines
from tests.unit.clv.made_year import customers, made_rule

START = datetime(2024, 1, 1)


def monthly(count: int) -> list[datetime]:
    return [START + timedelta(days=30 * n) for n in range(1, count)]


def test_shares_are_found_and_a_whale_does_not_move_them():
    rng = np.random.default_rng(1)
    pace, own = rng.lognormal(4, 1, 4000), rng.lognormal(4, 1, 4000)
    spend = (0.5 * pace + 0.3 * own + 5) * rng.gamma(2.0, 0.5, 4000)
    ones = np.ones(4000)
    found = fit_shares(pace, own, ones, spend, DEFAULT_KEPT)
    assert found.pace == pytest.approx(0.5, abs=0.05) and found.own == pytest.approx(0.3, abs=0.05)
    whale = fit_shares(
        np.append(pace, 1e5), np.append(own, 1e5), np.ones(4001), np.append(spend, 5e6), DEFAULT_KEPT
    )
    assert whale.pace + whale.own < 1.5


def test_shares_are_never_negative_and_few_rows_teach_nothing():
    rng = np.random.default_rng(2)
    pace, own = rng.lognormal(4, 1, 500), rng.lognormal(4, 1, 500)
    spend = np.clip(pace - 0.8 * own, 1, None)
    found = fit_shares(pace, own, np.ones(500), spend, DEFAULT_KEPT)
    assert min(found.pace, found.own, found.base) >= 0
    assert fit_shares(pace[:29], own[:29], np.ones(29), spend[:29], DEFAULT_KEPT) == DEFAULT_KEPT


def test_whole_years_are_preferred_and_the_middle_stands_in():
    as_of = START + timedelta(days=730)
    learned = lesson(monthly(24), START, as_of, 60, 365)
    assert learned is not None and learned.whole_stretch and learned.days == 365
    # The last whose year was over: day 360 of 730.
    assert [(c - START).days for c in learned.cutoffs] == [360]
    short = lesson(monthly(12), START, START + timedelta(days=373), 60, 365)
    assert short is not None and not short.whole_stretch
    # The middle is day 186.5.
    assert [(c - START).days for c in short.cutoffs] == [180] and short.days == 193
    assert lesson([], START, as_of, 60, 365) is None


def test_a_year_is_tested_where_something_could_be_learned_before():
    trials = trial_cutoffs(monthly(24), START, START + timedelta(days=730), 60)
    assert [((c - START).days, days) for c, days in trials] == [(360, 365), (480, 250)]
    # In 100 days there is no earlier cutoff whose horizon was over by the trial.
    assert trial_cutoffs([START + timedelta(days=40)], START, START + timedelta(days=100), 60) == ()


def test_own_window_is_one_of_the_panels():
    assert [own_window(days) for days in (20, 30, 100, 364, 365, 900)] == [20, 30, 90, 180, 365, 365]


def test_a_season_is_read_from_the_shops_own_year():
    days = pd.date_range(START, periods=366, freq="D")
    high = days >= pd.Timestamp(START + timedelta(days=183))
    by_day = pd.DataFrame({"day": days, "net": np.where(high, 30.0, 10.0), "newcomers": 0, "repeats": 0})
    as_of = START + timedelta(days=366)
    seen_from = START + timedelta(days=183)
    level = season(None, by_day, seen_from, as_of, as_of)
    assert level == pytest.approx((182 * 10 + 183 * 30) / 365 / 30)
    # Less than a year tells of no season.
    assert season(None, by_day.tail(300), seen_from, as_of, as_of) == 1.0


def test_customers_who_leave_are_no_season():
    process = MbgNbd(r=1.0, alpha_days=20.0, a=1.0, b=2.0)
    days = pd.date_range(START, periods=370, freq="D")
    newcomers = np.where(np.arange(370) < 30, 100, 0)
    each = np.array([process.expected_orders(float(age), 0, 0, 0)[0] for age in range(371)])
    repeats = np.convolve(newcomers, np.diff(each))[:370]
    by_day = pd.DataFrame(
        {"day": days, "net": newcomers + repeats, "newcomers": newcomers, "repeats": repeats}
    )
    as_of = START + timedelta(days=370)
    seen_from = START + timedelta(days=185)
    assert season(None, by_day, seen_from, as_of, as_of) > 2
    assert season(process, by_day, seen_from, as_of, as_of) == pytest.approx(1.0)


def test_a_longer_stretch_thins_out_as_the_process_says():
    process = MbgNbd(r=1.0, alpha_days=20.0, a=1.0, b=2.0)
    rows = pd.DataFrame(
        {"repeat_count": [2, 0], "t_x_days": [60, 0], "tenure_days": [80, 10], "monetary_mean": [10.0, 0.0]}
    )
    expected = process.expected_orders(365, 2, 60, 80) / 365 / (process.expected_orders(100, 2, 60, 80) / 100)
    assert thinning(process, rows, 100, 365) == pytest.approx(expected[0])
    assert thinning(process, rows, 365, 365) == 1.0 and thinning(None, rows, 100, 365) == 1.0


@pytest.mark.parametrize(("days", "basis"), [(800, "learned"), (400, "seasonal"), (200, "last_year")])
def test_the_year_of_a_made_shop(tmp_path: Path, days: int, basis: str):
    """Every basis gives a total that can be, intervals that hold and tests that tell the truth."""
    lines = order_lines(customers=500, days=days + 365)
    with connect(tmp_path) as connection:
        backend = ibis.duckdb.from_connection(connection)
        lines.assign(source_row=range(len(lines))).to_parquet(tmp_path / "lines.parquet")
        table = backend.read_parquet(tmp_path / "lines.parquet")
        as_of = datetime(2025, 1, 6) + timedelta(days=days)
        history = open_history(backend, table, as_of, has_time=True)
        plan = plan_for(history, 60)
        panel = build_panel(history, plan, seed=1).panel
        needed = needed_cutoffs(plan.labelled, plan.history_start, plan.scoring, 60)
        known = {cutoff: known_then(panel, plan, cutoff) for cutoff in needed}
        today = known_then(panel, plan, plan.scoring)
        model = fit_year_model(today, known, history.events, plan.history_start, 60)
    assert model.basis == basis
    year = model.values(today.rows, today.p_churn, today.spend_if_buying, Money())
    assert year.clv.sum() == pytest.approx(model.forecast.total)
    later = lines[lines["ordered_at"] >= pd.Timestamp(as_of)]
    later = later[later["ordered_at"] < pd.Timestamp(as_of + timedelta(days=365))]
    brought = later.groupby("customer_id")["amount"].sum().reindex(today.rows["customer_id"]).fillna(0.0)
    assert 0.6 < model.forecast.total / brought.sum() < 1.6
    inside = (brought.to_numpy() >= year.clv_low - 1e-9) & (brought.to_numpy() <= year.clv_high + 1e-9)
    assert inside.mean() > 0.72
    for test in model.backtests:
        assert _net(lines, known[test.cutoff], test.days) == pytest.approx(test.actual)
        assert 0.5 < test.ratio < 2 and test.mae < 1.2 * test.mae_repeat


def _net(lines: pd.DataFrame, then: KnownThen, days: int) -> float:
    inside = lines[
        (lines["ordered_at"] >= pd.Timestamp(then.cutoff))
        & (lines["ordered_at"] < pd.Timestamp(then.cutoff + timedelta(days=days)))
        & lines["customer_id"].isin(then.rows["customer_id"])
    ]
    return float(inside["amount"].sum())


def test_a_cutoff_beside_the_plans_has_the_same_columns(tmp_path: Path):
    lines = order_lines(customers=120, days=500)
    with connect(tmp_path) as connection:
        backend = ibis.duckdb.from_connection(connection)
        lines.assign(source_row=range(len(lines))).to_parquet(tmp_path / "lines.parquet")
        table = backend.read_parquet(tmp_path / "lines.parquet")
        history = open_history(backend, table, None, has_time=True)
        plan = plan_for(history, 20)
        far = plan.scoring - timedelta(days=365)
        rows = panel_at(history, plan, [far])
    assert plan.labelled[0] > far and set(rows["cutoff"]) == {pd.Timestamp(far)}
    then = known_then(rows, plan, far)
    assert len(then.p_churn) == len(rows) and np.isfinite(then.spend_if_buying).all()


def _level(early: float, later: float, known_share: float) -> ShopLevel:
    """A year whose first tenth brings ``early`` a day."""
    days = pd.date_range(START, periods=365)
    net = np.where(np.arange(365) < 36, early, later)
    return ShopLevel(pd.DataFrame({"day": days, "net": net}), known_share)


def test_a_shop_that_began_with_its_history_is_held_at_repetition_and_a_cut_export_at_its_known_share():
    today = KnownThen(
        START + timedelta(days=365), customers([1000.0, 3000.0]), np.zeros(2), np.array([1000.0, 1200.0])
    )
    # Kept: half of five times the spend of a horizon, and a quarter of the own record.
    rule = made_rule()
    assert _total(rule, today) == pytest.approx(2750 + 3750)
    shop = _level(10.0, 10.0, 0.5)
    assert not shop.began_small(today.cutoff)
    held, cap = _held(rule, today, shop)
    assert cap == "share" and _total(held, today) == pytest.approx(1825.0), "half of 3,650"
    drawn = _half_way_to_repetition(held, today)
    assert _total(drawn, today) == pytest.approx((1825.0 * 4000.0) ** 0.5)
    # Half of a tenth: 36.5 days of 365.
    began = _level(4.0, 10.0, 0.5)
    assert began.began_small(today.cutoff) and not _level(6.0, 10.0, 0.5).began_small(today.cutoff)
    held, cap = _held(rule, today, began)
    assert cap == "own" and _total(held, today) == pytest.approx(4000.0)
    assert _total(_half_way_to_repetition(held, today), today) == pytest.approx(4000.0)
    assert _held(made_rule(level=0.1), today, began)[1] is None, "what lies below is not held"


@pytest.mark.parametrize(("history_days", "spread"), [(12, 0.65), (45, 0.575), (200, 0.30)])
def test_weeks_are_not_carried_on_to_a_year(history_days: int, spread: float):
    today = KnownThen(
        START + timedelta(days=history_days), customers([100.0, 300.0]), np.zeros(2), np.array([90.0, 110.0])
    )
    brought = today.rows["monetary_total"].sum()
    level = ShopLevel(pd.DataFrame({"day": [START], "net": [brought]}), 1.0)
    found = fit_as_of(today, None, None, level, START, 4, 365)
    assert found.basis == "last_year" and found.rule.spread == pytest.approx(spread)
    assert found.total == pytest.approx(brought * 365 / (history_days + 70))


def by_day(days: pd.Index) -> pd.DataFrame:
    return pd.DataFrame({"day": days, "net": 1.0})


def test_a_closed_shop_is_told_from_a_season():
    open_days = pd.date_range(START, periods=900)
    as_of = START + timedelta(days=900)

    def without(*stretches: tuple[int, int]) -> pd.DataFrame:
        kept = np.ones(900, dtype=bool)
        for start, end in stretches:
            kept[start:end] = False
        return by_day(open_days[kept])

    assert pause_days(without((600, 690)), as_of) == 90 and pause_days(without((600, 629)), as_of) == 0
    assert pause_days(without(), as_of) == 0 and pause_days(without((600, 690)), START + timedelta(300)) == 0
    assert pause_days(without((235, 325), (600, 690)), as_of) == 0, "a season"
    assert pause_days(without((450, 633)), as_of) == 98, "the days of it in the last year"
    assert pause_days(without((400, 560)), as_of) == 0, "hardly any of it"
    assert pause_days(without((860, 900)), as_of) == 40, "closed still"
    for start, closed in ((380, True), (540, True), (610, False)):
        assert (
            was_closed(without((450, 633)), START + timedelta(start), START + timedelta(start + 200))
            is closed
        )


def test_after_a_pause_the_year_lies_between_two_and_its_range_beyond_both():
    as_of = START + timedelta(days=900)
    days = pd.date_range(START, periods=900)
    today = KnownThen(as_of, customers([100.0, 300.0]), np.zeros(2), np.array([90.0, 110.0]))
    own = float(today.rows["monetary_total"].sum())
    open_all_year, closed = (
        fit_as_of(today, None, None, ShopLevel(by_day(kept), 1.0), as_of - timedelta(days=300), 60, 365)
        for kept in (days, days[:600].append(days[783:]))
    )
    assert (open_all_year.pause, closed.pause) == (0, 183)
    factor = math.sqrt(365 / 182)
    assert closed.total == pytest.approx(own * factor)
    assert closed.rule.spread == pytest.approx(math.hypot(0.30, math.log(factor)))
    reach = math.exp(NORMAL_QUANTILE * closed.rule.spread)
    assert closed.total / reach < own and closed.total * reach > own * 365 / 182
    (paused,) = notes_on(closed, own)
    assert "no order on 183 days in a row" in paused
    fitted = Fitted(made_rule(), "learned", 200.0, None)
    (grown,) = notes_on(fitted, 100.0)
    assert "customers of a year ago did bring more" in grown and notes_on(fitted, 300.0) == ()

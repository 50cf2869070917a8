"""Folds: ordered in time, apart in customers, purged, and positions that mean the rows they should."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from churnkit.errors import ModelError, WindowError
from churnkit.tournament.folds import Folds, customer_groups, make_folds
from churnkit.windows import CutoffPlan, outcome_end, plan_cutoffs

START = datetime(2024, 1, 1)


def panel_of(plan: CutoffPlan, customers: int = 200, seed: int = 0) -> pd.DataFrame:
    """Every customer joins at a random cutoff; rows in random order."""
    rng = np.random.default_rng(seed)
    rows = [
        (f"{customer:04d}", cutoff)
        for customer in range(customers)
        for cutoff in plan.labelled[rng.integers(len(plan.labelled)) :]
    ]
    frame = pd.DataFrame(rows, columns=["customer_id", "cutoff"])
    frame["cutoff"] = frame["cutoff"].astype("datetime64[us]")
    frame["churned"] = (rng.random(len(frame)) < 0.5).astype(float)
    return frame.sample(frac=1, random_state=seed, ignore_index=True)


def check_common(folds: Folds, panel: pd.DataFrame, plan: CutoffPlan, count: int) -> None:
    assert len(folds.folds) == count
    cutoffs = [fold.valid_cutoff for fold in folds.folds]
    assert cutoffs == sorted(cutoffs)
    validated: list[str] = []
    for fold in folds.folds:
        train, valid = panel.iloc[fold.train], panel.iloc[fold.valid]
        assert len(train) and len(valid)
        assert set(valid["cutoff"]) == {pd.Timestamp(fold.valid_cutoff)}
        assert not set(train["customer_id"]) & set(valid["customer_id"])
        assert (train["cutoff"] <= fold.valid_cutoff).all()
        validated += valid["customer_id"].tolist()
    assert len(validated) == len(set(validated))


def trained_cutoffs(folds: Folds, panel: pd.DataFrame) -> list[list[datetime]]:
    return [sorted(panel["cutoff"].iloc[fold.train].dt.to_pydatetime().tolist()) for fold in folds.folds]


@pytest.mark.parametrize(
    ("scoring", "horizon_days", "count"),
    [
        (datetime(2024, 12, 31), 30, 5),
        (datetime(2024, 12, 31), 30, 2),
        (datetime(2024, 12, 31), 60, 5),
        (datetime(2026, 1, 1), 45, 7),
    ],
)
def test_long_histories_are_purged(scoring: datetime, horizon_days: int, count: int) -> None:
    plan = plan_cutoffs(START, scoring, horizon_days)
    panel = panel_of(plan)
    folds = make_folds(panel, plan, count)
    check_common(folds, panel, plan, count)
    assert folds.purged and folds.reserves_test
    assert plan.test is not None
    for fold, trained in zip(folds.folds, trained_cutoffs(folds, panel), strict=True):
        assert all(outcome_end(cutoff, horizon_days) <= fold.valid_cutoff for cutoff in trained)
        assert outcome_end(fold.valid_cutoff, horizon_days) <= plan.test


def test_every_row_that_may_be_learned_from_is() -> None:
    plan = plan_cutoffs(START, datetime(2024, 12, 31), 60)
    panel = panel_of(plan)
    groups = customer_groups(panel["customer_id"], 5)
    for number, fold in enumerate(make_folds(panel, plan, 5).folds):
        known = panel["cutoff"].isin(list(plan.known_before(fold.valid_cutoff)))
        expected = [i for i in range(len(panel)) if known[i] and groups[i] != number]
        assert fold.train.tolist() == expected
        at_cutoff = panel["cutoff"] == fold.valid_cutoff
        assert fold.valid.tolist() == [i for i in range(len(panel)) if at_cutoff[i] and groups[i] == number]


def test_validation_uses_the_latest_cutoffs_that_leave_the_test_window_alone() -> None:
    plan = plan_cutoffs(START, datetime(2025, 1, 1), 30)
    panel = panel_of(plan)
    folds = make_folds(panel, plan, 3)
    free = plan.known_before(plan.labelled[-1])
    assert tuple(fold.valid_cutoff for fold in folds.folds) == free[-3:]
    assert free[-1] == datetime(2024, 11, 2)


def test_with_fewer_cutoffs_than_folds_some_share_one() -> None:
    # Labelled: 31 January to 10 May by 20 days, horizon 40. Free of the test: up to 31 March; of those only
    # 11 and 31 March have a finished window before them.
    plan = plan_cutoffs(START, datetime(2024, 6, 19), 40)
    assert plan.labelled[0] == datetime(2024, 1, 31) and plan.test == datetime(2024, 5, 10)
    panel = panel_of(plan, customers=400)
    folds = make_folds(panel, plan, 5)
    check_common(folds, panel, plan, 5)
    march = [datetime(2024, 3, 11), datetime(2024, 3, 31)]
    assert [fold.valid_cutoff for fold in folds.folds] == [march[0]] * 3 + [march[1]] * 2


def test_a_short_history_keeps_customers_apart_but_not_time() -> None:
    plan = plan_cutoffs(START, datetime(2024, 5, 10), 50)
    assert len(plan.labelled) == 3
    panel = panel_of(plan)
    folds = make_folds(panel, plan, 5)
    check_common(folds, panel, plan, 5)
    assert not folds.purged and folds.reserves_test
    assert plan.test not in {cutoff for trained in trained_cutoffs(folds, panel) for cutoff in trained}
    assert plan.test not in {fold.valid_cutoff for fold in folds.folds}


def test_a_single_cutoff_serves_training_and_validation() -> None:
    plan = plan_cutoffs(START, datetime(2024, 4, 1), 60)
    assert plan.labelled == (datetime(2024, 2, 1),)
    panel = panel_of(plan)
    folds = make_folds(panel, plan, 5)
    check_common(folds, panel, plan, 5)
    assert not folds.purged and not folds.reserves_test
    assert sum(len(fold.valid) for fold in folds.folds) == len(panel)


def test_cutoffs_that_know_too_few_of_either_outcome_are_not_validated_on() -> None:
    plan = plan_cutoffs(START, datetime(2024, 12, 31), 60)
    panel = panel_of(plan)
    nobody_left_yet = panel["cutoff"] <= plan.labelled[3]
    panel["churned"] = panel["churned"].where(~nobody_left_yet, 0.0)
    folds = make_folds(panel, plan, 5)
    check_common(folds, panel, plan, 5)
    assert folds.purged
    first = min(fold.valid_cutoff for fold in folds.folds)
    assert plan.labelled[4] in plan.known_before(first)
    for fold in folds.folds:
        known = panel["cutoff"].isin(list(plan.known_before(fold.valid_cutoff)))
        churners = panel.loc[known, "churned"].sum()
        assert 20 <= churners <= known.sum() - 20


def test_when_purged_training_sets_are_too_small_time_is_shared() -> None:
    plan = plan_cutoffs(START, datetime(2024, 12, 31), 60)
    panel = panel_of(plan)
    panel = panel[panel["cutoff"] >= plan.labelled[-2]].reset_index(drop=True)
    folds = make_folds(panel, plan, 5)
    assert not folds.purged and folds.reserves_test
    assert {fold.valid_cutoff for fold in folds.folds} == {plan.labelled[-2]}


def test_a_group_without_anybody_to_validate_is_no_fold() -> None:
    plan = plan_cutoffs(START, datetime(2024, 12, 31), 60)
    panel = panel_of(plan)
    groups = customer_groups(panel["customer_id"], 5)
    panel = panel[groups != 2].reset_index(drop=True)
    folds = make_folds(panel, plan, 5)
    check_common(folds, panel, plan, 4)


def test_too_few_churners_for_any_fold_is_one_clear_message() -> None:
    plan = plan_cutoffs(START, datetime(2024, 12, 31), 60)
    panel = panel_of(plan).assign(churned=1.0)
    panel.loc[:18, "churned"] = 0.0
    with pytest.raises(
        ModelError, match=rf"20 outcomes.*holds {len(panel):,}, of which {len(panel) - 19:,} left"
    ):
        make_folds(panel, plan, 5)


def test_without_a_labelled_cutoff_the_message_names_the_history() -> None:
    plan = plan_cutoffs(START, datetime(2024, 2, 1), 90)
    panel = pd.DataFrame({"customer_id": ["a"], "cutoff": pd.to_datetime(["2024-02-01"])})
    with pytest.raises(
        WindowError, match=r"90 days of outcome.*starts 1 Jan 2024 and is scored at 1 Feb 2024"
    ):
        make_folds(panel, plan, 5)


def test_groups_depend_on_the_customer_alone() -> None:
    ids = pd.Series([f"{i:05d}" for i in range(5000)])
    groups = customer_groups(ids, 5)
    assert set(groups) == {0, 1, 2, 3, 4}
    assert np.bincount(groups).min() > 900
    shuffled = ids.sample(frac=1, random_state=1)
    assert (customer_groups(shuffled, 5) == groups[shuffled.index]).all()
    assert (customer_groups(ids.iloc[:7].astype(object), 5) == groups[:7]).all()
    assert (customer_groups(ids.iloc[:7].astype("string"), 5) == groups[:7]).all()


def test_ids_that_differ_by_leading_zeros_are_different_customers() -> None:
    groups = customer_groups(pd.Series(["00123", "123"]), 2**20)
    assert groups[0] != groups[1]


def test_folds_learn_inside_the_training_window() -> None:
    plan = plan_cutoffs(START, datetime(2026, 1, 1), 45, training_months=6)
    folds = make_folds(panel_of(plan), plan, 5)
    panel = panel_of(plan)
    assert folds.purged
    for fold in folds.folds:
        cutoffs = panel["cutoff"].iloc[fold.train]
        assert (cutoffs >= pd.Timestamp(fold.valid_cutoff) - pd.Timedelta(days=183)).all()
        assert set(cutoffs.dt.to_pydatetime()) == set(plan.trains_on(fold.valid_cutoff))

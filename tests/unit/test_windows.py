"""Cutoffs counted by hand on a calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from churnkit.errors import WindowError
from churnkit.windows import (
    MAX_CUTOFFS,
    end_of_data,
    non_overlapping,
    outcome_end,
    plan_cutoffs,
    window_over,
)

START = datetime(2024, 1, 1, 9, 30)
SCORING = datetime(2024, 7, 1)


def days(*month_days: tuple[int, int]) -> tuple[datetime, ...]:
    return tuple(datetime(2024, month, day) for month, day in month_days)


@pytest.mark.parametrize(
    ("last", "end"),
    [
        (datetime(2024, 2, 28, 23, 59, 59, 999_999), datetime(2024, 2, 29)),
        (datetime(2024, 2, 29), datetime(2024, 3, 1)),
        (datetime(2024, 12, 31, 12), datetime(2025, 1, 1)),
    ],
)
def test_the_data_end_at_the_next_midnight(last: datetime, end: datetime) -> None:
    assert end_of_data(last) == end


def test_a_window_is_over_at_its_end_and_not_before() -> None:
    cutoff = datetime(2024, 2, 1)
    assert outcome_end(cutoff, 30) == datetime(2024, 3, 2)
    assert window_over(cutoff, 30, datetime(2024, 3, 2))
    assert not window_over(cutoff, 30, datetime(2024, 3, 1, 23, 59, 59))


def test_cutoffs_step_back_by_half_a_horizon_to_the_start_of_the_history() -> None:
    plan = plan_cutoffs(START, SCORING, 60)
    assert plan.step_days == 30
    # 30 days after the first order is 31 January, 9:30, so 2 February is the earliest that fits.
    assert plan.labelled == days((2, 2), (3, 3), (4, 2), (5, 2))
    assert plan.all == (*plan.labelled, SCORING)
    assert plan.test == datetime(2024, 5, 2)
    assert [plan.observation_days(c) for c in plan.all] == [31, 61, 91, 121, 181]


def test_known_before_needs_the_whole_window() -> None:
    plan = plan_cutoffs(START, SCORING, 60)
    assert plan.known_before(SCORING) == plan.labelled
    assert plan.known_before(datetime(2024, 5, 2)) == days((2, 2), (3, 3))
    assert plan.known_before(datetime(2024, 5, 1, 23, 59)) == days((2, 2))
    assert plan.known_before(datetime(2024, 4, 2)) == days((2, 2))
    assert plan.known_before(datetime(2024, 4, 1)) == ()


@pytest.mark.parametrize(
    ("horizon_days", "least_days"), [(1, 14), (14, 14), (20, 20), (30, 30), (60, 30), (180, 30)]
)
def test_the_least_history_follows_the_horizon_between_14_and_30_days(
    horizon_days: int, least_days: int
) -> None:
    scoring = datetime(2025, 7, 1)
    earliest = datetime(2025, 7, 1) - timedelta(days=horizon_days)
    enough = plan_cutoffs(earliest - timedelta(days=least_days), scoring, horizon_days)
    too_little = plan_cutoffs(earliest - timedelta(days=least_days, microseconds=-1), scoring, horizon_days)
    assert enough.labelled == (earliest,)
    assert too_little.labelled == ()
    assert too_little.test is None
    assert too_little.all == (scoring,)


def test_least_history_and_number_of_cutoffs_can_be_set() -> None:
    plan = plan_cutoffs(START, SCORING, 30, max_cutoffs=2, min_observation_days=100)
    assert plan.labelled == days((5, 17), (6, 1))
    assert len(plan_cutoffs(datetime(2010, 1, 1), SCORING, 30).labelled) == MAX_CUTOFFS


@pytest.mark.parametrize(
    ("horizon_days", "step_days"), [(1, 1), (2, 1), (7, 4), (85, 43), (90, 45), (91, 46)]
)
def test_the_step_is_a_whole_number_of_days(horizon_days: int, step_days: int) -> None:
    plan = plan_cutoffs(START, SCORING, horizon_days)
    assert plan.step_days == step_days
    steps = {b - a for a, b in zip(plan.labelled, plan.labelled[1:], strict=False)}
    assert steps <= {timedelta(days=step_days)}
    assert set(plan.known_before(SCORING - timedelta(days=horizon_days))) >= set(plan.labelled[:-2])


def test_a_horizon_longer_than_the_history_leaves_no_labelled_cutoff() -> None:
    assert plan_cutoffs(START, SCORING, 365).labelled == ()


def test_a_horizon_below_a_day_is_refused() -> None:
    with pytest.raises(WindowError, match=r"at least 1 day, it is 0\..*--horizon-days"):
        plan_cutoffs(START, SCORING, 0)


@pytest.mark.parametrize("start", [SCORING, datetime(2024, 8, 1)])
def test_no_order_before_the_scoring_instant_is_refused(start: datetime) -> None:
    with pytest.raises(WindowError, match=r"no order lies before 1 Jul 2024, 00:00.*as-of"):
        plan_cutoffs(start, SCORING, 30)


def test_non_overlapping_keeps_the_latest_and_whole_horizons_before_it() -> None:
    cutoffs = days((2, 2), (3, 3), (4, 2), (5, 2))
    assert non_overlapping(cutoffs, 60) == days((3, 3), (5, 2))
    assert non_overlapping(cutoffs[::-1], 59) == days((3, 3), (5, 2))
    assert non_overlapping(cutoffs, 61) == days((2, 2), (5, 2))
    assert non_overlapping(cutoffs, 30) == cutoffs
    assert non_overlapping((), 30) == ()


def test_a_training_window_takes_the_cutoffs_of_its_months() -> None:
    plan = plan_cutoffs(datetime(2022, 1, 1), datetime(2024, 7, 1), 60, training_months=12)
    learned = plan.trains_on(plan.scoring)
    assert learned == tuple(c for c in plan.labelled if c >= datetime(2023, 7, 1, 18))
    assert 0 < len(learned) < len(plan.labelled)
    earlier = plan.labelled[-3]
    assert set(plan.trains_on(earlier)) < set(plan.known_before(earlier))
    everything = plan_cutoffs(datetime(2022, 1, 1), datetime(2024, 7, 1), 60)
    assert everything.trains_on(earlier) == everything.known_before(earlier) == plan.known_before(earlier)


def test_a_window_shorter_than_an_outcome_leaves_the_latest_cutoff() -> None:
    plan = plan_cutoffs(datetime(2022, 1, 1), datetime(2024, 7, 1), 60, training_months=1)
    assert plan.trains_on(plan.scoring) == plan.labelled[-1:]

"""Percent and time left, by hand."""

from __future__ import annotations

import math

import pytest

from churnkit.jobs.estimate import expected_seconds, percent_done, seconds_left
from churnkit.jobs.status import Status, StepStatus
from churnkit.jobs.steps import STEPS, step_of
from churnkit.store import StepTiming
from churnkit.tournament.progress import Stage

EXPECTED = {"start": 2.0, "read": 10.0, "profile": 4.0, "write": 4.0}


def status(**states: StepStatus) -> Status:
    steps = tuple(states.get(step.key, StepStatus(step.key)) for step in STEPS["look"])
    return Status("running", steps, 1, "x")


def done(key: str) -> StepStatus:
    return StepStatus(key, "done", seconds=1.0)


def test_without_measurements_the_prior_holds() -> None:
    expected = expected_seconds("look", 500_000, [])
    prior = {step.key: step.fixed_seconds + 0.5 * step.seconds_per_million_rows for step in STEPS["look"]}
    assert expected == prior


def test_a_slower_machine_is_learned() -> None:
    read = next(step for step in STEPS["look"] if step.key == "read")
    took = [2.0, 3.0, 40.0]
    timings = [StepTiming("read", 100_000, factor * read.prior_seconds(100_000)) for factor in took]
    expected = expected_seconds("look", 1_000_000, [*timings, StepTiming("gone", 1, 9.0)])
    assert expected["read"] == pytest.approx(3.0 * read.prior_seconds(1_000_000))
    assert expected["profile"] == next(s for s in STEPS["look"] if s.key == "profile").prior_seconds(
        1_000_000
    )


def test_steps_count_by_their_expected_time() -> None:
    half = status(start=done("start"), read=StepStatus("read", "running", share=0.5, began=100.0))
    assert percent_done(half, EXPECTED, now=100.0) == pytest.approx(100 * (2 + 5) / 20)
    everything = status(**{key: done(key) for key in EXPECTED})
    assert percent_done(everything, EXPECTED, now=0.0) == 100.0
    assert seconds_left(everything, EXPECTED, now=0.0) == 0.0


def test_a_step_without_shares_moves_by_the_clock_and_never_claims_its_end() -> None:
    at_work = status(start=done("start"), read=StepStatus("read", "running", began=100.0))
    assert percent_done(at_work, EXPECTED, now=110.0) == pytest.approx(
        100 * (2 + 10 * (1 - math.exp(-1))) / 20
    )
    assert percent_done(at_work, EXPECTED, now=9_999.0) == pytest.approx(100 * (2 + 9.5) / 20)


def test_time_left_follows_a_telling_share() -> None:
    read = StepStatus("read", "running", share=0.25, began=100.0)
    # A quarter took 6 seconds, so three quarters take 18; then 4 and 4.
    assert seconds_left(status(start=done("start"), read=read), EXPECTED, now=106.0) == pytest.approx(26.0)


def test_time_left_of_an_overdue_step_stays_above_zero() -> None:
    read = StepStatus("read", "running", began=100.0)
    assert seconds_left(status(start=done("start"), read=read), EXPECTED, now=103.0) == pytest.approx(15.0)
    assert seconds_left(status(start=done("start"), read=read), EXPECTED, now=500.0) == pytest.approx(9.0)


@pytest.mark.parametrize(
    ("stage", "key"),
    [
        (Stage.READ, "read"),
        (Stage.OPEN, "read"),
        (Stage.PROFILE, "profile"),
        (Stage.FEATURES, "features"),
        (Stage.TOURNAMENT, "train"),
        (Stage.MODELS, "train"),
        (Stage.BACKTEST, "test"),
        (Stage.REPLAY, "test"),
        (Stage.EXPLAIN, "explain"),
        (Stage.DECISIONS, "write"),
    ],
)
def test_stage_belongs_to_a_step(stage: Stage, key: str) -> None:
    assert STEPS["analyze"][step_of("analyze", stage)].key == key


def test_every_stage_of_an_analysis_has_one_step() -> None:
    claimed = [stage for step in STEPS["analyze"] for stage in step.stages]
    assert sorted(claimed) == sorted(set(Stage) - {Stage.WRITE_LOOK})


def test_every_stage_of_a_look_has_one_step() -> None:
    claimed = [stage for step in STEPS["look"] for stage in step.stages]
    assert claimed == [Stage.READ, Stage.OPEN, Stage.PROFILE, Stage.WRITE_LOOK]


def test_a_stage_that_no_step_claims_goes_to_the_last() -> None:
    assert STEPS["look"][step_of("look", Stage.DECISIONS)].key == "write"

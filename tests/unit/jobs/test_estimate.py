"""Percent and time left, by hand."""

from __future__ import annotations

import itertools
import math

import pytest

from churnkit.jobs.estimate import expected_seconds, is_overdue, percent_done, seconds_left
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
    # Never done here: as much slower as what was.
    profile = next(step for step in STEPS["look"] if step.key == "profile")
    assert expected["profile"] == pytest.approx(3.0 * profile.prior_seconds(1_000_000))


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


def test_a_share_only_shortens_what_is_left() -> None:
    def left(share: float, now: float) -> float:
        read = StepStatus("read", "running", share=share, began=100.0)
        return seconds_left(status(start=done("start"), read=read), EXPECTED, now=now)

    # A tenth that took 6 of the 10 seconds does not make 54 of the others.
    assert left(0.1, 106.0) == pytest.approx(4.0 + 8.0)
    assert left(0.8, 101.0) == pytest.approx(2.0 + 8.0)
    assert left(1.0, 101.0) == pytest.approx(1.0 + 8.0)


def test_shares_that_begin_anew_with_each_stage_say_nothing() -> None:
    others = {key: done(key) for key in ("start", "read", "profile")}
    said = []
    for now, share in ((101.0, 1.0), (101.5, 0.0), (102.0, 0.6)):
        at_work = status(**others, write=StepStatus("write", "running", share=share, began=100.0))
        said.append((seconds_left(at_work, EXPECTED, now), -percent_done(at_work, EXPECTED, now)))
    assert said == sorted(said, reverse=True)
    assert [left for left, _ in said] == pytest.approx([3.0, 2.5, 2.0])


def test_a_step_is_overdue_half_again_and_a_few_seconds_later() -> None:
    read = status(start=done("start"), read=StepStatus("read", "running", began=100.0))
    assert seconds_left(read, EXPECTED, now=103.0) == pytest.approx(15.0)
    assert seconds_left(read, EXPECTED, now=500.0) == pytest.approx(9.0)
    assert not is_overdue(read, EXPECTED, now=120.0)
    assert is_overdue(read, EXPECTED, now=120.1)
    assert not is_overdue(status(start=done("start")), EXPECTED, now=9_999.0)


# Two analyses and the looks before them, as their machine recorded them: seconds by step.
RECORDED = {
    12_552: (
        {"read": 2.962, "profile": 2.105},
        {"start": 0.448, "read": 2.178, "profile": 0.952, "features": 1.997, "train": 7.898, "test": 0.65,
         "explain": 0.875, "write": 7.552},
    ),
    541_909: (
        {"read": 7.404, "profile": 3.144},
        {"start": 1.606, "read": 4.786, "profile": 0.908, "features": 4.107, "train": 12.897, "test": 2.754,
         "explain": 0.957, "write": 13.365},
    ),
}  # fmt: skip


def timings(rows: int, seconds: dict[str, float], slower: float = 1.0) -> list[StepTiming]:
    return [StepTiming(key, rows, slower * took) for key, took in seconds.items()]


def told(rows: int, expected: dict[str, float], slower: float = 1.0) -> list[float]:
    """What would have been said four times a second; models report a tenth of their work only late."""
    took = {key: slower * seconds for key, seconds in RECORDED[rows][1].items()}
    said, began = [], 0.0
    for place, step in enumerate(STEPS["analyze"]):
        for tick in range(int(took[step.key] * 4)):
            now = began + tick / 4
            share = max(0.0, 1.4 * tick / 4 / took[step.key] - 0.4)
            steps = [
                StepStatus(
                    one.key, "done" if number < place else "waiting", seconds=1.0 if number < place else None
                )
                for number, one in enumerate(STEPS["analyze"])
            ]
            steps[place] = StepStatus(step.key, "running", share=share, began=began)
            said.append(seconds_left(Status("running", tuple(steps), 1, "x"), expected, now))
        began += took[step.key]
    return said


@pytest.mark.parametrize("rows", RECORDED)
@pytest.mark.parametrize("slower", [0.5, 1.0, 6.0])
def test_time_left_never_grows(rows: int, slower: float) -> None:
    for past in ([], timings(rows, RECORDED[rows][1])):
        said = told(rows, expected_seconds("analyze", rows, past), slower)
        assert all(later <= before for before, later in itertools.pairwise(said))
        assert said[-1] < 0.2 * said[0]


@pytest.mark.parametrize("rows", RECORDED)
def test_a_machine_that_has_done_it_before_says_what_it_takes(rows: int) -> None:
    other = next(one for one in RECORDED if one != rows)
    truth = sum(RECORDED[rows][1].values())
    same = sum(expected_seconds("analyze", rows, timings(rows, RECORDED[rows][1])).values())
    assert same == pytest.approx(truth, rel=0.01)
    # From a file of another size, forty times as large or as small, it is right but for a factor of two.
    from_other = sum(expected_seconds("analyze", rows, timings(other, RECORDED[other][1])).values())
    assert truth / 2 < from_other < 2 * truth


@pytest.mark.parametrize("rows", RECORDED)
def test_the_first_look_tells_a_slow_machine(rows: int) -> None:
    look, analysis = RECORDED[rows]
    truth = 6 * sum(analysis.values())
    without = sum(expected_seconds("analyze", rows, []).values())
    with_look = sum(expected_seconds("analyze", rows, [], timings(rows, look, 6.0)).values())
    assert without < truth < with_look


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

"""How long the rest will take: a prior for each step, corrected by what the step took on this machine before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from statistics import median

from churnkit.jobs.status import Status, StepStatus
from churnkit.jobs.steps import STEPS
from churnkit.store import JobKind, StepTiming

REMEMBERED_TIMINGS = 9
# Rows of a file that nobody has read yet, by its size; an order line in text is about this long.
BYTES_PER_ROW = 70
# A step that is late is always this close to its end, until it is too late to say so.
_LAST_SHARE = 0.1
_LATE = 1.5
_BEGIN_ANEW = frozenset({"train", "test", "write"})
_GRACE_SECONDS = 5.0
# Starting a process and writing a few files say nothing of how fast a machine computes.
_WORK_OF_LOOK = frozenset({"read", "profile"})
_MAX_UNPROVEN_SHARE = 0.95


def rows_of(file_size_bytes: int) -> int:
    """A guess at the rows of a file that has not been read."""
    return file_size_bytes // BYTES_PER_ROW


def expected_seconds(
    kind: JobKind, row_count: int, timings: Iterable[StepTiming], looks: Iterable[StepTiming] = ()
) -> dict[str, float]:
    """Expected seconds of each step by key: its prior for this many rows, as much slower as this machine is.

    How much that is, says the median of what the step took here against its prior; of a step that was never done here
    the median of all that were.

    Parameters
    ----------
    timings
        Of work of this kind, on this machine.
    looks
        Of first looks: before a machine has analysed anything, they tell how fast it is.
    """
    steps = {step.key: step for step in STEPS[kind]}
    ratios: dict[str, list[float]] = {key: [] for key in steps}
    for timing in timings:
        if timing.step in steps:
            ratios[timing.step].append(_ratio(timing, kind))
    known = [one for of_step in ratios.values() for one in of_step]
    pace = median(known or [_ratio(one, "look") for one in looks if one.step in _WORK_OF_LOOK] or [1.0])
    return {
        key: step.prior_seconds(row_count) * (median(ratios[key]) if ratios[key] else pace)
        for key, step in steps.items()
    }


def _ratio(timing: StepTiming, kind: JobKind) -> float:
    prior = next(step for step in STEPS[kind] if step.key == timing.step)
    return timing.seconds / prior.prior_seconds(timing.row_count)


def percent_done(status: Status, expected: Mapping[str, float], now: float) -> float:
    """Percent of the expected time that is behind, 0 to 100; ``now`` of the monotonic clock."""
    total = sum(expected.values())
    done = sum(_share(step, expected[step.key], now) * expected[step.key] for step in status.steps)
    return 100.0 * done / max(total, 1e-9)


def seconds_left(status: Status, expected: Mapping[str, float], now: float) -> float:
    """Expected seconds until the job is done; never more than it was a moment ago.

    What a step says of its share only shortens it: models that are done say little of how long the others take, and a
    pace that is taken from the first of them has turned seconds into minutes.
    """
    return sum(_left(step, expected[step.key], now) for step in status.steps)


def is_overdue(status: Status, expected: Mapping[str, float], now: float) -> bool:
    """Whether the step under way takes so much longer than expected that nobody can say how long."""
    return any(
        step.state == "running" and _elapsed(step, now) > _LATE * expected[step.key] + _GRACE_SECONDS
        for step in status.steps
    )


def _elapsed(step: StepStatus, now: float) -> float:
    return max(0.0, now - step.began) if step.began is not None else 0.0


def _share(step: StepStatus, expected: float, now: float) -> float:
    if step.state != "running":
        return float(step.state == "done")
    # Without a report of its own a step moves ever more slowly towards its end, which it never claims.
    by_clock = 1.0 - math.exp(-_elapsed(step, now) / max(expected, 1e-9))
    return min(max(_told(step), by_clock), _MAX_UNPROVEN_SHARE)


def _left(step: StepStatus, expected: float, now: float) -> float:
    if step.state == "done":
        return 0.0
    if step.state == "waiting":
        return expected
    by_clock = max(expected - _elapsed(step, now), _LAST_SHARE * expected)
    return min(by_clock, expected * max(1.0 - _told(step), _LAST_SHARE))


def _told(step: StepStatus) -> float:
    """What a step says of its share; of one with several stages nothing, for each of them begins anew."""
    return 0.0 if step.key in _BEGIN_ANEW else step.share

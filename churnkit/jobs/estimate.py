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
# A share below this says little about the pace of its step.
_TELLING_SHARE = 0.1
_MAX_UNPROVEN_SHARE = 0.95


def rows_of(file_size_bytes: int) -> int:
    """A guess at the rows of a file that has not been read."""
    return file_size_bytes // BYTES_PER_ROW


def expected_seconds(kind: JobKind, row_count: int, timings: Iterable[StepTiming]) -> dict[str, float]:
    """Expected seconds of each step by key: its prior for this many rows, times the median of actual to prior."""
    steps = {step.key: step for step in STEPS[kind]}
    ratios: dict[str, list[float]] = {key: [] for key in steps}
    for timing in timings:
        if timing.step in steps:
            ratios[timing.step].append(timing.seconds / steps[timing.step].prior_seconds(timing.row_count))
    return {
        key: step.prior_seconds(row_count) * (median(ratios[key]) if ratios[key] else 1.0)
        for key, step in steps.items()
    }


def percent_done(status: Status, expected: Mapping[str, float], now: float) -> float:
    """Percent of the expected time that is behind, 0 to 100; ``now`` of the monotonic clock."""
    total = sum(expected.values())
    done = sum(_share(step, expected[step.key], now) * expected[step.key] for step in status.steps)
    return 100.0 * done / max(total, 1e-9)


def seconds_left(status: Status, expected: Mapping[str, float], now: float) -> float:
    """Expected seconds until the job is done."""
    return sum(_left(step, expected[step.key], now) for step in status.steps)


def _elapsed(step: StepStatus, now: float) -> float:
    return max(0.0, now - step.began) if step.began is not None else 0.0


def _share(step: StepStatus, expected: float, now: float) -> float:
    if step.state != "running":
        return float(step.state == "done")
    # Without a report of its own a step moves ever more slowly towards its end, which it never claims.
    by_clock = 1.0 - math.exp(-_elapsed(step, now) / max(expected, 1e-9))
    return min(max(step.share, by_clock), _MAX_UNPROVEN_SHARE)


def _left(step: StepStatus, expected: float, now: float) -> float:
    if step.state == "done":
        return 0.0
    if step.state == "waiting":
        return expected
    elapsed = _elapsed(step, now)
    if step.share >= _TELLING_SHARE:
        return elapsed * (1.0 - step.share) / step.share
    return max(expected - elapsed, 0.1 * expected)

"""Whose job runs next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from churnkit.jobs.queue import queue_order, queue_position, startable
from churnkit.store import JobKind, JobStatus, OwnedJob, TrainingJob

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def job(name: str, minute: int, *, kind: JobKind = "analyze", status: JobStatus = "pending") -> OwnedJob:
    """``a1`` is a job of tenant ``a``."""
    record = TrainingJob(
        job_id=name,
        session_id=f"shop of {name}",
        kind=kind,
        request={},
        status=status,
        ended_by=None,
        progress=0.0,
        current_step=None,
        created_at=NOON + timedelta(minutes=minute),
        started_at=None,
        completed_at=None,
        error_message=None,
        error_remedy=None,
        pid=None,
        pid_started=None,
    )
    return OwnedJob(name[0], record)


def names(jobs: list[OwnedJob]) -> list[str]:
    return [owned.job.job_id for owned in jobs]


def test_tenants_take_turns() -> None:
    pending = [job("a1", 0), job("a2", 1), job("a3", 2), job("b1", 3), job("c1", 4), job("b2", 5)]
    assert names(queue_order(pending, [], {})) == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_who_has_work_running_waits_for_the_others() -> None:
    pending = [job("a2", 0), job("b1", 1)]
    assert names(queue_order(pending, [job("a1", 0, status="running")], {})) == ["b1", "a2"]


def test_who_was_served_longest_ago_comes_first() -> None:
    pending = [job("a1", 0), job("b1", 1), job("c1", 2)]
    assert names(queue_order(pending, [], {"a": 20.0, "b": 10.0})) == ["c1", "b1", "a1"]


def test_slots_are_kept() -> None:
    unfinished = [job("a1", 0, status="running"), job("a2", 1), job("b1", 2)]
    assert names(startable(unfinished, 1, {})) == []
    assert names(startable(unfinished, 2, {})) == ["b1"]
    assert names(startable(unfinished, 3, {})) == ["b1", "a2"]


def test_a_first_look_does_not_wait_behind_an_analysis() -> None:
    unfinished = [
        job("a1", 0, status="running"),
        job("b1", 1),
        job("b2", 2, kind="look"),
        job("c1", 3, kind="score"),
    ]
    assert names(startable(unfinished, 1, {})) == ["b2"]
    unfinished[2] = job("b2", 2, kind="look", status="running")
    assert names(startable(unfinished, 1, {})) == []
    assert names(startable(unfinished, 2, {})) == ["c1", "b1"]


def test_position_counts_those_that_come_before() -> None:
    unfinished = [job("a1", 0, status="running"), job("a2", 1), job("b1", 2), job("a3", 3, kind="look")]
    assert queue_position(unfinished, "b1", {}) == 1
    assert queue_position(unfinished, "a2", {}) == 2
    assert queue_position(unfinished, "a3", {}) == 1
    assert queue_position(unfinished, "a1", {}) is None
    assert queue_position(unfinished, "gone", {}) is None


def test_work_of_one_shop_goes_one_after_the_other_whatever_its_lane() -> None:
    def of_shop(name: str, minute: int, kind: JobKind, status: JobStatus = "pending") -> OwnedJob:
        owned = job(name, minute, kind=kind, status=status)
        return replace(owned, job=replace(owned.job, session_id="s"))

    add, refresh, retrain = of_shop("a1", 0, "add"), of_shop("a2", 1, "refresh"), of_shop("a3", 2, "analyze")
    assert names(startable([add, refresh, retrain, job("b1", 3)], 3, {})) == ["a1", "b1"]
    assert names(startable([refresh, retrain, of_shop("a4", 3, "score")], 3, {})) == ["a2", "a4"]
    assert names(startable([of_shop("a1", 5, "add", "running"), retrain], 3, {})) == []

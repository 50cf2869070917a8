"""Whose job runs next: tenants take turns, and short jobs never wait behind long ones."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence

from churnkit.store import JobKind, OwnedJob

SHOP_KINDS: frozenset[JobKind] = frozenset({"analyze", "add", "refresh", "erase"})
"""Kinds of work that read or change a shop's history: one at a time for each shop, in the order of asking."""


def default_slots() -> int:
    """Jobs of each lane that may run at once: half the cores that this process may use, at least one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores // 2)


def lane_of(kind: JobKind) -> str:
    """Long work takes minutes and many cores; looks and scores take seconds and go beside it; pulls mostly wait."""
    return {"analyze": "long", "bulk": "long", "pull": "waiting"}.get(kind, "short")


def queue_order(
    pending: Sequence[OwnedJob], running: Sequence[OwnedJob], last_served: Mapping[str, float]
) -> list[OwnedJob]:
    """The order in which jobs of one lane will start.

    The next is the oldest job of the tenant with the fewest jobs running, the one served longest ago among
    equals.

    Parameters
    ----------
    last_served
        When a job of a tenant was last started, on any clock; a tenant that is missing never was.
    """
    busy = Counter(owned.tenant_id for owned in running)
    turn: dict[str, float] = dict(last_served)
    latest = max(turn.values(), default=0.0)
    waiting = sorted(pending, key=lambda owned: (owned.job.created_at, owned.job.job_id))
    order: list[OwnedJob] = []
    while waiting:
        chosen = min(
            waiting, key=lambda owned: (busy[owned.tenant_id], turn.get(owned.tenant_id, float("-inf")))
        )
        waiting.remove(chosen)
        order.append(chosen)
        busy[chosen.tenant_id] += 1
        latest += 1.0
        turn[chosen.tenant_id] = latest
    return order


def startable(unfinished: Sequence[OwnedJob], slots: int, last_served: Mapping[str, float]) -> list[OwnedJob]:
    """The pending jobs that may start now, in order; each lane has ``slots``."""
    chosen: list[OwnedJob] = []
    free_to_go = _in_turn(unfinished)
    for lane in ("short", "long", "waiting"):
        of_lane = [owned for owned in free_to_go if lane_of(owned.job.kind) == lane]
        running = [owned for owned in of_lane if owned.job.status == "running"]
        pending = [owned for owned in of_lane if owned.job.status == "pending"]
        free = max(0, slots - len(running))
        chosen += queue_order(pending, running, last_served)[:free]
    return chosen


def _in_turn(unfinished: Sequence[OwnedJob]) -> list[OwnedJob]:
    """Without the jobs that wait for an earlier one of the same shop, whichever lane that is in.

    Work that began before somebody was to be erased knows them still: erasing waits for all of it.
    """
    busy = {owned.job.session_id for owned in unfinished if owned.job.status == "running"}
    first: dict[str, OwnedJob] = {}
    ordered = sorted(unfinished, key=lambda owned: (owned.job.created_at, owned.job.job_id))
    for owned in sorted(ordered, key=lambda one: one.job.status != "running"):
        if owned.job.kind in SHOP_KINDS:
            first.setdefault(owned.job.session_id, owned)
    return [
        owned
        for owned in unfinished
        if (owned.job.kind not in SHOP_KINDS or first[owned.job.session_id] is owned)
        and not (owned.job.kind == "erase" and owned.job.session_id in busy)
    ]


def queue_position(
    unfinished: Sequence[OwnedJob], job_id: str, last_served: Mapping[str, float]
) -> int | None:
    """1 for the pending job that starts next in its lane; None for a job that does not wait."""
    lanes = {lane_of(owned.job.kind) for owned in unfinished if owned.job.job_id == job_id}
    of_lane = [owned for owned in unfinished if lane_of(owned.job.kind) in lanes]
    running = [owned for owned in of_lane if owned.job.status == "running"]
    pending = [owned for owned in of_lane if owned.job.status == "pending"]
    order = [owned.job.job_id for owned in queue_order(pending, running, last_served)]
    return order.index(job_id) + 1 if job_id in order else None

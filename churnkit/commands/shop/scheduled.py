"""``shop run-schedules``: what is due now, for a machine that has cron and no server."""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from churnkit.commands.shop.opening import open_folder

if TYPE_CHECKING:
    from churnkit.store import Store

_POLL_SECONDS = 0.2
# The commands' own thread looks at the schedules within this time of the start.
_BEGIN_SECONDS = 10.0


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = actions.add_parser(
        "run-schedules", help="do what the schedules of all shops have due, and send what waits; for cron"
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from churnkit.accounts import SYSTEM
    from churnkit.store import LOCAL_TENANT

    begun = datetime.now(UTC)
    with open_folder(
        "It does by itself what is due: nothing needs to call this command while it runs."
    ) as platform:
        root = platform.store_for(LOCAL_TENANT, SYSTEM)
        while _goes_on(root, begun):
            time.sleep(_POLL_SECONDS)
        failed = _tell(root, begun)
    return 1 if failed else 0


def _goes_on(root: Store, begun: datetime) -> bool:
    """Whether something is due, under way, or on its way out."""
    now = datetime.now(UTC)
    due = any(
        one.schedule.next_due_at <= now and (now - begun).total_seconds() < _BEGIN_SECONDS
        for one in root.timetable.going()
    )
    under_way = any(one.run.state in ("waiting", "running") for one in root.timetable.open_runs())
    following = root.push_outbox.next_at()
    sending = following is not None and following <= now
    return due or under_way or sending or bool(root.overview.unfinished_jobs())


def _tell(root: Store, begun: datetime) -> bool:
    """Print each run that began since; whether one failed."""
    from churnkit.services.schedules.recurrence import zone_of
    from churnkit.services.schedules.schedule_words import WHAT, run_line

    told, failed = 0, False
    for owned in root.timetable.going():
        store = root.for_tenant(owned.tenant_id)
        shop = store.shops.get(owned.schedule.shop_id)
        for run in store.schedules.runs(owned.schedule.schedule_id):
            if run.begun_at >= begun:
                print(
                    f"{shop.name}: {WHAT[owned.schedule.what]}: {run_line(run, zone_of(owned.schedule.zone))}"
                )
                told += 1
                failed = failed or run.state in ("failed", "asks")
    if not told:
        print("Nothing is due.")
    return failed

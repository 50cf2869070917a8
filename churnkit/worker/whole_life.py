"""A worker's life: it says at once who it is, leaves a warm starter behind if it has a line to the server, then works."""

import gc
import os
import socket
import time
from pathlib import Path

from churnkit.config import job_limits
from churnkit.jobs.processes import process_started
from churnkit.jobs.request import Order
from churnkit.jobs.status import Status
from churnkit.worker.limits import limit_this_process
from churnkit.worker.loading import is_loaded, keep_sql, load, sql_count, sql_since, take_sql
from churnkit.worker.one_job import run_job
from churnkit.worker.starter import Beginning, Starter


def _introduced(folder: Path) -> tuple[Order, Status]:
    order = Order.read(folder)
    pid = os.getpid()
    status = Status.beginning(order.kind, pid, process_started(pid) or "", time.monotonic())
    status.write(folder)
    return order, status


def live(folder: str, descriptor: str | None = None) -> int:
    """Do the job in ``folder``, or in a process that is forked from this one another's; the exit code.

    Parameters
    ----------
    descriptor
        Number of the open socket to the server, where a starter is to be left behind.
    """
    line = socket.socket(fileno=int(descriptor)) if descriptor else None
    mine = Beginning(Path(folder), line)
    order, status = _introduced(mine.folder)
    while mine.line is not None:
        asked, mine = mine, Starter(mine.line, is_loaded, load, take_sql).leave_behind(mine)
        if mine.folder != asked.folder:
            # From here on this is a worker that was forked for another job.
            order, status = _introduced(mine.folder)
    # An expression becomes SQL by way of a million small objects: to search them for cycles as often as Python does by
    # itself takes a quarter of that time.
    gc.set_threshold(20_000, 10, 10)
    gc.freeze()
    gc.enable()
    known = sql_count()
    limit_this_process(job_limits())
    if order.kind in ("analyze", "bulk") and hasattr(os, "nice"):
        # Minutes of work must not make pages and first looks wait for a core.
        os.nice(10)
    code = run_job(mine.folder, order, status)
    if code == 0:
        found = sql_since(known)
        mine.hand_back(found)
        keep_sql(mine.folder, found)
    return code

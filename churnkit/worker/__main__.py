"""The entry: says at once who it is, then works."""

import gc
import os
import sys
import time
from pathlib import Path

from churnkit.config import job_limits
from churnkit.jobs.processes import process_started
from churnkit.jobs.request import Order
from churnkit.jobs.status import Status
from churnkit.worker.limits import limit_this_process
from churnkit.worker.one_job import run_job

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    order = Order.read(folder)
    pid = os.getpid()
    status = Status.beginning(order.kind, pid, process_started(pid) or "", time.monotonic())
    status.write(folder)
    # An expression becomes SQL by way of a million small objects: to search them for cycles as often as Python does by
    # itself takes a quarter of that time.
    gc.set_threshold(20_000, 10, 10)
    limit_this_process(job_limits())
    if order.kind in ("analyze", "bulk") and hasattr(os, "nice"):
        # Minutes of work must not make pages and first looks wait for a core.
        os.nice(10)
    sys.exit(run_job(folder, order, status))

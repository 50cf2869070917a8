"""What this process may use from now on; beyond it the system refuses or ends it."""

from __future__ import annotations

import os
import sys

from churnkit.config import WorkerLimits


def limit_this_process(limits: WorkerLimits) -> None:
    """Set the limits of ``limits`` for good, for this process and what it starts; on Windows there are none."""
    if sys.platform == "win32":
        return
    import resource

    _lower(resource.RLIMIT_AS, limits.memory_mb * 1_000_000)
    _lower(resource.RLIMIT_CPU, limits.seconds * (os.cpu_count() or 1))
    # A dump of the memory would hold what stood in the file.
    _lower(resource.RLIMIT_CORE, 0)


def _lower(what: int, wanted: int) -> None:
    import resource

    hard = resource.getrlimit(what)[1]
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(what, (allowed, allowed))

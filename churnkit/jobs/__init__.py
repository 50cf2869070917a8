"""Background work: jobs queue here, run in worker processes, and their results are taken over here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from churnkit.late_names import late_names

if TYPE_CHECKING:
    from churnkit.jobs.platform import Platform, open_platform
    from churnkit.jobs.removal import StorageUse
    from churnkit.jobs.views import JobView, StepView

__all__ = ["JobView", "Platform", "StepView", "StorageUse", "open_platform"]

_HOMES = {
    "JobView": "views",
    "Platform": "platform",
    "StepView": "views",
    "StorageUse": "removal",
    "open_platform": "platform",
}

__getattr__ = late_names(__name__, _HOMES)

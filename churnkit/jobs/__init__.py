"""Background work: jobs queue here, run in worker processes, and their results are taken over here."""

from churnkit.jobs.platform import Platform, open_platform
from churnkit.jobs.removal import StorageUse
from churnkit.jobs.views import JobView, StepView

__all__ = ["JobView", "Platform", "StepView", "StorageUse", "open_platform"]

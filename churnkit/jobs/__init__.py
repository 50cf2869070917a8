"""Background work: jobs queue here, run in worker processes, and their results are taken over here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

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


def __getattr__(name: str) -> object:
    """What is asked for here is loaded then: who needs a folder's name before the server listens gets that alone."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found

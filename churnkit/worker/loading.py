"""What the work of each kind of job imports: code of ours alone, before any file of a user is opened."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from churnkit.jobs.request import Order
from churnkit.store import JobKind

_HISTORY = ("churnkit.services.privacy.retention", "churnkit.services.refresh.shop_history")
_JUDGED = ("churnkit.services.monitor.writing", "churnkit.services.decide.quarter_change")

MODULES: dict[JobKind, tuple[str, ...]] = {
    "look": ("churnkit.services.look.first_look",),
    "add": (
        "churnkit.services.history.adding",
        "churnkit.services.privacy.retention",
        "churnkit.shops",
    ),
    "analyze": (
        "churnkit.services.analyse.analysis",
        "churnkit.services.analyse.run_folder",
        "churnkit.services.monitor.chosen_window",
        *_HISTORY,
        *_JUDGED,
    ),
    "refresh": ("churnkit.services.refresh.refresh_run", *_HISTORY, *_JUDGED),
    "score": (
        "churnkit.services.score.newer_file",
        "churnkit.services.score.score_files",
        "churnkit.services.score.stored_scorer",
        "churnkit.services.whatif.hypothetical_customers",
    ),
    "erase": ("churnkit.services.privacy.erasing",),
    "pull": ("churnkit.worker.pulling",),
    # What else it takes depends on the engine, and clients of engines begin threads.
    "bulk": (),
}


def is_loaded(folder: Path) -> bool:
    """Whether this process has imported what the job in ``folder`` takes."""
    return all(name in sys.modules for name in MODULES[Order.read(folder).kind])


def load(folder: Path) -> None:
    """Import what the job in ``folder`` takes."""
    for name in MODULES[Order.read(folder).kind]:
        import_module(name)

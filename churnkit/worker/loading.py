"""What the work of each kind of job imports, and the SQL that one job leaves to the next.

It is code of ours, and what that asks for on its way and takes long: a worker that is forked has it.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

from churnkit.jobs.layout import sql_file
from churnkit.jobs.request import Order
from churnkit.store import JobKind

_HISTORY = ("churnkit.services.privacy.retention", "churnkit.services.refresh.shop_history")
_SQL = "churnkit.ingest.kept_sql"
# What a profile asks for late, with SciPy 1.3 seconds. The analysis after a look has it from the starter, and a look that
# ends with a question before it comes to them leaves it to the next one.
_PROFILE = ("sklearn.ensemble", "statsmodels.tsa.seasonal")
_JUDGED = ("churnkit.services.monitor.writing", "churnkit.services.decide.quarter_change")

MODULES: dict[JobKind, tuple[str, ...]] = {
    "look": ("churnkit.services.look.first_look", *_PROFILE, _SQL),
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
        *_PROFILE,
        _SQL,
    ),
    "refresh": ("churnkit.services.refresh.refresh_run", *_HISTORY, *_JUDGED, *_PROFILE, _SQL),
    "score": (
        "churnkit.services.score.newer_file",
        "churnkit.services.score.score_files",
        "churnkit.services.score.stored_scorer",
        "churnkit.services.whatif.hypothetical_customers",
        _SQL,
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
    """Import what the job in ``folder`` takes, and take what workers before this one found out."""
    modules = MODULES[Order.read(folder).kind]
    for name in modules:
        import_module(name)
    if _SQL in modules:
        from churnkit.worker.sql_file import texts_in

        if found := texts_in(sql_file(folder)):
            take_sql(found)


def keep_sql(folder: Path, found: bytes) -> None:
    """Keep what the job in ``folder`` found out (:func:`sql_since`) for workers that start later."""
    if found:
        from churnkit.worker.sql_file import add_texts

        add_texts(sql_file(folder), found)


def sql_count() -> int:
    """How many texts of SQL this process has by now."""
    return len(_kept())


def sql_since(count: int) -> bytes:
    """Those that it has beyond the first ``count``, for ``take_sql``."""
    found = list(_kept().items())[count:]
    return json.dumps({key.hex(): pieces for key, pieces in found}).encode() if found else b""


def take_sql(found: bytes) -> None:
    """Keep what another process found out."""
    from churnkit.ingest.kept_sql import KEPT, MOST

    for key, pieces in json.loads(found).items():
        if len(KEPT) < MOST:
            KEPT.setdefault(bytes.fromhex(key), tuple(pieces))


def _kept() -> dict[bytes, tuple[str, ...]]:
    """Of a process that has Ibis; another has made no SQL by it."""
    module = sys.modules.get("churnkit.ingest.kept_sql")
    return module.KEPT if module else {}

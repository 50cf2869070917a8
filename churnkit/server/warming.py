"""Getting ready what every page needs while the first browser is still loading the app's scripts."""

from __future__ import annotations

import gc
import importlib
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from churnkit.config import data_dir, models_dir
from churnkit.errors import ChurnkitError

HOME_NEEDS = (
    "churnkit.ui",
    "churnkit.ui.home_known",
    "churnkit.ui.home_lower",
    "churnkit.ui.home_view",
    "churnkit.results.conversion",
)
"""What the first page of most visits is drawn with."""
# Whoever starts a server on an own machine opens the first page at once: nothing else may share its seconds.
READERS_PAUSE_SECONDS = 3.0
PAUSE_SECONDS = 10.0


def warm_up(*more: Callable[[], object]) -> threading.Thread:
    """Begin in the background what the first visitor would otherwise wait for: imports, readers for files, then ``more``."""
    thread = threading.Thread(target=_get_ready, args=more, name="churnkit-warm-up", daemon=True)
    thread.start()
    return thread


def _get_ready(*more: Callable[[], object]) -> None:
    _without_collecting(_load_home)
    time.sleep(READERS_PAUSE_SECONDS)
    from churnkit.jobs.reading.pool import reader_pool

    reader_pool().warm()
    importlib.import_module("churnkit.services.look.upload_preview")
    time.sleep(PAUSE_SECONDS - READERS_PAUSE_SECONDS)
    for each in more:
        _without_collecting(each)


def _load_home() -> None:
    keep_tables_small()
    for name in HOME_NEEDS:
        importlib.import_module(name)
    from churnkit.jobs import open_platform

    # Where the store cannot be opened every page says so itself.
    with suppress(ChurnkitError):
        open_platform(data_dir(), models_dir())


def keep_tables_small() -> None:
    """Let Arrow take memory as the rest of the process does.

    Its own way is made for many large tables: it sets apart 25 MB for the seven of a shop of 20,000 customers.
    """
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())


def _without_collecting(load: Callable[[], object]) -> None:
    """Load what stays for as long as the server runs, and tell the collector of garbage to look elsewhere from now on.

    Collections took a fifth of the time of imports. Later each full one went through all that was ever imported: a tenth
    of a second in the middle of whatever page was being drawn.
    """
    gc.disable()
    try:
        load()
    finally:
        gc.freeze()
        gc.enable()

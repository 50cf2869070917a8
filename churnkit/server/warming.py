"""Getting ready what every page needs while the first browser is still loading the app's scripts."""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Callable

PAGES_NEED = ("pandas", "plotly.graph_objects", "churnkit.ui", "churnkit.services.look.upload_preview")
# Whoever starts a server on an own machine opens the first page at once: what programs need must not share its seconds.
PAUSE_SECONDS = 10.0


def warm_up(*more: Callable[[], object]) -> threading.Thread:
    """Begin in the background what the first visitor would otherwise wait for: imports, readers for files, then ``more``."""
    thread = threading.Thread(target=_get_ready, args=more, name="churnkit-warm-up", daemon=True)
    thread.start()
    return thread


def _get_ready(*more: Callable[[], object]) -> None:
    for name in PAGES_NEED:
        importlib.import_module(name)
    # After the imports: two processes that load libraries at once would keep the first page waiting.
    from churnkit.jobs.reading.pool import reader_pool

    reader_pool().warm()
    time.sleep(PAUSE_SECONDS)
    for each in more:
        each()

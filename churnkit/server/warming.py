"""Getting ready what every page needs while the first browser is still loading the app's scripts."""

from __future__ import annotations

import importlib
import threading

PAGES_NEED = ("pandas", "plotly.graph_objects", "churnkit.ui", "churnkit.services.look.upload_preview")


def warm_up() -> threading.Thread:
    """Begin in the background what the first visitor would otherwise wait for: imports, and readers for files."""
    thread = threading.Thread(target=_get_ready, name="churnkit-warm-up", daemon=True)
    thread.start()
    return thread


def _get_ready() -> None:
    for name in PAGES_NEED:
        importlib.import_module(name)
    # After the imports: two processes that load libraries at once would keep the first page waiting.
    from churnkit.jobs.reading.pool import reader_pool

    reader_pool().warm()

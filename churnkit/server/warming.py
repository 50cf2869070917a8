"""Importing what every page needs while the first browser is still loading the app's scripts."""

from __future__ import annotations

import importlib
import threading

PAGES_NEED = ("pandas", "plotly.graph_objects", "churnkit.ui", "churnkit.services.uploading")


def warm_up() -> threading.Thread:
    """Begin to import in the background what the first visitor would otherwise wait for."""
    thread = threading.Thread(target=_import_all, name="churnkit-warm-up", daemon=True)
    thread.start()
    return thread


def _import_all() -> None:
    for name in PAGES_NEED:
        importlib.import_module(name)

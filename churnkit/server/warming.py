"""Getting ready what every page needs while the first browser is still loading the app's scripts."""

from __future__ import annotations

import gc
import importlib
import sys
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
# An import gives way to the thread that answers browsers so often; each of the app's many scripts waited 5 ms before.
SWITCH_SECONDS = 0.0005


class WarmUp:
    """What the first visitor would otherwise wait for: imports and the store, readers for files, then ``more``.

    It is begun by that visitor, or by itself some time after the server listens, and once.
    """

    def __init__(self, *more: Callable[[], object]) -> None:
        self._more = more
        self._begun = threading.Lock()
        self._home = threading.Event()

    @property
    def home_is_loaded(self) -> bool:
        """Whether what Home needs is there, or could not be loaded."""
        return self._home.is_set()

    def begin(self) -> None:
        """Begin in the background; a second time nothing happens."""
        if self._begun.acquire(blocking=False):
            threading.Thread(target=self._get_ready, name="churnkit-warm-up", daemon=True).start()

    def await_home(self) -> None:
        """Begin, if nobody has, and return once what Home needs is there."""
        self.begin()
        self._home.wait()

    def _get_ready(self) -> None:
        try:
            _without_collecting(_load_home)
        finally:
            self._home.set()
        time.sleep(READERS_PAUSE_SECONDS)
        from churnkit.jobs.reading.pool import reader_pool

        reader_pool().warm()
        importlib.import_module("churnkit.services.look.upload_preview")
        time.sleep(PAUSE_SECONDS - READERS_PAUSE_SECONDS)
        for each in self._more:
            _without_collecting(each)


_servers: list[WarmUp] = []


def prepare(*more: Callable[[], object]) -> WarmUp:
    """The server's own, for its start and for its pages."""
    _servers[:] = [WarmUp(*more)]
    return _servers[0]


def servers_warm_up() -> WarmUp | None:
    """What :func:`prepare` made; None where pages are run without the server."""
    return _servers[0] if _servers else None


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
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        load()
    finally:
        sys.setswitchinterval(interval)
        gc.freeze()
        gc.enable()

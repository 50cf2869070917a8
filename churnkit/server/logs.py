"""The server's own log: a file in the data folder that is turned over before it grows large."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE = "churnkit.log"
MAX_BYTES = 2_000_000
KEPT_FILES = 5


def keep_log(data_folder: Path) -> Path | None:
    """Write what churnkit logs to ``logs/churnkit.log`` in the data folder, 12 MB of it at most; its path.

    Warnings and errors go to the standard error stream as well. Where the folder cannot be written, they go there alone,
    and None is returned.
    """
    log = logging.getLogger("churnkit")
    log.setLevel(logging.INFO)
    path = data_folder.resolve() / "logs" / FILE
    if any(isinstance(handler, RotatingFileHandler) for handler in log.handlers):
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=True
        )
    except OSError as error:
        log.warning("no log file is kept in %s: %s", path.parent, error)
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    to_screen = logging.StreamHandler()
    to_screen.setLevel(logging.WARNING)
    log.addHandler(handler)
    log.addHandler(to_screen)
    return path

"""Where work on engines may read and write when it is started from outside, and where the engines are."""

from __future__ import annotations

import os
import re

from churnkit.config.checks import require

ENGINE_STORAGE = "CHURNKIT_ENGINE_STORAGE"
SAIL_ADDRESS, SPARK_ADDRESS = "CHURNKIT_SAIL_ADDRESS", "CHURNKIT_SPARK_ADDRESS"
API_KEY = "CHURNKIT_API_KEY"
_PREFIX = re.compile(r"[a-z][a-z0-9+.-]+://[^\s?]+")


def engine_storage() -> tuple[str, ...]:
    """Addresses below which jobs of the server may read orders and write scores; none unless set.

    ``CHURNKIT_ENGINE_STORAGE``, with spaces between, e.g. ``s3://shop/churnkit``.

    Raises
    ------
    SettingsError
        One is no address of a bucket or a folder in it.
    """
    prefixes = os.environ.get(ENGINE_STORAGE, "").split()
    for prefix in prefixes:
        rule = "addresses with spaces between, e.g. s3://bucket/folder"
        require(_PREFIX.fullmatch(prefix) is not None, ENGINE_STORAGE, prefix, rule)
    return tuple(prefix.rstrip("/") for prefix in prefixes)


def engine_address(engine: str) -> str:
    """Where a job of the server finds ``sail`` or ``spark``; empty for one that is started on this machine."""
    name = {"sail": SAIL_ADDRESS, "spark": SPARK_ADDRESS}.get(engine)
    return os.environ.get(name, "").strip() if name else ""


def api_key() -> str | None:
    """The key by which the command line asks a running server (``CHURNKIT_API_KEY``); None without one."""
    return os.environ.get(API_KEY, "").strip() or None

"""New stores begin as a copy of one that was migrated once: all migrations take a tenth of a second, thousands of times."""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from churnkit.store.database import Database
from tests.built_once import built_once

OPEN = Database.__dict__["open"]
"""As it is in the product."""


def _migrated(folder: Path) -> Path:
    path = folder / "churnkit.duckdb"
    OPEN.__func__(Database, path).close()
    return path


def opening_from_a_template(factory: pytest.TempPathFactory) -> Callable[..., Database]:
    """What opens a file as :meth:`Database.open` does, where it is missing as a copy of a migrated one.

    Migrations of a test's own, and files that cannot be made, are left to the product.
    """
    template = functools.cache(lambda: built_once(factory, "template-store", _migrated))

    def opened(path: Path, **named: Any) -> Database:
        if "migrations" not in named and not path.exists():
            with suppress(OSError):
                _put(template(), path)
        database: Database = OPEN.__func__(Database, path, **named)
        return database

    return opened


def _put(template: Path, path: Path) -> None:
    """Copy in one step, unless somebody else was there first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        shutil.copyfile(template, draft)
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)

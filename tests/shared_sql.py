"""SQL that one process of a test run has made, for the others: Ibis takes longer to make it than DuckDB to answer it.

It is handed on between files of tests, as the program's workers hand it on: see :mod:`churnkit.ingest.kept_sql`, whose texts
are compared with what Ibis makes where the shops of the tests are built (:mod:`tests.checked_sql`).
"""

from __future__ import annotations

import fcntl
import json

import pytest

from churnkit.ingest.kept_sql import KEPT
from tests.built_once import shared_folder


class SharedSql:
    """One text a line in a file that only grows."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._path = shared_folder(factory) / "sql.jsonl"
        self._read_to = 0
        self._known: set[bytes] = set()

    def take(self) -> None:
        """What others have added since."""
        with self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            file.seek(self._read_to)
            for line in file:
                key, *pieces = json.loads(line)
                KEPT.setdefault(bytes.fromhex(key), tuple(pieces))
                self._known.add(bytes.fromhex(key))
            self._read_to = file.tell()

    def give(self) -> None:
        """What this process has found out since."""
        found = {key: pieces for key, pieces in KEPT.items() if key not in self._known}
        self._known |= found.keys()
        with self._path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.writelines(
                json.dumps([key.hex(), *pieces]).encode() + b"\n" for key, pieces in found.items()
            )

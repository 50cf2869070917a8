"""Any order export -> a raw Parquet table, with what was skipped and what could not be read."""

from __future__ import annotations

from pathlib import Path

import duckdb

from churnkit.config import IngestSettings
from churnkit.ingest.formats import RawTable


def read_raw(
    path: Path, workdir: Path, connection: duckdb.DuckDBPyConnection, settings: IngestSettings
) -> RawTable:
    """Read the file at ``path`` into a Parquet file inside ``workdir``."""
    raise NotImplementedError

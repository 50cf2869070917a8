"""Files that are there as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import pandas as pd
from ibis.expr import types as ir

from churnkit.ingest.engine import connect
from churnkit.results.files import write_frame, write_json


def put_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet in one step."""
    draft = path.with_name(f"{path.name}.writing")
    write_frame(frame, draft)
    draft.replace(path)


def put_json(value: Mapping[str, Any], path: Path) -> None:
    """Write a JSON value in one step."""
    draft = path.with_name(f"{path.name}.writing")
    write_json(value, draft, indent=None)
    draft.replace(path)


@contextmanager
def transactions_of(folder: Path) -> Iterator[ir.Table]:
    """The run's transactions in a database of their own while the block runs."""
    with TemporaryDirectory(prefix="churnkit-") as workdir, connect(Path(workdir)) as connection:
        yield ibis.duckdb.from_connection(connection).read_parquet(folder / "transactions.parquet")

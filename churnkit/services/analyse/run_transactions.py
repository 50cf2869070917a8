"""The transactions that lie in a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ibis.expr import types as ir

from churnkit.ingest.engine import backend_of, connect


@contextmanager
def transactions_of(folder: Path) -> Iterator[ir.Table]:
    """The run's transactions in a database of their own while the block runs."""
    with TemporaryDirectory(prefix="churnkit-") as workdir, connect(Path(workdir)) as connection:
        yield backend_of(connection).read_parquet(folder / "transactions.parquet")

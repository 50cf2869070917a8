"""Scores on Spark with two workers, one of which is killed meanwhile: python -m tests.engines.dying_worker INPUT OUTPUT.

A module of its own, because the machines of a cluster import what they run.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
from ibis.expr import types as ir

from churnkit.config import data_dir, models_dir
from churnkit.engines import running
from churnkit.engines.engine import Score
from churnkit.engines.order import EngineOrder
from churnkit.engines.running import score_on_engine
from churnkit.engines.spark_engine import SparkEngine
from churnkit.jobs.layout import Folders
from churnkit.jobs.versions import stored_version
from churnkit.store import Store

MARK = "killed"


def dying(batches: Iterable[pa.RecordBatch], score: Score, mark: Path) -> Iterator[pa.RecordBatch]:
    """Score, but the first who comes takes the worker's whole Java process down after the first batch."""
    for batch in score(batches):
        yield batch
        try:
            mark.touch(exist_ok=False)
        except FileExistsError:
            continue
        daemon = os.getppid()
        java = int(Path(f"/proc/{daemon}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(java, signal.SIGKILL)


class DyingEngine(SparkEngine):
    """Two workers, one of which dies."""

    def score(self, rows: ir.Table, score: Score, schema: pa.Schema, name: str) -> ir.Table:
        """As the engine does, but for the worker that dies."""
        mark = Path(sys.argv[2]).parent / MARK
        return super().score(rows, partial(dying, score=score, mark=mark), schema, name)


def main() -> None:
    """Score the shop that the environment names."""
    folders = Folders(data_dir(), models_dir())
    with Store.open(folders.database) as root:
        version = stored_version(root, folders, "champion")
    running.opened_engine = lambda order, work: DyingEngine("spark", str(work), order.address)
    order = EngineOrder("spark", sys.argv[1], Path(sys.argv[2]), "local-cluster[2,1,1024]")
    score_on_engine(version, order)


if __name__ == "__main__":
    # Under the name by which the workers find it.
    from tests.engines import dying_worker

    dying_worker.main()

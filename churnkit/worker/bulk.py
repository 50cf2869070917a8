"""Many orders scored on an engine, as a job."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from churnkit.engines.left_out import Without
from churnkit.engines.order import EngineOrder
from churnkit.engines.running import score_on_engine
from churnkit.errors import JobError
from churnkit.jobs.bulk import BulkOrder
from churnkit.jobs.request import Order
from churnkit.results.files import write_document
from churnkit.results.scores import SCORES
from churnkit.services.score.taking_away import StoredVersion
from churnkit.worker.progress_reports import Reporter


def score_bulk(order: Order, out: Path, reporter: Reporter) -> None:
    """Write the scores where the order says, and their account into ``out``."""
    if order.run_folder is None:
        raise JobError("Scoring on an engine: the order names no run.", "Start it again.")
    bulk = BulkOrder.read(order.file)
    version = StoredVersion(order.run_folder, order.models, order.request.reading, order.seal)
    asked = EngineOrder(bulk.asked.engine, bulk.input, bulk.output, bulk.address, bulk.asked.as_of)
    with _leaving_nothing():
        document = score_on_engine(
            version, asked, reporter, without=Without(order.erased, order.kept_from), draft=bulk.draft
        )
    write_document(document, out / SCORES)


@contextmanager
def _leaving_nothing() -> Iterator[None]:
    """Let a stop that is asked for run through what cleans up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(1)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

"""The closer look at the orders of a file, worked out when somebody asks for it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from churnkit.ingest.engine import backend_of, connect
from churnkit.profiling.closer_look import closer_look
from churnkit.results.closer_look import CloserLook


def look_closer(transactions: Path, cutoff: datetime) -> CloserLook:
    """Lifetimes, orders a day and the smallest orders of canonical transactions before the cutoff.

    Half a second of CPU for 400,000 rows.
    """
    with TemporaryDirectory(prefix="churnkit-") as workdir, connect(Path(workdir)) as connection:
        return closer_look(backend_of(connection).read_parquet(transactions), cutoff)

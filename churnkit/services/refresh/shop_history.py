"""A shop's history as the analysis of a file takes it."""

from __future__ import annotations

from pathlib import Path

from churnkit.ingest import Ingested, Reading
from churnkit.services.look.first_look import Clock
from churnkit.shops import assemble
from churnkit.text import figures
from churnkit.tournament.progress import Stage


def open_version(history: Path, version: int, workdir: Path, reading: Reading, clock: Clock) -> Ingested:
    """The transactions of a history as they were known at one of its versions, up to the date that ``reading`` says."""
    with clock.stage(Stage.READ) as news:
        ingested = assemble(history, version, workdir, reading=reading)
        news.found = f"{figures.count(ingested.row_count_kept)} rows of version {version} of the history"
        news.count = (ingested.row_count_kept, ingested.row_count_in)
    return ingested

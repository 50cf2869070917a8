"""Fetching what is new at a source."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from churnkit.jobs.pulls import PullOrder, take_credentials
from churnkit.results.files import write_document
from churnkit.results.pulled import PULLED
from churnkit.sources.pulling import Task, pull
from churnkit.sources.settings import settings_of
from churnkit.tournament.progress import Stage
from churnkit.worker.progress_reports import Reporter


def pull_source(folder: Path, file: Path, out: Path, reporter: Reporter) -> None:
    """Leave the new files of a source, and what is told of them, in ``out``."""
    credentials = take_credentials(folder)
    order = PullOrder.read(file)
    task = Task(
        settings=settings_of(order.kind, order.settings),
        credentials=credentials,
        cursor=order.cursor,
        out=out,
        keep=order.keep,
        zone=order.zone,
        now=datetime.now(UTC),
        max_bytes=order.max_bytes,
        is_test=order.is_test,
        say=lambda words: reporter(Stage.READ, 0.0, found=words),
    )
    write_document(pull(order.kind, task), out / PULLED)

"""Which run tells most of a shop's earlier forecasts."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.store import Run


def most_recent(runs: Sequence[Run]) -> Run | None:
    """The run that knows the latest orders, of several the last made; None where no run says what it knows."""
    dated = [one for one in runs if one.summary.cutoff is not None]
    return max(dated, key=lambda one: (one.summary.cutoff, one.finished_at), default=None)

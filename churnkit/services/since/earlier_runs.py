"""Which earlier versions a version can be compared with: those whose orders end earlier."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.store import Run


def earlier_runs(runs: Sequence[Run], shown: Run) -> list[Run]:
    """The versions whose orders end before those of the version ``shown``, the latest end first.

    Of several with the same end the one made last stands for all; what was made to compare models only counts for none.

    Parameters
    ----------
    runs
        All versions of the shop, in any order.
    """
    end = shown.summary.cutoff
    if end is None:
        return []
    made_last = {}
    for run in sorted(runs, key=lambda one: one.finished_at):
        if run.summary.cutoff is not None and run.summary.cutoff < end and not run.is_challenger:
            made_last[run.summary.cutoff] = run
    return [made_last[cutoff] for cutoff in sorted(made_last, reverse=True)]


def is_same_model(before: Run, now: Run) -> bool:
    """Whether one model scored both: otherwise some of what moved is the model's doing."""
    return (before.trained_by or before.run_id) == (now.trained_by or now.run_id)

"""What a shop's log says where a rule had to score."""

from __future__ import annotations

from churnkit.jobs.layout import Folders
from churnkit.results.folders import Results
from churnkit.store import Run, Store
from churnkit.text.figures import day


def note_fallback(store: Store, folders: Folders, run: Run) -> None:
    """Note that the model of an earlier run could not score this one."""
    if run.trained_by is None or run.model_id is not None:
        return
    scored_by = Results(folders.run(run.session_id, run.run_id)).summary.scored_by
    if scored_by is None or scored_by.fallback is None:
        return
    store.events.note(
        run.session_id,
        "scoring_fell_back",
        key=run.run_id,
        words=f"The model of {day(scored_by.cutoff)} could not score the customers, so a simple rule did:"
        f" {scored_by.fallback}",
        at=run.finished_at,
        details={"run_id": run.run_id, "trained_by": run.trained_by},
    )

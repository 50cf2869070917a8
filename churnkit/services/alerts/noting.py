"""What a finished run, a failed job or old data give rise to, noted among the events of their shop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

from churnkit.alerts.run_events import COLUMNS, RunFacts, run_events
from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.results.shop_events import EventKind
from churnkit.services.decide.freshness import Stale, freshness
from churnkit.services.look.sample_shops import is_sample
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.store import JobKind, Run, Session, Store, TrainingJob

FolderOf = Callable[[Run], Path]

FAILURES: Mapping[JobKind, tuple[EventKind, str]] = {
    "analyze": ("run_failed", "An analysis failed. The page Progress says why, and what to do."),
    "refresh": (
        "run_failed",
        "Scoring the new orders failed; the last results stay. The page History says why.",
    ),
    "add": ("addition_failed", "A file could not be added to the shop's orders. The page History says why."),
}
"""By kind of work: the event of its failure, and what is said. What went wrong itself may name customers."""


def note_run(store: Store, run: Run, folder_of: FolderOf, *, at: datetime) -> None:
    """Note what a run says that somebody may want to hear; the same run noted again adds nothing.

    Raises
    ------
    DataError
        A file of the run or of the one before it is missing or damaged.
    """
    now, before = _beside(store, run, folder_of)
    for event in run_events(now, before):
        store.events.note(
            run.session_id, event.kind, key=event.key, words=event.words, at=at, details=event.details
        )


def note_if_stale(store: Store, session: Session, *, at: datetime) -> bool:
    """Note that the data of the run on screen are too old to act on, once for each run; whether that was new."""
    if session.run_id is None or is_sample(store.uploads.get(session.upload_id).filename):
        return False
    run = store.runs.get(session.run_id)
    if run.summary.cutoff is None:
        return False
    age = freshness(run.summary.cutoff.date(), run.horizon_days, _day(at))
    if not isinstance(age, Stale):
        return False
    return store.events.note(
        session.session_id,
        "data_stale",
        key=run.run_id,
        words=age.words,
        at=at,
        details={"run_id": run.run_id},
    )


def note_failure(store: Store, job: TrainingJob, *, at: datetime) -> None:
    """Note that work on a shop failed."""
    kind, words = FAILURES[job.kind]
    store.events.note(
        job.session_id,
        kind,
        key=job.job_id,
        words=words,
        at=job.completed_at or at,
        details={"job_id": job.job_id},
    )


def _beside(store: Store, run: Run, folder_of: FolderOf) -> tuple[RunFacts, RunFacts | None]:
    earlier = _knew_less(store, run)
    told = load_preferences(store).currency
    now = facts_of(run, folder_of(run), told)
    return now, None if earlier is None else facts_of(earlier, folder_of(earlier), told)


def _knew_less(store: Store, run: Run) -> Run | None:
    """The newest run of the shop whose data end earlier: of another look at the same data nothing is new."""
    cutoff = run.summary.cutoff
    known = [
        one
        for one in store.runs.of_session(run.session_id)
        if cutoff is not None and one.summary.cutoff is not None and one.summary.cutoff < cutoff
        # What was made to compare models was never on screen.
        if not one.is_challenger
    ]
    return max(known, key=lambda one: (one.summary.cutoff or one.finished_at, one.finished_at), default=None)


def facts_of(run: Run, folder: Path, currency: str | None = None) -> RunFacts:
    """What is told of a run, from its folder; its amounts are in ``currency`` where its file names none."""
    results = Results(folder, currency)
    at_risk = results.summary.money.at_risk
    return RunFacts(
        run_id=run.run_id,
        cutoff=results.summary.question.cutoff,
        horizon_days=run.horizon_days,
        currency=results.currency,
        at_risk=at_risk.value.value if isinstance(at_risk, Found) else None,
        customers=results.customers[list(COLUMNS)],
    )


def _day(at: datetime) -> date:
    return at.date()

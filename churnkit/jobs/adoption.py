"""Taking over what a finished worker left: files into their place first, then the store in one transaction.

Every part can be repeated, so a server that died in between finishes the work when it starts again.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from churnkit.errors import DataError, JobError, disk_failures
from churnkit.jobs.adopting_additions import adopt_addition
from churnkit.jobs.bulk import forget_draft
from churnkit.jobs.disk_files import remove
from churnkit.jobs.erasing import adopt_erasure
from churnkit.jobs.layout import Folders
from churnkit.jobs.model_files import candidate_files, champion_file, move_models
from churnkit.jobs.moving_out import move_out
from churnkit.jobs.pulls import adopt_pull, forget_credentials
from churnkit.jobs.request import Order, stored_request
from churnkit.jobs.status import Status
from churnkit.results.codec import part_to_json, to_json
from churnkit.results.folders import Results
from churnkit.results.look_folder import Look
from churnkit.results.run_figures import RunFigures
from churnkit.store import RunFiles, StepTiming, Store, TrainingJob
from churnkit.store.prediction_columns import OPTIONAL, REQUIRED

if TYPE_CHECKING:
    from churnkit.results.summary import Summary

# What reading files raises that are damaged or not those that were agreed on.
_UNUSABLE = (DataError, OSError, KeyError, TypeError, ValueError, pa.ArrowException)


def adopt(store: Store, folders: Folders, job: TrainingJob, status: Status, *, at: datetime) -> None:
    """Make a finished job's results those of its session.

    Raises
    ------
    JobError
        The worker's files cannot be used.
    DiskError
        There is no room, or the folders cannot be written: the same may work later.
    StoreError
        The store refused them.
    """
    try:
        with disk_failures("Taking over the results of a finished job"):
            if job.kind == "look":
                _adopt_look(store, folders, job, status, at)
            elif job.kind == "add":
                adopt_addition(store, folders, job, timings_of(status), at)
            elif job.kind in ("analyze", "refresh"):
                _adopt_run(store, folders, job, status, at)
            elif job.kind == "erase":
                adopt_erasure(store, folders, job, at, timings_of(status))
            elif job.kind == "pull":
                adopt_pull(store, folders, job, timings_of(status), at=at)
            else:
                store.jobs.finish(job.job_id, at=at, timings=timings_of(status))
    except _UNUSABLE as error:
        raise JobError(
            f"Taking over the results of a finished job: its files cannot be used"
            f" ({type(error).__name__}: {error}).",
            "Start it again.",
        ) from error
    leave_only_account(folders, job.job_id, keep_out=job.kind in ("score", "bulk"))
    if job.kind == "score" and stored_request(job.request).purpose == "kept":
        # The scores stay for as long as somebody likes; the orders that they were made of do not.
        _forget_input(folders, job.job_id)


def leave_only_account(folders: Folders, job_id: str, *, keep_out: bool = False) -> None:
    """Remove what a job that has ended does not need: request, status and log stay."""
    forget_credentials(folders.job(job_id))
    forget_draft(folders.job(job_id))
    leftovers = [folders.work(job_id), folders.staged_models(job_id)]
    for path in leftovers if keep_out else [*leftovers, folders.out(job_id)]:
        if path.exists():
            remove(path, [folders.data])


def forget_scoring(folders: Folders, job_id: str) -> None:
    """Remove the file that a scoring was given and what came of it."""
    leave_only_account(folders, job_id)
    _forget_input(folders, job_id)


def _forget_input(folders: Folders, job_id: str) -> None:
    for path in folders.job(job_id).glob("input*"):
        path.unlink()


def run_files(folder: Path) -> RunFiles:
    """What the store keeps of a run, read from its folder.

    Raises
    ------
    JobError
        A file is missing or damaged.
    """
    try:
        results = Results(folder)
        evidence = results.evidence
        return RunFiles(
            predictions=_predictions(folder),
            insights={
                "summary_stats": to_json(results.summary),
                "segments": part_to_json(evidence.tiers),
                "feature_importance": part_to_json(evidence.importance),
                "recommendations": part_to_json(evidence.recommended),
            },
            transactions_path=folder / "transactions.parquet",
            panel_path=folder / "panel.parquet",
        )
    except _UNUSABLE as error:
        raise JobError(
            f"Reading the files of a run: they cannot be used ({type(error).__name__}: {error}).",
            "Start the analysis again, or restore the data folder from a backup.",
        ) from error


def _predictions(folder: Path) -> pd.DataFrame:
    """The columns that the store keeps; a run that an earlier version finished has fewer."""
    path = folder / "customers.parquet"
    known = set(pq.read_schema(path).names)
    frame: pd.DataFrame = pq.read_table(
        path, columns=[*REQUIRED, *(name for name in OPTIONAL if name in known)]
    ).to_pandas()
    contributions = folder / "contributions.parquet"
    if not contributions.exists():
        return frame
    # The names of features come with libraries that the server does not need until it takes a run over.
    from churnkit.services.decide.top_factors import top_risk_factors

    return frame.assign(top_risk_factors=frame["customer_id"].map(top_risk_factors(contributions)))


def _adopt_look(store: Store, folders: Folders, job: TrainingJob, status: Status, at: datetime) -> None:
    before = store.sessions.get(job.session_id).look_id
    folder = folders.look(job.session_id, job.job_id)
    move_out(folders, job.job_id, folder)
    look = Look(folder)
    store.looks.finish(
        job.job_id,
        at=at,
        column_mapping=look.facts.mapping,
        horizon_days=look.profile.threshold.days,
        row_count=look.facts.rows_in,
        transactions_path=folder / "transactions.parquet",
        timings=timings_of(status),
    )
    if before is not None and before != job.job_id:
        remove(folders.look(job.session_id, before), [folders.data])


def _adopt_run(store: Store, folders: Folders, job: TrainingJob, status: Status, at: datetime) -> None:
    folder = folders.run(job.session_id, job.job_id)
    out = folders.out(job.job_id)
    order = Order.read(folders.job(job.job_id))
    trained = job.kind == "analyze"
    if trained:
        move_models(store, folders, job, out if out.exists() else folder)
    move_out(folders, job.job_id, folder)
    summary = Results(folder).summary
    store.runs.finish(
        job.job_id,
        run_files(folder),
        at=at,
        horizon_days=summary.question.horizon_days,
        champion=summary.champion,
        summary=_run_figures(summary),
        model=champion_file(folders, folder) if trained else None,
        candidates=candidate_files(folders, folder) if trained else (),
        timings=timings_of(status),
        history_version=order.history_version,
        trained_by=None if trained or order.run_folder is None else order.run_folder.name,
        fell_back=summary.scored_by is not None and summary.scored_by.fallback is not None,
        is_challenger=order.request.challenger,
    )


def _run_figures(summary: Summary) -> RunFigures:
    contest = summary.tournament
    test = contest.test if contest else None
    active = summary.backtest[-1].active if test and summary.backtest else None
    return RunFigures(
        method=summary.method,
        cutoff=summary.question.cutoff,
        customers=summary.customers.count,
        mean_p_churn=summary.customers.mean_p_churn,
        verdict=contest.verdict if contest else None,
        roc_auc=contest.validation.roc_auc if contest else None,
        test_roc_auc=test.roc_auc if test else None,
        test_roc_auc_active=active.roc_auc if active else None,
        test_log_loss=test.log_loss if test else None,
        test_ece=test.ece if test else None,
    )


def timings_of(status: Status) -> list[StepTiming]:
    """What each step took; a time that a clock has spoiled is left out."""
    rows = status.row_count or 0
    return [
        StepTiming(step.key, rows, step.seconds)
        for step in status.steps
        if step.state == "done" and step.seconds is not None and step.seconds >= 0 and step.began is not None
    ]

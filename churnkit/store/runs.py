"""First looks and runs: what a finished job adds to its session, each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from churnkit.errors import StoreError
from churnkit.store.models import insert_model, mark_champion
from churnkit.store.predictions import to_arrow
from churnkit.store.records import ModelFile, ModelSeal, Run, StepTiming, TrainingJob, to_json, to_utc
from churnkit.store.results import replace_insights, replace_predictions
from churnkit.store.sql import insert
from churnkit.store.tenant import TenantTables, records

_FINISH = """
UPDATE training_jobs SET
    status = 'completed', progress = 100, completed_at = greatest($at, coalesce(started_at, $at))
WHERE job_id = $job_id
"""

# The newest run stays the newest when the clock was set back.
_FINISHED = """
SELECT greatest($at, coalesce(max(finished_at) + INTERVAL 1 MICROSECOND, $at)) FROM runs WHERE session_id = $session_id
"""


@dataclass(frozen=True)
class RunFiles:
    """What a run on screen says: the frame of ``save_predictions``, and insights by part."""

    predictions: pd.DataFrame
    insights: Mapping[str, Any]
    transactions_path: Path
    panel_path: Path | None


class RunTables(TenantTables):
    """Methods on first looks and runs."""

    def finish_job(self, job_id: str, *, at: datetime, timings: Sequence[StepTiming] = ()) -> TrainingJob:
        """Complete a running job that leaves nothing in the store."""
        with self._database.writing("finishing a job") as cursor:
            job = self._running(cursor, job_id)
            _finish(cursor, job, at, timings)
            return self._job(cursor, job_id)

    def finish_look(
        self,
        job_id: str,
        *,
        at: datetime,
        column_mapping: Mapping[str, Any],
        horizon_days: int,
        row_count: int,
        transactions_path: Path,
        timings: Sequence[StepTiming] = (),
    ) -> TrainingJob:
        """Complete a running look, which becomes its session's; ``row_count`` is the file's."""
        with self._database.writing("recording a first look") as cursor:
            job = self._running(cursor, job_id)
            session = self._session(cursor, job.session_id)
            cursor.execute(
                "UPDATE sessions SET look_id = $job_id, column_mapping = $column_mapping,"
                " horizon_days = CASE WHEN run_id IS NULL THEN $horizon_days ELSE horizon_days END,"
                " transactions_path = CASE WHEN run_id IS NULL THEN $path ELSE transactions_path END"
                " WHERE session_id = $session_id",
                {
                    "job_id": job_id,
                    "column_mapping": to_json("column_mapping", column_mapping),
                    "horizon_days": horizon_days,
                    "path": str(transactions_path),
                    "session_id": job.session_id,
                },
            )
            cursor.execute(
                "UPDATE uploads SET row_count = ? WHERE upload_id = ?", [row_count, session.upload_id]
            )
            _finish(cursor, job, at, timings)
            return self._job(cursor, job_id)

    def finish_run(
        self,
        job_id: str,
        files: RunFiles,
        *,
        at: datetime,
        horizon_days: int,
        champion: str,
        summary: Mapping[str, Any],
        model: ModelFile | None,
        timings: Sequence[StepTiming] = (),
    ) -> Run:
        """Complete a running analysis: its run, model, predictions and insights become the session's current ones."""
        with self._database.writing("recording a run") as cursor:
            job = self._running(cursor, job_id)
            model_id = insert_model(cursor, job.session_id, model, at) if model else None
            moment = {"at": to_utc("finished_at", at), "session_id": job.session_id}
            (finished,) = cursor.execute(_FINISHED, moment).fetchall()[0]
            insert(
                cursor,
                "runs",
                {
                    "run_id": job_id,
                    "session_id": job.session_id,
                    "model_id": model_id,
                    "horizon_days": horizon_days,
                    "champion": champion,
                    "summary": to_json("summary", summary),
                    "finished_at": finished,
                },
            )
            run = self._run(cursor, job_id)
            _show(cursor, run, files, at)
            _finish(cursor, job, at, timings)
            return run

    def promote_run(self, session_id: str, run_id: str, files: RunFiles, *, at: datetime) -> Run:
        """Put one of the session's runs on screen, with its model as champion and its predictions and insights."""
        with self._database.writing("choosing a run") as cursor:
            self._session(cursor, session_id)
            run = self._run(cursor, run_id)
            if run.session_id != session_id:
                raise StoreError(
                    f"Choosing run {run_id!r} for session {session_id!r}: it must be one of the session's runs."
                )
            _show(cursor, run, files, at)
            return run

    def run(self, run_id: str) -> Run:
        """One run."""
        with self._database.reading("reading a run") as cursor:
            return self._run(cursor, run_id)

    def seal_of_run(self, run_id: str) -> ModelSeal | None:
        """Which file holds a run's model, and its hash; None where nothing was trained.

        The only word on it that counts: whoever can write to the data or the models folder cannot change this.
        """
        with self._database.reading("looking for a run's model") as cursor:
            run = self._run(cursor, run_id)
            if run.model_id is None:
                return None
            model = self._model(cursor, run.model_id)
            return ModelSeal(model.file_path.name, model.sha256)

    def runs(self, session_id: str) -> list[Run]:
        """A session's runs, newest first."""
        with self._database.reading("listing runs") as cursor:
            self._session(cursor, session_id)
            return records(
                Run,
                cursor.execute(
                    "SELECT * FROM runs WHERE session_id = ? ORDER BY finished_at DESC, run_id", [session_id]
                ),
            )

    def _running(self, cursor: duckdb.DuckDBPyConnection, job_id: str) -> TrainingJob:
        job = self._job(cursor, job_id)
        if job.status != "running":
            raise StoreError(f"Finishing job {job_id!r}: it must be running, found {job.status}.")
        return job


def _show(cursor: duckdb.DuckDBPyConnection, run: Run, files: RunFiles, at: datetime) -> None:
    replace_predictions(cursor, run.session_id, to_arrow(files.predictions), run.model_id, at)
    replace_insights(cursor, run.session_id, files.insights, at)
    mark_champion(cursor, run.session_id, run.model_id)
    cursor.execute(
        "UPDATE sessions SET run_id = ?, horizon_days = ?, transactions_path = ?, panel_path = ?,"
        " status = 'completed' WHERE session_id = ?",
        [
            run.run_id,
            run.horizon_days,
            str(files.transactions_path),
            files.panel_path and str(files.panel_path),
            run.session_id,
        ],
    )


def _finish(
    cursor: duckdb.DuckDBPyConnection, job: TrainingJob, at: datetime, timings: Sequence[StepTiming]
) -> None:
    finished_at = to_utc("at", at)
    cursor.execute(_FINISH, {"job_id": job.job_id, "at": finished_at})
    for timing in timings:
        insert(
            cursor,
            "step_timings",
            {
                "kind": job.kind,
                "step": timing.step,
                "row_count": timing.row_count,
                "seconds": timing.seconds,
                "recorded_at": finished_at,
            },
        )

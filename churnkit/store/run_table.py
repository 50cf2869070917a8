"""Runs: what a finished analysis adds to its session, each in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from churnkit.accounts import Action
from churnkit.errors import ConflictError, StoreError
from churnkit.results.codec import to_json
from churnkit.results.run_figures import RunFigures
from churnkit.store.deletion import remember_removals
from churnkit.store.insight_table import replace_insights
from churnkit.store.job_table import complete_job
from churnkit.store.model_table import insert_model, mark_champion
from churnkit.store.prediction_columns import to_arrow
from churnkit.store.prediction_table import replace_predictions
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.run_records import ModelFile, ModelSeal, Run, RunFiles
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable
from churnkit.store.work_records import Removed, StepTiming, TrainingJob
from churnkit.text.figures import counted

# The newest run stays the newest when the clock was set back.
_FINISHED = """
SELECT greatest($at, coalesce(max(finished_at) + INTERVAL 1 MICROSECOND, $at)) FROM runs WHERE session_id = $session_id
"""


class RunTable(TenantTable):
    """``store.runs``: the versions of an analysis, one of them on screen."""

    _seen_by_links = True

    def finish(
        self,
        job_id: str,
        files: RunFiles,
        *,
        at: datetime,
        horizon_days: int,
        champion: str,
        summary: RunFigures,
        model: ModelFile | None,
        candidates: Sequence[ModelFile] = (),
        timings: Sequence[StepTiming] = (),
        history_version: int | None = None,
        trained_by: str | None = None,
        fell_back: bool = False,
        is_challenger: bool = False,
    ) -> Run:
        """Complete a running analysis or refresh: its run, model, predictions and insights become the current ones.

        Parameters
        ----------
        candidates
            The other models that were fitted for it, none of which scored.
        history_version
            The last addition to the shop's history that it knew.
        trained_by
            For a refresh, which brings no ``model``: the run whose model scored, or should have.
        fell_back
            Whether a rule had to score in its place.
        is_challenger
            Whether it is kept to be compared only: what is on screen stays.
        """
        with self._writing("recording a run", Action.RUN, job_id) as cursor:
            job = self._running_job(cursor, job_id)
            model_id = _insert_models(cursor, job, model, candidates, at)
            if trained_by is not None and not fell_back:
                model_id = self._run(cursor, trained_by).model_id
            finished = _finished_at(cursor, job.session_id, at)
            row = {
                "run_id": job_id,
                "session_id": job.session_id,
                "model_id": model_id,
                "horizon_days": horizon_days,
                "champion": champion,
                "summary": json_text("summary", to_json(summary)),
                "finished_at": finished,
                "kind": "analysis" if trained_by is None else "refresh",
                "history_version": history_version,
                "trained_by": trained_by,
                "followed_up": False,
                "is_challenger": is_challenger,
            }
            insert(cursor, "runs", row)
            run = self._run(cursor, job_id)
            _place(cursor, run, files, at)
            complete_job(cursor, job, at, timings)
            return run

    def promote(self, session_id: str, run_id: str, files: RunFiles, *, at: datetime) -> Run:
        """Put one of the session's runs on screen, with its model as champion and its predictions and insights."""
        with self._writing("choosing a run", Action.RUN, session_id) as cursor:
            self._session(cursor, session_id)
            run = self._run(cursor, run_id)
            if run.session_id != session_id:
                raise StoreError(
                    f"Choosing run {run_id!r} for session {session_id!r}: it must be one of the session's runs."
                )
            cursor.execute("UPDATE runs SET is_challenger = false WHERE run_id = ?", [run_id])
            run = self._run(cursor, run_id)
            _show(cursor, run, files, at)
            return run

    def delete(self, run_id: str, *, folder: Path) -> Removed:
        """Take out a run that is not on screen, with its models; ``folder`` goes with their files as a removal.

        Raises
        ------
        ConflictError
            It is on screen, a campaign was planned by it, or its model scored later runs.
        """
        with self._writing("deleting a run", Action.DELETE, run_id) as cursor:
            run = self._run(cursor, run_id)
            if self._session(cursor, run.session_id).run_id == run_id:
                raise ConflictError(
                    f"Deleting run {run_id!r}: it is the one whose results count.",
                    "Choose another run first.",
                )
            campaigns = cursor.execute(
                "SELECT count(*) FROM campaign_plans WHERE run_id = ?", [run_id]
            ).fetchall()[0][0]
            if campaigns:
                raise ConflictError(
                    f"Deleting run {run_id!r}: it planned {counted(campaigns, 'campaign')}.",
                    "Delete what it planned first, or keep the run.",
                )
            scored = cursor.execute("SELECT count(*) FROM runs WHERE trained_by = ?", [run_id]).fetchall()[0][
                0
            ]
            if scored:
                raise ConflictError(
                    f"Deleting run {run_id!r}: its model scored {counted(scored, 'later run')}.",
                    "Delete those first.",
                )
            models = cursor.execute("SELECT file_path FROM models WHERE run_id = ?", [run_id]).fetchall()
            cursor.execute("DELETE FROM models WHERE run_id = ?", [run_id])
            cursor.execute("DELETE FROM runs WHERE run_id = ?", [run_id])
            files = [*(Path(path) for (path,) in models), folder]
            remember_removals(cursor, files)
            return Removed(sessions=0, files=files)

    def set_followed_up(self, run_id: str) -> None:
        """Note that what follows a run has been done; a run that is gone needs nothing."""
        with self._writing("noting what followed a run", Action.RUN, run_id) as cursor:
            cursor.execute(
                "UPDATE runs SET followed_up = true WHERE run_id = ? AND session_id IN"
                " (SELECT session_id FROM sessions WHERE tenant_id = ?)",
                [run_id, self._tenant_id],
            )

    def get(self, run_id: str) -> Run:
        """One run."""
        with self._reading("reading a run") as cursor:
            return self._run(cursor, run_id)

    def of_session(self, session_id: str, *, challengers: bool = False) -> list[Run]:
        """A session's runs, newest first; those that were never shown only if ``challengers`` are asked for."""
        with self._reading("listing runs") as cursor:
            self._session(cursor, session_id)
            return records(
                Run,
                cursor.execute(
                    "SELECT * FROM runs WHERE session_id = ? AND (? OR NOT is_challenger)"
                    " ORDER BY finished_at DESC, run_id",
                    [session_id, challengers],
                ),
            )

    def seal(self, run_id: str) -> ModelSeal | None:
        """Which file holds a run's model, and its hash; None where nothing was trained.

        The only word on it that counts: whoever can write to the data or the models folder cannot change this.
        """
        with self._reading("looking for a run's model") as cursor:
            run = self._run(cursor, run_id)
            if run.model_id is None:
                return None
            model = self._model(cursor, run.model_id)
            return ModelSeal(model.file_path.name, model.sha256)


def _insert_models(
    cursor: duckdb.DuckDBPyConnection,
    job: TrainingJob,
    model: ModelFile | None,
    candidates: Sequence[ModelFile],
    at: datetime,
) -> str | None:
    """The id of the model that scored; None without one."""
    scored = insert_model(cursor, job.session_id, model, at, run_id=job.job_id) if model else None
    for candidate in candidates:
        insert_model(cursor, job.session_id, candidate, at, run_id=job.job_id)
    return scored


def _finished_at(cursor: duckdb.DuckDBPyConnection, session_id: str, at: datetime) -> datetime:
    moment = {"at": to_utc("finished_at", at), "session_id": session_id}
    finished: datetime = cursor.execute(_FINISHED, moment).fetchall()[0][0]
    return finished


def _place(cursor: duckdb.DuckDBPyConnection, run: Run, files: RunFiles, at: datetime) -> None:
    """Put a finished run on screen, or beside it where it is kept to be compared only."""
    if run.is_challenger:
        cursor.execute("UPDATE sessions SET status = 'completed' WHERE session_id = ?", [run.session_id])
    else:
        _show(cursor, run, files, at)


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
